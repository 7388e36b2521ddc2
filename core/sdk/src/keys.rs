//! The phone's three keys as the flows use them.

use std::sync::Arc;

use eseal_crypto::key::Signature;
use eseal_custody::{DeviceKey, HeldKey, KeyProtection, KeyPurpose, Prompt, UserPresence};

use crate::error::Error;

/// The host's keys, each found anew at every use: a key can die between two uses, and a purpose is checked each time.
#[derive(Clone)]
pub(crate) struct PhoneKeys {
    host: Arc<dyn DeviceKey>,
}

impl PhoneKeys {
    pub(crate) fn new(host: Arc<dyn DeviceKey>) -> Self {
        Self { host }
    }

    /// Makes new keys for every purpose, in the order of [`KeyPurpose::ALL`].
    pub(crate) async fn generate(&self, challenge: &[u8]) -> Result<[HeldKey; 3], Error> {
        let [request, consent, sealing] = KeyPurpose::ALL;
        Ok([
            HeldKey::generate(Arc::clone(&self.host), request, challenge).await?,
            HeldKey::generate(Arc::clone(&self.host), consent, challenge).await?,
            HeldKey::generate(Arc::clone(&self.host), sealing, challenge).await?,
        ])
    }

    pub(crate) async fn sign(&self, purpose: KeyPurpose, message: &[u8], prompt: &Prompt) -> Result<Signature, Error> {
        Ok(self.held(purpose).await?.sign(message, prompt).await?)
    }

    pub(crate) async fn protection(&self, purpose: KeyPurpose) -> Result<KeyProtection, Error> {
        Ok(self.held(purpose).await?.protection())
    }

    pub(crate) async fn presence(&self, purpose: KeyPurpose) -> Result<UserPresence, Error> {
        Ok(self.held(purpose).await?.presence())
    }

    async fn held(&self, purpose: KeyPurpose) -> Result<HeldKey, Error> {
        HeldKey::find(Arc::clone(&self.host), purpose).await?.ok_or(Error::NotEnrolled)
    }
}
