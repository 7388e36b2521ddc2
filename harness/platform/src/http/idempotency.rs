//! Idempotency keys: the same key and body get the same bytes again, the same key with another body is refused.

use axum::http::StatusCode;
use axum::response::Response;
use eseal_protocol::ids::Sha256Hex;
use eseal_protocol::problem::ProblemCode;
use eseal_protocol::time::Timestamp;
use sqlx::SqliteConnection;

use super::body::json_response;
use super::refusal::Refusal;
use super::signed::Signed;
use crate::db::sql_time;

/// How long an answer is kept, in seconds.
const KEPT_S: u64 = 48 * 60 * 60;

/// An answer as its bytes, to be sent now and to be kept.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn into_response(self) -> Response {
        json_response(self.status, self.body)
    }
}

/// Refuses a call without a key, where doing it twice would matter.
pub(crate) fn require_key(request: &Signed) -> Result<(), Refusal> {
    if request.idempotency_key.is_empty() {
        return Err(Refusal::new(ProblemCode::BadRequest, "this call needs an idempotency key"));
    }
    Ok(())
}

/// The answer that this call already got, if it has a key and did.
pub(crate) async fn replay(tx: &mut SqliteConnection, request: &Signed) -> Result<Option<Reply>, Refusal> {
    if request.idempotency_key.is_empty() {
        return Ok(None);
    }
    let row: Option<(String, String, u16, Vec<u8>)> = sqlx::query_as(
        "SELECT call, body_sha256, status, body FROM idempotent_replies WHERE device_id = ? AND key = ?",
    )
    .bind(request.device.id.as_str())
    .bind(&request.idempotency_key)
    .fetch_optional(tx)
    .await?;
    let Some((call, body_sha256, status, body)) = row else { return Ok(None) };
    if call != request.call || body_sha256 != Sha256Hex::of(&request.body).to_string() {
        return Err(Refusal::new(ProblemCode::IdempotencyConflict, "the idempotency key was used for something else"));
    }
    let status = StatusCode::from_u16(status).map_err(Refusal::internal)?;
    Ok(Some(Reply { status, body }))
}

/// Keeps the answer to a call with a key, in the transaction of what it answers for.
pub(crate) async fn keep(
    tx: &mut SqliteConnection,
    request: &Signed,
    reply: &Reply,
    now: Timestamp,
) -> Result<(), Refusal> {
    if request.idempotency_key.is_empty() {
        return Ok(());
    }
    sqlx::query("DELETE FROM idempotent_replies WHERE forget_at <= ?").bind(sql_time(now)).execute(&mut *tx).await?;
    sqlx::query(
        "INSERT INTO idempotent_replies (device_id, key, call, body_sha256, status, body, forget_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(request.device.id.as_str())
    .bind(&request.idempotency_key)
    .bind(&request.call)
    .bind(Sha256Hex::of(&request.body).to_string())
    .bind(i64::from(reply.status.as_u16()))
    .bind(&reply.body)
    .bind(sql_time(Timestamp(now.0.saturating_add(KEPT_S))))
    .execute(tx)
    .await?;
    Ok(())
}
