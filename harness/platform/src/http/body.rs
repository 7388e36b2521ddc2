//! Bodies in and out.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use eseal_protocol::problem::ProblemCode;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::refusal::Refusal;

/// Largest body of a call that states no other.
pub(crate) const BODY_MAX: usize = 64 * 1024;

/// Reads a JSON body.
pub(crate) fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| {
        let detail = format!("line {} column {}: {:?}", error.line(), error.column(), error.classify());
        Refusal::new(ProblemCode::BadRequest, detail)
    })
}

/// A JSON answer, as the bytes that will be sent.
pub(crate) fn write_json<T: Serialize>(value: &T) -> Result<Vec<u8>, Refusal> {
    serde_json::to_vec(value).map_err(Refusal::internal)
}

/// A JSON answer from its bytes.
pub(crate) fn json_response(status: StatusCode, body: Vec<u8>) -> Response {
    let content_type = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    (status, [content_type], body).into_response()
}

/// A JSON answer.
pub(crate) fn json<T: Serialize>(status: StatusCode, value: &T) -> Result<Response, Refusal> {
    Ok(json_response(status, write_json(value)?))
}

pub(crate) fn body_or_refusal(body: Result<Bytes, BytesRejection>) -> Result<Bytes, Refusal> {
    body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::new(ProblemCode::TooLarge, "the body is larger than this call takes"),
        _ => Refusal::new(ProblemCode::BadRequest, "the body could not be read"),
    })
}
