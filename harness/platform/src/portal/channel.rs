//! By which listener a browser came, and whether the call is the page's own.

use axum::Extension;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use eseal_protocol::problem::ProblemCode;

use crate::http::refusal::Refusal;

/// By which listener a browser came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    /// TLS.
    Tls,
    /// Plain HTTP on loopback.
    Loopback,
}

/// Header that only a script of our own origin can set: a form or an image of another site cannot.
const OWN_HEADER: &str = "eseal-portal";
const LOOPBACK_HOSTS: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// Refuses calls that change something and do not come from the page itself, and, on loopback, calls under any other name
/// than loopback's (DNS rebinding).
pub(crate) async fn guard(Extension(channel): Extension<Channel>, request: Request, next: Next) -> Response {
    if channel == Channel::Loopback && !names_loopback(request.headers()) {
        return Refusal::new(ProblemCode::Forbidden, "the portal is reached by a loopback name here").into_response();
    }
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes && !is_own(request.headers()) {
        return Refusal::new(ProblemCode::Forbidden, "the call does not come from the portal's page").into_response();
    }
    next.run(request).await
}

fn names_loopback(headers: &HeaderMap) -> bool {
    let host = text(headers, header::HOST.as_str()).unwrap_or_default();
    let name =
        host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).map_or(host, |(n, _)| n);
    LOOPBACK_HOSTS.contains(&name)
}

fn is_own(headers: &HeaderMap) -> bool {
    let site = text(headers, "sec-fetch-site").is_none_or(|site| site == "same-origin");
    site && text(headers, OWN_HEADER) == Some("1")
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
