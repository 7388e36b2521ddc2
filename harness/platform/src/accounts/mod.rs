//! Accounts: who can sign in, and as which person.

mod password;
mod routes;
mod token;

use eseal_protocol::api::Person;
use eseal_protocol::ids::PersonId;
use eseal_protocol::problem::ProblemCode;
use eseal_protocol::text::DisplayText;

pub(crate) use password::Passwords;
pub(crate) use routes::sign_in_route;
pub(crate) use token::Bearer;

use crate::app::App;
use crate::config::AccountSeed;
use crate::db::{Db, parsed};
use crate::error::PlatformError;
use crate::http::refusal::Refusal;
use crate::random;
use crate::throttle::Throttle;

const SIGN_IN: Throttle = Throttle { kind: "sign-in", tries: 5, window_s: 60 };
/// Longest account name, in bytes.
const ACCOUNT_MAX: usize = 64;
/// Longest password, in bytes.
const PASSWORD_MAX: usize = 256;

/// A signed-in account.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) account: String,
    pub(crate) person: Person,
}

/// Checks account and password. Each try is counted before it is made, and an unknown account costs as much time as a wrong
/// password, so that nobody learns which accounts there are.
pub(crate) async fn sign_in(app: &App, account: &str, password: &str) -> Result<Account, Refusal> {
    let wrong = || Refusal::new(ProblemCode::BadCredentials, "account or password is wrong");
    if account.len() > ACCOUNT_MAX || password.len() > PASSWORD_MAX {
        return Err(wrong());
    }
    let mut conn = app.db.pool().acquire().await?;
    SIGN_IN.take(&mut conn, account, app.now()).await?;
    let row: Option<(String, String, String)> = sqlx::query_as(
        "SELECT password_hash, person_id, name FROM accounts JOIN persons USING (person_id) WHERE account = ?",
    )
    .bind(account)
    .fetch_optional(&mut *conn)
    .await?;
    drop(conn);
    let stored = row.as_ref().map(|(hash, ..)| hash.clone());
    let fits = app.passwords.check(stored, password).await?;
    let (Some((_, person_id, name)), true) = (row, fits) else { return Err(wrong()) };
    let mut conn = app.db.pool().acquire().await?;
    SIGN_IN.clear(&mut conn, account).await?;
    Ok(Account { account: account.to_owned(), person: read_person(&person_id, name)? })
}

pub(crate) fn read_person(person_id: &str, name: String) -> Result<Person, Refusal> {
    Ok(Person { person_id: parsed(person_id)?, name: DisplayText::new(name).map_err(Refusal::internal)? })
}

/// Makes the accounts that are not there yet.
pub(crate) async fn seed(db: &Db, passwords: &Passwords, accounts: &[AccountSeed]) -> Result<(), PlatformError> {
    for seed in accounts {
        let exists: Option<(i64,)> = sqlx::query_as("SELECT 1 FROM accounts WHERE account = ?")
            .bind(&seed.account)
            .fetch_optional(db.pool())
            .await?;
        if exists.is_none() {
            create(db, passwords, seed).await?;
        }
    }
    Ok(())
}

async fn create(db: &Db, passwords: &Passwords, seed: &AccountSeed) -> Result<(), PlatformError> {
    let bad = || PlatformError::BadAccount { account: seed.account.clone() };
    let account = DisplayText::new(seed.account.clone()).map_err(|_| bad())?;
    let name = DisplayText::new(seed.name.clone()).map_err(|_| bad())?;
    let within = seed.account.len() <= ACCOUNT_MAX && (1..=PASSWORD_MAX).contains(&seed.password.len());
    if !within {
        return Err(bad());
    }
    let hash = passwords.hash(&seed.password).await.map_err(|_| bad())?;
    let person_id = PersonId::random(&mut random::os());
    let mut tx = db.begin().await?;
    sqlx::query("INSERT INTO persons (person_id, name) VALUES (?, ?)")
        .bind(person_id.as_str())
        .bind(name.as_str())
        .execute(&mut *tx)
        .await?;
    sqlx::query("INSERT INTO accounts (account, person_id, password_hash) VALUES (?, ?, ?)")
        .bind(account.as_str())
        .bind(person_id.as_str())
        .bind(hash)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}
