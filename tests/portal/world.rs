//! A platform whose clock can be moved, and the SDK as the person's phone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use eseal_custody::harness::{MemoryStore, SoftwareDeviceKey, SystemClock};
use eseal_document::pdf::{Corner, PageIndex, Placement, Profile};
use eseal_document::report::Level;
use eseal_ink::{Ink, RenderOptions, render};
use eseal_platform::{Platform, PlatformClock, PlatformConfig, start};
use eseal_protocol::ids::Sha256Hex;
use eseal_protocol::intent::MediaType;
use eseal_protocol::template::Locale;
use eseal_protocol::text::DisplayText;
use eseal_protocol::time::Timestamp;
use eseal_sdk::crypto::cert::TrustAnchors;
use eseal_sdk::{Cancel, ClaimHandle, Client, Config, Consent, Host, NoProgress, Seal, SealPlace, StampJob};
use rand_core::UnwrapErr;
use tempfile::TempDir;
use zeroize::Zeroizing;

pub const JIANG: (&str, &str) = ("jiang", "demo-jiang-2026");
const CONTRACT: &[u8] = include_bytes!("../fixtures/contract/contract.pdf");
const STROKES: &str = include_str!("../fixtures/ink/zhou-zihan.json");

#[derive(Default)]
pub struct MovedClock(AtomicU64);

impl MovedClock {
    pub fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl PlatformClock for MovedClock {
    fn now(&self) -> Timestamp {
        Timestamp(eseal_platform::SystemClock.now().0 + self.0.load(Ordering::SeqCst))
    }
}

pub struct World {
    pub platform: Platform,
    pub clock: Arc<MovedClock>,
    folder: TempDir,
}

impl World {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(MovedClock::default());
        let mut config = PlatformConfig::on_loopback(folder.path());
        config.clock = Arc::<MovedClock>::clone(&clock);
        Self { platform: start(config).await.unwrap(), clock, folder }
    }

    /// Stops the platform; what it needs to be started again at the same addresses.
    pub async fn stop(self) -> Stopped {
        let address = |url: &str| url.split_once("://").unwrap().1.parse().unwrap();
        let mut config = PlatformConfig::on_loopback(self.folder.path());
        config.clock = Arc::<MovedClock>::clone(&self.clock);
        config.listen = address(self.platform.base_url());
        config.browser_listen = Some(address(self.url()));
        self.platform.stop().await;
        Stopped { config, clock: self.clock, folder: self.folder }
    }

    pub fn url(&self) -> &str {
        self.platform.browser_url().unwrap()
    }

    pub async fn phone(&self) -> Phone {
        let config = Config {
            base_url: self.platform.base_url().to_owned(),
            tls_roots: TrustAnchors::from_pem(self.platform.tls_root_pem()).unwrap(),
            platform_roots: TrustAnchors::from_pem(self.platform.trust_root_pem()).unwrap(),
            link_host: self.platform.link_host().to_owned(),
            timestamp_url: None,
        };
        let host = Host {
            device_key: Arc::new(SoftwareDeviceKey::new(UnwrapErr(getrandom::SysRng))),
            store: Arc::new(MemoryStore::new()),
            clock: Arc::new(SystemClock::start()),
        };
        let client = Client::new(config, host).unwrap();
        let password = Zeroizing::new(JIANG.1.to_owned());
        client.enrol(JIANG.0, password, &NoProgress, &Cancel::new()).await.unwrap();
        Phone { client }
    }
}

pub struct Stopped {
    config: PlatformConfig,
    clock: Arc<MovedClock>,
    folder: TempDir,
}

impl Stopped {
    pub async fn start(self) -> World {
        World { platform: start(self.config).await.unwrap(), clock: self.clock, folder: self.folder }
    }
}

pub struct Phone {
    pub client: Client,
}

impl Phone {
    pub async fn draw(&self) -> ClaimHandle {
        let face = render(&Ink::from_json(STROKES).unwrap(), &RenderOptions::default()).unwrap();
        self.client.claim_handwritten(&face, &NoProgress, &Cancel::new()).await.unwrap()
    }

    pub async fn open(&self, link: &str) -> Consent {
        self.client.open_consent(link, Locale::ZhCn, &NoProgress, &Cancel::new()).await.unwrap()
    }
}

impl Phone {
    /// Seals a contract; the platform records it.
    pub async fn stamp(&self, world: &World, seal: &Seal) {
        let contract = |name: &str| world.folder.path().join(name);
        std::fs::write(contract("contract.pdf"), CONTRACT).unwrap();
        let place = Placement::new(PageIndex::new(4), Corner::TopLeft, [112.0, 128.0], [45.0, 22.0]).unwrap();
        let job = StampJob {
            input: contract("contract.pdf"),
            output: contract("sealed.pdf"),
            name: DisplayText::new("房屋租赁合同.pdf").unwrap(),
            seal_id: seal.record().seal_id.clone(),
            places: vec![SealPlace::At(place)],
            profile: Profile::Pades,
            level: Level::BaselineB,
            password: None,
            reason: None,
            utc_offset_minutes: 480,
        };
        self.client.stamp(&job, &NoProgress, &Cancel::new()).await.unwrap();
    }
}

/// The first and only picture that a consent is about.
pub fn face_digest(consent: &Consent) -> String {
    let [document] = consent.review().documents.as_slice() else { panic!("one document") };
    assert_eq!(document.media_type, MediaType::Svg);
    Sha256Hex::of(&document.bytes).to_string()
}
