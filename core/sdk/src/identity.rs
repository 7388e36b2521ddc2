//! What an enrolled phone knows of itself, kept in the sealed store.

use eseal_crypto::cert::Chain;
use eseal_custody::{Label, StoreKey, Token, Vault};
use eseal_protocol::api::Person;
use eseal_protocol::ids::{DeviceId, Sha256Hex};
use eseal_protocol::machine::Identity;
use serde::{Deserialize, Serialize};

use crate::error::Error;

const IDENTITY: &str = "identity.v1";
const LAST_RECEIPT: &str = "receipt.last.v1";

/// The stored form. Field names are frozen: a new form is a new label.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Enrolled {
    pub(crate) person: Person,
    pub(crate) device_id: DeviceId,
    consent_chain: String,
    sealing_chain: String,
}

impl Enrolled {
    pub(crate) fn new(person: Person, device_id: DeviceId, consent: &Chain, sealing: &Chain) -> Self {
        Self { person, device_id, consent_chain: consent.to_pem(), sealing_chain: sealing.to_pem() }
    }

    pub(crate) fn identity(&self) -> Result<Identity, Error> {
        Ok(Identity {
            person_id: self.person.person_id.clone(),
            device_id: self.device_id.clone(),
            consent_chain: Chain::from_pem(&self.consent_chain)?,
        })
    }

    pub(crate) fn sealing_chain(&self) -> Result<Chain, Error> {
        Ok(Chain::from_pem(&self.sealing_chain)?)
    }
}

/// The phone's own records.
#[derive(Clone)]
pub(crate) struct Records {
    vault: Vault,
}

impl Records {
    pub(crate) const fn new(vault: Vault) -> Self {
        Self { vault }
    }

    /// The phone's identity, or [`Error::NotEnrolled`].
    pub(crate) async fn enrolled(&self) -> Result<Enrolled, Error> {
        let (key, label) = name(IDENTITY)?;
        let bytes = self.vault.read(&key, &label).await?.ok_or(Error::NotEnrolled)?;
        serde_json::from_slice(&bytes).map_err(|_| Error::DamagedRecord)
    }

    pub(crate) async fn store_enrolled(&self, enrolled: &Enrolled) -> Result<(), Error> {
        let (key, label) = name(IDENTITY)?;
        let bytes = serde_json::to_vec(enrolled).map_err(|_| Error::DamagedRecord)?;
        Ok(self.vault.write(&key, &label, &bytes).await?)
    }

    /// Forgets who the phone is, and its receipts: they are of the identity that goes.
    pub(crate) async fn forget_enrolled(&self) -> Result<(), Error> {
        for text in [IDENTITY, LAST_RECEIPT] {
            let (key, _) = name(text)?;
            self.vault.delete(&key).await?;
        }
        Ok(())
    }

    /// Digest of the newest receipt: each consent names the one before it.
    pub(crate) async fn last_receipt(&self) -> Result<Option<Sha256Hex>, Error> {
        let (key, label) = name(LAST_RECEIPT)?;
        let Some(bytes) = self.vault.read(&key, &label).await? else { return Ok(None) };
        let bytes = bytes.as_slice().try_into().map_err(|_| Error::DamagedRecord)?;
        Ok(Some(Sha256Hex::from_bytes(bytes)))
    }

    pub(crate) async fn store_last_receipt(&self, digest: Sha256Hex) -> Result<(), Error> {
        let (key, label) = name(LAST_RECEIPT)?;
        Ok(self.vault.write(&key, &label, digest.as_bytes()).await?)
    }
}

fn name(text: &str) -> Result<(StoreKey, Label), Error> {
    let token = Token::new(text).map_err(|_| Error::DamagedRecord)?;
    Ok((StoreKey::from(token.clone()), Label::from(token)))
}
