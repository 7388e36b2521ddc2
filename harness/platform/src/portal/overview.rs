//! Everything the page shows of the signed-in person, as one value: the page is drawn from it and nothing else.

use eseal_protocol::api::{ClaimState, SealEntry, SealState};
use eseal_protocol::consent::ConsentState;
use eseal_protocol::ids::{ClaimId, DeviceId, SealId, Sha256Hex, UsageId};
use eseal_protocol::jws::Compact;
use eseal_protocol::problem::ProblemCode;
use eseal_protocol::qr::CODE_LIFETIME_S;
use eseal_protocol::text::DisplayText;
use eseal_protocol::time::Timestamp;
use eseal_protocol::usage::UsageRecord;
use serde::Serialize;

use super::session::Session;
use crate::app::App;
use crate::claims::ClaimRow;
use crate::http::body::write_json;
use crate::http::refusal::Refusal;
use crate::{seals, usages};

/// What the page gets.
#[derive(Serialize)]
pub(super) struct Followed {
    /// Digest of [`Overview`]; the page hands it back to be told of the next change.
    pub(super) version: Sha256Hex,
    /// The platform's clock, by which the page counts down.
    server_time: Timestamp,
    overview: Overview,
}

#[derive(Serialize)]
struct Overview {
    name: DisplayText,
    account: String,
    claim: Option<ClaimView>,
    /// Newest first.
    seals: Vec<SealView>,
    /// Newest first.
    usages: Vec<UsageView>,
}

#[derive(Serialize)]
struct ClaimView {
    claim_id: ClaimId,
    seal_id: SealId,
    state: ClaimState,
    face_sha256: Sha256Hex,
    width_um: u32,
    height_um: u32,
    request: Option<RequestView>,
}

#[derive(Serialize)]
struct RequestView {
    state: ConsentState,
    origin: Origin,
    code_ends_at: Timestamp,
    answer_ends_at: Timestamp,
    /// The phone that opened it.
    device_id: Option<DeviceId>,
}

/// Which browser session started a request: only that one is shown the code.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Origin {
    ThisSession,
    AnotherSession,
}

#[derive(Serialize)]
struct SealView {
    seal_id: SealId,
    state: SealState,
    width_um: u32,
    height_um: u32,
    made_at: Timestamp,
    expires_at: Timestamp,
}

#[derive(Serialize)]
struct UsageView {
    usage_id: UsageId,
    seal_id: SealId,
    document: DisplayText,
    document_sha256: Sha256Hex,
    device_id: DeviceId,
    recorded_at: Timestamp,
}

/// What there is to show now.
pub(super) async fn read(app: &App, session: &Session) -> Result<Followed, Refusal> {
    let person = &session.account.person;
    let claim = ClaimRow::newest_of(&mut *app.db.pool().acquire().await?, &person.person_id).await?;
    let claim = match claim {
        Some(claim) => Some(claim_view(app, session, claim).await?),
        None => None,
    };
    let overview = Overview {
        name: person.name.clone(),
        account: session.account.account.clone(),
        claim,
        seals: seal_views(app, session).await?,
        usages: usage_views(app, session).await?,
    };
    let version = Sha256Hex::of(&write_json(&overview)?);
    Ok(Followed { version, server_time: app.now(), overview })
}

async fn claim_view(app: &App, session: &Session, claim: ClaimRow) -> Result<ClaimView, Refusal> {
    let request = app.relying_party.request_of(&claim.claim.claim_id).await?.map(|(request, standing)| RequestView {
        state: standing.state,
        origin: if request.session == session.digest { Origin::ThisSession } else { Origin::AnotherSession },
        code_ends_at: Timestamp(request.created_at.0.saturating_add(CODE_LIFETIME_S)),
        answer_ends_at: standing.expires_at,
        device_id: standing.device_id,
    });
    Ok(ClaimView {
        claim_id: claim.claim.claim_id,
        seal_id: claim.claim.seal_id,
        state: claim.claim.state,
        face_sha256: claim.claim.face_sha256,
        width_um: claim.face.width_um,
        height_um: claim.face.height_um,
        request,
    })
}

async fn seal_views(app: &App, session: &Session) -> Result<Vec<SealView>, Refusal> {
    let entries = seals::list(&app.db, &session.account.person.person_id).await?;
    let view = |entry: SealEntry| {
        let record = entry.record.parse().map_err(Refusal::internal)?;
        let record = record.peek();
        Ok(SealView {
            seal_id: record.seal_id.clone(),
            state: entry.state,
            width_um: record.face.width_um,
            height_um: record.face.height_um,
            made_at: record.made_at,
            expires_at: record.expires_at,
        })
    };
    entries.into_iter().map(view).collect()
}

async fn usage_views(app: &App, session: &Session) -> Result<Vec<UsageView>, Refusal> {
    let records = usages::list(&app.db, &session.account.person.person_id).await?;
    let view = |record: &Compact<UsageRecord>| {
        let record = record.parse().map_err(Refusal::internal)?;
        let record = record.peek();
        Ok(UsageView {
            usage_id: record.usage_id.clone(),
            seal_id: record.seal_id.clone(),
            document: record.document.name.clone(),
            document_sha256: record.document.sha256,
            device_id: record.device_id.clone(),
            recorded_at: record.recorded_at,
        })
    };
    records.iter().map(view).collect()
}

/// The picture of one of the person's claims or seals.
pub(super) async fn claim_face(app: &App, session: &Session, claim_id: &ClaimId) -> Result<String, Refusal> {
    let claim = ClaimRow::load(&mut *app.db.pool().acquire().await?, claim_id).await?;
    let own = claim.filter(|claim| claim.person_id == session.account.person.person_id);
    own.map(|claim| claim.face_svg).ok_or_else(Refusal::not_found)
}

/// The picture of one of the person's seals.
pub(super) async fn seal_face(app: &App, session: &Session, seal_id: &SealId) -> Result<String, Refusal> {
    let face: Option<(String,)> = sqlx::query_as("SELECT face_svg FROM seals WHERE seal_id = ? AND person_id = ?")
        .bind(seal_id.as_str())
        .bind(session.account.person.person_id.as_str())
        .fetch_optional(app.db.pool())
        .await?;
    face.map(|(svg,)| svg).ok_or_else(Refusal::not_found)
}

/// The present frame's link, for the browser session that started the request.
pub(super) async fn frame_link(app: &App, session: &Session, claim_id: &ClaimId) -> Result<String, Refusal> {
    // Also checks whose claim it is.
    claim_face(app, session, claim_id).await?;
    let (request, standing) = app.relying_party.request_of(claim_id).await?.ok_or_else(Refusal::not_found)?;
    if request.session != session.digest {
        return Err(Refusal::new(ProblemCode::Forbidden, "another browser session started the request"));
    }
    let over = || Refusal::new(ProblemCode::FrameExpired, "the code is not shown any more");
    if standing.state != ConsentState::Created {
        return Err(over());
    }
    app.relying_party.frame(&request, &app.link_host).ok_or_else(over)
}
