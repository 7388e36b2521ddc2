use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use eseal_protocol::api::{ClaimRequest, ClaimState};
use eseal_protocol::ids::ClaimId;
use serde::Deserialize;

use super::ClaimRow;
use super::drawing::{self, Drawing};
use crate::app::SharedApp;
use crate::http::body::{json, read_json, write_json};
use crate::http::idempotency::{self, Reply};
use crate::http::query;
use crate::http::refusal::Refusal;
use crate::http::signed::Signed;

/// `POST /v1/claims`.
pub(crate) async fn create_route(State(app): State<SharedApp>, signed: Signed) -> Result<Response, Refusal> {
    let person_id = &signed.device.person.person_id;
    let request: ClaimRequest = read_json(&signed.body)?;
    let drawing = Drawing::read(request)?;
    if let Some(reply) = idempotency::replay(&mut *app.db.pool().acquire().await?, &signed).await? {
        return Ok(reply.into_response());
    }
    // A request under way for an older drawing must not outlive it.
    app.relying_party.withdraw_open(person_id).await?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    if let Some(reply) = idempotency::replay(&mut tx, &signed).await? {
        return Ok(reply.into_response());
    }
    let claim = drawing::insert(&mut tx, person_id, &drawing, now).await?;
    let reply = Reply { status: StatusCode::CREATED, body: write_json(&claim)? };
    idempotency::keep(&mut tx, &signed, &reply, now).await?;
    tx.commit().await?;
    app.hub.changed();
    Ok(reply.into_response())
}

#[derive(Deserialize)]
struct Poll {
    /// Seconds.
    #[serde(default)]
    wait: u64,
    /// The state that the caller knows.
    since: Option<ClaimState>,
}

/// `GET /v1/claims/{id}[?wait=seconds&since=state]`.
pub(crate) async fn get_route(
    State(app): State<SharedApp>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, Refusal> {
    let poll: Poll = query::read(&signed.query)?;
    let id: ClaimId = id.parse().map_err(|_| Refusal::not_found())?;
    let mut wait = app.hub.wait(if poll.since.is_some() { poll.wait } else { 0 }, app.stopping.clone());
    loop {
        let row = ClaimRow::load(&mut *app.db.pool().acquire().await?, &id).await?;
        let own = row.filter(|row| row.person_id == signed.device.person.person_id);
        let claim = own.ok_or_else(Refusal::not_found)?.claim;
        if Some(claim.state) != poll.since || !wait.again().await {
            return json(StatusCode::OK, &claim);
        }
    }
}
