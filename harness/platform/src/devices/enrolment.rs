//! Enrolment of a phone (M0): the three keys prove themselves, the CA certifies them.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use eseal_crypto::cert::Chain;
use eseal_crypto::key::PublicKey;
use eseal_protocol::api::{CertifiedKey, DeviceReply, EnrolmentProofs, EnrolmentReply, Person};
use eseal_protocol::enrol::{KeyProof, KeyPurpose, check_proofs};
use eseal_protocol::ids::{DeviceId, EnrolmentId, Nonce, Sha256Hex};
use eseal_protocol::jws::Compact;
use eseal_protocol::problem::ProblemCode;
use eseal_protocol::time::Timestamp;
use sqlx::SqliteConnection;

use crate::accounts::Bearer;
use crate::app::{App, SharedApp};
use crate::audit::{self, Event, Kind};
use crate::db::{parsed, sql_time, to_word, wire_time};
use crate::http::body::{body_or_refusal, json, json_response, read_json, write_json};
use crate::http::refusal::Refusal;
use crate::pki::{self, Ca};
use crate::random;

/// How long an enrolment may take, in seconds.
const ENROLMENT_S: u64 = 10 * 60;

/// `POST /v1/enrolments`.
pub(crate) async fn start_route(State(app): State<SharedApp>, bearer: Bearer) -> Result<Response, Refusal> {
    let reply = EnrolmentReply {
        enrolment_id: EnrolmentId::random(&mut random::os()),
        challenge: Nonce::random(&mut random::os()),
    };
    let now = app.now();
    let mut tx = app.db.begin().await?;
    sqlx::query("DELETE FROM enrolments WHERE expires_at <= ? AND reply IS NULL")
        .bind(sql_time(now))
        .execute(&mut *tx)
        .await?;
    sqlx::query("INSERT INTO enrolments (enrolment_id, person_id, challenge, expires_at) VALUES (?, ?, ?, ?)")
        .bind(reply.enrolment_id.as_str())
        .bind(bearer.person.person_id.as_str())
        .bind(reply.challenge.to_string())
        .bind(sql_time(Timestamp(now.0.saturating_add(ENROLMENT_S))))
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    json(StatusCode::CREATED, &reply)
}

/// `PUT /v1/enrolments/{id}`. The same proofs sent again get the same answer.
pub(crate) async fn finish_route(
    State(app): State<SharedApp>,
    Path(id): Path<String>,
    bearer: Bearer,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let body = body_or_refusal(body)?;
    let id: EnrolmentId = id.parse().map_err(|_| Refusal::not_found())?;
    let mut tx = app.db.begin().await?;
    let enrolment = Enrolment::load(&mut tx, &id, &bearer.person).await?.ok_or_else(Refusal::not_found)?;
    if let Some(reply) = enrolment.earlier_reply(&body)? {
        return Ok(json_response(StatusCode::CREATED, reply));
    }
    let now = app.now();
    if enrolment.expires_at <= now {
        return Err(Refusal::new(ProblemCode::EnrolmentOver, "the time for this enrolment is over"));
    }
    let request: EnrolmentProofs = read_json(&body)?;
    let keys = check_proofs(&request.proofs, &enrolment.challenge, &bearer.person.person_id)
        .map_err(|error| Refusal::new(ProblemCode::BadKeyProof, error.to_string()))?;
    let proven = KeyPurpose::ALL.into_iter().zip(keys).map(|(purpose, key)| Proven::new(purpose, key, &request.proofs));
    let proven = proven.collect::<Result<Vec<_>, _>>()?;
    let reply = write_json(&enrol(&app, &mut tx, &bearer.person, &proven, now).await?)?;
    sqlx::query("UPDATE enrolments SET body_sha256 = ?, reply = ? WHERE enrolment_id = ? AND reply IS NULL")
        .bind(Sha256Hex::of(&body).to_string())
        .bind(String::from_utf8(reply.clone()).map_err(Refusal::internal)?)
        .bind(id.as_str())
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(json_response(StatusCode::CREATED, reply))
}

struct Enrolment {
    challenge: Nonce,
    expires_at: Timestamp,
    /// Digest of the proofs that used it, and the answer that they got.
    used: Option<(String, String)>,
}

impl Enrolment {
    async fn load(tx: &mut SqliteConnection, id: &EnrolmentId, person: &Person) -> Result<Option<Self>, Refusal> {
        let row: Option<(String, i64, Option<String>, Option<String>)> = sqlx::query_as(
            "SELECT challenge, expires_at, body_sha256, reply FROM enrolments WHERE enrolment_id = ? AND person_id = ?",
        )
        .bind(id.as_str())
        .bind(person.person_id.as_str())
        .fetch_optional(tx)
        .await?;
        let Some((challenge, expires_at, body, reply)) = row else { return Ok(None) };
        Ok(Some(Self { challenge: parsed(&challenge)?, expires_at: wire_time(expires_at), used: body.zip(reply) }))
    }

    fn earlier_reply(&self, body: &[u8]) -> Result<Option<Vec<u8>>, Refusal> {
        match &self.used {
            None => Ok(None),
            Some((digest, reply)) if *digest == Sha256Hex::of(body).to_string() => Ok(Some(reply.clone().into_bytes())),
            Some(_) => Err(Refusal::new(ProblemCode::EnrolmentOver, "this enrolment was used")),
        }
    }
}

/// A key whose proof of possession holds.
struct Proven {
    purpose: KeyPurpose,
    key: PublicKey,
    /// As it was signed: it also says where the key is kept, for policies that care.
    proof: String,
}

impl Proven {
    fn new(purpose: KeyPurpose, key: PublicKey, proofs: &[Compact<KeyProof>]) -> Result<Self, Refusal> {
        let of_purpose = |proof: &&Compact<KeyProof>| proof.parse().is_ok_and(|read| read.peek().purpose == purpose);
        let proof = proofs.iter().find(of_purpose).ok_or_else(|| Refusal::internal("a key without its proof"))?;
        Ok(Self { purpose, key, proof: proof.as_str().to_owned() })
    }
}

async fn enrol(
    app: &App,
    tx: &mut SqliteConnection,
    person: &Person,
    keys: &[Proven],
    now: Timestamp,
) -> Result<DeviceReply, Refusal> {
    let device_id = DeviceId::random(&mut random::os());
    sqlx::query("INSERT INTO devices (device_id, person_id, state, enrolled_at) VALUES (?, ?, 'active', ?)")
        .bind(device_id.as_str())
        .bind(person.person_id.as_str())
        .bind(sql_time(now))
        .execute(&mut *tx)
        .await?;
    let mut certificates = Vec::with_capacity(keys.len());
    for proven in keys {
        let chain = app.authority.certify(person, proven.purpose, &proven.key, now).map_err(Refusal::internal)?;
        insert_key(tx, &device_id, proven, &chain).await?;
        pki::record(tx, Ca::Issuing, chain.leaf()).await?;
        certificates.push(CertifiedKey { purpose: proven.purpose, chain_pem: chain.to_pem() });
    }
    let event = Event { kind: Kind::Enrolment, subject: device_id.as_str(), from: None, to: "active", content: None };
    audit::append(tx, now, event).await?;
    Ok(DeviceReply { device_id, certificates })
}

async fn insert_key(
    tx: &mut SqliteConnection,
    device_id: &DeviceId,
    proven: &Proven,
    chain: &Chain,
) -> Result<(), Refusal> {
    let inserted = sqlx::query(
        "INSERT INTO device_keys (device_id, purpose, spki, proof, chain_pem, certificate_sha256)
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(device_id.as_str())
    .bind(to_word(&proven.purpose)?)
    .bind(proven.key.to_spki_der())
    .bind(&proven.proof)
    .bind(chain.to_pem())
    .bind(Sha256Hex::of(chain.leaf().to_der()).to_string())
    .execute(tx)
    .await;
    match inserted {
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
            Err(Refusal::new(ProblemCode::BadKeyProof, "a key belongs to another phone or purpose"))
        }
        other => Ok(other.map(|_| ())?),
    }
}
