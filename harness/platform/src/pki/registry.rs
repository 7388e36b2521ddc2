//! The certificates that were issued, and which of them were taken back.

use data_encoding::HEXLOWER;
use eseal_crypto::cert::{Certificate, Chain, UnixTime};
use eseal_crypto::revocation::{RevocationReason, RevocationStatus, RevokedCertificate};
use eseal_protocol::ids::Sha256Hex;
use eseal_protocol::time::Timestamp;
use sqlx::SqliteConnection;

use super::{Ca, Pki};
use crate::audit::{self, Event, Kind};
use crate::authority::{Authority, Voices};
use crate::db::{Db, sql_time, wire_time};
use crate::error::PlatformError;
use crate::http::refusal::Refusal;

/// Notes a certificate that was issued; one that is known already is left as it is.
pub(crate) async fn record(conn: &mut SqliteConnection, ca: Ca, certificate: &Certificate) -> Result<(), Refusal> {
    sqlx::query(
        "INSERT INTO certificates (issuer, serial, certificate_sha256) VALUES (?, ?, ?)
         ON CONFLICT (issuer, serial) DO NOTHING",
    )
    .bind(ca.as_str())
    .bind(HEXLOWER.encode(certificate.serial()))
    .bind(Sha256Hex::of(certificate.to_der()).to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes the platform's own certificates, and the persons' of a time when none were noted.
pub(crate) async fn record_known(
    db: &Db,
    authority: &Authority,
    voices: &Voices,
    pki: &Pki,
) -> Result<(), PlatformError> {
    let chains: Vec<(String,)> = sqlx::query_as(
        "SELECT chain_pem FROM device_keys WHERE certificate_sha256 NOT IN (SELECT certificate_sha256 FROM certificates)",
    )
    .fetch_all(db.pool())
    .await?;
    let persons = chains.iter().map(|(pem,)| Ok(Chain::from_pem(pem)?.leaf().clone()));
    let persons = persons.collect::<Result<Vec<_>, PlatformError>>()?;
    let issuing = [Ca::Issuing, Ca::NationalIssuing].map(|ca| authority.issuer(ca).certificate());
    let own = issuing.into_iter().chain(voices.certificates()).chain(pki.certificates());
    let mut tx = db.begin().await?;
    for certificate in persons.iter().chain(own) {
        // Of who issued it, since services of an earlier version are below another CA.
        if let Some(ca) = authority.ca_of(certificate) {
            record(&mut tx, ca, certificate).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Takes a certificate back, and with it the list that does not say so; answers whether it was good until now.
pub(crate) async fn revoke_by_digest(
    tx: &mut SqliteConnection,
    certificate_sha256: &Sha256Hex,
    reason: RevocationReason,
    now: Timestamp,
) -> Result<bool, Refusal> {
    let taken: Option<(String,)> = sqlx::query_as(
        "UPDATE certificates SET revoked_at = ?, reason = ? WHERE certificate_sha256 = ? AND revoked_at IS NULL
         RETURNING issuer",
    )
    .bind(sql_time(now))
    .bind(i64::from(reason.code()))
    .bind(certificate_sha256.to_string())
    .fetch_optional(&mut *tx)
    .await?;
    let Some((issuer,)) = taken else { return Ok(false) };
    sqlx::query("UPDATE crls SET is_current = 0 WHERE issuer = ?").bind(issuer).execute(&mut *tx).await?;
    let subject = certificate_sha256.to_string();
    let event =
        Event { kind: Kind::Certificate, subject: &subject, from: Some("active"), to: "revoked", content: None };
    audit::append(tx, now, event).await?;
    Ok(true)
}

/// As [`revoke_by_digest`].
pub(crate) async fn revoke(
    tx: &mut SqliteConnection,
    certificate: &Certificate,
    reason: RevocationReason,
    now: Timestamp,
) -> Result<bool, Refusal> {
    revoke_by_digest(tx, &Sha256Hex::of(certificate.to_der()), reason, now).await
}

/// Whether one of the CAs issued a certificate of this digest.
pub(crate) async fn is_known(conn: &mut SqliteConnection, certificate_sha256: &Sha256Hex) -> Result<bool, Refusal> {
    let row: Option<(i64,)> = sqlx::query_as("SELECT 1 FROM certificates WHERE certificate_sha256 = ?")
        .bind(certificate_sha256.to_string())
        .fetch_optional(conn)
        .await?;
    Ok(row.is_some())
}

/// What a serial number stands for; a number that was never given is unknown, not good.
pub(crate) async fn status(db: &Db, ca: Ca, serial: &[u8]) -> Result<RevocationStatus, Refusal> {
    let row: Option<(Option<i64>, Option<i64>)> =
        sqlx::query_as("SELECT revoked_at, reason FROM certificates WHERE issuer = ? AND serial = ?")
            .bind(ca.as_str())
            .bind(HEXLOWER.encode(serial))
            .fetch_optional(db.pool())
            .await?;
    Ok(match row {
        None => RevocationStatus::Unknown,
        Some((Some(at), reason)) => RevocationStatus::Revoked { at: instant(at), reason: reason_of(reason) },
        Some((None, _)) => RevocationStatus::Good,
    })
}

/// What a CA took back.
pub(super) async fn revoked(tx: &mut SqliteConnection, ca: Ca) -> Result<Vec<RevokedCertificate>, Refusal> {
    let rows: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT serial, revoked_at, reason FROM certificates WHERE issuer = ? AND revoked_at IS NOT NULL
         ORDER BY revoked_at, serial",
    )
    .bind(ca.as_str())
    .fetch_all(tx)
    .await?;
    let entry = |(serial, at, reason): (String, i64, i64)| {
        let serial = HEXLOWER.decode(serial.as_bytes()).map_err(Refusal::internal)?;
        Ok(RevokedCertificate { serial, at: instant(at), reason: reason_of(Some(reason)) })
    };
    rows.into_iter().map(entry).collect()
}

fn instant(seconds: i64) -> UnixTime {
    wire_time(seconds).into()
}

fn reason_of(code: Option<i64>) -> RevocationReason {
    RevocationReason::from_code(code.and_then(|code| u8::try_from(code).ok()).unwrap_or_default())
}
