//! Stamp: seal documents that never leave the phone, with the phone's own sealing key, and record each use (留痕).

use std::path::PathBuf;
use std::sync::Arc;

use eseal_document::pdf::{Password, Profile};
use eseal_document::report::Level;
use eseal_protocol::ids::SealId;
use eseal_protocol::jws::Verified;
use eseal_protocol::text::DisplayText;
use eseal_protocol::usage::UsageRecord;

use crate::app::Client;
use crate::cancel::Cancel;
use crate::error::Error;
use crate::flows::SealPlace;
use crate::progress::{Progress, Step};

/// What to seal, with what, and where.
#[derive(Clone, Debug)]
pub struct StampJob {
    /// The document. It is read by position and never changed.
    pub input: PathBuf,
    /// Where the sealed document goes. Whatever happens, there is the old file or the whole new one.
    pub output: PathBuf,
    /// What opens the document, if it is encrypted and the empty password does not.
    pub password: Option<Arc<Password>>,
    /// The document's name as the person knows it; goes into the usage record.
    pub name: DisplayText,
    /// With which seal.
    pub seal_id: SealId,
    /// Where: all of these with one signature. None: nothing is seen of the seal.
    pub places: Vec<SealPlace>,
    /// How the signature is packed.
    pub profile: Profile,
    /// What the signature brings with it to be believed later. Above B-B, [`Config`](crate::Config) names an authority.
    pub level: Level,
    /// Why, where the person said so.
    pub reason: Option<DisplayText>,
    /// The phone's local time minus UTC, minutes (China: 480): how the signing time is spelt.
    pub utc_offset_minutes: i16,
}

/// A sealed document.
#[derive(Clone, Debug)]
pub struct Stamped {
    /// The signature's field.
    pub field: String,
    /// The platform's record of the use.
    pub usage: Verified<UsageRecord>,
}

impl Client {
    /// Seals a PDF: a [batch](Self::prepare_batch) of one. The use is recorded before the file is written: there is no sealed
    /// file without a record. Cancelling before the last step leaves nothing behind but, at most, a record of a use that was
    /// then not made.
    ///
    /// # Errors
    /// `seal.not-found`, `seal.not-usable`, the document's own (`pdf.…`), the key store's, or that of the network; above B-B
    /// `stamp.level-not-reached`, those of the services, and `sdk.misconfigured` if no authority is known.
    pub async fn stamp(&self, job: &StampJob, progress: &dyn Progress, cancel: &Cancel) -> Result<Stamped, Error> {
        let of_one = |_: usize, step: Step| progress.step(step);
        let batch = self.prepare_batch(std::slice::from_ref(job), &of_one, cancel).await?;
        batch.seal(&of_one, cancel).await.pop().unwrap_or(Err(Error::Interrupted))
    }
}
