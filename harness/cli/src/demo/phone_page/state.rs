//! What the page's phone has in hand between two presses of a button.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use eseal_document::pdf::Profile;
use eseal_document::report::Level;
use eseal_face::{Face, SizeMm};
use eseal_ink::{FaceSize, Ink, RenderOptions, render};
use eseal_platform::Platform;
use eseal_protocol::consent::Decision;
use eseal_protocol::template::Locale;
use eseal_protocol::text::DisplayText;
use eseal_sdk::{Cancel, ClaimHandle, Client, Consent, ConsentReview, Error, NoProgress, SealPlace, StampJob};
use tokio::sync::Mutex;

use crate::demo::run::{CONTRACT, CONTRACT_NAME, PAGE_DPI, SIGN_BOX_MM, on_the_line};
use crate::demo::{DemoError, camera, file_error, pages, person};

/// The phone behind the page.
pub(crate) struct PhonePage {
    client: Client,
    platform: Arc<Platform>,
    documents: PathBuf,
    state: Mutex<InHand>,
}

#[derive(Default)]
struct InHand {
    face: Option<Face>,
    claim: Option<ClaimHandle>,
    consent: Option<Arc<Consent>>,
    pages: Vec<Vec<u8>>,
}

/// What sealing answered.
pub(crate) struct StampedPage {
    pub(crate) verdict: String,
    pub(crate) signer: String,
    pub(crate) usage: String,
    pub(crate) pages: usize,
}

impl PhonePage {
    pub(crate) fn new(client: Client, platform: Arc<Platform>, documents: PathBuf) -> Result<Self, DemoError> {
        fs::create_dir_all(&documents).map_err(file_error(&documents))?;
        Ok(Self { client, platform, documents, state: Mutex::default() })
    }

    pub(crate) async fn draw(&self, strokes: &str) -> Result<Face, DemoError> {
        let ink = Ink::from_json(strokes).map_err(Error::from)?;
        let size = SizeMm::new(SIGN_BOX_MM[0], SIGN_BOX_MM[1]).map_err(Error::from)?;
        let options = RenderOptions { size: FaceSize::FitWithin(size), ..RenderOptions::default() };
        let face = render(&ink, &options).map_err(Error::from)?;
        self.state.lock().await.face = Some(face.clone());
        Ok(face)
    }

    pub(crate) async fn claim(&self) -> Result<String, DemoError> {
        let mut state = self.state.lock().await;
        let face = state.face.as_ref().ok_or_else(|| not_yet("draw first"))?;
        let claim = self.client.claim_handwritten(face, &NoProgress, &Cancel::new()).await?;
        let seal = claim.seal_id().to_string();
        state.claim = Some(claim);
        Ok(seal)
    }

    /// Points the camera at the portal's screen.
    pub(crate) async fn scan(&self) -> Result<ConsentReview, DemoError> {
        let picture = self.platform.code_shown_to(person::ACCOUNT).await;
        let picture = picture.ok_or_else(|| not_yet("the portal shows no code: press 立即领取 there first"))?;
        let link = camera::read_code(&picture)?;
        let consent = self.client.open_consent(&link, Locale::ZhCn, &NoProgress, &Cancel::new()).await?;
        let review = consent.review().clone();
        self.state.lock().await.consent = Some(Arc::new(consent));
        Ok(review)
    }

    pub(crate) async fn answer(&self, decision: Decision) -> Result<String, DemoError> {
        let consent = self.state.lock().await.consent.clone().ok_or_else(|| not_yet("scan first"))?;
        let receipt = consent.answer(decision, Vec::new(), &NoProgress, &Cancel::new()).await?;
        Ok(receipt.digest().to_string())
    }

    pub(crate) async fn stamp(&self) -> Result<StampedPage, DemoError> {
        let claim = self.state.lock().await.claim.clone().ok_or_else(|| not_yet("hand in a drawing first"))?;
        let (input, output) = (self.documents.join("contract.pdf"), self.sealed_path());
        fs::write(&input, CONTRACT).map_err(file_error(&input))?;
        let job = StampJob {
            input,
            output,
            name: DisplayText::new(CONTRACT_NAME).map_err(|error| DemoError::Check(error.to_string()))?,
            seal_id: claim.seal_id().clone(),
            places: vec![SealPlace::At(on_the_line().map_err(Error::from)?)],
            profile: Profile::Pades,
            level: Level::BaselineB,
            password: None,
            reason: None,
            utc_offset_minutes: 480,
        };
        let stamped = self.client.stamp(&job, &NoProgress, &Cancel::new()).await?;
        let found = self.client.verify(&self.sealed_path(), &NoProgress).await?;
        let sealed = self.sealed().await?;
        let pictures = pages::draw(sealed, PAGE_DPI)?.iter().map(pages::png).collect::<Result<Vec<_>, _>>()?;
        let mut state = self.state.lock().await;
        state.pages = pictures;
        Ok(StampedPage {
            verdict: found.report.verdict.to_string(),
            signer: found.report.signatures.first().and_then(|found| found.signer.clone()).unwrap_or_default(),
            usage: stamped.usage.usage_id.to_string(),
            pages: state.pages.len(),
        })
    }

    pub(crate) async fn page(&self, number: usize) -> Result<Vec<u8>, DemoError> {
        let state = self.state.lock().await;
        number.checked_sub(1).and_then(|index| state.pages.get(index)).cloned().ok_or_else(|| not_yet("no such page"))
    }

    pub(crate) async fn sealed(&self) -> Result<Vec<u8>, DemoError> {
        let path = self.sealed_path();
        tokio::fs::read(&path).await.map_err(file_error(&path))
    }

    fn sealed_path(&self) -> PathBuf {
        self.documents.join("contract-sealed.pdf")
    }
}

fn not_yet(what: &str) -> DemoError {
    DemoError::Check(what.to_owned())
}
