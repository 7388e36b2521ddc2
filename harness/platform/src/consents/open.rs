//! M4 and M5: the first phone of the addressee that shows a fresh frame gets the request, and holds it.

use eseal_protocol::api::OpenRequest;
use eseal_protocol::consent::{ConfirmMode, ConsentState, View};
use eseal_protocol::ids::{IntentId, Nonce};
use eseal_protocol::intent::Intent;
use eseal_protocol::jws::Compact;
use eseal_protocol::problem::ProblemCode;
use eseal_protocol::qr::{FrameMac, in_window};
use eseal_protocol::time::Timestamp;
use sqlx::SqliteConnection;

use super::row::ConsentRow;
use super::service::ConsentService;
use crate::devices::Device;
use crate::http::refusal::Refusal;
use crate::random;
use crate::throttle::Throttle;

const OPEN: Throttle = Throttle { kind: "open", tries: 30, window_s: 60 };

impl ConsentService {
    /// Opens a request for a phone. The same phone with the same nonce gets the same view again.
    pub(super) async fn open(
        &self,
        device: &Device,
        intent_id: &IntentId,
        request: &OpenRequest,
    ) -> Result<Compact<View>, Refusal> {
        let now = self.clock.now();
        // Counted by itself, so that a refused try counts too.
        OPEN.take(&mut *self.db.pool().acquire().await?, device.id.as_str(), now).await?;
        let mut tx = self.db.begin().await?;
        let view = self.try_open(&mut tx, device, intent_id, request, now).await?;
        tx.commit().await?;
        self.hub.changed();
        Ok(view)
    }

    async fn try_open(
        &self,
        tx: &mut SqliteConnection,
        device: &Device,
        intent_id: &IntentId,
        request: &OpenRequest,
        now: Timestamp,
    ) -> Result<Compact<View>, Refusal> {
        let mut row = ConsentRow::load(tx, intent_id, now).await?.ok_or_else(Refusal::not_found)?;
        let bad_frame = || Refusal::new(ProblemCode::BadFrame, "the frame is not authentic");
        let mac = FrameMac::from_text(&request.mac).map_err(|_| bad_frame())?;
        if !row.frame_secret.verify(intent_id, request.t, &mac) {
            return Err(bad_frame());
        }
        if row.subject != device.person.person_id.as_str() {
            return Err(Refusal::new(ProblemCode::NotForYou, "the request is addressed to another person"));
        }
        match row.state {
            ConsentState::Created => {}
            ConsentState::Expired => return Err(expired()),
            ConsentState::Cancelled => return Err(over("the request was withdrawn")),
            ConsentState::Scanned | ConsentState::Approved | ConsentState::Declined | ConsentState::Consumed => {
                return reopened(&row, device, request);
            }
        }
        if !in_window(request.t, now.seconds_since(row.created_at)) {
            return Err(Refusal::new(ProblemCode::FrameExpired, "the frame is too old"));
        }
        let view = self.key.sign(View {
            intent: Compact::<Intent>::from_text(row.intent.clone()),
            device_id: device.id.clone(),
            n_c: request.n_c,
            n_s: Nonce::random(&mut random::os()),
            server_time: now,
            expires_at: row.expires_at,
            confirm: ConfirmMode::None,
        })?;
        // The state's step comes last: the table refuses a scanned request without its view.
        sqlx::query("UPDATE consents SET device_id = ?, n_c = ?, view = ? WHERE intent_id = ?")
            .bind(device.id.as_str())
            .bind(request.n_c.to_string())
            .bind(view.compact())
            .bind(intent_id.to_string())
            .execute(&mut *tx)
            .await?;
        row.step(tx, ConsentState::Scanned, Some(view.digest()), now).await?;
        Ok(Compact::from(&view))
    }
}

/// What a phone gets that opens a request which is held already.
fn reopened(row: &ConsentRow, device: &Device, request: &OpenRequest) -> Result<Compact<View>, Refusal> {
    let opened = row.opened.as_ref().ok_or_else(|| Refusal::internal("a held request without a holder"))?;
    if opened.device_id != device.id {
        return Err(Refusal::new(ProblemCode::AnsweredElsewhere, "another phone has opened the request"));
    }
    if row.state != ConsentState::Scanned {
        return Err(over("the request was answered"));
    }
    if opened.n_c != request.n_c.to_string() {
        return Err(over("this phone has opened the request before, with another nonce"));
    }
    Ok(Compact::from_text(opened.view.clone()))
}

pub(super) fn expired() -> Refusal {
    Refusal::new(ProblemCode::ConsentExpired, "the time to answer is over")
}

pub(super) fn over(detail: &str) -> Refusal {
    Refusal::new(ProblemCode::ConsentOver, detail)
}
