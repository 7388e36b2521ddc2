//! The phone page: a canvas and buttons that drive the real SDK in this process. Served on loopback by the demo only.

mod state;

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use eseal_protocol::consent::Decision;
use eseal_protocol::intent::MediaType;

use super::DemoError;
pub(crate) use state::PhonePage;

const PAGE: &str = include_str!("phone.html");
const SCRIPT: &str = include_str!("phone.js");
const STYLE: &str = include_str!("phone.css");
const BODY_MAX: usize = 2 * 1024 * 1024;
const POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'");

type Shared = State<Arc<PhonePage>>;

/// The page and what it calls.
pub(crate) fn router(page: PhonePage) -> Router {
    Router::new()
        .route("/", get(|| async { asset("text/html; charset=utf-8", PAGE) }))
        .route("/phone.js", get(|| async { asset("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/phone.css", get(|| async { asset("text/css; charset=utf-8", STYLE) }))
        .route("/api/draw", post(draw))
        .route("/api/claim", post(claim))
        .route("/api/scan", post(scan))
        .route("/api/answer", post(answer))
        .route("/api/stamp", post(stamp))
        .route("/api/pages/{page}", get(page_picture))
        .route("/api/sealed.pdf", get(sealed))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(from_fn(only_own))
        .with_state(Arc::new(page))
}

/// The page signs with a phone's keys: no other page may call it, and it is reached by a loopback name only.
async fn only_own(request: Request, next: Next) -> Response {
    if !is_own(&request) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn is_own(request: &Request) -> bool {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let host = header("host").and_then(|host| host.rsplit_once(':')).map_or("", |(name, _)| name);
    let changes = request.method() != axum::http::Method::GET;
    matches!(host, "127.0.0.1" | "localhost" | "[::1]") && (!changes || header("eseal-phone") == Some("1"))
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

impl IntoResponse for DemoError {
    fn into_response(self) -> Response {
        let code = match &self {
            Self::Sdk(error) => error.code().to_owned(),
            _ => "demo.failed".to_owned(),
        };
        (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "code": code, "detail": self.to_string() }))).into_response()
    }
}

async fn draw(State(page): Shared, body: String) -> Result<Json<Value>, DemoError> {
    let face = page.draw(&body).await?;
    Ok(Json(json!({ "svg": face.to_svg(), "width_mm": face.size().width(), "height_mm": face.size().height() })))
}

async fn claim(State(page): Shared) -> Result<Json<Value>, DemoError> {
    let seal = page.claim().await?;
    Ok(Json(json!({ "seal": seal })))
}

async fn scan(State(page): Shared) -> Result<Json<Value>, DemoError> {
    let review = page.scan().await?;
    let pictures = review.documents.iter().filter(|document| document.media_type == MediaType::Svg);
    let pictures: Vec<_> = pictures.map(|document| String::from_utf8_lossy(&document.bytes).into_owned()).collect();
    Ok(Json(json!({ "title": review.title, "lines": review.lines, "pictures": pictures })))
}

#[derive(Deserialize)]
struct AnswerBody {
    decision: Decision,
}

async fn answer(State(page): Shared, Json(body): Json<AnswerBody>) -> Result<Json<Value>, DemoError> {
    let receipt = page.answer(body.decision).await?;
    Ok(Json(json!({ "receipt": receipt })))
}

async fn stamp(State(page): Shared) -> Result<Json<Value>, DemoError> {
    let stamped = page.stamp().await?;
    Ok(Json(
        json!({ "verdict": stamped.verdict, "signer": stamped.signer, "use": stamped.usage, "pages": stamped.pages }),
    ))
}

async fn page_picture(State(page): Shared, Path(number): Path<usize>) -> Result<Response, DemoError> {
    Ok(([(header::CONTENT_TYPE, "image/png")], page.page(number).await?).into_response())
}

async fn sealed(State(page): Shared) -> Result<Response, DemoError> {
    Ok(([(header::CONTENT_TYPE, "application/pdf")], page.sealed().await?).into_response())
}
