use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use eseal_crypto::Suite;
use eseal_crypto::key::{KeyError, SigningKey};
use rand_core::CryptoRng;

use crate::{DeviceKey, DeviceKeyError, KeyInfo, KeyProtection, KeyPurpose, Prompt, UserPresence};

/// How the stand-in answers when it is asked to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// As hardware with a willing user.
    Honest,
    /// With this error, as with a user who cancels.
    Refuse(DeviceKeyError),
    /// With a signature over another message.
    SignAnotherMessage,
    /// With a signature by a key that is not the one it shows.
    SignWithAnotherKey,
    /// With bytes that are no signature.
    AnswerGarbage,
}

/// P-256 keys in memory in place of hardware: no attestation, no prompt, no protection.
pub struct SoftwareDeviceKey {
    state: Mutex<State>,
}

struct State {
    rng: Box<dyn CryptoRng + Send>,
    keys: HashMap<KeyPurpose, SigningKey>,
    behaviour: Behaviour,
    sealing: UserPresence,
}

impl SoftwareDeviceKey {
    /// An honest stand-in that draws its keys from `rng`.
    #[must_use]
    pub fn new(rng: impl CryptoRng + Send + 'static) -> Self {
        Self::builder(rng).build()
    }

    /// A stand-in to be told how to behave.
    #[must_use]
    pub fn builder(rng: impl CryptoRng + Send + 'static) -> SoftwareDeviceKeyBuilder {
        SoftwareDeviceKeyBuilder { rng: Box::new(rng), behaviour: Behaviour::Honest, sealing: UserPresence::EachUse }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves the state whole: each change is one call.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells a stand-in how to behave.
pub struct SoftwareDeviceKeyBuilder {
    rng: Box<dyn CryptoRng + Send>,
    behaviour: Behaviour,
    sealing: UserPresence,
}

impl SoftwareDeviceKeyBuilder {
    /// When it says to ask for the user's presence before its sealing key signs; without this, at each use.
    #[must_use]
    pub fn sealing_presence(self, sealing: UserPresence) -> Self {
        Self { sealing, ..self }
    }

    /// How it answers when it is asked to sign.
    #[must_use]
    pub fn behaviour(self, behaviour: Behaviour) -> Self {
        Self { behaviour, ..self }
    }

    /// The stand-in, without keys.
    #[must_use]
    pub fn build(self) -> SoftwareDeviceKey {
        let Self { rng, behaviour, sealing } = self;
        SoftwareDeviceKey { state: Mutex::new(State { rng, keys: HashMap::new(), behaviour, sealing }) }
    }
}

impl State {
    fn draw_key(&mut self) -> Result<SigningKey, DeviceKeyError> {
        SigningKey::generate(Suite::EcdsaP256Sha256, &mut self.rng).map_err(|error| unexpected(&error))
    }

    const fn presence(&self, purpose: KeyPurpose) -> UserPresence {
        match purpose {
            KeyPurpose::Request => UserPresence::NotAsked,
            KeyPurpose::Consent => UserPresence::EachUse,
            KeyPurpose::Sealing => self.sealing,
        }
    }

    fn sign(&mut self, purpose: KeyPurpose, message: &[u8]) -> Result<Vec<u8>, DeviceKeyError> {
        let another_key = self.draw_key()?;
        let key = self.keys.get(&purpose).ok_or(DeviceKeyError::NotEnrolled)?;
        match &self.behaviour {
            Behaviour::Honest => Ok(key.sign(message).to_der()),
            Behaviour::Refuse(error) => Err(error.clone()),
            Behaviour::SignAnotherMessage => Ok(key.sign(&[message, b"!"].concat()).to_der()),
            Behaviour::SignWithAnotherKey => Ok(another_key.sign(message).to_der()),
            Behaviour::AnswerGarbage => Ok(vec![0x30, 0x00]),
        }
    }
}

#[async_trait]
impl DeviceKey for SoftwareDeviceKey {
    async fn generate(&self, purpose: KeyPurpose, _challenge: &[u8]) -> Result<KeyInfo, DeviceKeyError> {
        let mut state = self.state();
        let key = state.draw_key()?;
        let info = info(&key, state.presence(purpose));
        state.keys.insert(purpose, key);
        Ok(info)
    }

    async fn key(&self, purpose: KeyPurpose) -> Result<Option<KeyInfo>, DeviceKeyError> {
        let state = self.state();
        Ok(state.keys.get(&purpose).map(|key| info(key, state.presence(purpose))))
    }

    async fn sign(&self, purpose: KeyPurpose, message: &[u8], _prompt: &Prompt) -> Result<Vec<u8>, DeviceKeyError> {
        self.state().sign(purpose, message)
    }

    async fn delete(&self, purpose: KeyPurpose) -> Result<(), DeviceKeyError> {
        self.state().keys.remove(&purpose);
        Ok(())
    }
}

impl fmt::Debug for SoftwareDeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SoftwareDeviceKey").finish_non_exhaustive()
    }
}

fn info(key: &SigningKey, presence: UserPresence) -> KeyInfo {
    KeyInfo {
        public_key: key.public_key().to_spki_der(),
        protection: KeyProtection::SoftwareForHarness,
        presence,
        attestation: Vec::new(),
    }
}

fn unexpected(error: &KeyError) -> DeviceKeyError {
    DeviceKeyError::Unexpected { detail: error.code().to_owned() }
}
