//! The page's files, part of the program.

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::SharedApp;

/// Nothing from elsewhere, nothing inline, no frames around it.
const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; form-action 'none'; \
     base-uri 'none'; frame-ancestors 'none'",
);

macro_rules! asset {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../portal/", $name))
    };
}

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

const ASSETS: &[(&str, &str, &str)] = &[
    ("/", HTML, asset!("index.html")),
    ("/portal/style.css", CSS, asset!("style.css")),
    ("/portal/app.js", SCRIPT, asset!("app.js")),
    ("/portal/api.js", SCRIPT, asset!("api.js")),
    ("/portal/code.js", SCRIPT, asset!("code.js")),
    ("/portal/dom.js", SCRIPT, asset!("dom.js")),
    ("/portal/texts.js", SCRIPT, asset!("texts.js")),
    ("/portal/views.js", SCRIPT, asset!("views.js")),
    ("/portal/icon.svg", SVG, asset!("icon.svg")),
];

pub(super) fn router() -> Router<SharedApp> {
    ASSETS.iter().fold(Router::new(), |router, (path, media_type, text)| {
        router.route(path, get(move || async move { file(media_type, text) }))
    })
}

fn file(media_type: &'static str, text: &'static str) -> Response {
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_SECURITY_POLICY, PAGE_POLICY),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, text).into_response()
}
