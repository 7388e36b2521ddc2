//! The one error that crosses the border.

use eseal_sdk::Error;

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum SdkError {
    /// One kind for all: what differs is the code.
    #[error("{code}: {detail}")]
    Failed {
        /// Stable and dotted; the host has a text for it in every language.
        code: String,
        /// For developers, never shown.
        detail: String,
        /// Whether the same call may go through later.
        retryable: bool,
        /// How long to wait before that, ms, where the platform said.
        retry_after_ms: Option<u64>,
        /// The call's name in the platform's log, where the platform answered.
        trace_id: Option<String>,
    },
}

impl From<Error> for SdkError {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl From<&Error> for SdkError {
    fn from(error: &Error) -> Self {
        Self::Failed {
            code: error.code().to_owned(),
            detail: error.to_string(),
            retryable: error.retryable(),
            retry_after_ms: error.retry_after_ms(),
            trace_id: error.trace_id().map(str::to_owned),
        }
    }
}

/// An argument that cannot be taken over: the caller's mistake, not the user's.
pub(crate) fn bad_argument(what: &str) -> SdkError {
    SdkError::Failed {
        code: "sdk.bad-argument".to_owned(),
        detail: what.to_owned(),
        retryable: false,
        retry_after_ms: None,
        trace_id: None,
    }
}
