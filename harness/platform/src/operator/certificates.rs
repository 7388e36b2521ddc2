//! Sealing certificates of SM2.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificationRequest, Chain, IssueError, Subject};
use eseal_crypto::revocation::RevocationReason;
use eseal_protocol::ids::Sha256Hex;
use eseal_protocol::operator::{SealingCertificateReply, SealingCertificateRequest};
use eseal_protocol::problem::ProblemCode;
use sqlx::SqliteConnection;

use super::Operator;
use crate::app::SharedApp;
use crate::audit::{self, Event, Kind};
use crate::http::body::{body_or_refusal, json, read_json};
use crate::http::refusal::Refusal;
use crate::pki::{self, Ca};

/// `POST /v1/operator/sealing-certificates`.
pub(crate) async fn certify_route(
    State(app): State<SharedApp>,
    _: Operator,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let body = body_or_refusal(body)?;
    let asked: SealingCertificateRequest = read_json(&body)?;
    let bad_key = |detail: &str| Refusal::new(ProblemCode::BadKeyProof, detail);
    let request = CertificationRequest::from_pem(&asked.request_pem).map_err(|error| bad_key(error.code()))?;
    if request.key().suite() != Suite::Sm2Sm3 {
        return Err(bad_key("the key is not of SM2"));
    }
    let body_sha256 = Sha256Hex::of(&body);
    let now = app.now();
    let mut tx = app.db.begin().await?;
    if let Some(chain) = earlier(&mut tx, &body_sha256).await? {
        return answer(StatusCode::OK, &chain);
    }
    let subject = Subject::named(asked.holder.as_str()).with_serial_number(asked.code.as_str()).with_country(*b"CN");
    let chain = app.authority.certify_national(&subject, request.key(), now).map_err(|error| match error {
        IssueError::BadSubject => Refusal::new(ProblemCode::BadRequest, error.code()),
        _ => Refusal::internal(error),
    })?;
    let inserted =
        sqlx::query("INSERT INTO sealing_certificates (body_sha256, spki_sha256, chain_pem) VALUES (?, ?, ?)")
            .bind(body_sha256.to_string())
            .bind(Sha256Hex::of(&request.key().to_spki_der()).to_string())
            .bind(chain.to_pem())
            .execute(&mut *tx)
            .await;
    match inserted {
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
            return Err(bad_key("the key was certified for another holder"));
        }
        other => other?,
    };
    pki::record(&mut tx, Ca::NationalIssuing, chain.leaf()).await?;
    let (digest, content) = (Sha256Hex::of(chain.leaf().to_der()).to_string(), Some(body_sha256));
    let event = Event { kind: Kind::Certificate, subject: &digest, from: None, to: "active", content };
    audit::append(&mut tx, now, event).await?;
    tx.commit().await?;
    answer(StatusCode::CREATED, &chain)
}

/// `DELETE /v1/operator/certificates/{sha256}`: takes back any certificate of the platform's. Said again, nothing more happens.
pub(crate) async fn revoke_route(
    State(app): State<SharedApp>,
    Path(digest): Path<String>,
    _: Operator,
) -> Result<StatusCode, Refusal> {
    let digest: Sha256Hex = digest.parse().map_err(|_| Refusal::not_found())?;
    let mut tx = app.db.begin().await?;
    if !pki::is_known(&mut tx, &digest).await? {
        return Err(Refusal::not_found());
    }
    // Why is the operator's to know.
    pki::revoke_by_digest(&mut tx, &digest, RevocationReason::Unspecified, app.now()).await?;
    tx.commit().await?;
    app.hub.changed();
    Ok(StatusCode::NO_CONTENT)
}

async fn earlier(tx: &mut SqliteConnection, body: &Sha256Hex) -> Result<Option<Chain>, Refusal> {
    let row: Option<(String,)> = sqlx::query_as("SELECT chain_pem FROM sealing_certificates WHERE body_sha256 = ?")
        .bind(body.to_string())
        .fetch_optional(tx)
        .await?;
    row.map(|(pem,)| Chain::from_pem(&pem).map_err(Refusal::internal)).transpose()
}

fn answer(status: StatusCode, chain: &Chain) -> Result<Response, Refusal> {
    let certificate_sha256 = Sha256Hex::of(chain.leaf().to_der());
    json(status, &SealingCertificateReply { chain_pem: chain.to_pem(), certificate_sha256 })
}
