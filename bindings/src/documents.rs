//! Stamping and verifying documents. Files go by path and never cross the border.

use std::path::PathBuf;

use eseal_sdk::document::pdf::{Corner, PageIndex, Placement};
use eseal_sdk::document::report::{Check, SignatureReport};
use eseal_sdk::protocol::text::DisplayText;
use eseal_sdk::{Error, StampJob, Stamped, Verification, VerifiedSeal};

use crate::error::{SdkError, bad_argument};

/// What to seal, with what, and where.
#[derive(Clone, Debug, uniffi::Record)]
pub struct StampOrder {
    /// The document.
    pub input_path: String,
    /// Where the sealed document goes.
    pub output_path: String,
    /// The document's name as the person knows it.
    pub document_name: String,
    /// With which seal.
    pub seal_id: String,
    /// From 1; -1 is the last.
    pub page: i32,
    /// From the page's left edge as seen, mm.
    pub x_mm: f64,
    /// From the page's top edge as seen, mm.
    pub y_mm: f64,
    /// Width of the box that the seal is fitted into, mm.
    pub width_mm: f64,
    /// Its height, mm.
    pub height_mm: f64,
    /// Why, where the person said so.
    pub reason: Option<String>,
    /// Local time minus UTC, minutes (China: 480).
    pub utc_offset_minutes: i16,
}

impl TryFrom<StampOrder> for StampJob {
    type Error = SdkError;

    fn try_from(order: StampOrder) -> Result<Self, SdkError> {
        let text = |text: String| DisplayText::new(text).map_err(|error| bad_argument(&error.to_string()));
        let (at, size) = ([order.x_mm, order.y_mm], [order.width_mm, order.height_mm]);
        Ok(Self {
            input: PathBuf::from(order.input_path),
            output: PathBuf::from(order.output_path),
            name: text(order.document_name)?,
            seal_id: order.seal_id.parse().map_err(|_| Error::NoSuchSeal)?,
            place: Placement::new(PageIndex::new(order.page), Corner::TopLeft, at, size).map_err(Error::from)?,
            reason: order.reason.map(text).transpose()?,
            utc_offset_minutes: order.utc_offset_minutes,
        })
    }
}

/// A sealed document.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct StampedDocument {
    /// The signature's field.
    pub field: String,
    /// The platform's record of the use.
    pub usage_id: String,
}

impl From<Stamped> for StampedDocument {
    fn from(stamped: Stamped) -> Self {
        Self { field: stamped.field, usage_id: stamped.usage.usage_id.to_string() }
    }
}

/// What was found in a document. The values are those of `eseal verify --json`.
#[derive(Clone, Debug, uniffi::Record)]
pub struct DocumentVerification {
    /// `valid`, `invalid` or `indeterminate`.
    pub verdict: String,
    /// Every signature, in the order of the file.
    pub signatures: Vec<SignatureFinding>,
    /// What was found about the file as a whole.
    pub checks: Vec<CheckFinding>,
}

/// What was found about one signature.
#[derive(Clone, Debug, uniffi::Record)]
pub struct SignatureFinding {
    /// The name of its field.
    pub field: String,
    /// Common name in the signer's certificate.
    pub signer: Option<String>,
    /// When, seconds since 1970, as claimed by the signer.
    pub time: Option<u64>,
    /// `intact` or `broken`.
    pub integrity: String,
    /// `whole`, `revision` or `partial`.
    pub coverage: String,
    /// `none`, `permitted` or `forbidden`.
    pub changes: String,
    /// `trusted`, `untrusted`, `revoked`, `expired` or `unknown`.
    pub trust: String,
    /// `valid`, `invalid` or `indeterminate`.
    pub verdict: String,
    /// The seal that the signature names.
    pub seal: SealFinding,
    /// Each single check.
    pub checks: Vec<CheckFinding>,
}

/// The seal that a signature names.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SealFinding {
    /// The signature names none.
    None,
    /// The seal maker's record holds, and names the certificate that signed.
    Genuine {
        /// Which seal.
        seal_id: String,
        /// Whose.
        owner_name: String,
    },
    /// There is a record, and it does not hold or is not for this signature.
    NotGenuine {
        /// For developers.
        detail: String,
    },
}

/// One check and its outcome.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct CheckFinding {
    /// Stable dotted code.
    pub code: String,
    /// Standard and clause that ask for it; empty if none does.
    pub clause: String,
    /// `pass`, `fail`, `warn` or `not-checked`.
    pub verdict: String,
    /// For developers.
    pub detail: String,
}

impl From<&Verification> for DocumentVerification {
    fn from(found: &Verification) -> Self {
        let signatures = found.report.signatures.iter().zip(&found.seals);
        Self {
            verdict: found.report.verdict.to_string(),
            signatures: signatures.map(|(signature, seal)| finding(signature, seal.as_ref())).collect(),
            checks: found.report.checks.iter().map(check).collect(),
        }
    }
}

fn finding(signature: &SignatureReport, seal: Option<&VerifiedSeal>) -> SignatureFinding {
    SignatureFinding {
        field: signature.field.clone(),
        signer: signature.signer.clone(),
        time: signature.time.map(|time| time.at.0),
        integrity: signature.integrity.to_string(),
        coverage: signature.coverage.to_string(),
        changes: signature.changes.to_string(),
        trust: signature.trust.to_string(),
        verdict: signature.verdict.to_string(),
        seal: match seal {
            None => SealFinding::None,
            Some(VerifiedSeal::Genuine(record)) => {
                SealFinding::Genuine { seal_id: record.seal_id.to_string(), owner_name: record.owner.name.to_string() }
            }
            Some(VerifiedSeal::NotGenuine(reason)) => SealFinding::NotGenuine { detail: reason.to_string() },
        },
        checks: signature.checks.iter().map(check).collect(),
    }
}

fn check(check: &Check) -> CheckFinding {
    CheckFinding {
        code: check.code.to_owned(),
        clause: check.clause.to_owned(),
        verdict: check.verdict.to_string(),
        detail: check.detail.clone(),
    }
}
