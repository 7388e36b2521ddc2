//! What every call works with.

use std::sync::Arc;

use eseal_crypto::ses::SealMaker;
use eseal_protocol::time::Timestamp;
use tokio::sync::watch;

use crate::accounts::Passwords;
use crate::authority::{Authority, ServiceKey};
use crate::claims::relying_party::RelyingParty;
use crate::config::PlatformClock;
use crate::consents::ConsentService;
use crate::db::Db;
use crate::faults::FaultSwitch;
use crate::http::nonce::Nonces;
use crate::http::poll::Hub;
use crate::operator::OperatorToken;
use crate::pki::Pki;

/// The platform's parts, put together once at start.
pub(crate) struct App {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn PlatformClock>,
    pub(crate) hub: Hub,
    pub(crate) nonces: Nonces,
    pub(crate) passwords: Passwords,
    pub(crate) authority: Authority,
    pub(crate) pki: Box<Pki>,
    pub(crate) consents: Arc<ConsentService>,
    pub(crate) relying_party: RelyingParty,
    /// Makes the data of electronic seals.
    pub(crate) electronic_seals: SealMaker,
    pub(crate) operator: OperatorToken,
    /// Also signs usage records.
    pub(crate) consent_key: Arc<ServiceKey>,
    pub(crate) link_host: String,
    pub(crate) faults: FaultSwitch,
    /// Becomes true when the platform stops: whoever waits answers then.
    pub(crate) stopping: watch::Receiver<bool>,
}

pub(crate) type SharedApp = Arc<App>;

impl App {
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
