//! Whether a certificate was taken back: OCSP (RFC 6960) and CRLs (RFC 5280 §5), both read and issued.
//!
//! [`OcspRequest`] and the addresses in [`crate::cert::Services`] are for whoever fetches; [`OcspResponse`] and [`Crl`] are
//! what comes back; [`RevocationData`] is all of it that is at hand, and says of a certificate what it was at an instant.
//! [`OcspResponder`] and [`crate::cert::Issuer::issue_crl`] are the side that answers.

mod cert_id;
mod crl;
mod crl_issuer;
mod data;
mod evidence;
#[expect(clippy::unnested_or_patterns, reason = "the derive of Choice writes its matches so")]
mod ocsp_choice;
mod ocsp_request;
mod ocsp_responder;
mod ocsp_response;
mod ocsp_structure;

pub use crl::{Crl, MAX_CRL_LEN};
pub use crl_issuer::RevokedCertificate;
pub use data::{RevocationData, RevocationFinding};
pub use evidence::{EvidenceSource, RevocationEvidence, RevocationReason, RevocationStatus};
pub use ocsp_request::{MAX_OCSP_REQUEST_LEN, OcspQuery, OcspRequest};
pub use ocsp_responder::{OcspRefusal, OcspResponder};
pub use ocsp_response::{MAX_OCSP_RESPONSE_LEN, OcspResponse};

use crate::key::{Fault, VerificationError};

/// Why revocation data cannot be asked for, made, read or believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RevocationError {
    /// Not an OCSP request or response or a CRL in DER.
    #[error("not well-formed revocation data: {detail}")]
    Malformed {
        /// What was found, for developers.
        detail: &'static str,
    },
    /// Longer than [`MAX_CRL_LEN`], [`MAX_OCSP_RESPONSE_LEN`] or [`MAX_OCSP_REQUEST_LEN`].
    #[error("the revocation data are too long")]
    TooLong,
    /// The responder does not answer this request.
    #[error("the OCSP responder refuses: {reason}")]
    Refused {
        /// Why.
        reason: OcspRefusal,
    },
    /// It says nothing about this certificate.
    #[error("the revocation data are not about this certificate")]
    NotCovered,
    /// It is not signed by who may speak about this certificate.
    #[error("the revocation data are not by the certificate's issuer or by whom it named")]
    WrongIssuer,
    /// Its signature does not fit.
    #[error("the signature of the revocation data does not fit")]
    BadSignature,
    /// It has a critical extension that is not understood, or is a delta or indirect CRL.
    #[error("the revocation data have a critical extension that is not understood")]
    UnknownCriticalExtension,
    /// A key or signature of an algorithm that is not supported.
    #[error("the revocation data use an algorithm that is not supported")]
    UnsupportedAlgorithm,
    /// A signature of a broken algorithm.
    #[error("the signature of the revocation data is of a weak algorithm")]
    WeakAlgorithm,
    /// The key cannot speak for the issuer, or a time cannot be written.
    #[error("the issuer cannot state this")]
    CannotState,
}

impl RevocationError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "revocation.malformed",
            Self::TooLong => "revocation.too-long",
            Self::Refused { .. } => "revocation.refused",
            Self::NotCovered => "revocation.not-covered",
            Self::WrongIssuer => "revocation.wrong-issuer",
            Self::BadSignature => "revocation.bad-signature",
            Self::UnknownCriticalExtension => "revocation.unknown-critical-extension",
            Self::UnsupportedAlgorithm => "revocation.unsupported-algorithm",
            Self::WeakAlgorithm => "revocation.weak-algorithm",
            Self::CannotState => "revocation.cannot-state",
        }
    }
}

impl From<der::Error> for RevocationError {
    fn from(_: der::Error) -> Self {
        Self::Malformed { detail: "not DER" }
    }
}

impl From<VerificationError> for RevocationError {
    fn from(error: VerificationError) -> Self {
        match error.fault() {
            Fault::UnsupportedAlgorithm => Self::UnsupportedAlgorithm,
            Fault::WeakAlgorithm => Self::WeakAlgorithm,
            Fault::BadSignature => Self::BadSignature,
        }
    }
}
