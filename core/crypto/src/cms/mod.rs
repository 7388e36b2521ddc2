//! Detached signatures in CMS (RFC 5652): one signer, signed attributes as `PAdES` wants them (ETSI EN 319 142-1 §6,
//! EN 319 122-1 §5), algorithms of one suite.

mod attributes;
mod encode;
mod signed_data;

pub use attributes::SignedAttributes;
pub use encode::estimated_size;
pub use signed_data::{MAX_SIGNED_DATA_LEN, SignedData};

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

impl From<crate::suite::UnknownAlgorithm> for CmsError {
    fn from(unknown: crate::suite::UnknownAlgorithm) -> Self {
        Self::UnsupportedAlgorithm { oid: unknown.0.to_string() }
    }
}

impl From<crate::key::KeyError> for CmsError {
    fn from(error: crate::key::KeyError) -> Self {
        match error {
            crate::key::KeyError::UnsupportedAlgorithm { oid } => Self::UnsupportedAlgorithm { oid },
            crate::key::KeyError::Malformed | crate::key::KeyError::Encrypted => {
                Self::Malformed { detail: "the signer's key" }
            }
        }
    }
}
