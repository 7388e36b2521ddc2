//! Signatures in CMS (RFC 5652): one signer, signed attributes as `PAdES` wants them (ETSI EN 319 142-1 §6,
//! EN 319 122-1 §5), and in its national dialect (GB/T 35275-2017). Ours are of the suites; others' are read as far as their
//! algorithms are known.
//!
//! [`SignedData`] is a detached signature. A signature that carries its content is another thing, and read only where one
//! is expected: in a timestamp token ([`crate::tsp`]).

mod attributes;
mod ber;
mod dialect;
mod encapsulated;
mod encode;
mod ess;
mod message;
mod read;
mod signed_data;
mod structure;

pub use attributes::SignedAttributes;
pub use dialect::Dialect;
pub(crate) use encapsulated::SignedContent;
pub use encode::{USUAL_TIMESTAMP_LEN, estimated_size};
pub use message::MAX_SIGNED_DATA_LEN;
pub use signed_data::{EmbeddedRevocation, SignedData};

use crate::key::{KeyError, VerificationError};
use crate::scheme::RefusedAlgorithm;

/// Why a signature cannot be made, read or believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CmsError {
    /// Not a `SignedData` in DER.
    #[error("not a well-formed CMS signature: {detail}")]
    Malformed {
        /// What was found, for developers.
        detail: &'static str,
    },
    /// Longer than [`MAX_SIGNED_DATA_LEN`].
    #[error("the CMS signature is too long")]
    TooLong,
    /// The content is inside: not a detached signature.
    #[error("the CMS signature carries its content")]
    NotDetached,
    /// None or several signers where there must be one.
    #[error("the CMS signature has {count} signers, not one")]
    SignerCount {
        /// How many there are.
        count: usize,
    },
    /// The signer's certificate is not in the signature.
    #[error("the CMS signature does not carry its signer's certificate")]
    SignerCertificateMissing,
    /// An algorithm that is not supported.
    #[error("the algorithm {oid} is not supported")]
    UnsupportedAlgorithm {
        /// Its object identifier.
        oid: String,
    },
    /// An algorithm that is broken: others can make such a signature too.
    #[error("the algorithm {oid} is weak")]
    WeakAlgorithm {
        /// Its object identifier.
        oid: String,
    },
    /// A signed attribute that must be there once is not, or twice.
    #[error("the signed attribute {name} is missing or repeated")]
    MissingAttribute {
        /// Its name in RFC 5652.
        name: &'static str,
    },
    /// The content is not the one that was signed.
    #[error("the content is not the one that was signed")]
    DigestMismatch,
    /// The signature is not by the signer's key over the signed attributes.
    #[error("the signature does not fit")]
    BadSignature,
    /// All else holds, but the signature does not say which certificate it belongs to (signing-certificate-v2).
    #[error("the signature does not name the signer's certificate")]
    SigningCertificateMissing,
    /// The signature names another certificate than the one it carries (signing-certificate-v2).
    #[error("the signature names another certificate")]
    SigningCertificateMismatch,
    /// The chain handed in does not start with the certificate that the attributes were made for.
    #[error("the chain is not the signer's")]
    WrongChain,
}

impl CmsError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "cms.malformed",
            Self::TooLong => "cms.too-long",
            Self::NotDetached => "cms.not-detached",
            Self::SignerCount { .. } => "cms.signer-count",
            Self::SignerCertificateMissing => "cms.signer-certificate-missing",
            Self::UnsupportedAlgorithm { .. } => "cms.unsupported-algorithm",
            Self::WeakAlgorithm { .. } => "cms.weak-algorithm",
            Self::MissingAttribute { .. } => "cms.missing-attribute",
            Self::DigestMismatch => "cms.digest-mismatch",
            Self::BadSignature => "cms.bad-signature",
            Self::SigningCertificateMissing => "cms.signing-certificate-missing",
            Self::SigningCertificateMismatch => "cms.signing-certificate-mismatch",
            Self::WrongChain => "cms.wrong-chain",
        }
    }
}

impl From<der::Error> for CmsError {
    fn from(_: der::Error) -> Self {
        Self::Malformed { detail: "not DER" }
    }
}

impl From<RefusedAlgorithm> for CmsError {
    fn from(refused: RefusedAlgorithm) -> Self {
        match refused {
            RefusedAlgorithm::Unknown(oid) => Self::UnsupportedAlgorithm { oid: oid.to_string() },
            RefusedAlgorithm::Weak(oid) => Self::WeakAlgorithm { oid: oid.to_string() },
        }
    }
}

impl From<VerificationError> for CmsError {
    fn from(error: VerificationError) -> Self {
        match error {
            VerificationError::Key(error) => error.into(),
            VerificationError::Unknown(oid) => RefusedAlgorithm::Unknown(oid).into(),
            VerificationError::Weak(oid) => RefusedAlgorithm::Weak(oid).into(),
            VerificationError::Invalid => Self::BadSignature,
        }
    }
}

impl From<KeyError> for CmsError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::UnsupportedAlgorithm { oid } => Self::UnsupportedAlgorithm { oid },
            KeyError::Malformed | KeyError::Encrypted => Self::Malformed { detail: "the signer's key" },
        }
    }
}
