//! M7 and M10: the holder's signed answer is checked against everything that was asked and shown, and recorded once.

use eseal_protocol::api::{AnswerReply, AnswerRequest};
use eseal_protocol::consent::{ConsentState, ConsentStatement, Decision, Receipt, View};
use eseal_protocol::enrol::KeyPurpose;
use eseal_protocol::ids::{IntentId, Sha256Hex};
use eseal_protocol::intent::Intent;
use eseal_protocol::jws::{JwsError, Unverified, Verified};
use eseal_protocol::problem::ProblemCode;
use eseal_protocol::template;
use eseal_protocol::time::Timestamp;
use sqlx::SqliteConnection;

use super::open::{expired, over};
use super::row::{Answered, ConsentRow, Opened};
use super::service::ConsentService;
use crate::devices::{self, Device};
use crate::http::body::write_json;
use crate::http::refusal::Refusal;

impl ConsentService {
    /// Takes an answer. The same answer again gets the same receipt, byte by byte.
    pub(super) async fn answer(
        &self,
        device: &Device,
        intent_id: &IntentId,
        request: &AnswerRequest,
    ) -> Result<Vec<u8>, Refusal> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let reply = self.try_answer(&mut tx, device, intent_id, request, now).await?;
        tx.commit().await?;
        self.hub.changed();
        Ok(reply)
    }

    async fn try_answer(
        &self,
        tx: &mut SqliteConnection,
        device: &Device,
        intent_id: &IntentId,
        request: &AnswerRequest,
        now: Timestamp,
    ) -> Result<Vec<u8>, Refusal> {
        let mut row = ConsentRow::load(tx, intent_id, now).await?.ok_or_else(Refusal::not_found)?;
        if row.subject != device.person.person_id.as_str() {
            return Err(Refusal::not_found());
        }
        let elsewhere = || Refusal::new(ProblemCode::AnsweredElsewhere, "another phone has opened the request");
        match (&row.opened, &row.answered) {
            (Some(opened), _) if opened.device_id != device.id => return Err(elsewhere()),
            (_, Some(answered)) => return repeated(answered, request),
            _ => {}
        }
        let opened = match (row.state, &row.opened) {
            (ConsentState::Scanned, Some(opened)) => opened,
            (ConsentState::Expired, _) => return Err(expired()),
            _ => return Err(over("the request is not open for an answer")),
        };
        let consent = self.check(tx, &row, opened, device, request, now).await?;
        let receipt = self.key.sign(Receipt {
            intent_id: *intent_id,
            decision: consent.decision,
            consent_digest: consent.digest(),
            n_c: consent.n_c,
            recorded_at: now,
        })?;
        sqlx::query("UPDATE consents SET consent = ?, receipt = ?, receipt_sha256 = ? WHERE intent_id = ?")
            .bind(consent.compact())
            .bind(receipt.compact())
            .bind(receipt.digest().to_string())
            .bind(intent_id.to_string())
            .execute(&mut *tx)
            .await?;
        let next = match consent.decision {
            Decision::Approve => ConsentState::Approved,
            Decision::Decline => ConsentState::Declined,
        };
        row.step(tx, next, Some(consent.digest()), now).await?;
        reply(receipt.compact())
    }

    async fn check(
        &self,
        tx: &mut SqliteConnection,
        row: &ConsentRow,
        opened: &Opened,
        device: &Device,
        request: &AnswerRequest,
        now: Timestamp,
    ) -> Result<Verified<ConsentStatement>, Refusal> {
        let unsound = |error: JwsError| bad(error.code());
        let consent = request.consent.parse().and_then(|c| c.verify(&self.anchors, now)).map_err(unsound)?;
        let certificate = devices::certificate(tx, &device.id, KeyPurpose::Consent).await?;
        let signer = consent.signer().ok_or_else(|| bad("no certificate"))?;
        require(Sha256Hex::of(signer.to_der()) == certificate, "not this phone's consent key")?;
        let intent = stored::<Intent>(&row.intent)?;
        let view = stored::<View>(&opened.view)?;
        check_fields(&consent, intent.peek(), Sha256Hex::of(row.intent.as_bytes()), view.peek(), device)?;
        check_shown(&consent, intent, &self.anchors, row.created_at)?;
        check_previous_receipt(tx, &consent, device).await?;
        Ok(consent)
    }
}

/// Every field that repeats something says the same as what it repeats.
fn check_fields(
    consent: &ConsentStatement,
    intent: &Intent,
    intent_digest: Sha256Hex,
    view: &View,
    device: &Device,
) -> Result<(), Refusal> {
    require(consent.intent_id == intent.intent_id, "another request")?;
    require(consent.intent_digest == intent_digest, "another text of the request")?;
    require(consent.rp_id == intent.rp_id, "another relying party")?;
    require(consent.subject == intent.subject.person_id, "another person")?;
    require(consent.op_digest == intent.op.digest().map_err(Refusal::internal)?, "another operation")?;
    let documents = intent.documents.iter().map(|document| &document.sha256);
    require(documents.eq(&consent.documents), "other documents")?;
    require(consent.n_s == view.n_s && consent.n_c == view.n_c, "other nonces")?;
    require(consent.device_id == device.id && view.device_id == device.id, "another phone")?;
    require(consent.server_time_seen == view.server_time, "another time of the view")?;
    require(consent.env.is_sorted_by(|a, b| a < b), "signals not sorted, or repeated")
}

/// What the person read is made again and must be what they signed.
fn check_shown(
    consent: &ConsentStatement,
    intent: Unverified<Intent>,
    anchors: &eseal_crypto::cert::TrustAnchors,
    at: Timestamp,
) -> Result<(), Refusal> {
    let intent = intent.verify(anchors, at).map_err(Refusal::internal)?;
    let name = intent.signer().and_then(eseal_crypto::cert::Certificate::subject_common_name).unwrap_or_default();
    let text = template::render_version(&intent, &name, consent.shown.locale, consent.shown.version);
    require(text.is_ok_and(|text| text.shown == consent.shown), "not the text that is shown for this request")
}

/// A named earlier receipt is one that this phone got.
async fn check_previous_receipt(
    tx: &mut SqliteConnection,
    consent: &ConsentStatement,
    device: &Device,
) -> Result<(), Refusal> {
    let Some(digest) = consent.previous_receipt else { return Ok(()) };
    let known: Option<(i64,)> = sqlx::query_as("SELECT 1 FROM consents WHERE device_id = ? AND receipt_sha256 = ?")
        .bind(device.id.as_str())
        .bind(digest.to_string())
        .fetch_optional(tx)
        .await?;
    require(known.is_some(), "a receipt that this phone never got")
}

fn repeated(answered: &Answered, request: &AnswerRequest) -> Result<Vec<u8>, Refusal> {
    if answered.consent == request.consent.as_str() {
        return reply(&answered.receipt);
    }
    let decision = |text: &str| Unverified::<ConsentStatement>::parse(text).ok().map(|consent| consent.peek().decision);
    if decision(&answered.consent) == decision(request.consent.as_str()) {
        // The idempotency key names request and decision: this one was used for another text.
        Err(Refusal::new(ProblemCode::IdempotencyConflict, "this decision was recorded with another text"))
    } else {
        Err(over("the request was answered otherwise"))
    }
}

fn reply(receipt: &str) -> Result<Vec<u8>, Refusal> {
    write_json(&AnswerReply { receipt: eseal_protocol::jws::Compact::from_text(receipt.to_owned()) })
}

fn stored<T: eseal_protocol::jws::Statement>(text: &str) -> Result<Unverified<T>, Refusal> {
    Unverified::parse(text).map_err(Refusal::internal)
}

fn require(holds: bool, otherwise: &str) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(bad(otherwise)) }
}

fn bad(detail: &str) -> Refusal {
    Refusal::new(ProblemCode::BadConsent, format!("the answer does not fit the request: {detail}"))
}
