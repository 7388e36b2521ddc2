//! A platform with a clock that the test turns.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use eseal_crypto::cert::TrustAnchors;
use eseal_platform::{PlatformClock, PlatformConfig, SystemClock};
use eseal_protocol::time::Timestamp;
use eseal_protocol::trust::PlatformTrust;
use reqwest::Client;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use tempfile::TempDir;

/// Starts at the machine's time and moves when told to.
pub(crate) struct TestClock(AtomicU64);

impl TestClock {
    pub(crate) fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl PlatformClock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

pub(crate) struct World {
    pub(crate) platform: eseal_platform::Platform,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) http: Client,
    dir: TempDir,
}

impl World {
    pub(crate) async fn start() -> Self {
        let clock = Arc::new(TestClock(AtomicU64::new(SystemClock.now().0)));
        Self::start_in(tempfile::tempdir().unwrap(), clock).await
    }

    pub(crate) async fn start_in(dir: TempDir, clock: Arc<TestClock>) -> Self {
        let platform = eseal_platform::start(config(&dir, &clock)).await.unwrap();
        let http = client(platform.tls_root_pem());
        Self { platform, clock, http, dir }
    }

    /// Stops the platform; what it left can be started again.
    pub(crate) async fn stop(self) -> (TempDir, Arc<TestClock>) {
        self.platform.stop().await;
        (self.dir, self.clock)
    }

    pub(crate) fn trust(&self) -> PlatformTrust {
        PlatformTrust {
            anchors: TrustAnchors::from_pem(self.platform.trust_root_pem()).unwrap(),
            link_host: self.platform.link_host().to_owned(),
        }
    }

    /// The roots of both suites.
    pub(crate) fn all_anchors(&self) -> TrustAnchors {
        TrustAnchors::from_pem(&[self.platform.trust_root_pem(), &self.platform.national_root_pem()].concat()).unwrap()
    }

    pub(crate) fn now(&self) -> u64 {
        self.clock.now().0
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

pub(crate) fn config(dir: &TempDir, clock: &Arc<TestClock>) -> PlatformConfig {
    PlatformConfig { clock: Arc::clone(clock) as Arc<dyn PlatformClock>, ..PlatformConfig::on_loopback(dir.path()) }
}

/// A client that believes this root and no other.
pub(crate) fn client(root_pem: &str) -> Client {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(root_pem.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Client::builder().tls_backend_preconfigured(tls).build().unwrap()
}
