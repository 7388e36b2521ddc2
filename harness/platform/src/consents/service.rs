//! The consent service as its relying party sees it.

use std::sync::Arc;

use eseal_crypto::cert::TrustAnchors;
use eseal_protocol::consent::ConsentState;
use eseal_protocol::evidence::{Evidence, EvidenceFormat};
use eseal_protocol::ids::{DeviceId, IntentId, Sha256Hex};
use eseal_protocol::intent::{Intent, MediaType};
use eseal_protocol::jws::{Compact, Verified};
use eseal_protocol::problem::ProblemCode;
use eseal_protocol::qr::FrameSecret;
use eseal_protocol::time::Timestamp;
use sqlx::SqliteConnection;

use super::row::ConsentRow;
use crate::audit::{self, Event, Kind};
use crate::authority::ServiceKey;
use crate::config::PlatformClock;
use crate::db::{Db, sql_time, to_word};
use crate::http::poll::Hub;
use crate::http::refusal::Refusal;
use crate::random;

/// Takes requests from relying parties and answers from phones.
pub(crate) struct ConsentService {
    pub(super) db: Db,
    pub(super) hub: Hub,
    pub(super) clock: Arc<dyn PlatformClock>,
    pub(super) key: Arc<ServiceKey>,
    pub(super) anchors: TrustAnchors,
}

/// A document handed in with a request; the phone fetches it by its place.
pub(crate) struct NewDocument {
    pub(crate) media_type: MediaType,
    pub(crate) content: Vec<u8>,
}

/// Where a request stands, as its relying party may know.
#[derive(Clone)]
pub(crate) struct Standing {
    pub(crate) state: ConsentState,
    /// The phone that holds it.
    pub(crate) device_id: Option<DeviceId>,
    pub(crate) expires_at: Timestamp,
}

impl ConsentService {
    pub(crate) fn new(
        db: Db,
        hub: Hub,
        clock: Arc<dyn PlatformClock>,
        key: Arc<ServiceKey>,
        anchors: TrustAnchors,
    ) -> Self {
        Self { db, hub, clock, key, anchors }
    }

    /// M2: takes a signed request with its documents; answers with the secret of its frames.
    pub(crate) async fn create(
        &self,
        intent: &Compact<Intent>,
        documents: &[NewDocument],
    ) -> Result<FrameSecret, Refusal> {
        let now = self.clock.now();
        let intent = self.check_intent(intent, now)?;
        check_documents(&intent, documents)?;
        let secret = FrameSecret::random(&mut random::os());
        let id = intent.intent_id.to_string();
        let mut tx = self.db.begin().await?;
        sqlx::query(
            "INSERT INTO consents (intent_id, rp_id, subject, intent, frame_secret, state, version, created_at, expires_at)
             VALUES (?, ?, ?, ?, ?, 'created', 1, ?, ?)",
        )
        .bind(&id)
        .bind(intent.rp_id.as_str())
        .bind(intent.subject.person_id.as_str())
        .bind(intent.compact())
        .bind(secret.expose().as_slice())
        .bind(sql_time(intent.created_at))
        .bind(sql_time(intent.expires_at))
        .execute(&mut *tx)
        .await?;
        for (place, document) in (0_i64..).zip(documents) {
            sqlx::query("INSERT INTO consent_documents (intent_id, place, media_type, content) VALUES (?, ?, ?, ?)")
                .bind(&id)
                .bind(place)
                .bind(to_word(&document.media_type)?)
                .bind(&document.content)
                .execute(&mut *tx)
                .await?;
        }
        let content = Some(intent.digest());
        audit::append(&mut tx, now, Event { kind: Kind::Consent, subject: &id, from: None, to: "created", content })
            .await?;
        tx.commit().await?;
        self.hub.changed();
        Ok(secret)
    }

    fn check_intent(&self, intent: &Compact<Intent>, now: Timestamp) -> Result<Verified<Intent>, Refusal> {
        let refused = |detail: &str| Refusal::new(ProblemCode::BadRequest, format!("the request is refused: {detail}"));
        let intent = intent
            .parse()
            .and_then(|intent| intent.verify(&self.anchors, now))
            .map_err(|error| refused(&error.to_string()))?;
        let signer = intent.signer().ok_or_else(|| refused("no certificate"))?;
        if signer.subject_serial_number().as_deref() != Some(intent.rp_id.as_str()) {
            return Err(refused("signed by another relying party"));
        }
        let types = signer.operation_types().unwrap_or_default();
        if !types.iter().any(|name| name == intent.op.type_name()) {
            return Err(refused("not certified for this operation"));
        }
        if !intent.is_consistent() || intent.created_at > now || intent.expires_at <= now {
            return Err(refused("its figures do not fit"));
        }
        Ok(intent)
    }

    /// Withdraws a request that nobody has answered.
    pub(crate) async fn cancel(&self, intent_id: &IntentId) -> Result<(), Refusal> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let mut row = ConsentRow::load(&mut tx, intent_id, now).await?.ok_or_else(Refusal::not_found)?;
        // What ran out meanwhile needs no withdrawing.
        if row.state != ConsentState::Expired {
            row.step(&mut tx, ConsentState::Cancelled, None, now).await?;
        }
        tx.commit().await?;
        self.hub.changed();
        Ok(())
    }

    /// Where a request stands now.
    pub(crate) async fn standing(&self, intent_id: &IntentId) -> Result<Standing, Refusal> {
        let now = self.clock.now();
        let read = ConsentRow::read(&mut *self.db.pool().acquire().await?, intent_id).await?;
        let mut row = read.ok_or_else(Refusal::not_found)?;
        if row.is_overdue(now) {
            // Only now is the write lock needed, under which it is read again.
            let mut tx = self.db.begin().await?;
            row = ConsentRow::load(&mut tx, intent_id, now).await?.ok_or_else(Refusal::not_found)?;
            tx.commit().await?;
            self.hub.changed();
        }
        let device_id = row.opened.map(|opened| opened.device_id);
        Ok(Standing { state: row.state, device_id, expires_at: row.expires_at })
    }

    /// M12: the bundle of an answered request.
    pub(crate) async fn evidence(&self, intent_id: &IntentId) -> Result<Evidence, Refusal> {
        let mut tx = self.db.begin().await?;
        let row = ConsentRow::load(&mut tx, intent_id, self.clock.now()).await?.ok_or_else(Refusal::not_found)?;
        row.evidence().ok_or_else(Refusal::not_found)
    }

    /// M12: marks an approval as acted on, in the transaction of the act.
    pub(crate) async fn consume(
        &self,
        tx: &mut SqliteConnection,
        intent_id: &IntentId,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let mut row = ConsentRow::load(tx, intent_id, now).await?.ok_or_else(Refusal::not_found)?;
        row.step(tx, ConsentState::Consumed, None, now).await
    }
}

impl ConsentRow {
    /// The bundle, once there is an answer.
    pub(super) fn evidence(&self) -> Option<Evidence> {
        let (opened, answered) = self.opened.as_ref().zip(self.answered.as_ref())?;
        Some(Evidence {
            format: EvidenceFormat::V1,
            intent: Compact::from_text(self.intent.clone()),
            view: Compact::from_text(opened.view.clone()),
            consent: Compact::from_text(answered.consent.clone()),
            receipt: Compact::from_text(answered.receipt.clone()),
        })
    }
}

/// Each document is the one that the request names in its place.
fn check_documents(intent: &Intent, documents: &[NewDocument]) -> Result<(), Refusal> {
    let fits = |(named, given): (&eseal_protocol::intent::DocumentRef, &NewDocument)| {
        named.media_type == given.media_type
            && u64::try_from(given.content.len()).is_ok_and(|size| size == named.size)
            && Sha256Hex::of(&given.content) == named.sha256
    };
    if intent.documents.len() == documents.len() && intent.documents.iter().zip(documents).all(fits) {
        Ok(())
    } else {
        Err(Refusal::new(ProblemCode::BadRequest, "the documents are not those that the request names"))
    }
}
