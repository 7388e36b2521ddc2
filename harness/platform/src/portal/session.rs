//! A browser's session: a cookie that no script can read and no other site can send.

use axum::Extension;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use data_encoding::BASE64URL_NOPAD;
use eseal_protocol::ids::Sha256Hex;
use eseal_protocol::problem::ProblemCode;
use eseal_protocol::time::Timestamp;

use super::Channel;
use crate::accounts::{Account, read_person};
use crate::app::{App, SharedApp};
use crate::db::sql_time;
use crate::http::refusal::Refusal;
use crate::random;

/// A session ends after this long, in seconds.
const SESSION_S: u64 = 30 * 60;

/// The signed-in browser behind a call.
pub(super) struct Session {
    pub(super) account: Account,
    /// Digest of the cookie: names the session without being able to act as it.
    pub(super) digest: Sha256Hex,
}

/// The cookie's name; with TLS one that browsers take from this very host over TLS only (RFC 6265bis §4.1.3.2).
const fn cookie_name(channel: Channel) -> &'static str {
    match channel {
        Channel::Tls => "__Host-eseal-portal",
        Channel::Loopback => "eseal-portal",
    }
}

const fn secure(channel: Channel) -> &'static str {
    match channel {
        Channel::Tls => "; Secure",
        Channel::Loopback => "",
    }
}

/// Starts a session; answers with the cookie to set.
pub(super) async fn start(app: &App, channel: Channel, account: &Account) -> Result<HeaderValue, Refusal> {
    let token = BASE64URL_NOPAD.encode(&random::bytes::<32>());
    let now = app.now();
    let mut tx = app.db.begin().await?;
    sqlx::query("DELETE FROM portal_sessions WHERE expires_at <= ?").bind(sql_time(now)).execute(&mut *tx).await?;
    sqlx::query("INSERT INTO portal_sessions (session_sha256, account, expires_at) VALUES (?, ?, ?)")
        .bind(Sha256Hex::of(token.as_bytes()).to_string())
        .bind(&account.account)
        .bind(sql_time(Timestamp(now.0.saturating_add(SESSION_S))))
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    let (name, secure) = (cookie_name(channel), secure(channel));
    let cookie = format!("{name}={token}; HttpOnly; SameSite=Strict; Path=/; Max-Age={SESSION_S}{secure}");
    HeaderValue::from_str(&cookie).map_err(Refusal::internal)
}

/// Ends a session; answers with the cookie that clears the browser's.
pub(super) async fn end(app: &App, channel: Channel, session: &Session) -> Result<HeaderValue, Refusal> {
    sqlx::query("DELETE FROM portal_sessions WHERE session_sha256 = ?")
        .bind(session.digest.to_string())
        .execute(app.db.pool())
        .await?;
    let (name, secure) = (cookie_name(channel), secure(channel));
    let cookie = format!("{name}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0{secure}");
    HeaderValue::from_str(&cookie).map_err(Refusal::internal)
}

impl FromRequestParts<SharedApp> for Session {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Refusal> {
        let none = || Refusal::new(ProblemCode::NoSession, "not signed in");
        let Extension(channel) =
            Extension::<Channel>::from_request_parts(parts, app).await.map_err(Refusal::internal)?;
        let token = cookie(&parts.headers, cookie_name(channel)).ok_or_else(none)?;
        let digest = Sha256Hex::of(token.as_bytes());
        let row: Option<(String, String, String)> = sqlx::query_as(
            "SELECT account, person_id, name
             FROM portal_sessions JOIN accounts USING (account) JOIN persons USING (person_id)
             WHERE session_sha256 = ? AND expires_at > ?",
        )
        .bind(digest.to_string())
        .bind(sql_time(app.now()))
        .fetch_optional(app.db.pool())
        .await?;
        let (account, person_id, name) = row.ok_or_else(none)?;
        Ok(Self { account: Account { account, person: read_person(&person_id, name)? }, digest })
    }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = values.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}
