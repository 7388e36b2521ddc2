use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use eseal_protocol::api::{UsageList, UsageReply, UsageRequest};
use eseal_protocol::jws::Compact;

use crate::app::SharedApp;
use crate::http::body::{json, read_json, write_json};
use crate::http::idempotency::{self, Reply};
use crate::http::refusal::Refusal;
use crate::http::signed::Signed;

/// `POST /v1/usages`.
pub(crate) async fn record_route(State(app): State<SharedApp>, signed: Signed) -> Result<Response, Refusal> {
    idempotency::require_key(&signed)?;
    let request: UsageRequest = read_json(&signed.body)?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    if let Some(reply) = idempotency::replay(&mut tx, &signed).await? {
        return Ok(reply.into_response());
    }
    let record = super::record(&mut tx, &app.consent_key, &signed.device, request, now).await?;
    let body = write_json(&UsageReply { record: Compact::from(&record) })?;
    let reply = Reply { status: StatusCode::CREATED, body };
    idempotency::keep(&mut tx, &signed, &reply, now).await?;
    tx.commit().await?;
    app.hub.changed();
    Ok(reply.into_response())
}

/// `GET /v1/usages`.
pub(crate) async fn list_route(State(app): State<SharedApp>, signed: Signed) -> Result<Response, Refusal> {
    let usages = super::list(&app.db, &signed.device.person.person_id).await?;
    json(StatusCode::OK, &UsageList { usages })
}
