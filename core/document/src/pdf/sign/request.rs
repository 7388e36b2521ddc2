//! What is asked of a seal: by whom, what is seen of it and where, and what it says.

use eseal_crypto::cert::Chain;

use crate::pdf::sign::lock::{Certification, Lock};
use crate::pdf::sign::marks::Mark;
use crate::pdf::syntax::text::SigningTime;

/// How the signature is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// `PAdES` baseline (ETSI EN 319 142-1): `/SubFilter /ETSI.CAdES.detached`, no signing-time attribute.
    #[default]
    Pades,
    /// What older readers know (ISO 32000-1, 12.8.3.3): `/SubFilter /adbe.pkcs7.detached`. SHA-256 and the
    /// signing-certificate-v2 attribute are as in [`Self::Pades`]; for Firefox, Foxit and WPS.
    Compat,
}

impl Profile {
    /// The `/SubFilter`.
    pub(crate) const fn sub_filter(self) -> &'static str {
        match self {
            Self::Pades => "ETSI.CAdES.detached",
            Self::Compat => "adbe.pkcs7.detached",
        }
    }
}

/// Which signature field a signature goes into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldChoice<'a> {
    /// A new one, with a name that no other has.
    #[default]
    New,
    /// The empty one of this fully qualified name, prepared by somebody else
    /// ([`Pdf::empty_signature_fields`](crate::pdf::Pdf::empty_signature_fields)).
    Named(&'a str),
}

/// A signature to be made. What is not asked for is not there: without a [`mark`](Self::mark) nothing is seen of it.
#[derive(Debug, Clone)]
#[must_use]
pub struct StampRequest<'a> {
    pub(crate) signer: &'a Chain,
    pub(crate) signing_time: SigningTime,
    pub(crate) profile: Profile,
    pub(crate) field: FieldChoice<'a>,
    pub(crate) certification: Option<Certification>,
    pub(crate) lock: Option<Lock<'a>>,
    pub(crate) timestamp_reserve: usize,
    pub(crate) marks: Vec<Mark<'a>>,
    pub(crate) name: Option<&'a str>,
    pub(crate) reason: Option<&'a str>,
    pub(crate) location: Option<&'a str>,
    pub(crate) seal_record: Option<&'a [u8]>,
}

impl<'a> StampRequest<'a> {
    /// A signature by `signer` (its certificate and those above it) that claims to be made at `signing_time` (`/M`).
    pub const fn new(signer: &'a Chain, signing_time: SigningTime) -> Self {
        Self {
            signer,
            signing_time,
            profile: Profile::Pades,
            field: FieldChoice::New,
            certification: None,
            lock: None,
            timestamp_reserve: 0,
            marks: Vec::new(),
            name: None,
            reason: None,
            location: None,
            seal_record: None,
        }
    }

    /// How it is packed; [`Profile::Pades`] if nothing else is asked for.
    pub const fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Which field it goes into; a new one if nothing else is asked for.
    pub const fn field(mut self, field: FieldChoice<'a>) -> Self {
        self.field = field;
        self
    }

    /// Certifies the document: says what may be changed after this signature, which must be the first (`DocMDP`).
    pub const fn certify(mut self, certification: Certification) -> Self {
        self.certification = Some(certification);
        self
    }

    /// Says which form fields may not be filled in or signed after this signature (`FieldMDP`).
    pub const fn lock(mut self, lock: Lock<'a>) -> Self {
        self.lock = Some(lock);
        self
    }

    /// Keeps `bytes` of room for a timestamp's token, so that [`Prepared::sign`](crate::pdf::Prepared::sign) can be
    /// followed by [`Signed::with_timestamp`](crate::pdf::Signed::with_timestamp). How long a token is depends on the
    /// authority, mostly on its chain: the length of an earlier one with some hundred bytes to spare does.
    pub const fn timestamp_reserve(mut self, bytes: usize) -> Self {
        self.timestamp_reserve = bytes;
        self
    }

    /// Shows a mark; may be asked for several times, on the same page or on others.
    pub fn mark(mut self, mark: Mark<'a>) -> Self {
        self.marks.push(mark);
        self
    }

    /// Shows marks: those of a [`CrossPage`](crate::pdf::CrossPage) seal, say.
    pub fn marks(mut self, marks: impl IntoIterator<Item = Mark<'a>>) -> Self {
        self.marks.extend(marks);
        self
    }

    /// Who signs, in words (`/Name`).
    pub const fn name(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    /// Why (`/Reason`).
    pub const fn reason(mut self, reason: &'a str) -> Self {
        self.reason = Some(reason);
        self
    }

    /// Where (`/Location`).
    pub const fn location(mut self, location: &'a str) -> Self {
        self.location = Some(location);
        self
    }

    /// The seal's record, stored as it is under [`SEAL_RECORD_KEY`](crate::pdf::SEAL_RECORD_KEY).
    pub const fn seal_record(mut self, record: &'a [u8]) -> Self {
        self.seal_record = Some(record);
        self
    }
}
