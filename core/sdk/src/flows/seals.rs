//! The person's seals, each believed only with the seal maker's signature.

use eseal_crypto::ses::Seal as ElectronicSeal;
use eseal_face::Face;
use eseal_protocol::api::{SealEntry, SealList, SealState, UsageList};
use eseal_protocol::ids::{SealId, Sha256Hex};
use eseal_protocol::jws::Verified;
use eseal_protocol::seal::SealRecord;
use eseal_protocol::usage::UsageRecord;

use crate::app::Client;
use crate::cancel::Cancel;
use crate::client::Call;
use crate::error::Error;

/// A seal whose record was verified.
#[derive(Clone, Debug)]
pub struct Seal {
    record: Verified<SealRecord>,
    face: Face,
    state: SealState,
    electronic: Option<Box<ElectronicSeal>>,
}

impl Seal {
    /// What the seal maker signed.
    #[must_use]
    pub const fn record(&self) -> &Verified<SealRecord> {
        &self.record
    }

    /// What it looks like.
    #[must_use]
    pub const fn face(&self) -> &Face {
        &self.face
    }

    /// Whether it can be used now.
    #[must_use]
    pub const fn state(&self) -> SealState {
        self.state
    }

    /// It as the data of an electronic seal (`SESeal`), where the platform made such for it: what a key of SM2 in its list seals OFD
    /// and PDF with. Signed by the maker that it names; whether that one is believed is for whoever verifies.
    #[must_use]
    pub fn electronic(&self) -> Option<&ElectronicSeal> {
        self.electronic.as_deref()
    }
}

impl Client {
    /// The person's seals, newest first.
    ///
    /// # Errors
    /// `sdk.not-enrolled`, a record that does not hold, or that of the network.
    pub async fn seals(&self, cancel: &Cancel) -> Result<Vec<Seal>, Error> {
        cancel.or(self.seals_now()).await
    }

    /// What the person's seals were used for, newest first.
    ///
    /// # Errors
    /// As [`Self::seals`].
    pub async fn usage_records(&self, cancel: &Cancel) -> Result<Vec<Verified<UsageRecord>>, Error> {
        cancel
            .or(async {
                let enrolled = self.records.enrolled().await?;
                let list: UsageList = self.caller.as_device(&Call::get("/v1/usages"), &enrolled.device_id).await?;
                list.usages.iter().map(|record| self.usage(record)).collect()
            })
            .await
    }

    pub(crate) fn usage(
        &self,
        record: &eseal_protocol::jws::Compact<UsageRecord>,
    ) -> Result<Verified<UsageRecord>, Error> {
        let record = record.parse()?;
        let at = record.peek().recorded_at;
        Ok(record.verify(&self.trust.anchors, at)?)
    }

    pub(crate) async fn seal_now(&self, seal_id: &SealId) -> Result<Seal, Error> {
        let seals = self.seals_now().await?;
        let usable = |seal: &Seal| seal.record.seal_id == *seal_id && seal.state == SealState::Active;
        seals.into_iter().find(usable).ok_or(Error::NoSuchSeal)
    }

    async fn seals_now(&self) -> Result<Vec<Seal>, Error> {
        let enrolled = self.records.enrolled().await?;
        let list: SealList = self.caller.as_device(&Call::get("/v1/seals"), &enrolled.device_id).await?;
        let own = |seal: &Seal| seal.record.owner.person_id == enrolled.person.person_id;
        let seals = list.seals.iter().map(|entry| self.believe(entry)).collect::<Result<Vec<_>, _>>()?;
        if seals.iter().all(own) { Ok(seals) } else { Err(bad("a seal of somebody else")) }
    }

    fn believe(&self, entry: &SealEntry) -> Result<Seal, Error> {
        let record = entry.record.parse()?;
        let made_at = record.peek().made_at;
        let record = record.verify(&self.trust.anchors, made_at)?;
        if Sha256Hex::of(entry.face_svg.as_bytes()) != record.face.sha256 {
            return Err(bad("a face that is not the seal's"));
        }
        let electronic = entry.electronic.as_ref().map(|data| electronic(&data.0)).transpose()?.map(Box::new);
        Ok(Seal { face: Face::from_svg(&entry.face_svg)?, record, state: entry.state, electronic })
    }
}

fn electronic(der: &[u8]) -> Result<ElectronicSeal, Error> {
    let read = ElectronicSeal::from_der(der).and_then(|seal| seal.verify_signature().map(|()| seal));
    read.map_err(|error| bad(error.code()))
}

fn bad(detail: &str) -> Error {
    Error::BadReply { detail: detail.to_owned() }
}
