//! Who the subject is, in the extensions of national certificates (GM/T 0015-2012, GM/T 0015-2023).

use std::fmt;

use const_oid::ObjectIdentifier;
use der::asn1::{Any, AnyRef, PrintableStringRef, Utf8StringRef};
use der::{Decode, Reader, SliceReader, Tag, Tagged};

/// The arc of these extensions; the 2023 edition goes one arc deeper below each.
const ARC: [u32; 6] = [1, 2, 156, 10260, 4, 1];

/// Which register a code is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdentityRegister {
    /// Resident identity card, military officer's card or passport (`identifyCode`).
    Person,
    /// Social insurance (`insuranceNumber`).
    SocialInsurance,
    /// Industry and commerce (`iCRegistrationNumber`).
    BusinessRegistration,
    /// Organization code or unified social credit code (`organizationCode`).
    Organization,
    /// Taxation (`taxationNumber`).
    Taxation,
}

/// A code that a national certificate states of its subject.
#[derive(Clone, PartialEq, Eq)]
pub struct IdentityCode {
    /// Which register it is from.
    pub register: IdentityRegister,
    /// The code, as written.
    pub code: String,
}

/// Codes of persons do not belong in logs.
impl fmt::Debug for IdentityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityCode").field("register", &self.register).finish_non_exhaustive()
    }
}

impl IdentityRegister {
    /// By the identifier of an extension.
    pub(super) fn of(extension: ObjectIdentifier) -> Option<Self> {
        let mut arcs = extension.arcs();
        if !ARC.into_iter().all(|arc| arcs.next() == Some(arc)) {
            return None;
        }
        let register = match arcs.next()? {
            1 => Self::Person,
            2 => Self::SocialInsurance,
            3 => Self::BusinessRegistration,
            4 => Self::Organization,
            5 => Self::Taxation,
            _ => return None,
        };
        Some(register).filter(|_| arcs.count() <= 1)
    }

    /// Reads the value of an extension: a text; of a person, a set of texts, each tagged with the kind of document.
    pub(super) fn read(self, value: &[u8]) -> Vec<IdentityCode> {
        let Ok(value) = AnyRef::from_der(value) else { return Vec::new() };
        let texts = if value.tag() == Tag::Set { members(value) } else { text(value).into_iter().collect() };
        texts.into_iter().map(|code| IdentityCode { register: self, code }).collect()
    }
}

fn members(set: AnyRef<'_>) -> Vec<String> {
    let mut texts = Vec::new();
    let Ok(mut reader) = SliceReader::new(set.value()) else { return texts };
    while !reader.is_finished() {
        let Ok(member) = Any::decode(&mut reader) else { break };
        texts.extend(tagged_text(AnyRef::from(&member)));
    }
    texts
}

/// Tagged explicitly or, by other readings of the standard, in place of the text's own tag.
fn tagged_text(member: AnyRef<'_>) -> Option<String> {
    if !member.tag().is_context_specific() {
        return text(member);
    }
    if member.tag().is_constructed() {
        return text(AnyRef::from_der(member.value()).ok()?);
    }
    std::str::from_utf8(member.value()).ok().map(str::to_owned)
}

fn text(value: AnyRef<'_>) -> Option<String> {
    match value.tag() {
        Tag::PrintableString => value.decode_as::<PrintableStringRef<'_>>().ok().map(|text| text.to_string()),
        Tag::Utf8String => value.decode_as::<Utf8StringRef<'_>>().ok().map(|text| text.to_string()),
        _ => None,
    }
}
