//! The record of a seal: who owns it, what it looks like, which key seals with it. Versioned and signed by the seal maker; the
//! national seal data (SES) joins it.

use eseal_crypto::cert::Purpose;
use serde::{Deserialize, Serialize};

use crate::ids::{IntentId, SealId, Sha256Hex};
use crate::intent::{FaceRef, Subject};
use crate::jws::Statement;
use crate::time::Timestamp;

/// What kind of seal. The five enterprise seals join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SealKind {
    /// A person's hand-drawn signature (个人手绘章).
    Handwritten,
}

/// A seal as made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealRecord {
    /// Which seal.
    pub seal_id: SealId,
    /// What kind.
    pub kind: SealKind,
    /// Whose.
    pub owner: Subject,
    /// What it looks like.
    pub face: FaceRef,
    /// SHA-256 of the DER of the certificate whose key seals with it.
    pub sealing_certificate: Sha256Hex,
    /// The request under which it was made.
    pub intent_id: IntentId,
    /// SHA-256 of the owner's consent.
    pub consent_digest: Sha256Hex,
    /// When it was made.
    pub made_at: Timestamp,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

impl Statement for SealRecord {
    const TYP: &'static str = "eseal-seal/1";
    const PURPOSE: Purpose = Purpose::SealMaker;
}
