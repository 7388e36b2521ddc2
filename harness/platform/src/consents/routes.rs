use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use eseal_protocol::api::{AnswerRequest, OpenReply, OpenRequest};
use eseal_protocol::consent::{ConsentState, ConsentStatement};
use eseal_protocol::ids::IntentId;
use eseal_protocol::jws::Unverified;
use eseal_protocol::problem::ProblemCode;

use super::row::ConsentRow;
use crate::app::{App, SharedApp};
use crate::devices::Device;
use crate::http::body::{json, json_response, read_json};
use crate::http::refusal::Refusal;
use crate::http::signed::Signed;

/// `POST /v1/consents/{intent_id}/open`.
pub(crate) async fn open_route(
    State(app): State<SharedApp>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, Refusal> {
    let request: OpenRequest = read_json(&signed.body)?;
    let view = app.consents.open(&signed.device, &intent_id(&id)?, &request).await?;
    json(StatusCode::OK, &OpenReply { view })
}

/// `GET /v1/consents/{intent_id}/documents/{index}`.
pub(crate) async fn document_route(
    State(app): State<SharedApp>,
    Path((id, place)): Path<(String, u32)>,
    signed: Signed,
) -> Result<Response, Refusal> {
    let row = held(&app, &intent_id(&id)?, &signed.device).await?;
    if row.state != ConsentState::Scanned {
        return Err(super::open::over("documents are handed out until the answer"));
    }
    let document: Option<(String, Vec<u8>)> =
        sqlx::query_as("SELECT media_type, content FROM consent_documents WHERE intent_id = ? AND place = ?")
            .bind(row.intent_id.to_string())
            .bind(i64::from(place))
            .fetch_optional(app.db.pool())
            .await?;
    let (media_type, content) = document.ok_or_else(Refusal::not_found)?;
    Ok(([(header::CONTENT_TYPE, media_type)], content).into_response())
}

/// `PUT /v1/consents/{intent_id}/answer`.
pub(crate) async fn answer_route(
    State(app): State<SharedApp>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, Refusal> {
    let id = intent_id(&id)?;
    let request: AnswerRequest = read_json(&signed.body)?;
    let decision = Unverified::<ConsentStatement>::parse(request.consent.as_str())
        .map_err(|error| Refusal::new(ProblemCode::BadConsent, error.to_string()))?
        .peek()
        .decision;
    if signed.idempotency_key != format!("{id}:{}", decision.as_str()) {
        return Err(Refusal::new(ProblemCode::BadRequest, "the idempotency key is {intent_id}:{decision}"));
    }
    Ok(json_response(StatusCode::OK, app.consents.answer(&signed.device, &id, &request).await?))
}

/// `GET /v1/consents/{intent_id}/evidence`, for the phone that answered.
pub(crate) async fn evidence_route(
    State(app): State<SharedApp>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, Refusal> {
    let row = held(&app, &intent_id(&id)?, &signed.device).await?;
    json(StatusCode::OK, &row.evidence().ok_or_else(Refusal::not_found)?)
}

/// A request that this phone has opened.
async fn held(app: &App, id: &IntentId, device: &Device) -> Result<ConsentRow, Refusal> {
    let mut tx = app.db.begin().await?;
    let row = ConsentRow::load(&mut tx, id, app.now()).await?;
    tx.commit().await?;
    row.filter(|row| row.opened.as_ref().is_some_and(|opened| opened.device_id == device.id))
        .ok_or_else(Refusal::not_found)
}

fn intent_id(text: &str) -> Result<IntentId, Refusal> {
    text.parse().map_err(|_| Refusal::not_found())
}
