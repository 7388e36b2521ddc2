//! Many documents under one will of the person.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use eseal_custody::harness::{MemoryStore, SoftwareDeviceKey, SystemClock};
use eseal_custody::{DeviceKey, DeviceKeyError, KeyInfo, KeyPurpose, Prompt, UserPresence};
use eseal_document::pdf::{Corner, PageIndex, Placement, Profile};
use eseal_document::report::{Level, Verdict};
use eseal_protocol::text::DisplayText;
use eseal_sdk::{
    Batch, Cancel, Client, Error, Host, MAX_BATCH_DOCUMENTS, NoProgress, Seal, SealPlace, StampJob, Stamped, Step,
};
use rand_core::UnwrapErr;

use crate::world::{CONTRACT, World, code};

/// Keys with a person who looks at the prompts: each is written down, and from the one named on all are dismissed.
struct Watched {
    keys: SoftwareDeviceKey,
    presence: UserPresence,
    seen: Mutex<Vec<Prompt>>,
    unlocked: Mutex<bool>,
    patience: usize,
}

impl Watched {
    fn new(presence: UserPresence, patience: usize) -> Arc<Self> {
        let keys = SoftwareDeviceKey::builder(UnwrapErr(getrandom::SysRng)).sealing_presence(presence).build();
        Arc::new(Self { keys, presence, seen: Mutex::default(), unlocked: Mutex::new(false), patience })
    }

    fn host(self: &Arc<Self>) -> Host {
        let clock = Arc::new(SystemClock::start());
        Host { device_key: Arc::<Self>::clone(self), store: Arc::new(MemoryStore::new()), clock }
    }

    /// What the person was shown: as many documents each time.
    fn prompts(&self) -> Vec<Prompt> {
        self.seen.lock().unwrap().clone()
    }

    fn ask(&self, prompt: &Prompt) -> Result<(), DeviceKeyError> {
        let mut unlocked = self.unlocked.lock().unwrap();
        if *unlocked {
            return Ok(());
        }
        let mut seen = self.seen.lock().unwrap();
        if seen.len() == self.patience {
            return Err(DeviceKeyError::UserCancelled);
        }
        seen.push(prompt.clone());
        *unlocked = matches!(self.presence, UserPresence::Window { .. });
        Ok(())
    }
}

#[async_trait]
impl DeviceKey for Watched {
    async fn generate(&self, purpose: KeyPurpose, challenge: &[u8]) -> Result<KeyInfo, DeviceKeyError> {
        self.keys.generate(purpose, challenge).await
    }

    async fn key(&self, purpose: KeyPurpose) -> Result<Option<KeyInfo>, DeviceKeyError> {
        self.keys.key(purpose).await
    }

    async fn sign(&self, purpose: KeyPurpose, message: &[u8], prompt: &Prompt) -> Result<Vec<u8>, DeviceKeyError> {
        if purpose == KeyPurpose::Sealing && *prompt != Prompt::ProvePossession {
            self.ask(prompt)?;
        }
        self.keys.sign(purpose, message, prompt).await
    }

    async fn delete(&self, purpose: KeyPurpose) -> Result<(), DeviceKeyError> {
        self.keys.delete(purpose).await
    }
}

const PATIENT: usize = usize::MAX;

fn jobs(world: &World, seal: &Seal, files: &[(&str, &[u8])]) -> Vec<StampJob> {
    let place = Placement::new(PageIndex::LAST, Corner::TopLeft, [112.0, 128.0], [45.0, 22.0]).unwrap();
    let job = |(name, bytes): &(&str, &[u8])| StampJob {
        input: world.file(name, bytes),
        output: world.folder.path().join(format!("sealed-{name}")),
        name: DisplayText::new(*name).unwrap(),
        seal_id: seal.record().seal_id.clone(),
        places: vec![SealPlace::At(place)],
        profile: Profile::Pades,
        level: Level::BaselineB,
        password: None,
        reason: None,
        utc_offset_minutes: 480,
    };
    files.iter().map(job).collect()
}

async fn prepare(phone: &Client, jobs: &[StampJob]) -> Batch {
    phone.prepare_batch(jobs, &NoProgress, &Cancel::new()).await.unwrap()
}

fn codes(outcomes: Vec<Result<Stamped, Error>>) -> Vec<String> {
    let told =
        |outcome: Result<Stamped, Error>| outcome.map_or_else(|error| error.code().to_owned(), |done| done.field);
    outcomes.into_iter().map(told).collect()
}

async fn is_valid(phone: &Client, job: &StampJob) -> bool {
    phone.verify(&job.output, &NoProgress).await.unwrap().report.verdict == Verdict::Valid
}

#[tokio::test]
async fn the_person_is_asked_as_often_as_was_said_beforehand() {
    for (presence, said, shown) in
        [(UserPresence::EachUse, 3, vec![1, 1, 1]), (UserPresence::Window { seconds: 30 }, 1, vec![3])]
    {
        let world = World::new().await;
        let watched = Watched::new(presence, PATIENT);
        let (phone, seal) = world.sealed_phone_with(watched.host()).await;
        let jobs = jobs(&world, &seal, &[("a.pdf", CONTRACT), ("b.pdf", CONTRACT), ("c.pdf", CONTRACT)]);
        let batch = prepare(&phone, &jobs).await;
        assert_eq!((batch.documents(), batch.prompts()), (3, said));
        assert!(watched.prompts().is_empty(), "nobody is asked before the documents are ready");
        let outcomes = batch.seal(&NoProgress, &Cancel::new()).await;
        assert_eq!(codes(outcomes), ["ESeal1", "ESeal1", "ESeal1"]);
        let expected: Vec<_> = shown.into_iter().map(|documents| Prompt::Seal { documents }).collect();
        assert_eq!(watched.prompts(), expected);
        for job in &jobs {
            assert!(is_valid(&phone, job).await);
        }
        assert_eq!(phone.usage_records(&Cancel::new()).await.unwrap().len(), 3);
    }
}

#[tokio::test]
async fn a_bad_document_is_its_own_affair_and_is_known_before_anybody_is_asked() {
    let world = World::new().await;
    let watched = Watched::new(UserPresence::EachUse, PATIENT);
    let (phone, seal) = world.sealed_phone_with(watched.host()).await;
    let mut jobs = jobs(&world, &seal, &[("a.pdf", CONTRACT), ("text.pdf", b"text"), ("c.pdf", CONTRACT)]);
    jobs.push(StampJob { seal_id: "seal-none".parse().unwrap(), ..jobs[0].clone() });
    let batch = prepare(&phone, &jobs).await;
    assert_eq!((batch.documents(), batch.prompts()), (2, 2));
    let refusals: Vec<_> = batch.refusals().map(|refusal| refusal.map(Error::code)).collect();
    assert_eq!(refusals, [None, Some("pdf.not-a-pdf"), None, Some("seal.not-found")]);
    let steps = Mutex::new(BTreeMap::<usize, Vec<Step>>::new());
    let heard = |document: usize, step: Step| steps.lock().unwrap().entry(document).or_default().push(step);
    let outcomes = batch.seal(&heard, &Cancel::new()).await;
    assert_eq!(codes(outcomes), ["ESeal1", "pdf.not-a-pdf", "ESeal1", "seal.not-found"]);
    let whole = [Step::AwaitingUser, Step::RecordingUse, Step::WritingDocument, Step::Done];
    assert_eq!(*steps.lock().unwrap(), BTreeMap::from([(0, whole.to_vec()), (2, whole.to_vec())]));
    assert!(!jobs[1].output.exists());
}

#[tokio::test]
async fn a_dismissed_prompt_ends_the_asking_and_keeps_what_is_signed() {
    let world = World::new().await;
    let watched = Watched::new(UserPresence::EachUse, 1);
    let (phone, seal) = world.sealed_phone_with(watched.host()).await;
    let jobs = jobs(&world, &seal, &[("a.pdf", CONTRACT), ("b.pdf", CONTRACT), ("c.pdf", CONTRACT)]);
    let outcomes = prepare(&phone, &jobs).await.seal(&NoProgress, &Cancel::new()).await;
    assert!(outcomes[2].as_ref().is_err_and(Error::retryable));
    assert_eq!(codes(outcomes), ["ESeal1", "device-key.user-cancelled", "batch.not-asked"]);
    assert!(is_valid(&phone, &jobs[0]).await);
    assert!(!jobs[1].output.exists() && !jobs[2].output.exists());
    assert_eq!(phone.usage_records(&Cancel::new()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn cancelling_stops_before_the_next_document() {
    let world = World::new().await;
    let (phone, seal) = world.sealed_phone().await;
    let jobs = jobs(&world, &seal, &[("a.pdf", CONTRACT), ("b.pdf", CONTRACT)]);
    let batch = prepare(&phone, &jobs).await;
    let cancel = Cancel::new();
    let stop = |document: usize, step: Step| {
        if (document, step) == (0, Step::WritingDocument) {
            cancel.cancel();
        }
    };
    assert_eq!(codes(batch.seal(&stop, &cancel).await), ["ESeal1", "sdk.cancelled"]);
    assert!(is_valid(&phone, &jobs[0]).await);
    assert!(!jobs[1].output.exists());
    assert_eq!(code(phone.prepare_batch(&jobs, &NoProgress, &cancel).await), "sdk.cancelled");
}

#[tokio::test]
async fn a_document_that_changed_in_between_is_not_sealed() {
    let world = World::new().await;
    let (phone, seal) = world.sealed_phone().await;
    let jobs = jobs(&world, &seal, &[("a.pdf", CONTRACT), ("b.pdf", CONTRACT)]);
    let batch = prepare(&phone, &jobs).await;
    world.file("a.pdf", &[CONTRACT, b"more"].concat());
    assert_eq!(codes(batch.seal(&NoProgress, &Cancel::new()).await), ["pdf.source-changed", "ESeal1"]);
    assert!(!jobs[0].output.exists());
    assert_eq!(phone.usage_records(&Cancel::new()).await.unwrap().len(), 1, "nothing was recorded of the first");
}

#[tokio::test]
async fn none_and_too_many_are_refused() {
    let world = World::new().await;
    let (phone, seal) = world.sealed_phone().await;
    let one = jobs(&world, &seal, &[("a.pdf", CONTRACT)]);
    assert_eq!(code(phone.prepare_batch(&[], &NoProgress, &Cancel::new()).await), "batch.empty");
    let many = vec![one[0].clone(); MAX_BATCH_DOCUMENTS + 1];
    assert_eq!(code(phone.prepare_batch(&many, &NoProgress, &Cancel::new()).await), "batch.too-many-documents");
}
