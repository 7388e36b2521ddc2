//! The portal as a relying party (role P): asks the consent service for a person's consent under its own key, and acts on the
//! evidence, once, after having verified it by itself.

use std::sync::Arc;

use eseal_crypto::cert::TrustAnchors;
use eseal_protocol::api::{ClaimState, Person};
use eseal_protocol::consent::ConsentState;
use eseal_protocol::evidence::Proven;
use eseal_protocol::ids::{ClaimId, IntentId, PersonId, RelyingPartyId, Sha256Hex};
use eseal_protocol::intent::{
    BrowserContext, DocumentRef, INTENT_LIFETIME_MAX_S, Initiator, Intent, MediaType, Operation, RiskClass, Subject,
};
use eseal_protocol::jws::Compact;
use eseal_protocol::problem::ProblemCode;
use eseal_protocol::qr::{CODE_LIFETIME_S, FrameSecret};
use eseal_protocol::text::DisplayText;
use eseal_protocol::time::Timestamp;
use sqlx::SqliteConnection;

use super::ClaimRow;
use crate::authority::{RELYING_PARTY_ID, ServiceKey};
use crate::config::PlatformClock;
use crate::consents::{ConsentService, NewDocument, Standing};
use crate::db::{Db, parsed, sql_time, wire_time};
use crate::http::poll::Hub;
use crate::http::refusal::Refusal;
use crate::random;
use crate::seals::{NewSeal, SealMaker};
use crate::throttle::Throttle;

const TAKE: Throttle = Throttle { kind: "take", tries: 20, window_s: 300 };

/// Asks for consents and makes seals of what was consented to.
pub(crate) struct RelyingParty {
    pub(crate) db: Db,
    pub(crate) hub: Hub,
    pub(crate) clock: Arc<dyn PlatformClock>,
    pub(crate) key: ServiceKey,
    pub(crate) anchors: TrustAnchors,
    pub(crate) consents: Arc<ConsentService>,
    pub(crate) seal_maker: SealMaker,
}

/// Who asks for a seal, and from which browser.
pub(crate) struct Initiated<'a> {
    pub(crate) account: &'a str,
    pub(crate) person: &'a Person,
    pub(crate) browser: BrowserContext,
}

/// A request of the relying party, as its portal sees it.
pub(crate) struct RpRequest {
    pub(crate) intent_id: IntentId,
    claim_id: ClaimId,
    intent_sha256: Sha256Hex,
    /// Digest of the portal session that started it.
    pub(crate) session: Sha256Hex,
    secret: FrameSecret,
    pub(crate) created_at: Timestamp,
}

impl RelyingParty {
    /// M1, M2: asks for the person's consent to make the drawn face their seal.
    pub(crate) async fn take(&self, claim_id: &ClaimId, by: Initiated<'_>) -> Result<(), Refusal> {
        let now = self.clock.now();
        let mut conn = self.db.pool().acquire().await?;
        TAKE.take(&mut conn, by.person.person_id.as_str(), now).await?;
        let claim = ClaimRow::load(&mut conn, claim_id).await?;
        drop(conn);
        let claim = claim.filter(|claim| claim.person_id == by.person.person_id).ok_or_else(Refusal::not_found)?;
        if claim.claim.state != ClaimState::Drawn {
            return Err(Refusal::new(ProblemCode::ConsentOver, "the claim is not waiting to be taken"));
        }
        let session = by.browser.session;
        let intent = self.key.sign(intent(&claim, by, now)?)?;
        let document = NewDocument { media_type: MediaType::Svg, content: claim.face_svg.clone().into_bytes() };
        let secret = self.consents.create(&Compact::from(&intent), &[document]).await?;
        let request = RpRequest {
            intent_id: intent.intent_id,
            claim_id: claim_id.clone(),
            intent_sha256: intent.digest(),
            session,
            secret,
            created_at: intent.created_at,
        };
        let taken = self.keep(claim, &request, now).await;
        if taken.is_err() {
            // Another tab was faster: the request that nobody will show must not linger.
            self.consents.cancel(&request.intent_id).await?;
        }
        self.hub.changed();
        taken
    }

    async fn keep(&self, mut claim: ClaimRow, request: &RpRequest, now: Timestamp) -> Result<(), Refusal> {
        let mut tx = self.db.begin().await?;
        claim.step(&mut tx, ClaimState::AwaitingConsent, now).await?;
        sqlx::query(
            "INSERT INTO rp_requests (intent_id, claim_id, intent_sha256, session_sha256, frame_secret, created_at)
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(request.intent_id.to_string())
        .bind(request.claim_id.as_str())
        .bind(request.intent_sha256.to_string())
        .bind(request.session.to_string())
        .bind(request.secret.expose().as_slice())
        .bind(sql_time(request.created_at))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The newest request for a claim, and where it stands.
    pub(crate) async fn request_of(&self, claim_id: &ClaimId) -> Result<Option<(RpRequest, Standing)>, Refusal> {
        let row: Option<StoredRequest> =
            sqlx::query_as("SELECT * FROM rp_requests WHERE claim_id = ? ORDER BY created_at DESC, rowid DESC LIMIT 1")
                .bind(claim_id.as_str())
                .fetch_optional(self.db.pool())
                .await?;
        let Some(row) = row else { return Ok(None) };
        let request = row.read()?;
        let standing = self.consents.standing(&request.intent_id).await?;
        Ok(Some((request, standing)))
    }

    /// M3: the link of the present second's frame; none after the code's life.
    pub(crate) fn frame(&self, request: &RpRequest, link_host: &str) -> Option<String> {
        let t = self.clock.now().seconds_since(request.created_at);
        (t < CODE_LIFETIME_S).then(|| request.secret.frame(request.intent_id, t).to_link(link_host))
    }

    /// Withdraws the request under way for a person's claim, if there is one that nobody has answered.
    pub(crate) async fn withdraw_open(&self, person_id: &PersonId) -> Result<(), Refusal> {
        let claim = ClaimRow::newest_of(&mut *self.db.pool().acquire().await?, person_id).await?;
        let Some(claim) = claim.filter(|claim| claim.claim.state == ClaimState::AwaitingConsent) else { return Ok(()) };
        let Some((request, _)) = self.request_of(&claim.claim.claim_id).await? else { return Ok(()) };
        match self.consents.cancel(&request.intent_id).await {
            // Answered meanwhile: what was answered counts.
            Err(refusal) if refusal.code != ProblemCode::ConsentOver => return Err(refusal),
            _ => {}
        }
        self.settle(&request.intent_id).await
    }

    /// Acts on every request whose outcome is known and was not yet acted on: at each change, and after a restart.
    pub(crate) async fn settle_all(&self) -> Result<(), Refusal> {
        let open: Vec<(String,)> =
            sqlx::query_as("SELECT intent_id FROM rp_requests WHERE outcome IS NULL").fetch_all(self.db.pool()).await?;
        for (intent_id,) in open {
            // One that cannot be settled now must not hold up the others.
            if let Err(refusal) = self.settle(&parsed(&intent_id)?).await {
                tracing::warn!(code = refusal.code.as_str(), "a request could not be settled yet");
            }
        }
        Ok(())
    }

    /// M12: acts on the outcome of one request, once.
    async fn settle(&self, intent_id: &IntentId) -> Result<(), Refusal> {
        let standing = self.consents.standing(intent_id).await?;
        match standing.state {
            ConsentState::Created | ConsentState::Scanned | ConsentState::Consumed => Ok(()),
            ConsentState::Approved => self.act(intent_id).await,
            ConsentState::Declined => self.close(intent_id, "declined", ClaimState::Withdrawn).await,
            ConsentState::Expired => self.close(intent_id, "expired", ClaimState::Drawn).await,
            ConsentState::Cancelled => self.close(intent_id, "cancelled", ClaimState::Drawn).await,
        }
    }

    /// Makes the seal that was consented to. Consent, claim, old and new seal change in one transaction.
    async fn act(&self, intent_id: &IntentId) -> Result<(), Refusal> {
        let proven = match self.prove(intent_id).await? {
            Ok(proven) => proven,
            Err(failed) => {
                tracing::error!(check = failed, "evidence refused by the relying party");
                return self.close(intent_id, "refused", ClaimState::Drawn).await;
            }
        };
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let Some((request, mut claim)) = open_request(&mut tx, intent_id).await? else { return Ok(()) };
        let Operation::ClaimHandwrittenSeal { seal_id, face } = &proven.intent.op;
        let own = request.intent_sha256 == proven.intent.digest()
            && claim.claim.seal_id == *seal_id
            && claim.face == *face
            && claim.person_id == proven.intent.subject.person_id;
        if !own {
            drop(tx);
            tracing::error!("approved evidence is not for the claim that it was asked for");
            return self.close(intent_id, "refused", ClaimState::Drawn).await;
        }
        self.consents.consume(&mut tx, intent_id, now).await?;
        let seal = NewSeal {
            seal_id: seal_id.clone(),
            owner: proven.intent.subject.clone(),
            face: face.clone(),
            face_svg: &claim.face_svg,
            intent_id: *intent_id,
            consent_digest: proven.consent.digest(),
            device_id: proven.consent.device_id.clone(),
        };
        self.seal_maker.make(&mut tx, seal, now).await?;
        claim.step(&mut tx, ClaimState::Made, now).await?;
        mark(&mut tx, intent_id, "consumed").await?;
        tx.commit().await?;
        self.hub.changed();
        Ok(())
    }

    /// The relying party's own check of the bundle; the code of the first check that failed otherwise.
    async fn prove(&self, intent_id: &IntentId) -> Result<Result<Proven, &'static str>, Refusal> {
        let report = self.consents.evidence(intent_id).await?.verify(&self.anchors);
        let failed = report.checks.iter().find(|check| check.outcome.is_err()).map(|check| check.code);
        Ok(report.proven.ok_or_else(|| failed.unwrap_or("evidence.incomplete")))
    }

    async fn close(&self, intent_id: &IntentId, outcome: &'static str, next: ClaimState) -> Result<(), Refusal> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let Some((_, mut claim)) = open_request(&mut tx, intent_id).await? else { return Ok(()) };
        claim.step(&mut tx, next, now).await?;
        mark(&mut tx, intent_id, outcome).await?;
        tx.commit().await?;
        self.hub.changed();
        Ok(())
    }
}

fn intent(claim: &ClaimRow, by: Initiated<'_>, now: Timestamp) -> Result<Intent, Refusal> {
    let text = |text: &str| DisplayText::new(text).map_err(Refusal::internal);
    let rp_id: RelyingPartyId = parsed(RELYING_PARTY_ID)?;
    let document = DocumentRef {
        name: text("face.svg")?,
        media_type: MediaType::Svg,
        size: u64::try_from(claim.face_svg.len()).map_err(Refusal::internal)?,
        sha256: claim.face.sha256,
    };
    Ok(Intent {
        intent_id: IntentId::random(&mut random::os()),
        rp_id,
        subject: Subject { person_id: by.person.person_id.clone(), name: by.person.name.clone() },
        initiator: Initiator { account: text(by.account)? },
        op: Operation::ClaimHandwrittenSeal { seal_id: claim.claim.seal_id.clone(), face: claim.face.clone() },
        documents: vec![document],
        browser: by.browser,
        risk: RiskClass::Normal,
        created_at: now,
        expires_at: Timestamp(now.0.saturating_add(INTENT_LIFETIME_MAX_S)),
    })
}

/// A request that was not yet acted on, with its claim.
async fn open_request(
    tx: &mut SqliteConnection,
    intent_id: &IntentId,
) -> Result<Option<(RpRequest, ClaimRow)>, Refusal> {
    let row: Option<StoredRequest> =
        sqlx::query_as("SELECT * FROM rp_requests WHERE intent_id = ? AND outcome IS NULL")
            .bind(intent_id.to_string())
            .fetch_optional(&mut *tx)
            .await?;
    let Some(row) = row else { return Ok(None) };
    let request = row.read()?;
    let claim = ClaimRow::load(tx, &request.claim_id).await?;
    Ok(Some((request, claim.ok_or_else(|| Refusal::internal("a request without a claim"))?)))
}

async fn mark(tx: &mut SqliteConnection, intent_id: &IntentId, outcome: &'static str) -> Result<(), Refusal> {
    sqlx::query("UPDATE rp_requests SET outcome = ? WHERE intent_id = ? AND outcome IS NULL")
        .bind(outcome)
        .bind(intent_id.to_string())
        .execute(tx)
        .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct StoredRequest {
    intent_id: String,
    claim_id: String,
    intent_sha256: String,
    session_sha256: String,
    frame_secret: Vec<u8>,
    created_at: i64,
}

impl StoredRequest {
    fn read(self) -> Result<RpRequest, Refusal> {
        let secret: [u8; 32] = self.frame_secret.as_slice().try_into().map_err(Refusal::internal)?;
        Ok(RpRequest {
            intent_id: parsed(&self.intent_id)?,
            claim_id: parsed(&self.claim_id)?,
            intent_sha256: parsed(&self.intent_sha256)?,
            session: parsed(&self.session_sha256)?,
            secret: FrameSecret::from_bytes(secret),
            created_at: wire_time(self.created_at),
        })
    }
}
