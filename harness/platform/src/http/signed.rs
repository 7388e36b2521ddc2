//! Calls signed by an enrolled phone.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use eseal_protocol::http_signature::{
    DIGEST_HEADER, IDEMPOTENCY_HEADER, ReceivedRequest, RequestParts, SIGNATURE_HEADER, SIGNATURE_INPUT_HEADER,
};
use eseal_protocol::problem::ProblemCode;
use eseal_protocol::time::Timestamp;

use super::body::body_or_refusal;
use super::refusal::Refusal;
use crate::app::{App, SharedApp};
use crate::db::sql_time;
use crate::devices::{self, Device};

/// A call that an active phone signed, once.
pub(crate) struct Signed {
    pub(crate) device: Device,
    pub(crate) body: Bytes,
    /// Empty when the call has none.
    pub(crate) idempotency_key: String,
    /// Method and path, which an idempotency key belongs to.
    pub(crate) call: String,
    pub(crate) query: String,
}

impl FromRequest<SharedApp> for Signed {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &SharedApp) -> Result<Self, Refusal> {
        let method = request.method().as_str().to_owned();
        let path = request.uri().path().to_owned();
        let query = request.uri().query().unwrap_or_default().to_owned();
        let headers = request.headers().clone();
        let body = body_or_refusal(Bytes::from_request(request, app).await)?;
        let idempotency_key = header(&headers, IDEMPOTENCY_HEADER).unwrap_or_default().to_owned();
        let parts = RequestParts {
            method: &method,
            path: &path,
            query: &query,
            body: &body,
            idempotency_key: &idempotency_key,
        };
        let device = authenticate(app, &parts, &headers).await?;
        Ok(Self { device, body, idempotency_key, call: format!("{method} {path}"), query })
    }
}

async fn authenticate(app: &App, parts: &RequestParts<'_>, headers: &HeaderMap) -> Result<Device, Refusal> {
    let bad = |detail: &str| Refusal::new(ProblemCode::BadRequestSignature, detail);
    let required = |name| header(headers, name).ok_or_else(|| bad("a signature header is missing"));
    let received = ReceivedRequest::read(
        parts,
        required(DIGEST_HEADER)?,
        required(SIGNATURE_INPUT_HEADER)?,
        required(SIGNATURE_HEADER)?,
    )
    .map_err(|error| bad(&error.to_string()))?;
    let now = app.now();
    let nonce_end =
        app.nonces.end_of(received.nonce(), now).ok_or_else(|| stale("the nonce is not ours or too old"))?;
    let unknown = || bad("no such phone, or its certificate has expired");
    let device = devices::active(&app.db, received.device(), now).await?.ok_or_else(unknown)?;
    received.verify(&device.request_key).map_err(|error| bad(&error.to_string()))?;
    remember(app, &received, now, nonce_end).await?;
    Ok(device)
}

/// Takes a signed request once. Only authentic ones get here, so that nobody else can fill the memory.
async fn remember(app: &App, received: &ReceivedRequest, now: Timestamp, end: Timestamp) -> Result<(), Refusal> {
    let mut tx = app.db.begin().await?;
    sqlx::query("DELETE FROM seen_requests WHERE forget_at <= ?").bind(sql_time(now)).execute(&mut *tx).await?;
    let inserted =
        sqlx::query("INSERT INTO seen_requests (fingerprint, forget_at) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .bind(received.fingerprint().to_string())
            .bind(sql_time(end))
            .execute(&mut *tx)
            .await?;
    tx.commit().await?;
    if inserted.rows_affected() == 1 { Ok(()) } else { Err(stale("this signed request was received before")) }
}

fn stale(detail: &str) -> Refusal {
    Refusal::new(ProblemCode::NonceRequired, detail)
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
