//! Usage records (留痕).

mod routes;

use eseal_protocol::api::UsageRequest;
use eseal_protocol::enrol::KeyPurpose;
use eseal_protocol::ids::{PersonId, UsageId};
use eseal_protocol::jws::{Compact, Verified};
use eseal_protocol::problem::ProblemCode;
use eseal_protocol::time::Timestamp;
use eseal_protocol::usage::UsageRecord;
use sqlx::SqliteConnection;

pub(crate) use routes::{list_route, record_route};

use crate::audit::{self, Event, Kind};
use crate::authority::ServiceKey;
use crate::db::{Db, sql_time, wire_time};
use crate::devices::{self, Device};
use crate::http::refusal::Refusal;
use crate::random;

/// Records one use of a seal by the phone whose key seals with it.
async fn record(
    tx: &mut SqliteConnection,
    key: &ServiceKey,
    device: &Device,
    request: UsageRequest,
    now: Timestamp,
) -> Result<Verified<UsageRecord>, Refusal> {
    check_usable(tx, device, &request, now).await?;
    let record = key.sign(UsageRecord {
        usage_id: UsageId::random(&mut random::os()),
        seal_id: request.seal_id,
        person_id: device.person.person_id.clone(),
        device_id: device.id.clone(),
        document: request.document,
        recorded_at: now,
    })?;
    sqlx::query("INSERT INTO usages (usage_id, seal_id, person_id, record, recorded_at) VALUES (?, ?, ?, ?, ?)")
        .bind(record.usage_id.as_str())
        .bind(record.seal_id.as_str())
        .bind(record.person_id.as_str())
        .bind(record.compact())
        .bind(sql_time(now))
        .execute(&mut *tx)
        .await?;
    let (subject, content) = (record.usage_id.as_str(), Some(record.digest()));
    audit::append(tx, now, Event { kind: Kind::Usage, subject, from: None, to: "recorded", content }).await?;
    Ok(record)
}

async fn check_usable(
    tx: &mut SqliteConnection,
    device: &Device,
    request: &UsageRequest,
    now: Timestamp,
) -> Result<(), Refusal> {
    let unusable = |detail: &str| Refusal::new(ProblemCode::SealNotUsable, detail);
    let seal: Option<(String, String, i64)> =
        sqlx::query_as("SELECT state, sealing_certificate, expires_at FROM seals WHERE seal_id = ? AND person_id = ?")
            .bind(request.seal_id.as_str())
            .bind(device.person.person_id.as_str())
            .fetch_optional(&mut *tx)
            .await?;
    let (state, sealing_certificate, expires_at) = seal.ok_or_else(|| unusable("not a seal of this person"))?;
    if state != "active" {
        return Err(unusable("the seal was replaced"));
    }
    if wire_time(expires_at) < now {
        return Err(unusable("the seal has expired"));
    }
    let own = devices::certificate(tx, &device.id, KeyPurpose::Sealing).await?;
    if own.to_string() != sealing_certificate {
        return Err(unusable("another phone's key seals with it"));
    }
    Ok(())
}

/// A person's usage records, newest first.
pub(crate) async fn list(db: &Db, person_id: &PersonId) -> Result<Vec<Compact<UsageRecord>>, Refusal> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT record FROM usages WHERE person_id = ? ORDER BY recorded_at DESC, rowid DESC")
            .bind(person_id.as_str())
            .fetch_all(db.pool())
            .await?;
    Ok(rows.into_iter().map(|(record,)| Compact::from_text(record)).collect())
}
