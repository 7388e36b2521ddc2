//! Stamping and verifying documents. Files go by path and never cross the border.

use std::path::PathBuf;
use std::sync::Arc;

use eseal_sdk::document::pdf::{
    Corner, Keyword, Occurrence, PageChoice, PageIndex, Password, Placement, Profile, Side,
};
use eseal_sdk::document::report::{self, Check, Level, SignatureReport, Topic};
use eseal_sdk::protocol::text::DisplayText;
use eseal_sdk::{Error, SealPlace, StampJob, Stamped, Verification, VerifiedSeal};

use crate::error::{SdkError, bad_argument};

/// Where a seal goes. Sizes are those of the box which the whole face is fitted in, mm.
#[derive(Clone, Debug, uniffi::Enum)]
pub enum StampPlace {
    /// On a page.
    OnPage {
        /// From 1; -1 is the last.
        page: i32,
        /// From the page's left edge as seen, mm.
        x_mm: f64,
        /// From the page's top edge as seen, mm.
        y_mm: f64,
        /// Width, mm.
        width_mm: f64,
        /// Height, mm.
        height_mm: f64,
    },
    /// On the middle of a text of the document.
    OnText {
        /// The text.
        text: String,
        /// Which of its occurrences, from 1; -1 is the last, 0 is each.
        occurrence: i32,
        /// Width, mm.
        width_mm: f64,
        /// Height, mm.
        height_mm: f64,
    },
    /// Cut across the edges of all pages.
    AcrossPages {
        /// Which edge, as seen.
        edge: PageEdge,
        /// Width, mm.
        width_mm: f64,
        /// Height, mm.
        height_mm: f64,
    },
}

/// An edge of a page as seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum PageEdge {
    /// Left.
    Left,
    /// Right.
    Right,
    /// Top.
    Top,
    /// Bottom.
    Bottom,
}

impl From<PageEdge> for Side {
    fn from(edge: PageEdge) -> Self {
        match edge {
            PageEdge::Left => Self::Left,
            PageEdge::Right => Self::Right,
            PageEdge::Top => Self::Top,
            PageEdge::Bottom => Self::Bottom,
        }
    }
}

impl TryFrom<StampPlace> for SealPlace {
    type Error = SdkError;

    fn try_from(place: StampPlace) -> Result<Self, SdkError> {
        Ok(match place {
            StampPlace::OnPage { page, x_mm, y_mm, width_mm, height_mm } => {
                let (page, at, size) = (PageIndex::new(page), [x_mm, y_mm], [width_mm, height_mm]);
                Self::At(Placement::new(page, Corner::TopLeft, at, size).map_err(Error::from)?)
            }
            StampPlace::OnText { text, occurrence, width_mm, height_mm } => {
                let occurrence = Occurrence::from_number(occurrence);
                let occurrence = occurrence.ok_or_else(|| bad_argument("no number of an occurrence"))?;
                let keyword = Keyword::new(&text).map_err(Error::from)?.occurrence(occurrence);
                Self::OnText { keyword, size_mm: [width_mm, height_mm] }
            }
            StampPlace::AcrossPages { edge, width_mm, height_mm } => {
                Self::AcrossPages { side: edge.into(), size_mm: [width_mm, height_mm], pages: PageChoice::All }
            }
        })
    }
}

/// How a signature is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SignatureProfile {
    /// `PAdES` baseline.
    Pades,
    /// What older readers know.
    Compat,
}

impl From<SignatureProfile> for Profile {
    fn from(profile: SignatureProfile) -> Self {
        match profile {
            SignatureProfile::Pades => Self::Pades,
            SignatureProfile::Compat => Self::Compat,
        }
    }
}

/// What a signature brings with it to be believed later (ETSI EN 319 142-1, clause 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SignatureLevel {
    /// Basic: the signature and its certificate.
    BaselineB,
    /// With a timestamp.
    BaselineT,
    /// With a timestamp and all that is needed to verify later.
    BaselineLt,
    /// As B-LT, and a timestamp over all of that.
    BaselineLta,
}

impl From<SignatureLevel> for Level {
    fn from(level: SignatureLevel) -> Self {
        match level {
            SignatureLevel::BaselineB => Self::BaselineB,
            SignatureLevel::BaselineT => Self::BaselineT,
            SignatureLevel::BaselineLt => Self::BaselineLt,
            SignatureLevel::BaselineLta => Self::BaselineLta,
        }
    }
}

impl From<Level> for SignatureLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::BaselineB => Self::BaselineB,
            Level::BaselineT => Self::BaselineT,
            Level::BaselineLt => Self::BaselineLt,
            Level::BaselineLta => Self::BaselineLta,
        }
    }
}

/// What to seal, with what, and where.
#[derive(Clone, uniffi::Record)]
pub struct StampOrder {
    /// The document.
    pub input_path: String,
    /// What opens it, UTF-8, if it is encrypted and the empty password does not. The library wipes its copy.
    pub password: Option<Vec<u8>>,
    /// Where the sealed document goes.
    pub output_path: String,
    /// The document's name as the person knows it.
    pub document_name: String,
    /// With which seal.
    pub seal_id: String,
    /// Where: all of these with one signature. None: nothing is seen of the seal.
    pub places: Vec<StampPlace>,
    /// How the signature is packed.
    pub profile: SignatureProfile,
    /// What the signature brings with it to be believed later.
    pub level: SignatureLevel,
    /// Why, where the person said so.
    pub reason: Option<String>,
    /// Local time minus UTC, minutes (China: 480).
    pub utc_offset_minutes: i16,
}

impl TryFrom<StampOrder> for StampJob {
    type Error = SdkError;

    fn try_from(order: StampOrder) -> Result<Self, SdkError> {
        let text = |text: String| DisplayText::new(text).map_err(|error| bad_argument(&error.to_string()));
        Ok(Self {
            input: PathBuf::from(order.input_path),
            password: order.password.map(|password| Arc::new(Password::new(password))),
            output: PathBuf::from(order.output_path),
            name: text(order.document_name)?,
            seal_id: order.seal_id.parse().map_err(|_| Error::NoSuchSeal)?,
            places: order.places.into_iter().map(SealPlace::try_from).collect::<Result<_, _>>()?,
            profile: order.profile.into(),
            level: order.level.into(),
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
    /// The integrity manifest of an OFD package (GM/T 0099-2020): a signature over the names of its files, not over what is in
    /// them.
    pub manifest: Option<SignatureFinding>,
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
    /// When, seconds since 1970.
    pub time: Option<u64>,
    /// Who says so.
    pub time_source: Option<TimeSource>,
    /// What the signature brings with it to be believed later, where its profile has levels.
    pub level: Option<SignatureLevel>,
    /// `intact`, `unknown` or `broken`.
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

/// Who says when a signature was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum TimeSource {
    /// The signer alone.
    Claimed,
    /// A trusted authority, by a timestamp on the signature.
    Timestamp,
    /// A trusted authority, by a timestamp on the document.
    DocumentTimestamp,
}

impl From<report::TimeSource> for TimeSource {
    fn from(source: report::TimeSource) -> Self {
        match source {
            report::TimeSource::Claimed => Self::Claimed,
            report::TimeSource::Timestamp => Self::Timestamp,
            report::TimeSource::DocumentTimestamp => Self::DocumentTimestamp,
        }
    }
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
    /// What it is about: `form`, `content`, `changes`, `seal`, `signer`, `time` or `level`.
    pub topic: String,
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
            manifest: found.report.manifest.as_deref().map(|manifest| finding(manifest, None)),
            checks: found.report.checks.iter().map(check).collect(),
        }
    }
}

fn finding(signature: &SignatureReport, seal: Option<&VerifiedSeal>) -> SignatureFinding {
    SignatureFinding {
        field: signature.field.clone(),
        signer: signature.signer.clone(),
        time: signature.time.map(|time| time.at.0),
        time_source: signature.time.map(|time| time.source.into()),
        level: signature.level.map(SignatureLevel::from),
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
        topic: Topic::of(check.code).to_string(),
        clause: check.clause.to_owned(),
        verdict: check.verdict.to_string(),
        detail: check.detail.clone(),
    }
}
