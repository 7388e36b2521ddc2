use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::envelope::{self, EnvelopeError, Label};
use crate::{SealedStore, StoreError, StoreKey};

/// Why a stored payload cannot be had or kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// What the host says.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is stored is not the payload that is asked for.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
}

impl VaultError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Envelope(error) => error.code(),
        }
    }
}

/// The host's store as the core uses it: every value in a versioned envelope that says what it is.
#[derive(Clone)]
pub struct Vault {
    store: Arc<dyn SealedStore>,
}

impl Vault {
    /// Uses that store.
    #[must_use]
    pub fn new(store: Arc<dyn SealedStore>) -> Self {
        Self { store }
    }

    /// The payload of that name, if there is one.
    ///
    /// # Errors
    /// [`VaultError::Envelope`] when what is there is not a payload of that label, or what the host says.
    pub async fn read(&self, name: &StoreKey, label: &Label) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        let Some(bytes) = self.store.read(name).await? else { return Ok(None) };
        let payload = envelope::unwrap(label, &bytes)?;
        Ok(Some(Zeroizing::new(payload.to_vec())))
    }

    /// Puts a payload in place of an earlier one, the old or the new one surviving whole.
    ///
    /// # Errors
    /// [`EnvelopeError::TooLong`], or what the host says.
    pub async fn write(&self, name: &StoreKey, label: &Label, payload: &[u8]) -> Result<(), VaultError> {
        let bytes = envelope::wrap(label, payload)?;
        Ok(self.store.write_atomic(name, &bytes).await?)
    }

    /// Removes a payload; that there is none is no error.
    ///
    /// # Errors
    /// What the host says.
    pub async fn delete(&self, name: &StoreKey) -> Result<(), VaultError> {
        Ok(self.store.delete(name).await?)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").finish_non_exhaustive()
    }
}
