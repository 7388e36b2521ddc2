//! TLS with a root of the platform's own, apart from the root that certifies persons.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificateProfile, Issuer, Subject, UnixTime, Validity};
use eseal_crypto::key::SigningKey;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::config::{PlatformClock as _, SystemClock};
use crate::error::PlatformError;
use crate::keys::KeyFolder;
use crate::random;

const DAY_S: u64 = 24 * 60 * 60;
const ROOT_S: u64 = 20 * 365 * DAY_S;
/// A new key and certificate are made at each start; no start lasts this long.
const SERVER_S: u64 = 397 * DAY_S;

/// The platform's TLS identity.
pub(crate) struct Tls {
    pub(crate) root_pem: String,
    pub(crate) config: Arc<ServerConfig>,
}

impl Tls {
    /// Opens or makes the TLS root and issues this start's server certificate. Judged by the machine's clock, because the
    /// peers judge it by theirs.
    pub(crate) fn open(keys: &KeyFolder, listen: SocketAddr) -> Result<Self, PlatformError> {
        let now = SystemClock.now();
        let start = UnixTime(now.0.saturating_sub(DAY_S));
        let root = keys.issuer("tls-root", || {
            let key = SigningKey::generate(Suite::EcdsaP256Sha256, &mut random::os())?;
            let subject = Subject::named("eseal demo TLS root");
            Ok(Issuer::new_root(key, &subject, Validity::lasting(start, ROOT_S), &mut random::os())?)
        })?;
        let key = SigningKey::generate(Suite::EcdsaP256Sha256, &mut random::os())?;
        let start = start.max(root.certificate().not_before());
        let certificate = root.issue(
            &profile(listen.ip()),
            &Subject::named("eseal demo platform"),
            key.public_key(),
            Validity::lasting(start, SERVER_S),
            &mut random::os(),
        )?;
        let certificates = vec![CertificateDer::from(certificate.to_der().to_vec())];
        let private = PrivateKeyDer::from_pem_slice(key.to_pkcs8_pem()?.as_bytes())
            .map_err(|error| rustls::Error::General(error.to_string()))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(certificates, private)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { root_pem: root.certificate().to_pem(), config: Arc::new(config) })
    }
}

fn profile(listen: IpAddr) -> CertificateProfile {
    let mut ip_addresses = vec![IpAddr::from([127, 0, 0, 1]), IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])];
    if !listen.is_unspecified() && !ip_addresses.contains(&listen) {
        ip_addresses.push(listen);
    }
    CertificateProfile::TlsServer { dns_names: vec!["localhost".to_owned()], ip_addresses }
}
