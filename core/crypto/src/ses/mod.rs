//! The data of electronic seals: `SESeal`, which a seal maker signs, and `SES_Signature`, which says what was sealed with it.
//!
//! Read in all three versions that are in the field, written in the two that are current ([`SesVersion`]). [`Seal`] and
//! [`SealSignature`] are what was read; [`SealDraft`] and [`SealSignatureDraft`] make new ones, for keys that are anywhere, [`SealMaker`] with one that
//! is here. What
//! is asked one by one here, in the order of the standards, a report asks as a whole.

mod draft;
mod kind;
mod maker;
mod number;
mod picture;
mod seal;
mod signature;
mod signature_draft;
mod structure;
mod text;

pub use draft::{PreparedSeal, SealDraft};
pub use kind::SealKind;
pub use maker::{MakeError, SealMaker, SealOrder};
pub use number::{NotASealNumber, SealNumber};
pub use picture::SealPicture;
pub use seal::{MAX_SEAL_LEN, Seal, SealHolder, SealSigners};
pub use signature::{MAX_SEAL_SIGNATURE_LEN, SealSignature, StatedTime};
pub use signature_draft::{
    MAX_PROPERTY_INFO_LEN, PreparedSealSignature, SealSignatureDraft, estimated_seal_signature_size,
};

use const_oid::ObjectIdentifier;

use crate::key::{Fault, VerificationError};
use crate::scheme::RefusedAlgorithm;

/// Which standard seal data are written by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SesVersion {
    /// GM/T 0031-2014: read only.
    V1,
    /// GB/T 38540-2020.
    V4,
    /// GM/T 0031-2025: as GB/T 38540, with a timestamp in the seal.
    V5,
}

impl SesVersion {
    /// The number in the header.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::V1 => 1,
            Self::V4 => 4,
            Self::V5 => 5,
        }
    }

    /// The standard's name.
    #[must_use]
    pub const fn standard(self) -> &'static str {
        match self {
            Self::V1 => "GM/T 0031-2014",
            Self::V4 => "GB/T 38540-2020",
            Self::V5 => "GM/T 0031-2025",
        }
    }
}

/// An extension of a seal or signature (`ExtData`), in the order written; none is interpreted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SesExtension {
    /// What it is.
    pub id: ObjectIdentifier,
    /// Whether a reader that does not know it should not go on.
    pub critical: bool,
    /// Its value.
    pub value: Vec<u8>,
}

/// Why seal data cannot be made, read or believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SesError {
    /// Not seal data of any version in DER.
    #[error("not well-formed seal data: {detail}")]
    Malformed {
        /// What was found, for developers.
        detail: &'static str,
    },
    /// Longer than [`MAX_SEAL_LEN`] or [`MAX_SEAL_SIGNATURE_LEN`].
    #[error("the seal data are too long")]
    TooLong,
    /// A signature or key of an algorithm that is not supported; in what is written, any but SM2.
    #[error("the seal data use an algorithm that is not supported")]
    UnsupportedAlgorithm,
    /// A signature of a broken algorithm.
    #[error("the seal data use a weak algorithm")]
    WeakAlgorithm,
    /// The signature is not by the key of the certificate beside it.
    #[error("the signature of the seal data does not fit")]
    BadSignature,
    /// What was sealed is not this.
    #[error("what was sealed is something else")]
    DigestMismatch,
    /// The signer's certificate is none of those that may use the seal.
    #[error("the seal may not be used with this certificate")]
    SignerNotListed,
    /// A part cannot be written: a text with characters that may not be in it, no certificate, a size of zero, a time out of
    /// range, or a timestamp where the version has none.
    #[error("the seal data cannot be written: {detail}")]
    CannotWrite {
        /// Which part, for developers.
        detail: &'static str,
    },
}

impl SesError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "ses.malformed",
            Self::TooLong => "ses.too-long",
            Self::UnsupportedAlgorithm => "ses.unsupported-algorithm",
            Self::WeakAlgorithm => "ses.weak-algorithm",
            Self::BadSignature => "ses.bad-signature",
            Self::DigestMismatch => "ses.digest-mismatch",
            Self::SignerNotListed => "ses.signer-not-listed",
            Self::CannotWrite { .. } => "ses.cannot-write",
        }
    }
}

impl From<der::Error> for SesError {
    fn from(_: der::Error) -> Self {
        Self::Malformed { detail: "not DER" }
    }
}

impl From<RefusedAlgorithm> for SesError {
    fn from(refused: RefusedAlgorithm) -> Self {
        match refused {
            RefusedAlgorithm::Unknown(_) => Self::UnsupportedAlgorithm,
            RefusedAlgorithm::Weak(_) => Self::WeakAlgorithm,
        }
    }
}

impl From<VerificationError> for SesError {
    fn from(error: VerificationError) -> Self {
        match error.fault() {
            Fault::UnsupportedAlgorithm => Self::UnsupportedAlgorithm,
            Fault::WeakAlgorithm => Self::WeakAlgorithm,
            Fault::BadSignature => Self::BadSignature,
        }
    }
}
