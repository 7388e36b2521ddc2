//! Claims of a personal hand-drawn seal.

mod drawing;
pub(crate) mod relying_party;
mod routes;
mod row;

pub(crate) use drawing::MAX_CLAIM_BODY;
pub(crate) use routes::{create_route, get_route};
pub(crate) use row::ClaimRow;
