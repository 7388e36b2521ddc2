//! What an operator does beside the persons' own calls: certifies keys of SM2, has electronic seals made, takes certificates back.
//!
//! Until units, their registers and their administrators are here, the operator answers for what is known of a holder.

mod certificates;
mod seals;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use data_encoding::BASE64URL_NOPAD;
use eseal_protocol::ids::Sha256Hex;
use eseal_protocol::problem::ProblemCode;
use zeroize::Zeroizing;

pub(crate) use certificates::{certify_route, revoke_route};
pub(crate) use seals::{MAX_ORDER_BODY, get_route, make_route};

use crate::app::SharedApp;
use crate::http::refusal::Refusal;

/// The operator's token: a secret of the data directory. Only its digest is held against what comes in, so that no time that a
/// comparison takes says anything of the token.
pub(crate) struct OperatorToken {
    token: Zeroizing<String>,
    digest: Sha256Hex,
}

impl OperatorToken {
    pub(crate) fn new(secret: &Zeroizing<[u8; 32]>) -> Self {
        let token = Zeroizing::new(BASE64URL_NOPAD.encode(secret.as_slice()));
        let digest = Sha256Hex::of(token.as_bytes());
        Self { token, digest }
    }

    pub(crate) fn expose(&self) -> &str {
        &self.token
    }
}

/// A call by the operator.
pub(crate) struct Operator;

impl FromRequestParts<SharedApp> for Operator {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Refusal> {
        let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value.and_then(|value| value.strip_prefix("Bearer "));
        let is_operator = token.is_some_and(|token| Sha256Hex::of(token.as_bytes()) == app.operator.digest);
        if is_operator { Ok(Self) } else { Err(Refusal::new(ProblemCode::NoSession, "the operator's token is needed")) }
    }
}
