//! A drawn signature becomes a claim.

use eseal_face::{Face, MAX_SVG_BYTES};
use eseal_protocol::api::{Claim, ClaimRequest, ClaimState};
use eseal_protocol::ids::{ClaimId, PersonId, SealId, Sha256Hex};
use eseal_protocol::problem::ProblemCode;
use eseal_protocol::time::Timestamp;
use sqlx::SqliteConnection;

use super::ClaimRow;
use crate::audit::{self, Event, Kind};
use crate::db::sql_time;
use crate::http::refusal::Refusal;
use crate::random;

/// Largest body of `POST /v1/claims`: the largest face, with room for JSON's escapes.
pub(crate) const MAX_CLAIM_BODY: usize = MAX_SVG_BYTES + MAX_SVG_BYTES / 4;

/// A drawn face that can become a seal.
pub(super) struct Drawing {
    svg: String,
    width_um: u32,
    height_um: u32,
}

impl Drawing {
    /// Only the one spelling of `eseal-face` is taken: its digest is what is consented to.
    pub(super) fn read(request: ClaimRequest) -> Result<Self, Refusal> {
        let bad = |detail: &str| Refusal::new(ProblemCode::BadFace, detail);
        let svg = request.face_svg;
        let face = Face::from_svg(&svg).map_err(|error| bad(error.code()))?;
        if face.to_svg() != svg {
            return Err(bad("the face is not in its one spelling"));
        }
        let size = face.size();
        Ok(Self { svg, width_um: micrometres(size.width()), height_um: micrometres(size.height()) })
    }
}

/// Keeps a drawing as the person's one open claim.
pub(super) async fn insert(
    tx: &mut SqliteConnection,
    person_id: &PersonId,
    drawing: &Drawing,
    now: Timestamp,
) -> Result<Claim, Refusal> {
    let claim = Claim {
        claim_id: ClaimId::random(&mut random::os()),
        seal_id: SealId::random(&mut random::os()),
        face_sha256: Sha256Hex::of(drawing.svg.as_bytes()),
        state: ClaimState::Drawn,
    };
    withdraw_drawn(tx, person_id, now).await?;
    sqlx::query(
        "INSERT INTO claims
             (claim_id, person_id, seal_id, face_svg, face_sha256, width_um, height_um, state, version, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, 'drawn', 1, ?)",
    )
    .bind(claim.claim_id.as_str())
    .bind(person_id.as_str())
    .bind(claim.seal_id.as_str())
    .bind(&drawing.svg)
    .bind(claim.face_sha256.to_string())
    .bind(drawing.width_um)
    .bind(drawing.height_um)
    .bind(sql_time(now))
    .execute(&mut *tx)
    .await?;
    let content = Some(claim.face_sha256);
    let event = Event { kind: Kind::Claim, subject: claim.claim_id.as_str(), from: None, to: "drawn", content };
    audit::append(tx, now, event).await?;
    Ok(claim)
}

/// The newest drawing takes the place of the one before it.
async fn withdraw_drawn(tx: &mut SqliteConnection, person_id: &PersonId, now: Timestamp) -> Result<(), Refusal> {
    let Some(mut older) = ClaimRow::newest_of(tx, person_id).await? else { return Ok(()) };
    match older.claim.state {
        ClaimState::Drawn => older.step(tx, ClaimState::Withdrawn, now).await,
        ClaimState::AwaitingConsent => {
            Err(Refusal::new(ProblemCode::ConsentOver, "a request for the drawing before this one is under way"))
        }
        ClaimState::Made | ClaimState::Withdrawn => Ok(()),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a face's sides are more than 0 and at most 200 mm, on a grid of 0.001 mm"
)]
fn micrometres(mm: f64) -> u32 {
    (mm * 1000.0).round() as u32
}
