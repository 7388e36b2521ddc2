//! Electronic seals, ordered by their numbers.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use eseal_crypto::cert::Certificate;
use eseal_crypto::ses::SealNumber;
use eseal_face::SizeMm;
use eseal_protocol::ids::Sha256Hex;
use eseal_protocol::operator::{Base64Bytes, ElectronicSealOrder, ElectronicSealReply, SIGNERS_MAX, SealOwner};
use eseal_protocol::problem::ProblemCode;

use super::Operator;
use crate::app::{App, SharedApp};
use crate::http::body::{body_or_refusal, json, read_json};
use crate::http::refusal::Refusal;
use crate::seals::electronic::{self, Face, NewElectronicSeal};

/// Largest body of an order: a face of print quality in base64, and certificates.
pub(crate) const MAX_ORDER_BODY: usize = 6 * 1024 * 1024;

/// `PUT /v1/operator/seals/{number}`.
pub(crate) async fn make_route(
    State(app): State<SharedApp>,
    Path(number): Path<String>,
    _: Operator,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let body = body_or_refusal(body)?;
    let number = number_of(&number)?;
    let order: ElectronicSealOrder = read_json(&body)?;
    let order_sha256 = Sha256Hex::of(&body);
    if let Some((earlier, data)) = electronic::load(&mut *app.db.pool().acquire().await?, &number).await? {
        return repeated(earlier == order_sha256, data);
    }
    let signers = signers(&order.signers)?;
    let face = match &order.owner {
        SealOwner::Unit { kind, name, face, size_mm } => {
            let size = size_mm.map(|[width, height]| SizeMm::new(width.into(), height.into())).transpose();
            let size = size.map_err(|error| Refusal::new(ProblemCode::BadFace, error.code()))?;
            Face::read((*kind).into(), name.as_str().to_owned(), face.0.clone(), size).await?
        }
        SealOwner::Person { seal_id } => Face::of_person(&app.db, seal_id).await?,
    };
    let new = NewElectronicSeal {
        number,
        order_sha256,
        version: order.version.into(),
        face,
        signers,
        days: order.valid_days,
    };
    make(&app, new, order.owner).await
}

async fn make(app: &App, new: NewElectronicSeal, owner: SealOwner) -> Result<Response, Refusal> {
    let mut tx = app.db.begin().await?;
    // Another call with this number may have been faster.
    if let Some((earlier, data)) = electronic::load(&mut tx, &new.number).await? {
        return repeated(earlier == new.order_sha256, data);
    }
    let seal_id = match owner {
        SealOwner::Person { seal_id } => Some(seal_id),
        SealOwner::Unit { .. } => None,
    };
    let data = electronic::make(app, &mut tx, new, seal_id).await?;
    tx.commit().await?;
    app.hub.changed();
    json(StatusCode::CREATED, &ElectronicSealReply { data: Base64Bytes(data) })
}

/// `GET /v1/operator/seals/{number}`.
pub(crate) async fn get_route(
    State(app): State<SharedApp>,
    Path(number): Path<String>,
    _: Operator,
) -> Result<Response, Refusal> {
    let number = number.parse().map_err(|_| Refusal::not_found())?;
    let found = electronic::load(&mut *app.db.pool().acquire().await?, &number).await?;
    let (_, data) = found.ok_or_else(Refusal::not_found)?;
    json(StatusCode::OK, &ElectronicSealReply { data: Base64Bytes(data) })
}

fn repeated(is_same: bool, data: Vec<u8>) -> Result<Response, Refusal> {
    if is_same {
        json(StatusCode::OK, &ElectronicSealReply { data: Base64Bytes(data) })
    } else {
        Err(Refusal::new(ProblemCode::IdempotencyConflict, "the number was given to another seal"))
    }
}

fn number_of(text: &str) -> Result<SealNumber, Refusal> {
    text.parse()
        .map_err(|error: eseal_crypto::ses::NotASealNumber| Refusal::new(ProblemCode::BadRequest, error.to_string()))
}

fn signers(pems: &[String]) -> Result<Vec<Certificate>, Refusal> {
    if !(1..=SIGNERS_MAX).contains(&pems.len()) {
        return Err(Refusal::new(ProblemCode::BadRequest, format!("1 to {SIGNERS_MAX} signers")));
    }
    let read =
        |pem: &String| Certificate::from_pem(pem).map_err(|error| Refusal::new(ProblemCode::BadSigner, error.code()));
    pems.iter().map(read).collect()
}
