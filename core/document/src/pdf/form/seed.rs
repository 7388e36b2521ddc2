//! What the author of a signature field asks of the signature that fills it (`/SV`, ISO 32000-2, 12.7.5.5, table 237).

use eseal_crypto::Suite;
use eseal_crypto::cert::Chain;
use eseal_crypto::cms::CmsError;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::read::reader::Reader;
use crate::pdf::sub_filter::SubFilter;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::text::decode_text;

/// Bits of `/Ff`: which of the constraints must be met. The others are suggestions.
const FILTER: i64 = 1;
const SUB_FILTER: i64 = 1 << 1;
const VERSION: i64 = 1 << 2;
const REASONS: i64 = 1 << 3;
const LEGAL_ATTESTATION: i64 = 1 << 4;
const REVOCATION_INFORMATION: i64 = 1 << 5;
const DIGEST_METHOD: i64 = 1 << 6;
const LOCK_DOCUMENT: i64 = 1 << 7;
const APPEARANCE_FILTER: i64 = 1 << 8;
/// The newest version of seed values, that of PDF 2.0.
const NEWEST_VERSION: f64 = 3.0;

/// Bits of the certificate constraints' own `/Ff` (ISO 32000-2, table 238).
const SUBJECT: i64 = 1;
const ISSUER: i64 = 1 << 1;
/// Those that are not judged here: `OID`, `SubjectDN`, `KeyUsage` and the signature policy ones; `URL` is no constraint.
const OTHER_CERTIFICATE_CONSTRAINTS: i64 = !(SUBJECT | ISSUER | 1 << 6);

/// The signature that is to fill a field, as far as seed values speak of it.
pub(crate) struct Offer<'a> {
    pub(crate) signer: &'a Chain,
    pub(crate) sub_filter: SubFilter,
    pub(crate) reason: Option<&'a str>,
    /// `/P` of a certification.
    pub(crate) certification: Option<i64>,
}

/// What is asked of the signature beyond what it was seen to offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Timestamp {
    Free,
    Required,
}

/// Refuses an offer that does not meet a constraint which must be met.
pub(crate) fn check<S: ReadAt>(reader: &Reader<S>, seed: &Value, offer: &Offer<'_>) -> Result<Timestamp, PdfError> {
    if !seed.is_dictionary() {
        return Ok(Timestamp::Free);
    }
    let flags = reader.lookup(seed, "Ff")?.integer().unwrap_or(0);
    let is_required = |flag: i64| flags & flag != 0;
    let constraints = Constraints { reader, seed };
    let filter = reader.lookup(seed, "Filter")?;
    require(
        !is_required(FILTER) || filter.is_null() || filter.is_name(offer.sub_filter.filter().as_bytes()),
        "Filter",
    )?;
    require(!is_required(SUB_FILTER) || constraints.lists("SubFilter", offer.sub_filter.name())?, "SubFilter")?;
    require(!is_required(DIGEST_METHOD) || constraints.lists("DigestMethod", digest_method(offer)?)?, "DigestMethod")?;
    let version = reader.lookup(seed, "V")?.number().unwrap_or(1.0);
    require(!is_required(VERSION) || version <= NEWEST_VERSION, "V")?;
    require(!is_required(REASONS) || constraints.allows_reason(offer.reason)?, "Reasons")?;
    let revocation = reader.lookup(seed, "AddRevInfo")?;
    // Revocation data goes into the document here, never into the signed attributes.
    require(!is_required(REVOCATION_INFORMATION) || revocation.raw() != b"true", "AddRevInfo")?;
    require(!is_required(LEGAL_ATTESTATION) || offer.certification.is_none(), "LegalAttestation")?;
    let lock = reader.lookup(seed, "LockDocument")?;
    require(!is_required(LOCK_DOCUMENT) || !lock.is_name(b"true") || offer.certification == Some(1), "LockDocument")?;
    require(!is_required(APPEARANCE_FILTER) || reader.lookup(seed, "AppearanceFilter")?.is_null(), "AppearanceFilter")?;
    let certification = reader.lookup(&reader.lookup(seed, "MDP")?, "P")?.integer();
    // There is no flag for this one: whether to certify is not the signer's to choose (0: not at all).
    require(certification.is_none_or(|asked| asked == offer.certification.unwrap_or(0)), "MDP")?;
    constraints.check_certificate(offer.signer)?;
    let timestamp = reader.lookup(&reader.lookup(seed, "TimeStamp")?, "Ff")?.integer().unwrap_or(0);
    Ok(if timestamp & 1 == 1 { Timestamp::Required } else { Timestamp::Free })
}

/// The digest as seed values name it, where they have a name for it.
fn digest_method(offer: &Offer<'_>) -> Result<&'static str, PdfError> {
    Ok(match offer.signer.leaf().public_key().map_err(CmsError::from)?.suite() {
        Suite::EcdsaP256Sha256 => "SHA256",
        Suite::Sm2Sm3 => "SM3",
    })
}

/// The reasons that the signer may choose from; empty if any will do.
pub(crate) fn reasons<S: ReadAt>(reader: &Reader<S>, seed: &Value) -> Result<Vec<String>, PdfError> {
    let mut reasons = Vec::new();
    for reason in reader.lookup(seed, "Reasons")?.elements() {
        reasons.extend(reader.resolve(reason)?.string().map(|reason| decode_text(&reason)));
    }
    Ok(reasons)
}

struct Constraints<'a, S> {
    reader: &'a Reader<S>,
    seed: &'a Value,
}

impl<S: ReadAt> Constraints<'_, S> {
    /// Whether a list has a name or text; one that is not there has everything.
    fn lists(&self, key: &str, wanted: &str) -> Result<bool, PdfError> {
        let list = self.reader.lookup(self.seed, key)?;
        if list.is_null() {
            return Ok(true);
        }
        for element in list.elements() {
            let element = self.reader.resolve(element)?;
            if element.is_name(wanted.as_bytes()) || element.string().as_deref() == Some(wanted.as_bytes()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A required list that is empty, or has a single full stop, forbids to give a reason.
    fn allows_reason(&self, reason: Option<&str>) -> Result<bool, PdfError> {
        let reasons = reasons(self.reader, self.seed)?;
        Ok(match reasons.as_slice() {
            [] => reason.is_none(),
            [single] if single == "." => reason.is_none(),
            reasons => reason.is_some_and(|reason| reasons.iter().any(|allowed| allowed == reason)),
        })
    }

    fn check_certificate(&self, signer: &Chain) -> Result<(), PdfError> {
        let constraints = self.reader.lookup(self.seed, "Cert")?;
        let flags = self.reader.lookup(&constraints, "Ff")?.integer().unwrap_or(0);
        require(flags & OTHER_CERTIFICATE_CONSTRAINTS == 0, "Cert")?;
        let holds = |key: &str, ders: Vec<&[u8]>| -> Result<bool, PdfError> {
            for certificate in self.reader.lookup(&constraints, key)?.elements() {
                let allowed = self.reader.resolve(certificate)?.string().unwrap_or_default();
                if ders.contains(&allowed.as_slice()) {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        require(flags & SUBJECT == 0 || holds("Subject", signer.ders().take(1).collect())?, "Cert/Subject")?;
        require(flags & ISSUER == 0 || holds("Issuer", signer.ders().skip(1).collect())?, "Cert/Issuer")
    }
}

fn require(holds: bool, constraint: &'static str) -> Result<(), PdfError> {
    if holds { Ok(()) } else { Err(PdfError::SeedValue { constraint }) }
}
