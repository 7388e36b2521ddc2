//! Seals: made of consented claims, listed with their pictures, and as electronic seals where those were ordered.

pub(crate) mod electronic;
mod maker;
mod routes;

use eseal_protocol::api::SealEntry;
use eseal_protocol::ids::PersonId;
use eseal_protocol::jws::Compact;
use eseal_protocol::operator::Base64Bytes;

pub(crate) use maker::{NewSeal, SealMaker};
pub(crate) use routes::list_route;

use crate::db::{Db, from_word};
use crate::http::refusal::Refusal;

/// A person's seals, newest first.
pub(crate) async fn list(db: &Db, person_id: &PersonId) -> Result<Vec<SealEntry>, Refusal> {
    let rows: Vec<(String, String, String, Option<Vec<u8>>)> = sqlx::query_as(
        "SELECT record, face_svg, state,
                (SELECT der FROM electronic_seals WHERE electronic_seals.seal_id = seals.seal_id
                 ORDER BY electronic_seals.made_at DESC, electronic_seals.rowid DESC LIMIT 1)
         FROM seals WHERE person_id = ? ORDER BY made_at DESC, rowid DESC",
    )
    .bind(person_id.as_str())
    .fetch_all(db.pool())
    .await?;
    let entry = |(record, face_svg, state, data): (String, String, String, Option<Vec<u8>>)| {
        let electronic = data.map(Base64Bytes);
        Ok(SealEntry { record: Compact::from_text(record), face_svg, state: from_word(&state)?, electronic })
    };
    rows.into_iter().map(entry).collect()
}
