//! Limits on tries, kept in the database so that a restart does not reset them.

use eseal_protocol::problem::ProblemCode;
use eseal_protocol::time::Timestamp;
use sqlx::SqliteConnection;

use crate::db::{sql_time, wire_time};
use crate::http::refusal::Refusal;

/// A limit: so many tries within so many seconds.
pub(crate) struct Throttle {
    pub(crate) kind: &'static str,
    pub(crate) tries: i64,
    pub(crate) window_s: u64,
}

impl Throttle {
    /// Counts a try before it is made; refuses it beyond the limit.
    pub(crate) async fn take(&self, conn: &mut SqliteConnection, subject: &str, now: Timestamp) -> Result<(), Refusal> {
        // Windows that are over go first: they neither count nor fill the table.
        sqlx::query("DELETE FROM throttles WHERE window_ends <= ?").bind(sql_time(now)).execute(&mut *conn).await?;
        let (tries, window_ends): (i64, i64) = sqlx::query_as(
            "INSERT INTO throttles (kind, subject, window_ends, tries) VALUES (?, ?, ?, 1)
             ON CONFLICT (kind, subject) DO UPDATE SET tries = tries + 1
             RETURNING tries, window_ends",
        )
        .bind(self.kind)
        .bind(subject)
        .bind(sql_time(Timestamp(now.0.saturating_add(self.window_s))))
        .fetch_one(conn)
        .await?;
        if tries <= self.tries {
            return Ok(());
        }
        let left_s = wire_time(window_ends).seconds_since(now);
        Err(Refusal::new(ProblemCode::TooManyTries, "too many tries").after_ms(left_s.saturating_mul(1000)))
    }

    /// Forgets the tries after a success.
    pub(crate) async fn clear(&self, conn: &mut SqliteConnection, subject: &str) -> Result<(), Refusal> {
        sqlx::query("DELETE FROM throttles WHERE kind = ? AND subject = ?")
            .bind(self.kind)
            .bind(subject)
            .execute(conn)
            .await?;
        Ok(())
    }
}
