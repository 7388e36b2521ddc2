//! A person gives up a phone, from elsewhere: it was lost, or is not used any more.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use eseal_crypto::revocation::RevocationReason;
use eseal_protocol::ids::DeviceId;

use crate::accounts::Bearer;
use crate::app::SharedApp;
use crate::audit::{self, Event, Kind};
use crate::db::parsed;
use crate::http::refusal::Refusal;
use crate::pki;

/// `DELETE /v1/devices/{id}`: the phone is no longer the person's, and the certificates of its keys are taken back. Said
/// again, nothing more happens.
pub(crate) async fn revoke_route(
    State(app): State<SharedApp>,
    Path(id): Path<String>,
    bearer: Bearer,
) -> Result<StatusCode, Refusal> {
    let id: DeviceId = id.parse().map_err(|_| Refusal::not_found())?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let state: Option<(String,)> = sqlx::query_as("SELECT state FROM devices WHERE device_id = ? AND person_id = ?")
        .bind(id.as_str())
        .bind(bearer.person.person_id.as_str())
        .fetch_optional(&mut *tx)
        .await?;
    let (state,) = state.ok_or_else(Refusal::not_found)?;
    if state == "revoked" {
        return Ok(StatusCode::NO_CONTENT);
    }
    sqlx::query("UPDATE devices SET state = 'revoked' WHERE device_id = ?").bind(id.as_str()).execute(&mut *tx).await?;
    let event =
        Event { kind: Kind::Enrolment, subject: id.as_str(), from: Some("active"), to: "revoked", content: None };
    audit::append(&mut tx, now, event).await?;
    let digests: Vec<(String,)> = sqlx::query_as("SELECT certificate_sha256 FROM device_keys WHERE device_id = ?")
        .bind(id.as_str())
        .fetch_all(&mut *tx)
        .await?;
    for (digest,) in digests {
        // Whoever has the phone may have its keys.
        pki::revoke_by_digest(&mut tx, &parsed(&digest)?, RevocationReason::KeyCompromise, now).await?;
    }
    tx.commit().await?;
    app.hub.changed();
    Ok(StatusCode::NO_CONTENT)
}
