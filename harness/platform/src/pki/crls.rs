//! The lists of certificates taken back: signed when they are asked for and the last one no longer does.

use eseal_crypto::cert::{Issuer, UnixTime};
use eseal_protocol::time::Timestamp;

use super::{Ca, registry};
use crate::app::App;
use crate::db::{sql_time, wire_time};
use crate::http::refusal::Refusal;

const HOUR_S: u64 = 60 * 60;
/// How long a list is the newest, if nothing is taken back.
const RENEWED_AFTER_S: u64 = 12 * HOUR_S;
/// Until when the next one is promised: later, so that a reader always has one that holds.
const VALID_S: u64 = 24 * HOUR_S;

/// The CA's present list, in DER.
pub(super) async fn current(app: &App, ca: Ca) -> Result<Vec<u8>, Refusal> {
    let now = app.now();
    let is_fresh = |issued_at: i64| now.0 < wire_time(issued_at).0.saturating_add(RENEWED_AFTER_S);
    let last: Option<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT issued_at, der FROM crls WHERE issuer = ? AND is_current = 1")
            .bind(ca.as_str())
            .fetch_optional(app.db.pool())
            .await?;
    match last {
        Some((issued_at, der)) if is_fresh(issued_at) => Ok(der),
        _ => issue(app, ca, app.authority.issuer(ca), now).await,
    }
}

async fn issue(app: &App, ca: Ca, issuer: &Issuer, now: Timestamp) -> Result<Vec<u8>, Refusal> {
    let mut tx = app.db.begin().await?;
    let last: Option<(i64,)> =
        sqlx::query_as("SELECT number FROM crls WHERE issuer = ?").bind(ca.as_str()).fetch_optional(&mut *tx).await?;
    let number = last.map_or(0, |(number,)| number).saturating_add(1);
    let at = UnixTime::from(now);
    let revoked = registry::revoked(&mut tx, ca).await?;
    let unsigned = u64::try_from(number).map_err(Refusal::internal)?;
    let der = issuer.issue_crl(unsigned, at, at.plus(VALID_S), revoked).map_err(Refusal::internal)?;
    sqlx::query("INSERT OR REPLACE INTO crls (issuer, number, issued_at, is_current, der) VALUES (?, ?, ?, 1, ?)")
        .bind(ca.as_str())
        .bind(number)
        .bind(sql_time(now))
        .bind(&der)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(der)
}
