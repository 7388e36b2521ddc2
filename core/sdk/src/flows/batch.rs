//! Many documents under one will of the person: all are read and digested first, then the key signs one after the other, so
//! that a key with a window of presence needs to be unlocked once.
//!
//! What one document meets is that document's own outcome. A prepared document costs its revision, some ten kilobytes, and
//! an open file; the document itself is never in memory.

use std::fs::File;

use eseal_crypto::key::Signature;
use eseal_custody::{KeyPurpose, Prompt, UserPresence};
use eseal_document::pdf::{Pdf, Prepared, SigningTime, StampRequest};
use eseal_document::report::Level;
use eseal_protocol::api::{UsageReply, UsageRequest};
use eseal_protocol::ids::{Nonce, Sha256Hex};
use eseal_protocol::intent::MediaType;
use eseal_protocol::jws::Verified;
use eseal_protocol::text::DisplayText;
use eseal_protocol::usage::{UsageDocument, UsageRecord};

use crate::app::Client;
use crate::blocking::blocking;
use crate::cancel::Cancel;
use crate::client::Call;
use crate::error::Error;
use crate::flows::verify::opening;
use crate::flows::{Seal, SealPlace, StampJob, Stamped, reserve};
use crate::identity::Enrolled;
use crate::progress::{BatchProgress, Step};

/// Most documents of one batch: as many files are open at once.
pub const MAX_BATCH_DOCUMENTS: usize = 100;

/// Documents that were read and digested and wait for the person.
pub struct Batch {
    client: Client,
    enrolled: Enrolled,
    presence: UserPresence,
    documents: Vec<Result<Document, Error>>,
}

/// One of them.
struct Document {
    job: StampJob,
    prepared: Prepared<File>,
}

/// The same when the key has signed.
struct Signed {
    document: Document,
    signature: Signature,
}

impl Client {
    /// Reads and digests documents, each with a seal of its own choice. Nothing is asked of the person yet.
    ///
    /// # Errors
    /// What concerns all of them: `batch.empty`, `batch.too-many-documents`, `sdk.not-enrolled`, `sdk.cancelled`, the key
    /// store's. What concerns one document is said by [`Batch::seal`].
    pub async fn prepare_batch(
        &self,
        jobs: &[StampJob],
        progress: &dyn BatchProgress,
        cancel: &Cancel,
    ) -> Result<Batch, Error> {
        if jobs.is_empty() {
            return Err(Error::EmptyBatch);
        }
        if jobs.len() > MAX_BATCH_DOCUMENTS {
            return Err(Error::BatchTooLarge { limit: MAX_BATCH_DOCUMENTS });
        }
        cancel
            .or(async {
                let enrolled = self.records.enrolled().await?;
                let presence = self.keys.presence(KeyPurpose::Sealing).await?;
                let mut seals: Vec<(&StampJob, Seal)> = Vec::new();
                let mut documents = Vec::with_capacity(jobs.len());
                for (index, job) in jobs.iter().enumerate() {
                    progress.step(index, Step::ReadingDocument);
                    let known =
                        seals.iter().find(|(other, _)| other.seal_id == job.seal_id).map(|(_, seal)| seal.clone());
                    let seal = match known {
                        Some(seal) => Ok(seal),
                        None => self.seal_now(&job.seal_id).await,
                    };
                    let document = match seal {
                        Ok(seal) => {
                            progress.step(index, Step::DigestingDocument);
                            let prepared = self.prepare(job, &seal, &enrolled).await;
                            seals.push((job, seal));
                            prepared.map(|prepared| Document { job: job.clone(), prepared })
                        }
                        Err(error) => Err(error),
                    };
                    documents.push(document);
                }
                Ok(Batch { client: self.clone(), enrolled, presence, documents })
            })
            .await
    }

    async fn prepare(&self, job: &StampJob, seal: &Seal, enrolled: &Enrolled) -> Result<Prepared<File>, Error> {
        let signer = enrolled.sealing_chain()?;
        let certified = Sha256Hex::try_from(&signer.leaf().sha256()).map_err(|_| Error::WrongSuite)?;
        if seal.record().sealing_certificate != certified {
            return Err(Error::SealOfAnotherPhone);
        }
        if job.level != Level::BaselineB {
            self.vouchers()?;
        }
        let signing_time = SigningTime { at: self.clock.unix_time(), offset_minutes: job.utc_offset_minutes };
        let (input, places, reason) = (job.input.clone(), job.places.clone(), job.reason.clone());
        let (profile, level, options) = (job.profile, job.level, opening(job.password.as_ref()));
        let (face, record) = (seal.face().clone(), seal.record().compact().to_owned());
        blocking(move || {
            let pdf = Pdf::open_with(eseal_document::open(&input)?, &options)?;
            let name = signer.leaf().subject_common_name();
            let mut request = StampRequest::new(&signer, signing_time)
                .profile(profile)
                .marks(SealPlace::marks(&places, &pdf, &face)?)
                .seal_record(record.as_bytes());
            if let Some(name) = &name {
                request = request.name(name);
            }
            if let Some(reason) = &reason {
                request = request.reason(DisplayText::as_str(reason));
            }
            Ok(pdf.prepare(&reserve(request, level))?)
        })
        .await
    }
}

impl Batch {
    /// How many documents can be sealed: those that could be read and that the seal may go on.
    #[must_use]
    pub fn documents(&self) -> usize {
        self.documents.iter().filter(|document| document.is_ok()).count()
    }

    /// How often the person will be asked to unlock the key, at least: once for all with a key that has a window, once for
    /// each document without. With a window the phone asks again when it has run out.
    #[must_use]
    pub fn prompts(&self) -> usize {
        match self.presence {
            UserPresence::NotAsked => 0,
            UserPresence::EachUse => self.documents(),
            UserPresence::Window { .. } => self.documents().min(1),
        }
    }

    /// What is wrong with each document, in the order of the jobs; `None` where it can be sealed.
    pub fn refusals(&self) -> impl Iterator<Item = Option<&Error>> {
        self.documents.iter().map(|document| document.as_ref().err())
    }

    /// Has the key sign one document after the other, records each use, and writes each file. The outcomes come in the order
    /// of the jobs. When the person dismisses a prompt, or the key is lost, the documents that are not signed yet are not
    /// asked about any more; those that are, are finished. Cancelling stops before the next document; what is written stays.
    pub async fn seal(self, progress: &dyn BatchProgress, cancel: &Cancel) -> Vec<Result<Stamped, Error>> {
        let Self { client, enrolled, presence, documents } = self;
        let signed = client.sign_all(documents, presence, progress, cancel).await;
        let mut outcomes = Vec::with_capacity(signed.len());
        for (index, signed) in signed.into_iter().enumerate() {
            let outcome = match signed {
                Ok(signed) => {
                    Box::pin(client.finish(signed, &enrolled, &|step| progress.step(index, step), cancel)).await
                }
                Err(error) => Err(error),
            };
            outcomes.push(outcome);
        }
        outcomes
    }
}

impl Client {
    async fn sign_all(
        &self,
        documents: Vec<Result<Document, Error>>,
        presence: UserPresence,
        progress: &dyn BatchProgress,
        cancel: &Cancel,
    ) -> Vec<Result<Signed, Error>> {
        let mut left = u32::try_from(documents.iter().filter(|document| document.is_ok()).count()).unwrap_or(u32::MAX);
        let mut given_up = false;
        let mut signed = Vec::with_capacity(documents.len());
        for (index, document) in documents.into_iter().enumerate() {
            let document = match document {
                Ok(document) if !given_up => document,
                Ok(_) => {
                    signed.push(Err(Error::NotAsked));
                    continue;
                }
                Err(error) => {
                    signed.push(Err(error));
                    continue;
                }
            };
            progress.step(index, Step::AwaitingUser);
            // Whoever unlocks a key for a while must know for how many documents.
            let documents = if matches!(presence, UserPresence::Window { .. }) { left } else { 1 };
            let prompt = Prompt::Seal { documents };
            let outcome =
                cancel.or(self.keys.sign(KeyPurpose::Sealing, document.prepared.to_be_signed(), &prompt)).await;
            left -= 1;
            given_up |= outcome.is_err();
            signed.push(outcome.map(|signature| Signed { document, signature }));
        }
        signed
    }

    async fn finish(
        &self,
        signed: Signed,
        enrolled: &Enrolled,
        step: &(dyn Fn(Step) + Send + Sync),
        cancel: &Cancel,
    ) -> Result<Stamped, Error> {
        let Signed { document: Document { job, prepared }, signature } = signed;
        let document = UsageDocument {
            name: job.name.clone(),
            media_type: MediaType::Pdf,
            sha256: Sha256Hex::try_from(prepared.digest()).map_err(|_| Error::WrongSuite)?,
            signature_sha256: Sha256Hex::of(&signature.to_der()),
        };
        let sealed = if job.level == Level::BaselineB {
            prepared.complete(&signature)?
        } else {
            step(Step::ProvingTime);
            let (vouchers, now) = (self.vouchers()?, self.clock.unix_time());
            let completed = vouchers.complete(prepared, &signature, job.level, now, (self.entropy(), cancel));
            Box::pin(cancel.or(completed)).await?
        };
        step(Step::RecordingUse);
        let usage = cancel.or(self.record(&job, document, enrolled)).await?;
        step(Step::WritingDocument);
        let (output, field) = (job.output, sealed.field().to_owned());
        blocking(move || Ok(sealed.save_as(&output)?)).await?;
        step(Step::Done);
        Ok(Stamped { field, usage })
    }

    async fn record(
        &self,
        job: &StampJob,
        document: UsageDocument,
        enrolled: &Enrolled,
    ) -> Result<Verified<UsageRecord>, Error> {
        let request = UsageRequest { seal_id: job.seal_id.clone(), document };
        let once = Nonce::random(&mut self.generator()?).to_string();
        let reply: UsageReply =
            self.caller.as_device(&Call::post("/v1/usages", &request)?.once(once), &enrolled.device_id).await?;
        let usage = self.usage(&reply.record)?;
        if usage.document != request.document || usage.seal_id != request.seal_id {
            return Err(Error::BadReply { detail: "a record of another use".to_owned() });
        }
        Ok(usage)
    }
}
