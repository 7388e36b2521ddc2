//! Why a platform does not start.

use std::net::SocketAddr;
use std::path::PathBuf;

use eseal_crypto::cert::{CertificateError, IssueError};
use eseal_crypto::key::KeyError;

use crate::http::refusal::Refusal;

/// Why a platform does not start or does not stop cleanly.
#[derive(Debug, thiserror::Error)]
pub enum PlatformError {
    /// A file or folder of the data directory cannot be read or written.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A key file is damaged or holds a key and a certificate that do not belong together.
    #[error("{path}: not a key with its certificates", path = path.display())]
    DamagedKey {
        /// Which one.
        path: PathBuf,
    },
    /// A certificate could not be issued.
    #[error("a certificate could not be issued: {0}")]
    Issue(#[from] IssueError),
    /// A key could not be made or written.
    #[error("a key could not be made: {0}")]
    Key(#[from] KeyError),
    /// A certificate chain could not be put together.
    #[error("a certificate chain could not be put together: {0}")]
    Certificate(#[from] CertificateError),
    /// The database cannot be opened or brought up to date.
    #[error("the database cannot be opened: {0}")]
    Database(#[from] sqlx::Error),
    /// The database is of a newer version or was changed by hand.
    #[error("the database cannot be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The audit log was changed.
    #[error("the audit log is broken at row {seq}")]
    AuditBroken {
        /// The first row that does not fit.
        seq: u64,
    },
    /// An account to be made has a name or a password that cannot be.
    #[error("account {account:?} cannot be made")]
    BadAccount {
        /// Its name.
        account: String,
    },
    /// The browser's listener was asked for on an address that others can reach.
    #[error("{address}: the portal is served without TLS on loopback only")]
    NotLoopback {
        /// The refused address.
        address: SocketAddr,
    },
    /// A key cannot be used for timestamps or for answers about revocation.
    #[error("{path}: not a key for this service", path = path.display())]
    WrongService {
        /// Its file, or what it is for.
        path: PathBuf,
    },
    /// The database was busy or failed while something was changed.
    #[error("it could not be done: {code}")]
    Refused {
        /// The code that a caller of the API would have got.
        code: String,
    },
    /// An address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Which one.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
}

impl From<Refusal> for PlatformError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused { code: refusal.code.as_str().to_owned() }
    }
}

impl PlatformError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::File { .. } => "platform.file",
            Self::DamagedKey { .. } => "platform.damaged-key",
            Self::Issue(_) => "platform.issue",
            Self::Key(_) => "platform.key",
            Self::Certificate(_) => "platform.certificate",
            Self::Database(_) => "platform.database",
            Self::Migration(_) => "platform.migration",
            Self::AuditBroken { .. } => "platform.audit-broken",
            Self::BadAccount { .. } => "platform.bad-account",
            Self::NotLoopback { .. } => "platform.not-loopback",
            Self::WrongService { .. } => "platform.wrong-service",
            Self::Refused { .. } => "platform.refused",
            Self::Listen { .. } => "platform.listen",
            Self::Tls(_) => "platform.tls",
        }
    }
}
