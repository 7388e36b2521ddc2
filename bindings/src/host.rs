//! What the host brings: hardware keys, a sealed store, clocks.

use std::sync::Arc;

use async_trait::async_trait;
use eseal_sdk::crypto::cert::UnixTime;
use eseal_sdk::custody::{
    Clock, DeviceKey, DeviceKeyError, KeyInfo, KeyProtection, KeyPurpose, Prompt, PromptValue, SealedStore, StoreError,
    StoreKey, UserPresence,
};
use zeroize::{Zeroize, Zeroizing};

/// What one hardware key is for; no key has two purposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum HostKeyPurpose {
    /// Signs requests to the platform: no prompt, phone unlocked.
    Request,
    /// Signs consents: the user's presence at each use.
    Consent,
    /// Signs documents and seals: the user's presence at each use.
    Sealing,
}

impl From<KeyPurpose> for HostKeyPurpose {
    fn from(purpose: KeyPurpose) -> Self {
        match purpose {
            KeyPurpose::Request => Self::Request,
            KeyPurpose::Consent => Self::Consent,
            KeyPurpose::Sealing => Self::Sealing,
        }
    }
}

/// Where a private key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum HostKeyProtection {
    /// Android's separate secure processor.
    StrongBox,
    /// The phone's trusted execution environment.
    TrustedEnvironment,
    /// Apple's separate secure processor.
    SecureEnclave,
    /// Memory. Only a test says this.
    SoftwareForHarness,
}

impl From<HostKeyProtection> for KeyProtection {
    fn from(protection: HostKeyProtection) -> Self {
        match protection {
            HostKeyProtection::StrongBox => Self::StrongBox,
            HostKeyProtection::TrustedEnvironment => Self::TrustedEnvironment,
            HostKeyProtection::SecureEnclave => Self::SecureEnclave,
            HostKeyProtection::SoftwareForHarness => Self::SoftwareForHarness,
        }
    }
}

/// When the user's presence is asked for before a key signs; fixed when the key is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum HostUserPresence {
    /// Never. Only a request key may be so.
    NotAsked,
    /// Before each signature.
    EachUse,
    /// Once, and then not again as long as the window lasts. Only a sealing key may be so.
    Window {
        /// How long, in seconds: 1 to 30.
        seconds: u16,
    },
}

impl From<HostUserPresence> for UserPresence {
    fn from(presence: HostUserPresence) -> Self {
        match presence {
            HostUserPresence::NotAsked => Self::NotAsked,
            HostUserPresence::EachUse => Self::EachUse,
            HostUserPresence::Window { seconds } => Self::Window { seconds },
        }
    }
}

/// A key that the host holds.
#[derive(Clone, Debug, uniffi::Record)]
pub struct HostKey {
    /// The public half: DER `SubjectPublicKeyInfo` of a P-256 key (RFC 5480).
    pub public_key: Vec<u8>,
    /// Where the private half is.
    pub protection: HostKeyProtection,
    /// When the user's presence is asked for.
    pub presence: HostUserPresence,
    /// What the hardware states about the key, DER certificates, the key's own first; empty where it states nothing.
    pub attestation: Vec<Vec<u8>>,
}

impl From<HostKey> for KeyInfo {
    fn from(key: HostKey) -> Self {
        let HostKey { public_key, protection, presence, attestation } = key;
        Self { public_key, protection: protection.into(), presence: presence.into(), attestation }
    }
}

/// Why the host's key store does not do what it is asked.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum HostKeyError {
    /// The user dismissed the prompt.
    #[error("the user cancelled")]
    UserCancelled,
    /// Too many failed tries.
    #[error("locked out")]
    LockedOut,
    /// The key died, as it must when biometrics are enrolled anew.
    #[error("the key has been invalidated")]
    Invalidated,
    /// There is no key for this purpose.
    #[error("there is no key for this purpose")]
    NotEnrolled,
    /// The hardware cannot be used.
    #[error("the hardware is not available")]
    HardwareUnavailable,
    /// The key at this place was made for another purpose.
    #[error("the key was made for another purpose")]
    WrongPurpose,
    /// Anything else.
    #[error("unexpected: {detail}")]
    Unexpected {
        /// For developers: no personal data, no secrets.
        detail: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for HostKeyError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unexpected { detail: error.reason }
    }
}

impl From<HostKeyError> for DeviceKeyError {
    fn from(error: HostKeyError) -> Self {
        match error {
            HostKeyError::UserCancelled => Self::UserCancelled,
            HostKeyError::LockedOut => Self::LockedOut,
            HostKeyError::Invalidated => Self::Invalidated,
            HostKeyError::NotEnrolled => Self::NotEnrolled,
            HostKeyError::HardwareUnavailable => Self::HardwareUnavailable,
            HostKeyError::WrongPurpose => Self::WrongPurpose,
            HostKeyError::Unexpected { detail } => Self::Unexpected { detail },
        }
    }
}

/// What the user is told while a key is unlocked: the key of a text in the app's tables, and its values.
#[derive(Clone, Debug, uniffi::Record)]
pub struct HostPrompt {
    /// Key of the text, `prompt.…`.
    pub key: String,
    /// Values by the names that stand in the text.
    pub params: Vec<HostPromptParam>,
}

/// A named value for a prompt's text.
#[derive(Clone, Debug, uniffi::Record)]
pub struct HostPromptParam {
    /// The name that stands in the text.
    pub name: String,
    /// The value: a number, or the name of an operation, whose text has the key `operation.NAME`.
    pub value: String,
}

impl From<&Prompt> for HostPrompt {
    fn from(prompt: &Prompt) -> Self {
        let params = prompt.params().into_iter().map(|param| HostPromptParam {
            name: param.name.to_owned(),
            value: match param.value {
                PromptValue::Count(count) => count.to_string(),
                PromptValue::Token(token) => token.to_string(),
            },
        });
        Self { key: prompt.key().to_owned(), params: params.collect() }
    }
}

/// The host's hardware keys: at most one P-256 key for each purpose, made in hardware and never exported. A key never signs
/// for another purpose than the one it was made for.
#[uniffi::export(with_foreign)]
#[async_trait]
pub trait HostKeys: Send + Sync {
    /// Makes a new key, in place of an earlier one for the same purpose, attested for `challenge` where the hardware can.
    async fn generate(&self, purpose: HostKeyPurpose, challenge: Vec<u8>) -> Result<HostKey, HostKeyError>;

    /// The key for a purpose, if there is one.
    async fn key(&self, purpose: HostKeyPurpose) -> Result<Option<HostKey>, HostKeyError>;

    /// Signs: ECDSA over the SHA-256 of the bytes, DER (`SHA256withECDSA`), asking for presence as the purpose demands.
    async fn sign(&self, purpose: HostKeyPurpose, bytes: Vec<u8>, prompt: HostPrompt) -> Result<Vec<u8>, HostKeyError>;

    /// Destroys the key for a purpose; that there is none is no error.
    async fn delete(&self, purpose: HostKeyPurpose) -> Result<(), HostKeyError>;
}

pub(crate) struct Keys(pub(crate) Arc<dyn HostKeys>);

#[async_trait]
impl DeviceKey for Keys {
    async fn generate(&self, purpose: KeyPurpose, challenge: &[u8]) -> Result<KeyInfo, DeviceKeyError> {
        Ok(self.0.generate(purpose.into(), challenge.to_vec()).await?.into())
    }

    async fn key(&self, purpose: KeyPurpose) -> Result<Option<KeyInfo>, DeviceKeyError> {
        Ok(self.0.key(purpose.into()).await?.map(KeyInfo::from))
    }

    async fn sign(&self, purpose: KeyPurpose, message: &[u8], prompt: &Prompt) -> Result<Vec<u8>, DeviceKeyError> {
        Ok(self.0.sign(purpose.into(), message.to_vec(), prompt.into()).await?)
    }

    async fn delete(&self, purpose: KeyPurpose) -> Result<(), DeviceKeyError> {
        Ok(self.0.delete(purpose.into()).await?)
    }
}

/// Why the host's store does not do what it is asked.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum HostStoreError {
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

impl From<uniffi::UnexpectedUniFFICallbackError> for HostStoreError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unexpected { detail: error.reason }
    }
}

impl From<HostStoreError> for StoreError {
    fn from(error: HostStoreError) -> Self {
        match error {
            HostStoreError::Locked => Self::Locked,
            HostStoreError::Full => Self::Full,
            HostStoreError::Damaged => Self::Damaged,
            HostStoreError::Unexpected { detail } => Self::Unexpected { detail },
        }
    }
}

/// The host's store for small secrets and state, sealed to this phone and this app. Names are 1 to 64 of `a-z 0-9 . -`.
#[uniffi::export(with_foreign)]
#[async_trait]
pub trait HostStore: Send + Sync {
    /// The value of that name, if there is one.
    async fn read(&self, name: String) -> Result<Option<Vec<u8>>, HostStoreError>;

    /// Puts a value in place of an earlier one: afterwards the old value is there or the new one, whole.
    async fn write_atomic(&self, name: String, bytes: Vec<u8>) -> Result<(), HostStoreError>;

    /// Removes a value; that there is none is no error.
    async fn delete(&self, name: String) -> Result<(), HostStoreError>;
}

pub(crate) struct Store(pub(crate) Arc<dyn HostStore>);

#[async_trait]
impl SealedStore for Store {
    async fn read(&self, name: &StoreKey) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        Ok(self.0.read(name.as_str().to_owned()).await?.map(Zeroizing::new))
    }

    /// The copy that crosses the border is the host's to wipe: `UniFFI` passes by value.
    async fn write_atomic(&self, name: &StoreKey, bytes: &[u8]) -> Result<(), StoreError> {
        Ok(self.0.write_atomic(name.as_str().to_owned(), bytes.to_vec()).await?)
    }

    async fn delete(&self, name: &StoreKey) -> Result<(), StoreError> {
        Ok(self.0.delete(name.as_str().to_owned()).await?)
    }
}

/// A clock that the host could not read.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum HostClockError {
    /// The host's code failed.
    #[error("the clock failed")]
    Failed,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for HostClockError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed
    }
}

/// The host's clocks.
#[uniffi::export(with_foreign)]
pub trait HostClock: Send + Sync {
    /// Milliseconds of a clock that only runs forward, sleep included (Android: `elapsedRealtime`, iOS: `mach_continuous_time`).
    ///
    /// # Errors
    /// [`HostClockError`]: what is judged by this clock is then taken for over.
    fn monotonic_ms(&self) -> Result<u64, HostClockError>;

    /// Seconds since 1970-01-01T00:00:00Z by the wall clock.
    ///
    /// # Errors
    /// [`HostClockError`]: no certificate is then valid.
    fn unix_seconds(&self) -> Result<u64, HostClockError>;
}

pub(crate) struct Clocks(pub(crate) Arc<dyn HostClock>);

impl Clock for Clocks {
    fn monotonic_ms(&self) -> u64 {
        self.0.monotonic_ms().unwrap_or(u64::MAX)
    }

    fn unix_time(&self) -> UnixTime {
        UnixTime(self.0.unix_seconds().unwrap_or(0))
    }
}

/// Takes a secret that crossed the border as bytes, and wipes what it came in.
pub(crate) fn secret_text(mut bytes: Vec<u8>) -> Option<Zeroizing<String>> {
    let text = std::str::from_utf8(&bytes).ok().map(|text| Zeroizing::new(text.to_owned()));
    bytes.zeroize();
    text
}
