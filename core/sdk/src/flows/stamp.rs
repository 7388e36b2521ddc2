//! Stamp: seal a document that never leaves the phone, with the phone's own sealing key, and record the use (留痕).

use std::fs::File;
use std::path::PathBuf;

use eseal_custody::{KeyPurpose, Prompt};
use eseal_document::pdf::{Mark, Pdf, Placement, Prepared, Sealed, SigningTime, StampRequest};
use eseal_protocol::api::{UsageReply, UsageRequest};
use eseal_protocol::ids::{Nonce, SealId, Sha256Hex};
use eseal_protocol::intent::MediaType;
use eseal_protocol::jws::Verified;
use eseal_protocol::text::DisplayText;
use eseal_protocol::usage::{UsageDocument, UsageRecord};

use crate::app::Client;
use crate::blocking::blocking;
use crate::cancel::Cancel;
use crate::client::Call;
use crate::error::Error;
use crate::flows::Seal;
use crate::identity::Enrolled;
use crate::progress::{Progress, Step};

/// What to seal, with what, and where.
#[derive(Clone, Debug)]
pub struct StampJob {
    /// The document. It is read by position and never changed.
    pub input: PathBuf,
    /// Where the sealed document goes. Whatever happens, there is the old file or the whole new one.
    pub output: PathBuf,
    /// The document's name as the person knows it; goes into the usage record.
    pub name: DisplayText,
    /// With which seal.
    pub seal_id: SealId,
    /// Where on which page.
    pub place: Placement,
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
    /// Seals a PDF. The use is recorded before the file is written: there is no sealed file without a record. Cancelling before
    /// the last step leaves nothing behind but, at most, a record of a use that was then not made.
    ///
    /// # Errors
    /// `seal.not-found`, `seal.not-usable`, the document's own (`pdf.…`), the key store's, or that of the network.
    pub async fn stamp(&self, job: &StampJob, progress: &dyn Progress, cancel: &Cancel) -> Result<Stamped, Error> {
        let sealed = cancel
            .or(async {
                let enrolled = self.records.enrolled().await?;
                let seal = self.seal_now(&job.seal_id).await?;
                self.seal_document(job, &seal, &enrolled, progress).await
            })
            .await?;
        progress.step(Step::WritingDocument);
        let (sealed, usage) = sealed;
        let output = job.output.clone();
        let field = sealed.field().to_owned();
        blocking(move || Ok(sealed.save_as(&output)?)).await?;
        progress.step(Step::Done);
        Ok(Stamped { field, usage })
    }

    async fn seal_document(
        &self,
        job: &StampJob,
        seal: &Seal,
        enrolled: &Enrolled,
        progress: &dyn Progress,
    ) -> Result<(Sealed<File>, Verified<UsageRecord>), Error> {
        progress.step(Step::ReadingDocument);
        let prepared = self.prepare(job, seal, enrolled, progress).await?;
        progress.step(Step::AwaitingUser);
        let prompt = Prompt::Seal { documents: 1 };
        let signature = self.keys.sign(KeyPurpose::Sealing, prepared.to_be_signed(), &prompt).await?;
        let document = UsageDocument {
            name: job.name.clone(),
            media_type: MediaType::Pdf,
            sha256: Sha256Hex::try_from(prepared.digest()).map_err(|_| Error::WrongSuite)?,
            signature_sha256: Sha256Hex::of(&signature.to_der()),
        };
        let sealed = prepared.complete(&signature)?;

        progress.step(Step::RecordingUse);
        let request = UsageRequest { seal_id: job.seal_id.clone(), document };
        let once = Nonce::random(&mut self.generator()?).to_string();
        let reply: UsageReply =
            self.caller.as_device(&Call::post("/v1/usages", &request)?.once(once), &enrolled.device_id).await?;
        let usage = self.usage(&reply.record)?;
        if usage.document != request.document || usage.seal_id != request.seal_id {
            return Err(Error::BadReply { detail: "a record of another use".to_owned() });
        }
        Ok((sealed, usage))
    }

    async fn prepare(
        &self,
        job: &StampJob,
        seal: &Seal,
        enrolled: &Enrolled,
        progress: &dyn Progress,
    ) -> Result<Prepared<File>, Error> {
        let signer = enrolled.sealing_chain()?;
        let certified = Sha256Hex::try_from(&signer.leaf().sha256()).map_err(|_| Error::WrongSuite)?;
        if seal.record().sealing_certificate != certified {
            return Err(Error::SealOfAnotherPhone);
        }
        let signing_time = SigningTime { at: self.clock.unix_time(), offset_minutes: job.utc_offset_minutes };
        let (input, place, reason) = (job.input.clone(), job.place, job.reason.clone());
        let (face, record) = (seal.face().clone(), seal.record().compact().to_owned());
        progress.step(Step::DigestingDocument);
        blocking(move || {
            let file = File::open(input).map_err(eseal_document::pdf::PdfError::Read)?;
            let name = signer.leaf().subject_common_name();
            let mut request =
                StampRequest::new(&signer, signing_time).mark(Mark::new(&face, place)).seal_record(record.as_bytes());
            if let Some(name) = &name {
                request = request.name(name);
            }
            if let Some(reason) = &reason {
                request = request.reason(reason.as_str());
            }
            Ok(Pdf::open(file)?.prepare(&request)?)
        })
        .await
    }
}
