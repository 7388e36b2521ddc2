//! The audit log: what happened, each row bound to the one before by its digest.

use eseal_protocol::ids::Sha256Hex;
use eseal_protocol::time::Timestamp;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use sqlx::SqliteConnection;

use crate::db::{Db, sql_time};
use crate::error::PlatformError;
use crate::http::refusal::Refusal;

/// What a row is about.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Enrolment,
    Certificate,
    Consent,
    Claim,
    Seal,
    Usage,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Enrolment => "enrolment",
            Self::Certificate => "certificate",
            Self::Consent => "consent",
            Self::Claim => "claim",
            Self::Seal => "seal",
            Self::Usage => "usage",
        }
    }
}

/// One thing that happened.
pub(crate) struct Event<'a> {
    pub(crate) kind: Kind,
    /// An identifier.
    pub(crate) subject: &'a str,
    /// `None` for what is new.
    pub(crate) from: Option<&'a str>,
    pub(crate) to: &'a str,
    /// Digest of the statement that caused it.
    pub(crate) content: Option<Sha256Hex>,
}

/// A row as it is digested: a JSON array, in this order.
#[derive(Serialize)]
struct Row<'a>(i64, i64, &'a str, &'a str, Option<&'a str>, &'a str, Option<&'a str>);

type StoredRow = (i64, i64, String, String, Option<String>, String, Option<String>, Vec<u8>);

/// What the first row is bound to.
const BEFORE_THE_FIRST: [u8; 32] = [0; 32];

/// Adds a row, in the transaction of what happened.
pub(crate) async fn append(tx: &mut SqliteConnection, at: Timestamp, event: Event<'_>) -> Result<(), Refusal> {
    let last: Option<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT seq, digest FROM audit_log ORDER BY seq DESC LIMIT 1").fetch_optional(&mut *tx).await?;
    let (seq, previous) = last.map_or((1, BEFORE_THE_FIRST.to_vec()), |(seq, digest)| (seq.saturating_add(1), digest));
    let content = event.content.map(|digest| digest.to_string());
    let (at, kind) = (sql_time(at), event.kind.as_str());
    let row = Row(seq, at, kind, event.subject, event.from, event.to, content.as_deref());
    let digest = digest(&previous, &row).map_err(Refusal::internal)?;
    sqlx::query(
        "INSERT INTO audit_log (seq, at, kind, subject, from_state, to_state, content, digest)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(seq)
    .bind(at)
    .bind(kind)
    .bind(event.subject)
    .bind(event.from)
    .bind(event.to)
    .bind(&content)
    .bind(digest.as_slice())
    .execute(tx)
    .await?;
    Ok(())
}

/// Follows the digests from the first row to the last; answers with the number of rows.
pub(crate) async fn verify(db: &Db) -> Result<u64, PlatformError> {
    const PAGE: i64 = 1000;
    let mut previous = BEFORE_THE_FIRST.to_vec();
    let mut last = 0_i64;
    loop {
        let rows: Vec<StoredRow> = sqlx::query_as(
            "SELECT seq, at, kind, subject, from_state, to_state, content, digest FROM audit_log
             WHERE seq > ? ORDER BY seq LIMIT ?",
        )
        .bind(last)
        .bind(PAGE)
        .fetch_all(db.pool())
        .await?;
        if rows.is_empty() {
            return Ok(u64::try_from(last).unwrap_or_default());
        }
        for (seq, at, kind, subject, from, to, content, stored) in rows {
            let broken =
                || PlatformError::AuditBroken { seq: u64::try_from(last).unwrap_or_default().saturating_add(1) };
            let row = Row(seq, at, &kind, &subject, from.as_deref(), &to, content.as_deref());
            let expected = digest(&previous, &row).map_err(|_| broken())?;
            if seq != last.saturating_add(1) || stored != expected {
                return Err(broken());
            }
            (previous, last) = (stored, seq);
        }
    }
}

fn digest(previous: &[u8], row: &Row<'_>) -> Result<[u8; 32], serde_json::Error> {
    let mut hasher = Sha256::new();
    hasher.update(b"eseal-audit/1\0");
    hasher.update(previous);
    hasher.update(serde_json::to_vec(row)?);
    Ok(hasher.finalize().into())
}
