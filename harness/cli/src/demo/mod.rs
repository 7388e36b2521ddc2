//! The demo: the whole main job on real documents against a platform of its own, with nothing simulated but the hardware key.

mod camera;
mod pages;
mod person;
mod phone_page;
mod portal;
mod report;
mod run;
mod serve;

pub use camera::read_code;
pub use portal::PortalSession;
pub use run::{Outcome, run};
pub use serve::serve;

use eseal_sdk::Error;

/// Why the demo did not get through.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The SDK refused.
    #[error("{code}: {0}", code = .0.code())]
    Sdk(#[from] Error),
    /// The platform did not start.
    #[error("the platform did not start: {0}")]
    Platform(#[from] eseal_platform::PlatformError),
    /// The portal answered otherwise than a browser needs.
    #[error("the portal: {0}")]
    Portal(String),
    /// A file could not be read or written.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// A page could not be drawn.
    #[error("a page could not be drawn: {0}")]
    Picture(String),
    /// A result is not what it has to be.
    #[error("the demo's own check failed: {0}")]
    Check(String),
}

/// An I/O error with the file that it is about.
pub(crate) fn file_error(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> DemoError {
    let path = path.display().to_string();
    move |error| DemoError::File { path, error }
}
