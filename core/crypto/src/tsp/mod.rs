//! Timestamps (RFC 3161, RFC 5816): proof by a third party that something existed at a time.
//!
//! [`TimestampRequest`] is what is asked, [`TimestampToken`] the answer, kept in a signature
//! ([`SignedData::with_signature_timestamp`](crate::cms::SignedData::with_signature_timestamp)) or as a document
//! timestamp. [`TimestampAuthority`] is the side that answers. Carrying the bytes is the caller's
//! (`application/timestamp-query`, `application/timestamp-reply`, RFC 3161 §3.4).

mod authority;
mod request;
mod signature;
mod status;
mod structure;
mod token;

pub use authority::{TimestampAuthority, TimestampReply};
pub use request::{MAX_TIMESTAMP_REQUEST_LEN, TimestampRequest};
pub use status::TimestampRefusal;
pub use token::{MAX_TIMESTAMP_RESPONSE_LEN, TimestampToken};

use crate::cms::CmsError;

/// Why a timestamp cannot be asked for, made, read or believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimestampError {
    /// Not a request, response or token of RFC 3161 in DER.
    #[error("not a well-formed timestamp: {detail}")]
    Malformed {
        /// What was found, for developers.
        detail: &'static str,
    },
    /// Longer than [`MAX_TIMESTAMP_RESPONSE_LEN`], or a request longer than [`MAX_TIMESTAMP_REQUEST_LEN`].
    #[error("the timestamp is too long")]
    TooLong,
    /// The authority gives no timestamp.
    #[error("the timestamp authority refuses: {reason}")]
    Refused {
        /// Why.
        reason: TimestampRefusal,
    },
    /// The timestamp is about something else.
    #[error("the timestamp is about something else")]
    WrongImprint,
    /// The response answers another request.
    #[error("the timestamp answers another request")]
    WrongNonce,
    /// The signer's certificate is not for timestamps, or for more than timestamps (RFC 3161 §2.3).
    #[error("the timestamp is not by a timestamp authority")]
    WrongPurpose,
    /// The authority's time cannot be written, or lies outside the validity of its certificate.
    #[error("the authority cannot state this time")]
    TimeOutOfRange,
    /// The signature around it cannot be read or believed.
    #[error(transparent)]
    Cms(#[from] CmsError),
}

impl TimestampError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "tsp.malformed",
            Self::TooLong => "tsp.too-long",
            Self::Refused { .. } => "tsp.refused",
            Self::WrongImprint => "tsp.wrong-imprint",
            Self::WrongNonce => "tsp.wrong-nonce",
            Self::WrongPurpose => "tsp.wrong-purpose",
            Self::TimeOutOfRange => "tsp.time-out-of-range",
            Self::Cms(error) => error.code(),
        }
    }
}

impl From<der::Error> for TimestampError {
    fn from(_: der::Error) -> Self {
        Self::Malformed { detail: "not DER" }
    }
}
