//! The data of electronic seals (`SESeal`), made with the platform's key of SM2 by the maker of `eseal_crypto::ses`, as
//! `eseal seal make` does.

use eseal_crypto::cert::{Certificate, Chain, Purpose};
use eseal_crypto::revocation::RevocationStatus;
use eseal_crypto::ses::{SealKind, SealNumber, SealOrder, SealPicture, SealSigners, SesVersion};
use eseal_face::{Imprint, SizeMm};
use eseal_protocol::ids::{SealId, Sha256Hex};
use eseal_protocol::jws::Compact;
use eseal_protocol::problem::ProblemCode;
use eseal_protocol::seal::SealRecord;
use eseal_protocol::time::Timestamp;
use sqlx::SqliteConnection;
use tokio::task::spawn_blocking;

use crate::app::App;
use crate::audit::{self, Event, Kind};
use crate::db::{Db, parsed, sql_time};
use crate::http::refusal::Refusal;
use crate::pki::{self, Ca};

/// What is seen of a seal, and what it is called.
pub(crate) struct Face {
    kind: SealKind,
    name: String,
    picture: SealPicture,
}

/// A seal to be made.
pub(crate) struct NewElectronicSeal {
    pub(crate) number: SealNumber,
    /// Digest of the order that caused it.
    pub(crate) order_sha256: Sha256Hex,
    pub(crate) version: SesVersion,
    pub(crate) face: Face,
    pub(crate) signers: Vec<Certificate>,
    pub(crate) days: Option<u32>,
}

impl Face {
    /// Draws or decodes a picture, off the threads that serve.
    pub(crate) async fn read(
        kind: SealKind,
        name: String,
        face: Vec<u8>,
        size: Option<SizeMm>,
    ) -> Result<Self, Refusal> {
        let read = spawn_blocking(move || Imprint::read(face, size)).await.map_err(Refusal::internal)?;
        let imprint = read.map_err(|error| Refusal::new(ProblemCode::BadFace, error.code()))?;
        let [width_mm, height_mm] = imprint.size_mm();
        let picture = SealPicture { kind: Imprint::KIND.to_owned(), data: imprint.into_png(), width_mm, height_mm };
        Ok(Self { kind, name, picture })
    }

    /// That of a person's seal: what the person drew and consented to.
    pub(crate) async fn of_person(db: &Db, seal_id: &SealId) -> Result<Self, Refusal> {
        let row: Option<(String, String)> = sqlx::query_as("SELECT record, face_svg FROM seals WHERE seal_id = ?")
            .bind(seal_id.as_str())
            .fetch_optional(db.pool())
            .await?;
        let (record, face_svg) = row.ok_or_else(Refusal::not_found)?;
        let record = Compact::<SealRecord>::from_text(record).parse().map_err(Refusal::internal)?;
        let name = record.peek().owner.name.as_str().to_owned();
        Self::read(SealKind::Personal, name, face_svg.into_bytes(), None).await
    }
}

/// Makes a seal, keeps it and notes it. A person's must be in use.
pub(crate) async fn make(
    app: &App,
    tx: &mut SqliteConnection,
    new: NewElectronicSeal,
    seal_id: Option<SealId>,
) -> Result<Vec<u8>, Refusal> {
    let now = app.now();
    let refused = |detail: &str| Refusal::new(ProblemCode::SealNotMade, detail);
    if let Some(seal_id) = &seal_id {
        check_in_use(tx, seal_id).await?;
    }
    for signer in &new.signers {
        check_signer(app, signer, now).await?;
    }
    if !is_good(app, app.electronic_seals.certificate()).await? {
        return Err(refused("the maker's certificate was revoked"));
    }
    let order = SealOrder {
        version: new.version,
        number: new.number.clone(),
        kind: new.face.kind,
        name: new.face.name,
        signers: SealSigners::whole(&new.signers),
        picture: new.face.picture,
        days: new.days,
    };
    let seal = app.electronic_seals.make(order, now.into()).map_err(|error| refused(error.code()))?;
    let der = seal.to_der().to_vec();
    sqlx::query("INSERT INTO electronic_seals (number, seal_id, body_sha256, der, made_at) VALUES (?, ?, ?, ?, ?)")
        .bind(new.number.as_str())
        .bind(seal_id.as_ref().map(SealId::as_str))
        .bind(new.order_sha256.to_string())
        .bind(&der)
        .bind(sql_time(now))
        .execute(&mut *tx)
        .await?;
    let (subject, content) = (new.number.as_str(), Some(Sha256Hex::of(&der)));
    audit::append(tx, now, Event { kind: Kind::Seal, subject, from: None, to: "made", content }).await?;
    Ok(der)
}

/// The digest of the order and the data of the seal with this number.
pub(crate) async fn load(
    conn: &mut SqliteConnection,
    number: &SealNumber,
) -> Result<Option<(Sha256Hex, Vec<u8>)>, Refusal> {
    let row: Option<(String, Vec<u8>)> =
        sqlx::query_as("SELECT body_sha256, der FROM electronic_seals WHERE number = ?")
            .bind(number.as_str())
            .fetch_optional(conn)
            .await?;
    row.map(|(digest, der)| Ok((parsed(&digest)?, der))).transpose()
}

async fn check_in_use(tx: &mut SqliteConnection, seal_id: &SealId) -> Result<(), Refusal> {
    let state: Option<(String,)> =
        sqlx::query_as("SELECT state FROM seals WHERE seal_id = ?").bind(seal_id.as_str()).fetch_optional(tx).await?;
    match state.as_ref().map(|(state,)| state.as_str()) {
        Some("active") => Ok(()),
        _ => Err(Refusal::new(ProblemCode::SealNotUsable, "the seal was replaced")),
    }
}

/// Who may use a seal must have a certificate of this platform's that is good: others' cannot be taken back here.
async fn check_signer(app: &App, signer: &Certificate, now: Timestamp) -> Result<(), Refusal> {
    let bad = |detail: &str| Refusal::new(ProblemCode::BadSigner, detail);
    let issuing = app.authority.issuer(Ca::NationalIssuing).certificate();
    let anchors = app.authority.national_anchors();
    Chain::find(signer, [issuing], &anchors, now.into(), Purpose::DocumentSigning)
        .map_err(|error| bad(error.code()))?;
    if is_good(app, signer).await? { Ok(()) } else { Err(bad("the certificate was revoked")) }
}

async fn is_good(app: &App, certificate: &Certificate) -> Result<bool, Refusal> {
    let status = pki::status(&app.db, Ca::NationalIssuing, certificate.serial()).await?;
    Ok(status == RevocationStatus::Good)
}
