//! Around every call: time limit, trace, fresh nonce, security headers, and the one place where problems are written.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use data_encoding::HEXLOWER;
use eseal_protocol::http_signature::NONCE_HEADER;
use eseal_protocol::problem::{Problem, ProblemCode};

use super::refusal::Refusal;
use crate::app::SharedApp;
use crate::random;

/// Longest that a call may take, long polls included.
const CALL_TIMEOUT: Duration = Duration::from_mins(1);
/// Header that repeats the problem's `trace_id`.
const TRACE_HEADER: HeaderName = HeaderName::from_static("eseal-trace-id");
const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

pub(crate) async fn envelope(State(app): State<SharedApp>, request: Request, next: Next) -> Response {
    let trace_id = HEXLOWER.encode(&random::bytes::<8>());
    let method = request.method().clone();
    // The route's pattern, not its path: identifiers have no business in a log.
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
    let started = Instant::now();

    let mut response = match app.faults.respond(&app).await {
        Some(response) => response,
        None => tokio::time::timeout(CALL_TIMEOUT, next.run(request)).await.unwrap_or_else(|_| too_slow()),
    };
    let refusal = response.extensions_mut().remove::<Refusal>();
    let code = refusal.as_ref().map(|refusal| refusal.code.as_str().to_owned()).unwrap_or_default();
    if let Some(refusal) = refusal {
        write_problem(&mut response, refusal, &trace_id);
    }
    add_headers(response.headers_mut(), &trace_id, &app.nonces.issue(app.now()));
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%trace_id, %method, route, status = response.status().as_u16(), code, ms, "call");
    response
}

fn too_slow() -> Response {
    use axum::response::IntoResponse as _;
    Refusal::new(ProblemCode::Unavailable, "the call took too long").after_ms(1000).into_response()
}

fn write_problem(response: &mut Response, refusal: Refusal, trace_id: &str) {
    let retryable = refusal.is_retryable();
    let Refusal { code, detail, retry_after_ms } = refusal;
    let status = code.status();
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let problem = Problem { status, code, detail, retryable, retry_after_ms, trace_id: trace_id.to_owned() };
    // A problem has only texts and numbers, which always can be written.
    *response.body_mut() = Body::from(serde_json::to_vec(&problem).unwrap_or_default());
    response.headers_mut().insert(header::CONTENT_TYPE, PROBLEM_JSON);
    if let Some(ms) = retry_after_ms {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(ms.div_ceil(1000)));
    }
}

fn add_headers(headers: &mut HeaderMap, trace_id: &str, nonce: &str) {
    for (name, value) in [(TRACE_HEADER, trace_id), (HeaderName::from_static(NONCE_HEADER), nonce)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
