//! A platform whose clock the test turns, and as many phones as it needs.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use eseal_cli::demo::{PortalSession, read_code};
use eseal_custody::harness::{Behaviour, MemoryStore, SoftwareDeviceKey, SystemClock};
use eseal_face::Face;
use eseal_ink::{Ink, RenderOptions, render};
use eseal_platform::{Platform, PlatformClock, PlatformConfig, start};
use eseal_protocol::consent::Decision;
use eseal_protocol::template::Locale;
use eseal_protocol::time::Timestamp;
use eseal_sdk::crypto::cert::TrustAnchors;
use eseal_sdk::{Cancel, Client, Config, Consent, Error, Host, NoProgress, Seal};
use rand_core::UnwrapErr;
use tempfile::TempDir;
use zeroize::Zeroizing;

pub const JIANG: (&str, &str) = ("jiang", "demo-jiang-2026");
pub const LUO: (&str, &str) = ("luo", "demo-luo-2026");
const STROKES: &str = include_str!("../fixtures/ink/zhou-zihan.json");
pub const CONTRACT: &[u8] = include_bytes!("../fixtures/contract/contract.pdf");

/// The machine's clock, moved by the test.
#[derive(Default)]
pub struct MovedClock(AtomicU64);

impl MovedClock {
    pub fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl PlatformClock for MovedClock {
    fn now(&self) -> Timestamp {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        Timestamp(now + self.0.load(Ordering::SeqCst))
    }
}

pub struct World {
    pub platform: Platform,
    pub clock: Arc<MovedClock>,
    pub folder: TempDir,
}

impl World {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(MovedClock::default());
        let mut config = PlatformConfig::on_loopback(folder.path().join("platform"));
        config.clock = Arc::<MovedClock>::clone(&clock);
        Self { platform: start(config).await.unwrap(), clock, folder }
    }

    pub fn config(&self) -> Config {
        Config {
            base_url: self.platform.base_url().to_owned(),
            tls_roots: TrustAnchors::from_pem(self.platform.tls_root_pem()).unwrap(),
            platform_roots: TrustAnchors::from_pem(self.platform.trust_root_pem()).unwrap(),
            link_host: self.platform.link_host().to_owned(),
            timestamp_url: self.platform.pki_url().map(|pki| format!("{pki}/tsa")),
        }
    }

    pub fn new_phone(&self) -> Client {
        Client::new(self.config(), honest()).unwrap()
    }

    pub async fn phone_of(&self, (account, password): (&str, &str)) -> Client {
        let phone = self.new_phone();
        enrol(&phone, account, password).await.unwrap();
        phone
    }

    /// Hands in a drawing and presses 立即领取; the session that shows the code.
    pub async fn asked(&self, phone: &Client, (account, password): (&str, &str)) -> Shown {
        let claim = phone.claim_handwritten(&face(), &NoProgress, &Cancel::new()).await.unwrap();
        let portal = PortalSession::sign_in(&self.platform, account, password).await.unwrap();
        let claim_name = portal.take().await.unwrap();
        Shown { portal, claim_name, claim }
    }

    /// A phone with a seal.
    pub async fn sealed_phone(&self) -> (Client, Seal) {
        self.sealed_phone_with(honest()).await
    }

    /// A phone with a seal, and with keys of the test's own.
    pub async fn sealed_phone_with(&self, host: Host) -> (Client, Seal) {
        self.sealed_phone_of(self.config(), host).await
    }

    /// A phone with a seal, of an app that pins something else.
    pub async fn sealed_phone_of(&self, config: Config, host: Host) -> (Client, Seal) {
        let phone = Client::new(config, host).unwrap();
        enrol(&phone, JIANG.0, JIANG.1).await.unwrap();
        let shown = self.asked(&phone, JIANG).await;
        let consent = open(&phone, &shown.link().await).await.unwrap();
        consent.answer(Decision::Approve, Vec::new(), &NoProgress, &Cancel::new()).await.unwrap();
        let seal = phone.await_seal(&shown.claim, &NoProgress, &Cancel::new()).await.unwrap();
        (phone, seal)
    }

    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

/// A code on the portal's screen.
pub struct Shown {
    portal: PortalSession,
    claim_name: String,
    pub claim: eseal_sdk::ClaimHandle,
}

impl Shown {
    /// What a camera reads from the screen now.
    pub async fn link(&self) -> String {
        read_code(&self.portal.frame_png(&self.claim_name).await.unwrap()).unwrap()
    }
}

pub fn honest() -> Host {
    host(Behaviour::Honest)
}

pub fn host(behaviour: Behaviour) -> Host {
    let keys = SoftwareDeviceKey::builder(UnwrapErr(getrandom::SysRng)).behaviour(behaviour).build();
    Host { device_key: Arc::new(keys), store: Arc::new(MemoryStore::new()), clock: Arc::new(SystemClock::start()) }
}

pub async fn enrol(phone: &Client, account: &str, password: &str) -> Result<(), Error> {
    let password = Zeroizing::new(password.to_owned());
    phone.enrol(account, password, &NoProgress, &Cancel::new()).await.map(|_| ())
}

pub async fn open(phone: &Client, link: &str) -> Result<Consent, Error> {
    phone.open_consent(link, Locale::ZhCn, &NoProgress, &Cancel::new()).await
}

pub async fn approve(consent: &Consent) -> Result<String, Error> {
    let receipt = consent.answer(Decision::Approve, Vec::new(), &NoProgress, &Cancel::new()).await?;
    Ok(receipt.compact().to_owned())
}

pub fn face() -> Face {
    render(&Ink::from_json(STROKES).unwrap(), &RenderOptions::default()).unwrap()
}

/// The stable code of what must have failed.
pub fn code<T>(result: Result<T, Error>) -> String {
    match result {
        Ok(_) => panic!("went through"),
        Err(error) => error.code().to_owned(),
    }
}
