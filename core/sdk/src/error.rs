//! The one error of the SDK: what an app needs to decide and to say, and nothing else.

use eseal_crypto::cert::CertificateError;
use eseal_crypto::revocation::RevocationError;
use eseal_crypto::tsp::TimestampError;
use eseal_custody::{CustodyError, DeviceKeyError, StoreError, VaultError};
use eseal_document::DocumentError;
use eseal_document::ofd::OfdError;
use eseal_document::pdf::PdfError;
use eseal_face::FaceError;
use eseal_ink::InkError;
use eseal_ink::photo::PhotoError;
use eseal_protocol::jws::JwsError;
use eseal_protocol::machine::ConsentError;
use eseal_protocol::problem::Problem;
use eseal_qr::QrError;

use crate::client::TransportError;

/// Anything that can go wrong. [`Error::code`] is stable and has a text in every app's string tables; `Display` is for
/// developers and never shown.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller cancelled. Nothing is half done: repeating the call goes on where it stopped.
    #[error("cancelled by the caller")]
    Cancelled,
    /// No reply came.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The platform said no.
    #[error("the platform answered {}: {}", .0.code.as_str(), .0.detail)]
    Platform(Box<Problem>),
    /// The platform's reply is not one.
    #[error("the platform's reply cannot be read: {detail}")]
    BadReply {
        /// What is wrong, for developers.
        detail: String,
    },
    /// The phone is not enrolled.
    #[error("the phone is not enrolled")]
    NotEnrolled,
    /// The claim ended without a seal.
    #[error("the claim ended without a seal")]
    ClaimWithdrawn,
    /// No such seal in use.
    #[error("no such seal in use")]
    NoSuchSeal,
    /// Already answered, or already over.
    #[error("the consent is over")]
    ConsentOver,
    /// The consent does not go on.
    #[error(transparent)]
    Consent(#[from] ConsentError),
    /// The phone's key did not sign.
    #[error(transparent)]
    Key(#[from] CustodyError),
    /// The phone's storage failed.
    #[error(transparent)]
    Store(#[from] VaultError),
    /// A record of the phone's own cannot be read.
    #[error("a stored record cannot be read")]
    DamagedRecord,
    /// A signed statement of the platform does not hold.
    #[error("a statement of the platform does not hold: {0}")]
    Statement(#[from] JwsError),
    /// A certificate cannot be read.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// A timestamp authority, OCSP responder or CRL server answers something else.
    #[error("a service's reply cannot be read: {detail}")]
    BadServiceReply {
        /// What is wrong, for developers.
        detail: String,
    },
    /// No timestamp, or one that does not hold.
    #[error(transparent)]
    Timestamp(#[from] TimestampError),
    /// No word about a certificate's revocation, or none that can be read.
    #[error(transparent)]
    Revocation(#[from] RevocationError),
    /// What the level of a signature needs, nobody gives.
    #[error("the level is not reached: {detail}")]
    LevelNotReached {
        /// What is missing, for developers.
        detail: String,
    },
    /// The strokes are no signature.
    #[error(transparent)]
    Ink(#[from] InkError),
    /// The photograph gives no face.
    #[error(transparent)]
    Photo(#[from] PhotoError),
    /// The face cannot be used.
    #[error(transparent)]
    Face(#[from] FaceError),
    /// No code was read.
    #[error(transparent)]
    Qr(#[from] QrError),
    /// The document cannot be sealed or judged.
    #[error(transparent)]
    Document(#[from] PdfError),
    /// The OFD document cannot be sealed or judged.
    #[error(transparent)]
    Ofd(#[from] OfdError),
    /// The seal's key is on another phone of the person.
    #[error("the seal's key is on another phone")]
    SealOfAnotherPhone,
    /// There is nothing in the batch.
    #[error("the batch is empty")]
    EmptyBatch,
    /// There are too many documents in the batch.
    #[error("more than {limit} documents in one batch")]
    BatchTooLarge {
        /// How many there may be.
        limit: usize,
    },
    /// The person was not asked about this document, because an earlier one of the batch was not signed.
    #[error("not asked: an earlier document of the batch was not signed")]
    NotAsked,
    /// The certificate is of an algorithm suite that this flow does not know.
    #[error("an algorithm suite that this flow does not know")]
    WrongSuite,
    /// The work broke off inside; nothing was written.
    #[error("the work broke off")]
    Interrupted,
    /// The phone's own random source failed.
    #[error("the random source failed")]
    NoRandomness,
}

impl From<DocumentError> for Error {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::Pdf(error) => Self::Document(error),
            DocumentError::Ofd(error) => Self::Ofd(error),
        }
    }
}

impl Error {
    /// The stable code: dotted, documented in `docs/errors.md`.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Cancelled => "sdk.cancelled",
            Self::Transport(error) => match error {
                TransportError::Offline => "network.offline",
                TransportError::TimedOut => "network.timed-out",
                TransportError::NotThePlatform => "network.not-the-platform",
                TransportError::ReplyTooLarge => "network.reply-too-large",
                TransportError::Misconfigured { .. } => "sdk.misconfigured",
                TransportError::Broken => "network.broken",
            },
            Self::Platform(problem) => problem.code.as_str(),
            Self::BadReply { .. } => "platform.bad-reply",
            Self::NotEnrolled => "sdk.not-enrolled",
            Self::ClaimWithdrawn => "claim.withdrawn",
            Self::NoSuchSeal => "seal.not-found",
            Self::ConsentOver => "consent.over",
            Self::Consent(error) => error.code(),
            Self::DamagedRecord => "store.damaged-record",
            Self::Key(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Statement(error) => error.code(),
            Self::Certificate(error) => error.code(),
            Self::BadServiceReply { .. } => "service.bad-reply",
            Self::Timestamp(error) => error.code(),
            Self::Revocation(error) => error.code(),
            Self::LevelNotReached { .. } => "stamp.level-not-reached",
            Self::Ink(error) => error.code(),
            Self::Face(error) => error.code(),
            Self::Qr(error) => error.code(),
            Self::Document(error) => error.code(),
            Self::Ofd(error) => error.code(),
            Self::Photo(error) => error.code(),
            Self::SealOfAnotherPhone => "seal.of-another-phone",
            Self::EmptyBatch => "batch.empty",
            Self::BatchTooLarge { .. } => "batch.too-many-documents",
            Self::NotAsked => "batch.not-asked",
            Self::WrongSuite => "sdk.wrong-suite",
            Self::Interrupted => "sdk.interrupted",
            Self::NoRandomness => "sdk.no-randomness",
        }
    }

    /// Whether the same call may go through later.
    #[must_use]
    pub fn retryable(&self) -> bool {
        match self {
            Self::Cancelled
            | Self::BadReply { .. }
            | Self::BadServiceReply { .. }
            | Self::Interrupted
            | Self::NotAsked => true,
            Self::Transport(error) => {
                matches!(error, TransportError::Offline | TransportError::TimedOut | TransportError::Broken)
            }
            Self::Platform(problem) => problem.retryable,
            Self::Timestamp(TimestampError::Refused { reason }) => reason.is_temporary(),
            Self::Revocation(RevocationError::Refused { reason }) => reason.is_temporary(),
            // Each passes by itself, or by what the person does next.
            Self::Key(error) => {
                matches!(error, CustodyError::Device(DeviceKeyError::UserCancelled | DeviceKeyError::LockedOut))
            }
            Self::Store(error) => matches!(error, VaultError::Store(StoreError::Locked)),
            Self::Document(error) => matches!(error, PdfError::InUse),
            _ => false,
        }
    }

    /// How long to wait before that, in ms, where the platform said.
    #[must_use]
    pub fn retry_after_ms(&self) -> Option<u64> {
        match self {
            Self::Platform(problem) => problem.retry_after_ms,
            _ => None,
        }
    }

    /// The call's name in the platform's log, where the platform answered.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        match self {
            Self::Platform(problem) => Some(&problem.trace_id),
            _ => None,
        }
    }
}
