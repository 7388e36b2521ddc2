//! What opening a file may need to be told.

use std::sync::Arc;

use crate::pdf::encryption::Password;

/// How a file is opened. By default: with the empty password, which opens most encrypted files.
#[derive(Debug, Default)]
pub struct OpenOptions {
    password: Option<Arc<Password>>,
}

impl OpenOptions {
    /// The default.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Tries this password, the user's or the owner's, where the empty one does not open the file.
    #[must_use]
    pub fn with_password(self, password: impl Into<Arc<Password>>) -> Self {
        Self { password: Some(password.into()) }
    }

    pub(crate) fn password(&self) -> Option<&Password> {
        self.password.as_deref()
    }
}
