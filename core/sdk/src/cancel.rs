//! Cancelling a running flow.

use std::future::Future;

use tokio_util::sync::CancellationToken;

use crate::error::Error;

/// Stops every call that it was given to. A foreign language's own cancellation does not reach into Rust reliably, so each
/// long call takes one of these.
#[derive(Clone, Debug, Default)]
pub struct Cancel(CancellationToken);

impl Cancel {
    /// A handle that was not yet used.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops the calls, now and for good.
    pub fn cancel(&self) {
        self.0.cancel();
    }

    /// Runs `call` until it ends or is cancelled, whichever is first.
    pub(crate) async fn or<T>(&self, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        tokio::select! {
            biased;
            () = self.0.cancelled() => Err(Error::Cancelled),
            result = call => result,
        }
    }
}
