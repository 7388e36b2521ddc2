//! The seal maker: states, under its own key, whose seal it is, what it looks like and which key seals with it.

use eseal_protocol::enrol::KeyPurpose;
use eseal_protocol::ids::{DeviceId, IntentId, SealId, Sha256Hex};
use eseal_protocol::intent::{FaceRef, Subject};
use eseal_protocol::seal::{SealKind, SealRecord};
use eseal_protocol::time::Timestamp;
use sqlx::SqliteConnection;

use crate::audit::{self, Event, Kind};
use crate::authority::ServiceKey;
use crate::db::{sql_time, to_word};
use crate::devices;
use crate::http::refusal::Refusal;

/// Makes seals.
pub(crate) struct SealMaker {
    key: ServiceKey,
}

/// What a proven consent says about the seal to be made.
pub(crate) struct NewSeal<'a> {
    pub(crate) seal_id: SealId,
    pub(crate) owner: Subject,
    pub(crate) face: FaceRef,
    pub(crate) face_svg: &'a str,
    pub(crate) intent_id: IntentId,
    pub(crate) consent_digest: Sha256Hex,
    /// The phone that consented: its sealing key is the seal's.
    pub(crate) device_id: DeviceId,
}

impl SealMaker {
    pub(crate) const fn new(key: ServiceKey) -> Self {
        Self { key }
    }

    /// Makes a seal and puts it in the place of the person's earlier one of its kind.
    pub(crate) async fn make(
        &self,
        tx: &mut SqliteConnection,
        seal: NewSeal<'_>,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let kind = SealKind::Handwritten;
        let chain = devices::chain(tx, &seal.device_id, KeyPurpose::Sealing).await?;
        let record = self.key.sign(SealRecord {
            seal_id: seal.seal_id.clone(),
            kind,
            owner: seal.owner.clone(),
            face: seal.face,
            sealing_certificate: Sha256Hex::of(chain.leaf().to_der()),
            intent_id: seal.intent_id,
            consent_digest: seal.consent_digest,
            made_at: now,
            expires_at: Timestamp(chain.leaf().not_after().0),
        })?;
        replace_active(tx, &seal.owner, kind, now).await?;
        sqlx::query(
            "INSERT INTO seals (seal_id, person_id, kind, state, record, face_svg, sealing_certificate, intent_id,
                                made_at, expires_at)
             VALUES (?, ?, ?, 'active', ?, ?, ?, ?, ?, ?)",
        )
        .bind(seal.seal_id.as_str())
        .bind(seal.owner.person_id.as_str())
        .bind(to_word(&kind)?)
        .bind(record.compact())
        .bind(seal.face_svg)
        .bind(record.sealing_certificate.to_string())
        .bind(seal.intent_id.to_string())
        .bind(sql_time(record.made_at))
        .bind(sql_time(record.expires_at))
        .execute(&mut *tx)
        .await?;
        let (subject, content) = (seal.seal_id.as_str(), Some(record.digest()));
        audit::append(tx, now, Event { kind: Kind::Seal, subject, from: None, to: "active", content }).await
    }
}

async fn replace_active(
    tx: &mut SqliteConnection,
    owner: &Subject,
    kind: SealKind,
    now: Timestamp,
) -> Result<(), Refusal> {
    let replaced: Vec<(String,)> = sqlx::query_as(
        "UPDATE seals SET state = 'replaced' WHERE person_id = ? AND kind = ? AND state = 'active' RETURNING seal_id",
    )
    .bind(owner.person_id.as_str())
    .bind(to_word(&kind)?)
    .fetch_all(&mut *tx)
    .await?;
    for (seal_id,) in replaced {
        let event = Event { kind: Kind::Seal, subject: &seal_id, from: Some("active"), to: "replaced", content: None };
        audit::append(tx, now, event).await?;
    }
    Ok(())
}
