//! Usage records (留痕): what was sealed, by whom, when, with which seal.

use eseal_crypto::cert::Purpose;
use serde::{Deserialize, Serialize};

use crate::ids::{DeviceId, PersonId, SealId, Sha256Hex, UsageId};
use crate::intent::MediaType;
use crate::jws::Statement;
use crate::text::DisplayText;
use crate::time::Timestamp;

/// The sealed document, without its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsageDocument {
    /// Its name, as the person knows it.
    pub name: DisplayText,
    /// What it is.
    pub media_type: MediaType,
    /// SHA-256 of the bytes that the signature covers.
    pub sha256: Sha256Hex,
    /// SHA-256 of the signature value: ties the record to this one signature.
    pub signature_sha256: Sha256Hex,
}

/// One use of a seal, as recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsageRecord {
    /// This record.
    pub usage_id: UsageId,
    /// Which seal.
    pub seal_id: SealId,
    /// Who.
    pub person_id: PersonId,
    /// On which phone.
    pub device_id: DeviceId,
    /// On what.
    pub document: UsageDocument,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

impl Statement for UsageRecord {
    const TYP: &'static str = "eseal-usage/1";
    const PURPOSE: Purpose = Purpose::ConsentService;
}
