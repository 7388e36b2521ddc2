//! Work on files, off the threads that carry the flows.

use crate::error::Error;

/// Runs `work` where it may block. A panic in it comes back as an error and not as a crash of the app.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(Error::Interrupted))
}
