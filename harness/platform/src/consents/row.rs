//! A consent as it is stored, and the one way its state changes.

use eseal_protocol::consent::ConsentState;
use eseal_protocol::ids::{DeviceId, IntentId, Sha256Hex};
use eseal_protocol::problem::ProblemCode;
use eseal_protocol::qr::{CODE_LIFETIME_S, FRAME_WINDOW_S, FrameSecret};
use eseal_protocol::time::Timestamp;
use sqlx::SqliteConnection;

use crate::audit::{self, Event, Kind};
use crate::db::{from_word, parsed, wire_time};
use crate::http::refusal::Refusal;

#[derive(sqlx::FromRow)]
struct Stored {
    subject: String,
    intent: String,
    frame_secret: Vec<u8>,
    state: String,
    version: i64,
    created_at: i64,
    expires_at: i64,
    device_id: Option<String>,
    n_c: Option<String>,
    view: Option<String>,
    consent: Option<String>,
    receipt: Option<String>,
}

/// A consent as it was read; changes go through [`Self::step`].
pub(super) struct ConsentRow {
    pub(super) intent_id: IntentId,
    /// The addressee's identifier.
    pub(super) subject: String,
    pub(super) intent: String,
    pub(super) frame_secret: FrameSecret,
    pub(super) state: ConsentState,
    version: i64,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) opened: Option<Opened>,
    pub(super) answered: Option<Answered>,
}

/// What is there once a phone has opened it.
pub(super) struct Opened {
    pub(super) device_id: DeviceId,
    pub(super) n_c: String,
    pub(super) view: String,
}

/// What is there once the phone has answered.
pub(super) struct Answered {
    pub(super) consent: String,
    pub(super) receipt: String,
}

impl ConsentRow {
    /// Reads a consent and lets its time run out if it has.
    pub(super) async fn load(
        conn: &mut SqliteConnection,
        intent_id: &IntentId,
        now: Timestamp,
    ) -> Result<Option<Self>, Refusal> {
        let Some(mut row) = Self::read(conn, intent_id).await? else { return Ok(None) };
        if row.is_overdue(now) {
            row.step(conn, ConsentState::Expired, None, now).await?;
        }
        Ok(Some(row))
    }

    /// Reads a consent as it stands, overdue or not.
    pub(super) async fn read(conn: &mut SqliteConnection, intent_id: &IntentId) -> Result<Option<Self>, Refusal> {
        let stored: Option<Stored> = sqlx::query_as(
            "SELECT subject, intent, frame_secret, state, version, created_at, expires_at, device_id, n_c, view, consent,
                    receipt
             FROM consents WHERE intent_id = ?",
        )
        .bind(intent_id.to_string())
        .fetch_optional(conn)
        .await?;
        let Some(stored) = stored else { return Ok(None) };
        let secret: [u8; 32] = stored.frame_secret.as_slice().try_into().map_err(Refusal::internal)?;
        let opened = match (stored.device_id, stored.n_c, stored.view) {
            (Some(device_id), Some(n_c), Some(view)) => Some(Opened { device_id: parsed(&device_id)?, n_c, view }),
            _ => None,
        };
        Ok(Some(Self {
            intent_id: *intent_id,
            subject: stored.subject,
            intent: stored.intent,
            frame_secret: FrameSecret::from_bytes(secret),
            state: from_word(&stored.state)?,
            version: stored.version,
            created_at: wire_time(stored.created_at),
            expires_at: wire_time(stored.expires_at),
            opened,
            answered: stored.consent.zip(stored.receipt).map(|(consent, receipt)| Answered { consent, receipt }),
        }))
    }

    /// Whether nobody can open or answer it any more, though it is not yet marked so.
    pub(super) fn is_overdue(&self, now: Timestamp) -> bool {
        match self.state {
            // The last frame is shown in the code's last second and is good for the window after it.
            ConsentState::Created => now.seconds_since(self.created_at) >= CODE_LIFETIME_S + FRAME_WINDOW_S,
            ConsentState::Scanned => now >= self.expires_at,
            _ => false,
        }
    }

    /// One step of the state, as a compare-and-swap, with its row in the audit log. Nothing happens when somebody else was
    /// first.
    pub(super) async fn step(
        &mut self,
        tx: &mut SqliteConnection,
        next: ConsentState,
        content: Option<Sha256Hex>,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let over = || Refusal::new(ProblemCode::ConsentOver, "the request was answered, withdrawn or used");
        if !self.state.may_become(next) {
            return Err(over());
        }
        let id = self.intent_id.to_string();
        let swapped = sqlx::query(
            "UPDATE consents SET state = ?, version = version + 1 WHERE intent_id = ? AND state = ? AND version = ?",
        )
        .bind(next.as_str())
        .bind(&id)
        .bind(self.state.as_str())
        .bind(self.version)
        .execute(&mut *tx)
        .await?;
        if swapped.rows_affected() != 1 {
            return Err(over());
        }
        let (from, to) = (Some(self.state.as_str()), next.as_str());
        audit::append(tx, now, Event { kind: Kind::Consent, subject: &id, from, to, content }).await?;
        self.state = next;
        self.version += 1;
        Ok(())
    }
}
