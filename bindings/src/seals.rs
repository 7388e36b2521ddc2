//! Seals, claims and usage records.

use eseal_sdk::protocol::api::SealState;
use eseal_sdk::protocol::seal::SealKind;
use eseal_sdk::protocol::usage::UsageRecord;
use eseal_sdk::{ClaimHandle, Seal};

/// A claim under way.
#[derive(uniffi::Object)]
pub struct ClaimTicket(pub(crate) ClaimHandle);

#[uniffi::export]
impl ClaimTicket {
    /// The claim's name.
    #[must_use]
    pub fn claim_id(&self) -> String {
        self.0.claim_id().to_string()
    }

    /// The seal that will be made.
    #[must_use]
    pub fn seal_id(&self) -> String {
        self.0.seal_id().to_string()
    }
}

/// What kind of seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SealType {
    /// A person's hand-drawn signature (个人手绘章).
    Handwritten,
}

/// Where a seal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SealStanding {
    /// In use.
    Active,
    /// A newer drawing took its place.
    Replaced,
}

/// A seal whose record was verified.
#[derive(Clone, Debug, uniffi::Record)]
pub struct SealSummary {
    /// Which seal.
    pub seal_id: String,
    /// What kind.
    pub kind: SealType,
    /// Whose.
    pub owner_name: String,
    /// Where it stands.
    pub standing: SealStanding,
    /// Its face as SVG.
    pub face_svg: String,
    /// Width, mm.
    pub width_mm: f64,
    /// Height, mm.
    pub height_mm: f64,
    /// When it was made, seconds since 1970.
    pub made_at: u64,
    /// Until when it can be used, seconds since 1970.
    pub expires_at: u64,
}

impl From<&Seal> for SealSummary {
    fn from(seal: &Seal) -> Self {
        let (record, face) = (seal.record(), seal.face());
        Self {
            seal_id: record.seal_id.to_string(),
            kind: match record.kind {
                SealKind::Handwritten => SealType::Handwritten,
            },
            owner_name: record.owner.name.to_string(),
            standing: match seal.state() {
                SealState::Active => SealStanding::Active,
                SealState::Replaced => SealStanding::Replaced,
            },
            face_svg: face.to_svg(),
            width_mm: face.size().width(),
            height_mm: face.size().height(),
            made_at: record.made_at.0,
            expires_at: record.expires_at.0,
        }
    }
}

/// One use of a seal, as the platform recorded it (留痕).
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct UsageSummary {
    /// The record.
    pub usage_id: String,
    /// Which seal.
    pub seal_id: String,
    /// The document's name.
    pub document_name: String,
    /// SHA-256 of the bytes that the signature covers, hexadecimal.
    pub document_sha256: String,
    /// When, seconds since 1970.
    pub recorded_at: u64,
}

impl From<&UsageRecord> for UsageSummary {
    fn from(record: &UsageRecord) -> Self {
        Self {
            usage_id: record.usage_id.to_string(),
            seal_id: record.seal_id.to_string(),
            document_name: record.document.name.to_string(),
            document_sha256: record.document.sha256.to_string(),
            recorded_at: record.recorded_at.0,
        }
    }
}
