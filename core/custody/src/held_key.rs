use std::fmt;
use std::sync::Arc;

use eseal_crypto::Suite;
use eseal_crypto::key::{PublicKey, Signature};

use crate::{DeviceKey, DeviceKeyError, KeyInfo, KeyProtection, KeyPurpose, Prompt, UserPresence};

/// Shortest challenge for an attestation, in bytes: what is shorter may come twice.
pub const MIN_CHALLENGE_LEN: usize = 16;
/// Longest challenge for an attestation, in bytes: what Android's key store takes.
pub const MAX_CHALLENGE_LEN: usize = 128;
/// Longest message to sign, in bytes.
pub const MAX_MESSAGE_LEN: usize = 1024 * 1024;
/// Most certificates of an attestation.
pub const MAX_ATTESTATION_CERTIFICATES: usize = 8;
/// Longest certificate of an attestation, in bytes.
pub const MAX_ATTESTATION_CERTIFICATE_LEN: usize = 32 * 1024;

/// Why a key cannot be had or used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CustodyError {
    /// What the host says.
    #[error(transparent)]
    Device(#[from] DeviceKeyError),
    /// The host's signature is not one, or not by the key over the message that it was given.
    #[error("the key store gave a signature that does not fit")]
    BadSignature,
    /// The host's public key is not a P-256 key.
    #[error("the key store gave a public key that cannot be used")]
    BadPublicKey,
    /// The host's attestation has more or longer certificates than any hardware writes.
    #[error("the key store gave an attestation that cannot be used")]
    BadAttestation,
    /// The host uses one key for two purposes.
    #[error("the key store uses one key for two purposes")]
    SharedKey,
    /// The host does not ask for the user's presence as a key for this purpose must.
    #[error("the key store does not ask for the user's presence as it must")]
    BadPresence,
    /// The challenge is shorter or longer than it may be.
    #[error("the challenge is not 16 to 128 bytes")]
    BadChallenge,
    /// The message is longer than [`MAX_MESSAGE_LEN`].
    #[error("the message is too long to be signed")]
    MessageTooLong,
}

impl CustodyError {
    /// The stable code of the error; the host's own errors keep theirs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Device(error) => error.code(),
            Self::BadSignature => "custody.bad-signature",
            Self::BadPublicKey => "custody.bad-public-key",
            Self::BadAttestation => "custody.bad-attestation",
            Self::SharedKey => "custody.shared-key",
            Self::BadPresence => "custody.bad-presence",
            Self::BadChallenge => "custody.bad-challenge",
            Self::MessageTooLong => "custody.message-too-long",
        }
    }
}

/// A hardware key for one purpose: the only way by which the core signs with the phone's keys.
///
/// It believes nothing of the host that it can check: that the public key is one, that no other purpose has it, and that
/// each signature is by it over the message. Signatures come out in their one form (low s).
#[derive(Clone)]
pub struct HeldKey {
    host: Arc<dyn DeviceKey>,
    purpose: KeyPurpose,
    public_key: PublicKey,
    protection: KeyProtection,
    presence: UserPresence,
    attestation: Vec<Vec<u8>>,
}

impl HeldKey {
    /// Has the host make a new key, in place of an earlier one, attested for a challenge of the platform.
    ///
    /// # Errors
    /// [`CustodyError`]; of a key that is refused after it was made, the host is told to delete it.
    pub async fn generate(
        host: Arc<dyn DeviceKey>,
        purpose: KeyPurpose,
        challenge: &[u8],
    ) -> Result<Self, CustodyError> {
        if !(MIN_CHALLENGE_LEN..=MAX_CHALLENGE_LEN).contains(&challenge.len()) {
            return Err(CustodyError::BadChallenge);
        }
        let info = host.generate(purpose, challenge).await?;
        match Self::examine(Arc::clone(&host), purpose, info).await {
            Err(
                refusal @ (CustodyError::BadPublicKey
                | CustodyError::BadAttestation
                | CustodyError::SharedKey
                | CustodyError::BadPresence),
            ) => {
                host.delete(purpose).await?;
                Err(refusal)
            }
            other => other,
        }
    }

    /// The key that the host holds for a purpose, if it does.
    ///
    /// # Errors
    /// [`CustodyError`].
    pub async fn find(host: Arc<dyn DeviceKey>, purpose: KeyPurpose) -> Result<Option<Self>, CustodyError> {
        match host.key(purpose).await? {
            Some(info) => Self::examine(host, purpose, info).await.map(Some),
            None => Ok(None),
        }
    }

    async fn examine(host: Arc<dyn DeviceKey>, purpose: KeyPurpose, info: KeyInfo) -> Result<Self, CustodyError> {
        let KeyInfo { public_key, protection, presence, attestation } = info;
        let parsed = PublicKey::from_spki_der(&public_key).map_err(|_| CustodyError::BadPublicKey)?;
        if !presence.suits(purpose) {
            return Err(CustodyError::BadPresence);
        }
        let too_long = attestation.iter().any(|certificate| certificate.len() > MAX_ATTESTATION_CERTIFICATE_LEN);
        if too_long || attestation.len() > MAX_ATTESTATION_CERTIFICATES {
            return Err(CustodyError::BadAttestation);
        }
        for other in KeyPurpose::ALL.into_iter().filter(|other| *other != purpose) {
            if host.key(other).await?.is_some_and(|other| other.public_key == public_key) {
                return Err(CustodyError::SharedKey);
            }
        }
        Ok(Self { host, purpose, public_key: parsed, protection, presence, attestation })
    }

    /// Signs a message (ECDSA over SHA-256), asking for the user's presence as the purpose demands.
    ///
    /// # Errors
    /// [`CustodyError::BadSignature`] when what the host gives is not this key's signature over this message,
    /// [`CustodyError::MessageTooLong`], or what the host says.
    pub async fn sign(&self, message: &[u8], prompt: &Prompt) -> Result<Signature, CustodyError> {
        if message.len() > MAX_MESSAGE_LEN {
            return Err(CustodyError::MessageTooLong);
        }
        let der = self.host.sign(self.purpose, message, prompt).await?;
        let signature = Signature::from_der(Suite::EcdsaP256Sha256, &der).map_err(|_| CustodyError::BadSignature)?;
        self.public_key.verify(message, &signature).map_err(|_| CustodyError::BadSignature)?;
        Ok(signature)
    }

    /// Destroys the key.
    ///
    /// # Errors
    /// What the host says.
    pub async fn delete(self) -> Result<(), CustodyError> {
        Ok(self.host.delete(self.purpose).await?)
    }

    /// What the key is for.
    #[must_use]
    pub const fn purpose(&self) -> KeyPurpose {
        self.purpose
    }

    /// The public half.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// Where the host says the private half is.
    #[must_use]
    pub const fn protection(&self) -> KeyProtection {
        self.protection
    }

    /// When the host asks for the user's presence.
    #[must_use]
    pub const fn presence(&self) -> UserPresence {
        self.presence
    }

    /// What the hardware states about the key: DER certificates, the key's own first.
    #[must_use]
    pub fn attestation(&self) -> &[Vec<u8>] {
        &self.attestation
    }
}

impl fmt::Debug for HeldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeldKey")
            .field("purpose", &self.purpose)
            .field("public_key", &self.public_key)
            .field("protection", &self.protection)
            .finish_non_exhaustive()
    }
}
