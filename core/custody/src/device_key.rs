use async_trait::async_trait;

use crate::Prompt;

/// What one hardware key is for. There is one key for each, never shared, and it signs for nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyPurpose {
    /// Signs requests to the platform: no prompt, phone unlocked.
    Request,
    /// Signs consents: the user's presence at each use.
    Consent,
    /// Signs documents and seals: the user's presence at each use, or once for a batch of documents.
    Sealing,
}

impl KeyPurpose {
    /// Every purpose.
    pub const ALL: [Self; 3] = [Self::Request, Self::Consent, Self::Sealing];

    /// The stable name, for the host's key alias.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Consent => "consent",
            Self::Sealing => "sealing",
        }
    }
}

/// Where a private key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyProtection {
    /// Android's separate secure processor.
    StrongBox,
    /// The phone's trusted execution environment.
    TrustedEnvironment,
    /// Apple's separate secure processor.
    SecureEnclave,
    /// Memory. Only the harness says this.
    SoftwareForHarness,
}

/// Longest window of [`UserPresence::Window`], in seconds: long enough for a batch of documents, too short to be forgotten.
pub const MAX_PRESENCE_WINDOW_S: u16 = 30;

/// When the user's presence is asked for before a key signs; fixed when the key is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UserPresence {
    /// Never: the phone being unlocked is enough. Only a request key may be so.
    NotAsked,
    /// Before each signature.
    EachUse,
    /// Once, and then not again as long as the window lasts. Only a sealing key may be so, and only where the platform's
    /// policy allows it.
    Window {
        /// How long, in seconds: 1 to [`MAX_PRESENCE_WINDOW_S`].
        seconds: u16,
    },
}

impl UserPresence {
    /// Whether a key for a purpose may be used so.
    pub(crate) const fn suits(self, purpose: KeyPurpose) -> bool {
        match (self, purpose) {
            (Self::EachUse, _) | (Self::NotAsked, KeyPurpose::Request) => true,
            (Self::Window { seconds }, KeyPurpose::Sealing) => seconds > 0 && seconds <= MAX_PRESENCE_WINDOW_S,
            (Self::NotAsked | Self::Window { .. }, _) => false,
        }
    }
}

/// A key that the host holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyInfo {
    /// The public half: DER `SubjectPublicKeyInfo` of a P-256 key (RFC 5480).
    pub public_key: Vec<u8>,
    /// Where the private half is.
    pub protection: KeyProtection,
    /// When the user's presence is asked for.
    pub presence: UserPresence,
    /// What the hardware states about the key, as DER certificates, the key's own first; empty where the hardware states
    /// nothing. The platform judges it, not the phone.
    pub attestation: Vec<Vec<u8>>,
}

/// Why the host's key store does not do what it is asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceKeyError {
    /// The user dismissed the prompt.
    #[error("the user cancelled")]
    UserCancelled,
    /// Too many failed tries; the phone must be unlocked otherwise first.
    #[error("locked out after failed tries")]
    LockedOut,
    /// The key died, as it must when biometrics are enrolled anew or the screen lock is removed.
    #[error("the key has been invalidated")]
    Invalidated,
    /// There is no key for this purpose.
    #[error("there is no key for this purpose")]
    NotEnrolled,
    /// The hardware cannot be used, now or at all.
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

impl DeviceKeyError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UserCancelled => "device-key.user-cancelled",
            Self::LockedOut => "device-key.locked-out",
            Self::Invalidated => "device-key.invalidated",
            Self::NotEnrolled => "device-key.not-enrolled",
            Self::HardwareUnavailable => "device-key.hardware-unavailable",
            Self::WrongPurpose => "device-key.wrong-purpose",
            Self::Unexpected { .. } => "device-key.unexpected",
        }
    }
}

/// The host's hardware keys: at most one P-256 key for each purpose, made in hardware and never exported.
///
/// The host binds the purpose to the key when it makes it (Android: the alias and the authentication parameters; iOS: the tag
/// and the access control) and never lets it sign for another. `conformance::device_key` checks an implementation.
#[async_trait]
pub trait DeviceKey: Send + Sync {
    /// Makes a new key, in place of an earlier one for the same purpose, and attests it for `challenge` where the hardware
    /// can.
    async fn generate(&self, purpose: KeyPurpose, challenge: &[u8]) -> Result<KeyInfo, DeviceKeyError>;

    /// The key for a purpose, if there is one.
    async fn key(&self, purpose: KeyPurpose) -> Result<Option<KeyInfo>, DeviceKeyError>;

    /// Signs: SHA-256 of the message, made in hardware where possible, then ECDSA; the answer is the DER `ECDSA-Sig-Value`
    /// (`SHA256withECDSA`). The user's presence is asked for as the purpose demands, with the prompt's text.
    async fn sign(&self, purpose: KeyPurpose, message: &[u8], prompt: &Prompt) -> Result<Vec<u8>, DeviceKeyError>;

    /// Destroys the key for a purpose; that there is none is no error.
    async fn delete(&self, purpose: KeyPurpose) -> Result<(), DeviceKeyError>;
}
