//! What an operator asks of the platform: sealing certificates of SM2, and electronic seals made with them. The calls carry the
//! operator's token as a bearer token (RFC 6750); names and digests in their addresses make them safe to repeat.

use std::fmt;

use data_encoding::BASE64;
use eseal_crypto::ses::{SealKind, SesVersion};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::{SealId, Sha256Hex};
use crate::text::DisplayText;

/// Most certificates that one seal lists.
pub const SIGNERS_MAX: usize = 16;

/// Bytes, in base64 (RFC 4648 §4) on the wire.
#[derive(Clone, PartialEq, Eq)]
pub struct Base64Bytes(pub Vec<u8>);

impl fmt::Debug for Base64Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl Serialize for Base64Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64.decode(text.as_bytes()).map(Self).map_err(|_| D::Error::custom("not base64"))
    }
}

/// `POST /v1/operator/sealing-certificates`: certifies a key of SM2 that seals documents. The same request again has the same answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealingCertificateRequest {
    /// Whose key it is, as registered: a person's or a unit's name.
    pub holder: DisplayText,
    /// What tells holders of the same name apart, a unified social credit code for a unit.
    pub code: DisplayText,
    /// A PKCS #10 request by the key, PEM. Nothing but the key is taken from it.
    pub request_pem: String,
}

/// Answer to [`SealingCertificateRequest`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SealingCertificateReply {
    /// PEM, leaf first, without the root.
    pub chain_pem: String,
    /// SHA-256 of the leaf: its name in `DELETE /v1/operator/certificates/{sha256}`, which takes it back.
    pub certificate_sha256: Sha256Hex,
}

/// `PUT /v1/operator/seals/{number}`: has the data of a seal made (制章). The same order again has the same seal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ElectronicSealOrder {
    /// By which standard.
    pub version: SealVersion,
    /// Whose it is.
    pub owner: SealOwner,
    /// Certificates that may use it, PEM: of SM2, issued here, and good. 1 to [`SIGNERS_MAX`].
    pub signers: Vec<String>,
    /// For how many days; a year where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_days: Option<u32>,
}

/// Whose an electronic seal is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum SealOwner {
    /// A unit's, which the operator knows from its register.
    Unit {
        /// What it is for.
        kind: UnitSealKind,
        /// What it is called.
        name: DisplayText,
        /// Its face: PNG, or SVG of `eseal-face`.
        face: Base64Bytes,
        /// Width and height in mm; where nothing is said, the face's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        size_mm: Option<[u16; 2]>,
    },
    /// A person's: name and face are those that the person consented to.
    Person {
        /// The person's seal, in use.
        seal_id: SealId,
    },
}

/// The standard that seal data are written by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SealVersion {
    /// GB/T 38540-2020.
    #[serde(rename = "4")]
    V4,
    /// GM/T 0031-2025.
    #[serde(rename = "5")]
    V5,
}

impl From<SealVersion> for SesVersion {
    fn from(version: SealVersion) -> Self {
        match version {
            SealVersion::V4 => Self::V4,
            SealVersion::V5 => Self::V5,
        }
    }
}

/// What a unit's seal is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitSealKind {
    /// 法定名称章
    LegalName,
    /// 财务专用章
    Finance,
    /// 发票专用章
    Invoice,
    /// 合同专用章
    Contract,
    /// 法定代表人名章
    LegalRepresentative,
    /// 其他
    Other,
}

impl From<UnitSealKind> for SealKind {
    fn from(kind: UnitSealKind) -> Self {
        match kind {
            UnitSealKind::LegalName => Self::LegalName,
            UnitSealKind::Finance => Self::Finance,
            UnitSealKind::Invoice => Self::Invoice,
            UnitSealKind::Contract => Self::Contract,
            UnitSealKind::LegalRepresentative => Self::LegalRepresentative,
            UnitSealKind::Other => Self::Other,
        }
    }
}

/// Answer to [`ElectronicSealOrder`], and to `GET /v1/operator/seals/{number}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ElectronicSealReply {
    /// `SESeal` in DER.
    pub data: Base64Bytes,
}
