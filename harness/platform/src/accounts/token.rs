//! Bearer tokens (RFC 6750) for enrolment, and for nothing else.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use data_encoding::BASE64URL_NOPAD;
use eseal_protocol::api::Person;
use eseal_protocol::ids::{PersonId, Sha256Hex};
use eseal_protocol::problem::ProblemCode;
use eseal_protocol::time::Timestamp;

use super::read_person;
use crate::app::{App, SharedApp};
use crate::db::sql_time;
use crate::http::refusal::Refusal;
use crate::random;

/// How long a token can be used, in seconds.
const TOKEN_LIFETIME_S: u64 = 15 * 60;

/// Hands out a token; only its digest is kept.
pub(super) async fn issue(app: &App, person_id: &PersonId) -> Result<String, Refusal> {
    let token = BASE64URL_NOPAD.encode(&random::bytes::<32>());
    let now = app.now();
    let mut tx = app.db.begin().await?;
    sqlx::query("DELETE FROM tokens WHERE expires_at <= ?").bind(sql_time(now)).execute(&mut *tx).await?;
    sqlx::query("INSERT INTO tokens (token_sha256, person_id, expires_at) VALUES (?, ?, ?)")
        .bind(Sha256Hex::of(token.as_bytes()).to_string())
        .bind(person_id.as_str())
        .bind(sql_time(Timestamp(now.0.saturating_add(TOKEN_LIFETIME_S))))
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(token)
}

/// The person whose token a call carries.
pub(crate) struct Bearer {
    pub(crate) person: Person,
}

impl FromRequestParts<SharedApp> for Bearer {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Refusal> {
        let none = || Refusal::new(ProblemCode::NoSession, "a bearer token is needed");
        let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).ok_or_else(none)?;
        let token = value.strip_prefix("Bearer ").ok_or_else(none)?;
        let row: Option<(String, String)> = sqlx::query_as(
            "SELECT person_id, name FROM tokens JOIN persons USING (person_id)
             WHERE token_sha256 = ? AND expires_at > ?",
        )
        .bind(Sha256Hex::of(token.as_bytes()).to_string())
        .bind(sql_time(app.now()))
        .fetch_optional(app.db.pool())
        .await?;
        let (person_id, name) = row.ok_or_else(none)?;
        Ok(Self { person: read_person(&person_id, name)? })
    }
}
