//! The services as their standards have them: plain HTTP, bodies in DER, no sign-in. Answers are signed and public, so TLS
//! would add nothing but a certificate that would itself have to be looked up here.

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use eseal_crypto::cert::UnixTime;
use eseal_crypto::revocation::{MAX_OCSP_REQUEST_LEN, OcspQuery, OcspRefusal, RevocationError, RevocationStatus};
use eseal_crypto::tsp::MAX_TIMESTAMP_REQUEST_LEN;

use super::{Ca, crls, registry};
use crate::app::{App, SharedApp};
use crate::db::sql_time;
use crate::http::refusal::Refusal;

/// Until when an OCSP answer promises that there is no newer one, in seconds.
const OCSP_VALID_S: u64 = 60 * 60;

pub(crate) fn router(app: SharedApp) -> Router {
    Router::new()
        .route("/tsa", post(timestamp_route).layer(DefaultBodyLimit::max(MAX_TIMESTAMP_REQUEST_LEN)))
        .route("/ocsp", post(ocsp_route).layer(DefaultBodyLimit::max(MAX_OCSP_REQUEST_LEN)))
        .route("/crl/{file}", get(crl_route))
        .route("/ca/{file}", get(certificate_route))
        .with_state(app)
}

/// RFC 3161 §3.4.
async fn timestamp_route(
    State(app): State<SharedApp>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match read(&headers, "application/timestamp-query", body) {
        Ok(request) => answered("application/timestamp-reply", timestamp(&app, &request).await),
        Err(status) => status.into_response(),
    }
}

/// RFC 6960 appendix A.
async fn ocsp_route(State(app): State<SharedApp>, headers: HeaderMap, body: Result<Bytes, BytesRejection>) -> Response {
    match read(&headers, "application/ocsp-request", body) {
        Ok(request) => answered("application/ocsp-response", ocsp(&app, &request).await),
        Err(status) => status.into_response(),
    }
}

/// RFC 5280 §4.2.1.13, RFC 2585.
async fn crl_route(State(app): State<SharedApp>, Path(file): Path<String>) -> Response {
    match named(&file, ".crl") {
        Some(ca) => answered("application/pkix-crl", crls::current(&app, ca).await),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// RFC 5280 §4.2.2.1, RFC 2585.
async fn certificate_route(State(app): State<SharedApp>, Path(file): Path<String>) -> Response {
    match named(&file, ".cer") {
        Some(ca) => answered("application/pkix-cert", Ok(app.authority.issuer(ca).certificate().to_der().to_vec())),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn named(file: &str, extension: &str) -> Option<Ca> {
    let name = file.strip_suffix(extension)?;
    Ca::ALL.into_iter().find(|ca| ca.as_str() == name)
}

async fn timestamp(app: &App, request: &[u8]) -> Result<Vec<u8>, Refusal> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let (serial,): (i64,) =
        sqlx::query_as("INSERT INTO timestamps (stamped_at, imprint) VALUES (?, '') RETURNING serial")
            .bind(sql_time(now))
            .fetch_one(&mut *tx)
            .await?;
    let number = u64::try_from(serial).map_err(Refusal::internal)?;
    let reply = app.pki.timestamps.respond(request, number, UnixTime::from(now)).map_err(Refusal::internal)?;
    // Noted for good before it is handed out. What is refused has no number and leaves no trace.
    if let Ok(imprint) = reply.outcome {
        sqlx::query("UPDATE timestamps SET imprint = ? WHERE serial = ?")
            .bind(format!("{imprint:?}"))
            .bind(serial)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
    }
    Ok(reply.der)
}

async fn ocsp(app: &App, request: &[u8]) -> Result<Vec<u8>, Refusal> {
    let refused = |reason: OcspRefusal| reason.to_response().map_err(Refusal::internal);
    let query = match OcspQuery::from_der(request) {
        Ok(query) => query,
        Err(RevocationError::UnknownCriticalExtension) => return refused(OcspRefusal::Unauthorized),
        Err(_) => return refused(OcspRefusal::MalformedRequest),
    };
    let (ca, responder) = app.pki.responder_of(&query);
    let mut statuses = Vec::new();
    for serial in query.serials_of(responder.issuer()) {
        statuses.push(match serial {
            Some(serial) => registry::status(&app.db, ca, serial).await?,
            None => RevocationStatus::Unknown,
        });
    }
    let at = UnixTime::from(app.now());
    responder.respond(&query, &statuses, at, at.plus(OCSP_VALID_S)).map_err(Refusal::internal)
}

fn read(headers: &HeaderMap, expected: &str, body: Result<Bytes, BytesRejection>) -> Result<Bytes, StatusCode> {
    let stated = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    // A type may have parameters behind it.
    let is_expected = stated.and_then(|value| value.split(';').next()).is_some_and(|value| value.trim() == expected);
    if is_expected { body.map_err(|error| error.status()) } else { Err(StatusCode::UNSUPPORTED_MEDIA_TYPE) }
}

fn answered(content_type: &'static str, answer: Result<Vec<u8>, Refusal>) -> Response {
    match answer {
        Ok(der) => ([(header::CONTENT_TYPE, content_type)], der).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
