use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::Response;
use eseal_protocol::api::{SignInReply, SignInRequest};

use super::{sign_in, token};
use crate::app::SharedApp;
use crate::http::body::{body_or_refusal, json, read_json};
use crate::http::refusal::Refusal;

/// `POST /v1/session`.
pub(crate) async fn sign_in_route(
    State(app): State<SharedApp>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let request: SignInRequest = read_json(&body_or_refusal(body)?)?;
    let account = sign_in(&app, &request.account, &request.password).await?;
    let token = token::issue(&app, &account.person.person_id).await?;
    json(StatusCode::CREATED, &SignInReply { token, person: account.person })
}
