//! How a platform is started.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use eseal_protocol::time::Timestamp;

/// The platform's wall clock. Everything but TLS is judged by it; TLS is judged by the peer's real clock.
pub trait PlatformClock: Send + Sync + 'static {
    /// The present second.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl PlatformClock for SystemClock {
    fn now(&self) -> Timestamp {
        // A machine whose clock stands before 1970 gets times at which no certificate is valid.
        Timestamp(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
    }
}

/// A person who can sign in from the first start on.
#[derive(Clone)]
pub struct AccountSeed {
    /// Account name, lower case.
    pub account: String,
    /// Registered name.
    pub name: String,
    /// Password; only its hash is stored.
    pub password: String,
}

/// An invented person of the demonstration. The password is public: a platform with these accounts is for trying out only.
#[derive(Clone, Copy, Debug)]
pub struct DemoAccount {
    /// Account name.
    pub account: &'static str,
    /// Registered name.
    pub name: &'static str,
    /// Password.
    pub password: &'static str,
}

/// The invented persons whom [`PlatformConfig::on_loopback`] brings along.
pub const DEMO_ACCOUNTS: [DemoAccount; 2] = [
    DemoAccount { account: "jiang", name: "江小满", password: "demo-jiang-2026" },
    DemoAccount { account: "luo", name: "罗一鸣", password: "demo-luo-2026" },
];

/// How a platform is started.
#[derive(Clone)]
pub struct PlatformConfig {
    /// Where database, keys and certificates are kept; made if missing. One platform a folder.
    pub data_dir: PathBuf,
    /// Where `/v1` and the portal are served over TLS; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where the portal alone is served without TLS, for a person's browser that does not know the platform's CA: a loopback
    /// address, any other is refused.
    pub browser_listen: Option<SocketAddr>,
    /// Where timestamps, OCSP and CRLs are served, without TLS as their standards have it: what is answered is signed. Port 0
    /// takes a free one, and the same again after a restart where that is possible, because certificates name it.
    pub pki_listen: Option<SocketAddr>,
    /// How those services are reached from elsewhere, without a slash at the end; by default where they listen. It is written
    /// into certificates.
    pub pki_url: Option<String>,
    /// Host in the QR codes' links, as the app pins it.
    pub link_host: String,
    /// The platform's clock.
    pub clock: Arc<dyn PlatformClock>,
    /// Who can sign in. Accounts that exist already are left as they are.
    pub accounts: Vec<AccountSeed>,
}

impl PlatformConfig {
    /// A platform for trying out: free ports on 127.0.0.1, with and without TLS, and the [`DEMO_ACCOUNTS`].
    #[must_use]
    pub fn on_loopback(data_dir: impl Into<PathBuf>) -> Self {
        let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
        let accounts = DEMO_ACCOUNTS.iter().map(|demo| AccountSeed {
            account: demo.account.to_owned(),
            name: demo.name.to_owned(),
            password: demo.password.to_owned(),
        });
        Self {
            data_dir: data_dir.into(),
            listen: any_port,
            browser_listen: Some(any_port),
            pki_listen: Some(any_port),
            pki_url: None,
            link_host: "ESEAL.EXAMPLE.GOV.CN".to_owned(),
            clock: Arc::new(SystemClock),
            accounts: accounts.collect(),
        }
    }
}
