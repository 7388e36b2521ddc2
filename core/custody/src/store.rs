use std::fmt;

use async_trait::async_trait;
use zeroize::Zeroizing;

use crate::{Token, TokenError};

/// Longest value that is stored, in bytes.
pub const MAX_VALUE_LEN: usize = 4 * 1024 * 1024;

/// The name of a stored value: a [`Token`], so that a host may use it as a file name.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StoreKey(Token);

impl StoreKey {
    /// Takes a text that is a token.
    ///
    /// # Errors
    /// [`TokenError`] when it is none.
    pub fn new(text: impl Into<String>) -> Result<Self, TokenError> {
        Token::new(text).map(Self)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl From<Token> for StoreKey {
    fn from(token: Token) -> Self {
        Self(token)
    }
}

impl fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Why the host's store does not do what it is asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The store cannot be opened while the phone is locked.
    #[error("the store is locked")]
    Locked,
    /// No room left.
    #[error("there is no room left")]
    Full,
    /// What is there cannot be unsealed any more.
    #[error("the stored value is damaged")]
    Damaged,
    /// Anything else.
    #[error("unexpected: {detail}")]
    Unexpected {
        /// For developers: no personal data, no secrets.
        detail: String,
    },
}

impl StoreError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Locked => "store.locked",
            Self::Full => "store.full",
            Self::Damaged => "store.damaged",
            Self::Unexpected { .. } => "store.unexpected",
        }
    }
}

/// The host's store for small secrets and state, sealed to this phone and this app (Android: a file under a Keystore key;
/// iOS: the keychain, this device only). `conformance::sealed_store` checks an implementation.
#[async_trait]
pub trait SealedStore: Send + Sync {
    /// The value of that name, if there is one. An empty value is a value.
    async fn read(&self, name: &StoreKey) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError>;

    /// Puts a value in place of an earlier one: whatever happens meanwhile, afterwards the old value is there or the new one,
    /// whole. When it answers, the new one survives a loss of power.
    async fn write_atomic(&self, name: &StoreKey, bytes: &[u8]) -> Result<(), StoreError>;

    /// Removes a value; that there is none is no error.
    async fn delete(&self, name: &StoreKey) -> Result<(), StoreError>;
}
