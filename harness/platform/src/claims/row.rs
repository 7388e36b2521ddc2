//! A claim as it is stored, and the one way its state changes.

use eseal_protocol::api::{Claim, ClaimState};
use eseal_protocol::ids::{ClaimId, PersonId, SealId, Sha256Hex};
use eseal_protocol::intent::FaceRef;
use eseal_protocol::problem::ProblemCode;
use eseal_protocol::time::Timestamp;
use sqlx::SqliteConnection;

use crate::audit::{self, Event, Kind};
use crate::db::{from_word, parsed, to_word};
use crate::http::refusal::Refusal;

#[derive(sqlx::FromRow)]
struct Stored {
    claim_id: String,
    person_id: String,
    seal_id: String,
    face_svg: String,
    face_sha256: String,
    width_um: u32,
    height_um: u32,
    state: String,
    version: i64,
}

/// A claim as it was read; changes go through [`Self::step`].
pub(crate) struct ClaimRow {
    pub(crate) claim: Claim,
    pub(crate) person_id: PersonId,
    pub(crate) face: FaceRef,
    pub(crate) face_svg: String,
    version: i64,
}

impl ClaimRow {
    /// The claim of this identifier.
    pub(crate) async fn load(conn: &mut SqliteConnection, claim_id: &ClaimId) -> Result<Option<Self>, Refusal> {
        let stored: Option<Stored> = sqlx::query_as("SELECT * FROM claims WHERE claim_id = ?")
            .bind(claim_id.as_str())
            .fetch_optional(conn)
            .await?;
        stored.map(Self::read).transpose()
    }

    /// The person's newest claim.
    pub(crate) async fn newest_of(conn: &mut SqliteConnection, person_id: &PersonId) -> Result<Option<Self>, Refusal> {
        let stored: Option<Stored> =
            sqlx::query_as("SELECT * FROM claims WHERE person_id = ? ORDER BY created_at DESC, rowid DESC LIMIT 1")
                .bind(person_id.as_str())
                .fetch_optional(conn)
                .await?;
        stored.map(Self::read).transpose()
    }

    fn read(stored: Stored) -> Result<Self, Refusal> {
        let face_sha256: Sha256Hex = parsed(&stored.face_sha256)?;
        let seal_id: SealId = parsed(&stored.seal_id)?;
        let state: ClaimState = from_word(&stored.state)?;
        Ok(Self {
            claim: Claim { claim_id: parsed(&stored.claim_id)?, seal_id, face_sha256, state },
            person_id: parsed(&stored.person_id)?,
            face: FaceRef { sha256: face_sha256, width_um: stored.width_um, height_um: stored.height_um },
            face_svg: stored.face_svg,
            version: stored.version,
        })
    }

    /// One step of the state, as a compare-and-swap, with its row in the audit log.
    pub(crate) async fn step(
        &mut self,
        tx: &mut SqliteConnection,
        next: ClaimState,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let (from, to) = (to_word(&self.claim.state)?, to_word(&next)?);
        let swapped = sqlx::query(
            "UPDATE claims SET state = ?, version = version + 1 WHERE claim_id = ? AND state = ? AND version = ?",
        )
        .bind(&to)
        .bind(self.claim.claim_id.as_str())
        .bind(&from)
        .bind(self.version)
        .execute(&mut *tx)
        .await?;
        if !may_become(self.claim.state, next) || swapped.rows_affected() != 1 {
            return Err(Refusal::new(ProblemCode::ConsentOver, "the claim does not stand where this needs it"));
        }
        let subject = self.claim.claim_id.as_str();
        audit::append(tx, now, Event { kind: Kind::Claim, subject, from: Some(&from), to: &to, content: None }).await?;
        self.claim.state = next;
        self.version += 1;
        Ok(())
    }
}

const fn may_become(from: ClaimState, to: ClaimState) -> bool {
    use ClaimState::{AwaitingConsent, Drawn, Made, Withdrawn};
    matches!((from, to), (Drawn, AwaitingConsent | Withdrawn) | (AwaitingConsent, Drawn | Made | Withdrawn))
}
