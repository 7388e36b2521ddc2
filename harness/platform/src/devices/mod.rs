//! Enrolled phones and their keys.

mod enrolment;
mod revocation;

use eseal_crypto::cert::{Chain, UnixTime};
use eseal_crypto::key::PublicKey;
use eseal_protocol::api::Person;
use eseal_protocol::enrol::KeyPurpose;
use eseal_protocol::ids::{DeviceId, Sha256Hex};
use eseal_protocol::time::Timestamp;
use sqlx::SqliteConnection;

pub(crate) use enrolment::{finish_route, start_route};
pub(crate) use revocation::revoke_route;

use crate::accounts::read_person;
use crate::db::{Db, parsed, to_word};
use crate::http::refusal::Refusal;

/// An active phone.
pub(crate) struct Device {
    pub(crate) id: DeviceId,
    pub(crate) person: Person,
    pub(crate) request_key: PublicKey,
}

/// The active phone of this identifier, if there is one and the certificate of its request key is valid.
pub(crate) async fn active(db: &Db, device_id: &DeviceId, now: Timestamp) -> Result<Option<Device>, Refusal> {
    let row: Option<(String, String, String, String)> = sqlx::query_as(
        "SELECT device_id, person_id, name, chain_pem
         FROM devices JOIN persons USING (person_id) JOIN device_keys USING (device_id)
         WHERE device_id = ? AND state = 'active' AND purpose = 'request'",
    )
    .bind(device_id.as_str())
    .fetch_optional(db.pool())
    .await?;
    let Some((device_id, person_id, name, chain_pem)) = row else { return Ok(None) };
    let chain = Chain::from_pem(&chain_pem).map_err(Refusal::internal)?;
    let certificate = chain.leaf();
    if UnixTime::from(now) > certificate.not_after() {
        return Ok(None);
    }
    Ok(Some(Device {
        id: parsed(&device_id)?,
        person: read_person(&person_id, name)?,
        request_key: certificate.public_key().map_err(Refusal::internal)?.clone(),
    }))
}

/// Digest of the certificate of one of a phone's keys.
pub(crate) async fn certificate(
    conn: &mut SqliteConnection,
    device_id: &DeviceId,
    purpose: KeyPurpose,
) -> Result<Sha256Hex, Refusal> {
    let (digest,): (String,) =
        sqlx::query_as("SELECT certificate_sha256 FROM device_keys WHERE device_id = ? AND purpose = ?")
            .bind(device_id.as_str())
            .bind(to_word(&purpose)?)
            .fetch_one(conn)
            .await?;
    parsed(&digest)
}

/// The chain of one of a phone's keys.
pub(crate) async fn chain(
    conn: &mut SqliteConnection,
    device_id: &DeviceId,
    purpose: KeyPurpose,
) -> Result<Chain, Refusal> {
    let (pem,): (String,) = sqlx::query_as("SELECT chain_pem FROM device_keys WHERE device_id = ? AND purpose = ?")
        .bind(device_id.as_str())
        .bind(to_word(&purpose)?)
        .fetch_one(conn)
        .await?;
    Chain::from_pem(&pem).map_err(Refusal::internal)
}
