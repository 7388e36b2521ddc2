//! The SQLite file.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use eseal_protocol::time::Timestamp;
use serde::Serialize;
use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer as _};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, SqlitePool, Transaction};

use crate::error::PlatformError;
use crate::http::refusal::Refusal;

const CONNECTIONS_MAX: u32 = 8;
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// The database. What is read alone goes to [`Self::pool`]; what is changed goes through [`Self::begin`].
#[derive(Clone)]
pub(crate) struct Db {
    pool: SqlitePool,
}

impl Db {
    /// Opens or makes the file and brings it up to date.
    pub(crate) async fn open(file: &Path) -> Result<Self, PlatformError> {
        make_private(file)?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            // A receipt that was handed out must survive the machine's fall.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT);
        let pool = SqlitePoolOptions::new()
            .max_connections(CONNECTIONS_MAX)
            .acquire_timeout(BUSY_TIMEOUT)
            .connect_with(options)
            .await?;
        sqlx::migrate!().run(&pool).await?;
        Ok(Self { pool })
    }

    pub(crate) const fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    /// Begins a transaction that holds the one write lock from its start, so that what it read stays true until it commits.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
        self.pool.begin_with("BEGIN IMMEDIATE").await
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}

/// Names and frame secrets are in it: the file is its owner's alone, and SQLite gives its side files the same rights.
fn make_private(file: &Path) -> Result<(), PlatformError> {
    let made = OpenOptions::new().append(true).create(true).mode(0o600).open(file);
    made.map(|_| ()).map_err(|source| PlatformError::File { path: file.to_owned(), source })
}

/// An instant as it is stored.
pub(crate) fn sql_time(time: Timestamp) -> i64 {
    i64::try_from(time.0).unwrap_or(i64::MAX)
}

/// A stored instant.
pub(crate) fn wire_time(seconds: i64) -> Timestamp {
    Timestamp(u64::try_from(seconds).unwrap_or_default())
}

/// A stored identifier or digest.
pub(crate) fn parsed<T: FromStr>(text: &str) -> Result<T, Refusal> {
    text.parse().map_err(|_| Refusal::internal("a stored identifier cannot be read"))
}

/// A stored word of a closed list, in its wire form.
pub(crate) fn from_word<T: DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    let deserializer: StrDeserializer<'_, ValueError> = text.into_deserializer();
    T::deserialize(deserializer).map_err(Refusal::internal)
}

/// A word of a closed list as it is stored: its wire form.
pub(crate) fn to_word<T: Serialize>(value: &T) -> Result<String, Refusal> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => Ok(text),
        _ => Err(Refusal::internal("not a word of a closed list")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an earlier version kept of certificates is there afterwards, and the national CAs are let in.
    #[tokio::test]
    async fn certificates_and_lists_outlive_the_migration() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("platform.sqlite");
        let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
        let pool = SqlitePool::connect_with(options).await.unwrap();
        let mut earlier = sqlx::migrate!();
        earlier.migrations.to_mut().truncate(7);
        earlier.run(&pool).await.unwrap();
        for statement in [
            "INSERT INTO certificates VALUES ('issuing', '4a', 'aa', NULL, NULL), ('root', '4b', 'bb', 5, 1)",
            "INSERT INTO crls VALUES ('root', 7, 3, 0, X'30')",
        ] {
            sqlx::query(statement).execute(&pool).await.unwrap();
        }
        let national = "INSERT INTO certificates VALUES ('national-issuing', '4a', 'cc', NULL, NULL)";
        assert!(sqlx::query(national).execute(&pool).await.is_err());
        pool.close().await;
        let db = Db::open(&file).await.unwrap();
        let kept: Vec<(String, String, Option<i64>)> =
            sqlx::query_as("SELECT issuer, certificate_sha256, revoked_at FROM certificates ORDER BY serial")
                .fetch_all(db.pool())
                .await
                .unwrap();
        let row = |issuer: &str, digest: &str, at| (issuer.to_owned(), digest.to_owned(), at);
        assert_eq!(kept, [row("issuing", "aa", None), row("root", "bb", Some(5))]);
        let list: (i64, i64) =
            sqlx::query_as("SELECT number, is_current FROM crls").fetch_one(db.pool()).await.unwrap();
        assert_eq!(list, (7, 0));
        sqlx::query(national).execute(db.pool()).await.unwrap();
        assert!(
            sqlx::query("INSERT INTO certificates VALUES ('else', '4c', 'dd', NULL, NULL)")
                .execute(db.pool())
                .await
                .is_err()
        );
    }
}
