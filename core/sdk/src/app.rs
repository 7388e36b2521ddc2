//! The one object an app holds.

use std::sync::Arc;

use chacha20::ChaCha20Rng;
use eseal_crypto::cert::TrustAnchors;
use eseal_custody::{Clock, DeviceKey, SealedStore, Vault};
use eseal_protocol::trust::PlatformTrust;

use crate::client::{Caller, HttpsTransport, Reach, Transport, TransportError};
use crate::error::Error;
use crate::flows::Vouchers;
use crate::identity::Records;
use crate::keys::PhoneKeys;
use crate::random::{Entropy, SystemEntropy, generator};

/// Which platform an app belongs to. All of it is pinned in the app.
#[derive(Clone)]
pub struct Config {
    /// `https://host[:port]`.
    pub base_url: String,
    /// Roots of the platform's TLS certificate; nothing else is believed.
    pub tls_roots: TrustAnchors,
    /// Roots of relying parties, the consent service and the seal maker.
    pub platform_roots: TrustAnchors,
    /// The host in the platform's QR codes.
    pub link_host: String,
    /// Who timestamps signatures above B-B (RFC 3161), `http` or `https`: the platform's authority, or another. Answers are
    /// signed and checked; certificates on the way are asked about where they say.
    pub timestamp_url: Option<String>,
}

/// What the phone brings.
#[derive(Clone)]
pub struct Host {
    /// The hardware keys.
    pub device_key: Arc<dyn DeviceKey>,
    /// The sealed store.
    pub store: Arc<dyn SealedStore>,
    /// The clocks.
    pub clock: Arc<dyn Clock>,
}

/// The SDK. Cheap to clone; every clone is the same client.
#[derive(Clone)]
pub struct Client {
    pub(crate) caller: Arc<Caller>,
    pub(crate) keys: PhoneKeys,
    pub(crate) records: Records,
    pub(crate) trust: Arc<PlatformTrust>,
    pub(crate) clock: Arc<dyn Clock>,
    vouchers: Option<Arc<Vouchers>>,
    entropy: Arc<dyn Entropy>,
}

impl Client {
    /// A client over HTTPS with the pinned roots.
    ///
    /// # Errors
    /// `sdk.misconfigured`, also when a set of roots is empty: such a client would believe nobody.
    pub fn new(config: Config, host: Host) -> Result<Self, Error> {
        if config.tls_roots.is_empty() || config.platform_roots.is_empty() {
            return Err(TransportError::Misconfigured { detail: "no root is pinned".to_owned() }.into());
        }
        let transport = HttpsTransport::new(&config.base_url, &config.tls_roots)?;
        Self::with_transport(config, host, Arc::new(transport), Arc::new(SystemEntropy))
    }

    /// A client over a transport and an entropy source of the caller's.
    ///
    /// # Errors
    /// `sdk.misconfigured`.
    pub fn with_transport(
        config: Config,
        host: Host,
        transport: Arc<dyn Transport>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, Error> {
        // A platform inside a private network has its services there, too.
        let reach = Reach::beside(&config.base_url);
        let vouchers = config.timestamp_url.map(|url| Vouchers::new(url, reach)).transpose()?;
        let Host { device_key, store, clock } = host;
        let keys = PhoneKeys::new(device_key);
        Ok(Self {
            caller: Arc::new(Caller::new(transport, keys.clone(), Arc::clone(&entropy))),
            keys,
            records: Records::new(Vault::new(store)),
            trust: Arc::new(PlatformTrust { anchors: config.platform_roots, link_host: config.link_host }),
            clock,
            vouchers: vouchers.map(Arc::new),
            entropy,
        })
    }

    /// Those who vouch for signatures.
    pub(crate) fn vouchers(&self) -> Result<&Vouchers, Error> {
        let missing = || TransportError::Misconfigured { detail: "no timestamp authority is pinned".to_owned() };
        Ok(self.vouchers.as_deref().ok_or_else(missing)?)
    }

    pub(crate) fn entropy(&self) -> &dyn Entropy {
        &*self.entropy
    }

    pub(crate) fn generator(&self) -> Result<ChaCha20Rng, Error> {
        generator(&*self.entropy)
    }
}
