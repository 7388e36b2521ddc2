//! Password hashing with Argon2id, off the threads that serve.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use zeroize::Zeroizing;

use crate::http::refusal::Refusal;
use crate::random;

/// Most passwords that are hashed at the same time: each takes 19 MiB (the crate's defaults: Argon2id, t = 2, p = 1, which are
/// OWASP's).
const AT_ONCE: usize = 4;
const SALT_LEN: usize = 16;

/// Hashes and checks passwords.
pub(crate) struct Passwords {
    permits: Arc<Semaphore>,
    /// Of no password that anybody knows: what an unknown account's password is compared with.
    nobody: String,
}

impl Passwords {
    pub(crate) async fn new() -> Result<Self, Refusal> {
        let permits = Arc::new(Semaphore::new(AT_ONCE));
        let unknown = data_encoding::HEXLOWER.encode(&random::bytes::<16>());
        let nobody = hash(&permits, &unknown).await?;
        Ok(Self { permits, nobody })
    }

    /// The PHC string of a password under a fresh salt.
    pub(crate) async fn hash(&self, password: &str) -> Result<String, Refusal> {
        hash(&self.permits, password).await
    }

    /// Whether a password is the stored one; never, but in the same time, when there is none stored.
    pub(crate) async fn check(&self, stored: Option<String>, password: &str) -> Result<bool, Refusal> {
        let password = Zeroizing::new(password.to_owned());
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.clone());
        let fits = in_turn(&self.permits, move || {
            let stored = PasswordHash::new(&stored).map_err(Refusal::internal)?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &stored).is_ok())
        });
        Ok(fits.await? && known)
    }
}

async fn hash(permits: &Semaphore, password: &str) -> Result<String, Refusal> {
    let password = Zeroizing::new(password.to_owned());
    in_turn(permits, move || {
        let salt = random::bytes::<SALT_LEN>();
        let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
        Ok(hash.map_err(Refusal::internal)?.to_string())
    })
    .await
}

async fn in_turn<T: Send + 'static>(
    permits: &Semaphore,
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let _permit = permits.acquire().await.map_err(Refusal::internal)?;
    spawn_blocking(work).await.map_err(Refusal::internal)?
}
