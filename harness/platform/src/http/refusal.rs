//! How the platform says no (RFC 9457).

use axum::response::{IntoResponse, Response};
use eseal_protocol::problem::ProblemCode;

/// A refused call. It becomes a problem document in [`super::envelope`], which knows the call's trace.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) code: ProblemCode,
    /// For developers; never a name, a password, a key or a body.
    pub(crate) detail: String,
    pub(crate) retry_after_ms: Option<u64>,
}

impl Refusal {
    pub(crate) fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), retry_after_ms: None }
    }

    pub(crate) fn not_found() -> Self {
        Self::new(ProblemCode::NotFound, "there is no such thing, or not for this caller")
    }

    /// The platform's own failure. The reason goes into its log and not to the caller.
    pub(crate) fn internal(reason: impl std::fmt::Display) -> Self {
        tracing::error!(%reason, "internal failure");
        Self::new(ProblemCode::Internal, "the platform failed")
    }

    pub(crate) fn after_ms(self, ms: u64) -> Self {
        Self { retry_after_ms: Some(ms), ..self }
    }

    /// Whether the very same call may go through later.
    pub(crate) const fn is_retryable(&self) -> bool {
        matches!(
            self.code,
            ProblemCode::NonceRequired | ProblemCode::TooManyTries | ProblemCode::Internal | ProblemCode::Unavailable
        )
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        let busy = match &error {
            sqlx::Error::PoolTimedOut => true,
            sqlx::Error::Database(inner) => inner.message().contains("locked"),
            _ => false,
        };
        if busy {
            Self::new(ProblemCode::Unavailable, "the platform is busy").after_ms(500)
        } else {
            Self::internal(error)
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = Response::default();
        response.extensions_mut().insert(self);
        response
    }
}
