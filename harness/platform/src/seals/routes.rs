use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use eseal_protocol::api::SealList;

use crate::app::SharedApp;
use crate::http::body::json;
use crate::http::refusal::Refusal;
use crate::http::signed::Signed;

/// `GET /v1/seals`.
pub(crate) async fn list_route(State(app): State<SharedApp>, signed: Signed) -> Result<Response, Refusal> {
    let seals = super::list(&app.db, &signed.device.person.person_id).await?;
    json(StatusCode::OK, &SealList { seals })
}
