//! Query strings.

use axum::extract::Query;
use axum::http::Uri;
use eseal_protocol::problem::ProblemCode;
use serde::de::DeserializeOwned;

use super::refusal::Refusal;

/// Reads a query string, without its question mark.
pub(crate) fn read<T: DeserializeOwned>(query: &str) -> Result<T, Refusal> {
    let bad = || Refusal::new(ProblemCode::BadRequest, "the query is not what this call takes");
    let uri: Uri = format!("/?{query}").parse().map_err(|_| bad())?;
    Query::try_from_uri(&uri).map(|Query(value)| value).map_err(|_| bad())
}
