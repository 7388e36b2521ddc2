//! The interface that the page uses. Its types are the portal's own and may change with the page.

use std::net::SocketAddr;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use eseal_protocol::api::SignInRequest;
use eseal_protocol::ids::{ClaimId, Sha256Hex};
use eseal_protocol::problem::ProblemCode;
use serde::Deserialize;

use super::channel::guard;
use super::screen::Code;
use super::session::{self, Session};
use super::{Channel, assets, browser, overview};
use crate::accounts;
use crate::app::SharedApp;
use crate::claims::ClaimRow;
use crate::claims::relying_party::Initiated;
use crate::http::body::{body_or_refusal, json, read_json};
use crate::http::poll::WAIT_MAX_S;
use crate::http::query;
use crate::http::refusal::Refusal;

/// A face is a picture and nothing else, even when it is opened by itself.
const PICTURE_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");

/// The portal as one listener serves it.
pub(crate) fn router(channel: Channel) -> Router<SharedApp> {
    assets::router()
        .route("/portal/api/session", get(who).post(sign_in).delete(sign_out))
        .route("/portal/api/overview", get(follow))
        .route("/portal/api/claims/{id}/face.svg", get(claim_face))
        .route("/portal/api/claims/{id}/take", post(take))
        .route("/portal/api/claims/{id}/cancel", post(cancel))
        .route("/portal/api/claims/{id}/frame.svg", get(frame_svg))
        .route("/portal/api/claims/{id}/frame.png", get(frame_png))
        .route("/portal/api/seals/{id}/face.svg", get(seal_face))
        .layer(from_fn(guard))
        .layer(Extension(channel))
}

async fn sign_in(
    State(app): State<SharedApp>,
    Extension(channel): Extension<Channel>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let request: SignInRequest = read_json(&body_or_refusal(body)?)?;
    let account = accounts::sign_in(&app, &request.account, &request.password).await?;
    let cookie = session::start(&app, channel, &account).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Who is signed in, if anybody: what a page that was just opened asks first.
async fn who(session: Result<Session, Refusal>) -> Result<Response, Refusal> {
    let account = match session {
        Ok(session) => Some(session.account.account),
        Err(refusal) if refusal.code == ProblemCode::NoSession => None,
        Err(refusal) => return Err(refusal),
    };
    json(StatusCode::OK, &serde_json::json!({ "account": account }))
}

async fn sign_out(
    State(app): State<SharedApp>,
    Extension(channel): Extension<Channel>,
    session: Session,
) -> Result<Response, Refusal> {
    let cookie = session::end(&app, channel, &session).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

#[derive(Deserialize)]
struct Poll {
    since: Option<Sha256Hex>,
}

/// The overview: at once without `since`, else as soon as it is another than that, or after a while.
async fn follow(
    State(app): State<SharedApp>,
    RawQuery(query): RawQuery,
    session: Session,
) -> Result<Response, Refusal> {
    let Poll { since } = query::read(&query.unwrap_or_default())?;
    let mut wait = app.hub.wait(if since.is_some() { WAIT_MAX_S } else { 0 }, app.stopping.clone());
    loop {
        let followed = overview::read(&app, &session).await?;
        if Some(followed.version) != since || !wait.again().await {
            return json(StatusCode::OK, &followed);
        }
    }
}

async fn take(
    State(app): State<SharedApp>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(id): Path<String>,
    headers: HeaderMap,
    session: Session,
) -> Result<StatusCode, Refusal> {
    let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let initiated = Initiated {
        account: &session.account.account,
        person: &session.account.person,
        browser: browser::context(peer.ip(), user_agent, session.digest)?,
    };
    app.relying_party.take(&claim_id(&id)?, initiated).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn cancel(State(app): State<SharedApp>, Path(id): Path<String>, session: Session) -> Result<StatusCode, Refusal> {
    let person_id = &session.account.person.person_id;
    let newest = ClaimRow::newest_of(&mut *app.db.pool().acquire().await?, person_id).await?;
    if newest.is_none_or(|claim| claim.claim.claim_id.as_str() != id) {
        return Err(Refusal::not_found());
    }
    app.relying_party.withdraw_open(person_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn frame_svg(
    State(app): State<SharedApp>,
    Path(id): Path<String>,
    session: Session,
) -> Result<Response, Refusal> {
    let link = overview::frame_link(&app, &session, &claim_id(&id)?).await?;
    let code = Code::of(&link)?;
    Ok(picture(code.matrix.to_svg(code.module)))
}

async fn frame_png(
    State(app): State<SharedApp>,
    Path(id): Path<String>,
    session: Session,
) -> Result<Response, Refusal> {
    let link = overview::frame_link(&app, &session, &claim_id(&id)?).await?;
    let content_type = HeaderValue::from_static("image/png");
    Ok(([(header::CONTENT_TYPE, content_type)], Code::of(&link)?.png()).into_response())
}

async fn claim_face(
    State(app): State<SharedApp>,
    Path(id): Path<String>,
    session: Session,
) -> Result<Response, Refusal> {
    Ok(picture(overview::claim_face(&app, &session, &claim_id(&id)?).await?))
}

async fn seal_face(
    State(app): State<SharedApp>,
    Path(id): Path<String>,
    session: Session,
) -> Result<Response, Refusal> {
    let id = id.parse().map_err(|_| Refusal::not_found())?;
    Ok(picture(overview::seal_face(&app, &session, &id).await?))
}

fn picture(svg: String) -> Response {
    let content_type = HeaderValue::from_static("image/svg+xml");
    ([(header::CONTENT_TYPE, content_type), (header::CONTENT_SECURITY_POLICY, PICTURE_POLICY)], svg).into_response()
}

fn claim_id(text: &str) -> Result<ClaimId, Refusal> {
    text.parse().map_err(|_| Refusal::not_found())
}
