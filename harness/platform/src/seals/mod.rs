//! Seals: made of consented claims, listed with their pictures.

mod maker;
mod routes;

use eseal_protocol::api::SealEntry;
use eseal_protocol::ids::PersonId;
use eseal_protocol::jws::Compact;

pub(crate) use maker::{NewSeal, SealMaker};
pub(crate) use routes::list_route;

use crate::db::{Db, from_word};
use crate::http::refusal::Refusal;

/// A person's seals, newest first.
pub(crate) async fn list(db: &Db, person_id: &PersonId) -> Result<Vec<SealEntry>, Refusal> {
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT record, face_svg, state FROM seals WHERE person_id = ? ORDER BY made_at DESC, rowid DESC",
    )
    .bind(person_id.as_str())
    .fetch_all(db.pool())
    .await?;
    let entry = |(record, face_svg, state): (String, String, String)| {
        Ok(SealEntry { record: Compact::from_text(record), face_svg, state: from_word(&state)? })
    };
    rows.into_iter().map(entry).collect()
}
