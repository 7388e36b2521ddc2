//! The platform's HTTP interface (`/v1`), as `eseal_protocol::api` describes it.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, post, put};
use eseal_protocol::jws::JWS_MAX;

use crate::app::SharedApp;
use crate::http::body::BODY_MAX;
use crate::{accounts, claims, consents, devices, operator, seals, usages};

/// Largest body that carries statements.
const STATEMENTS_BODY: usize = 2 * JWS_MAX;

pub(crate) fn router() -> Router<SharedApp> {
    Router::new()
        .route("/v1/session", post(accounts::sign_in_route))
        .route("/v1/enrolments", post(devices::start_route))
        .route("/v1/enrolments/{id}", put(devices::finish_route).layer(DefaultBodyLimit::max(STATEMENTS_BODY)))
        .route("/v1/devices/{id}", delete(devices::revoke_route))
        .route("/v1/claims", post(claims::create_route).layer(DefaultBodyLimit::max(claims::MAX_CLAIM_BODY)))
        .route("/v1/claims/{id}", get(claims::get_route))
        .route("/v1/consents/{id}/open", post(consents::open_route))
        .route("/v1/consents/{id}/documents/{place}", get(consents::document_route))
        .route("/v1/consents/{id}/answer", put(consents::answer_route).layer(DefaultBodyLimit::max(STATEMENTS_BODY)))
        .route("/v1/consents/{id}/evidence", get(consents::evidence_route))
        .route("/v1/seals", get(seals::list_route))
        .route("/v1/usages", get(usages::list_route).post(usages::record_route))
        .route("/v1/operator/sealing-certificates", post(operator::certify_route))
        .route("/v1/operator/certificates/{sha256}", delete(operator::revoke_route))
        .route(
            "/v1/operator/seals/{number}",
            put(operator::make_route).get(operator::get_route).layer(DefaultBodyLimit::max(operator::MAX_ORDER_BODY)),
        )
        .layer(DefaultBodyLimit::max(BODY_MAX))
}
