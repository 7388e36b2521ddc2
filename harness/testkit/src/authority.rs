use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificateProfile, Chain, Issuer, Subject, TrustAnchors, Validity};
use eseal_crypto::key::SigningKey;

use crate::Repeatable;

/// A root of one suite, and the source of its keys and serial numbers.
pub struct Authority {
    /// The root.
    pub root: Issuer,
    suite: Suite,
    rng: Repeatable,
}

/// Somebody with a key and a certificate.
pub struct Party {
    /// The key.
    pub key: SigningKey,
    /// The certificate, and the root's last.
    pub chain: Chain,
}

impl Authority {
    /// A root of that name. The same seed gives the same keys.
    #[must_use]
    pub fn new(suite: Suite, name: &str, validity: Validity, seed: u64) -> Self {
        let mut rng = Repeatable::seeded(seed);
        let key = SigningKey::generate(suite, &mut rng).expect("a key");
        let root = Issuer::new_root(key, &Subject::named(name), validity, &mut rng).expect("a root");
        Self { root, suite, rng }
    }

    /// Somebody of that name with a new key.
    pub fn issue(&mut self, profile: &CertificateProfile, name: &str, validity: Validity) -> Party {
        let key = SigningKey::generate(self.suite, &mut self.rng).expect("a key");
        let subject = Subject::named(name);
        let issued = self.root.issue(profile, &subject, key.public_key(), validity, &mut self.rng);
        let chain = self.root.chain_of(issued.expect("a certificate")).expect("a chain");
        Party { key, chain }
    }

    /// The root, to be trusted.
    #[must_use]
    pub fn anchors(&self) -> TrustAnchors {
        TrustAnchors::new([self.root.certificate().clone()])
    }
}
