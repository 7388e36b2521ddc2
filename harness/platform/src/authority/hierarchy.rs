//! A root and the CA below it, of one suite: algorithms are not mixed in a chain.

use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificateProfile, Chain, IssueError, Issuer, Subject, TrustAnchors, UnixTime, Validity};
use eseal_crypto::key::{PublicKey, SigningKey};
use eseal_crypto::revocation::OcspResponder;
use eseal_protocol::time::Timestamp;

use super::{DAY_S, ServiceKey, YEAR_S, organization};
use crate::error::PlatformError;
use crate::keys::KeyFolder;
use crate::pki::Ca;
use crate::random;

const SERVICE_S: u64 = 10 * YEAR_S;
const ISSUING_CA_S: u64 = 15 * YEAR_S;
const ROOT_S: u64 = 20 * YEAR_S;

/// A new one is made at each start; no start lasts this long.
const RESPONDER_S: u64 = 397 * DAY_S;

/// One of the two CAs, as it is made on the first start.
pub(super) struct NewCa {
    pub(super) ca: Ca,
    /// Its file among the keys.
    pub(super) file: &'static str,
    pub(super) name: &'static str,
}

/// The root issues the CA below it, and that CA all else.
pub(super) struct Hierarchy {
    suite: Suite,
    root: Issuer,
    issuing: Issuer,
}

impl Hierarchy {
    /// Opens what is kept in `keys`, or makes it. Certificates say that their issuers' services are below `pki_url`.
    pub(super) fn open(
        keys: &KeyFolder,
        suite: Suite,
        [root, issuing]: [NewCa; 2],
        pki_url: Option<&str>,
        now: Timestamp,
    ) -> Result<Self, PlatformError> {
        let announcing = |issuer: Issuer, ca: Ca| match pki_url {
            Some(url) => issuer.announcing(ca.services(url)),
            None => issuer,
        };
        // A day of grace, so that a reader whose clock is a little behind believes what was just issued.
        let start = UnixTime(now.0.saturating_sub(DAY_S));
        let made = keys.issuer(root.file, || {
            let key = SigningKey::generate(suite, &mut random::os())?;
            let validity = Validity::lasting(start, ROOT_S);
            Ok(Issuer::new_root(key, &organization(root.name), validity, &mut random::os())?)
        })?;
        let root = announcing(made, root.ca);
        let made = keys.issuer(issuing.file, || {
            let key = SigningKey::generate(suite, &mut random::os())?;
            let certificate = root.issue(
                &CertificateProfile::IntermediateCa { path_len: 0 },
                &organization(issuing.name),
                key.public_key(),
                // A root that is older than this CA ends before it.
                validity_under(&root, start, ISSUING_CA_S),
                &mut random::os(),
            )?;
            // Without the root, as every chain here: the reader has it, or does not believe it.
            Ok(Issuer::new(key, Chain::new([certificate])?)?)
        })?;
        let issuing = announcing(made, issuing.ca);
        Ok(Self { suite, root, issuing })
    }

    pub(super) const fn root(&self) -> &Issuer {
        &self.root
    }

    pub(super) const fn issuing(&self) -> &Issuer {
        &self.issuing
    }

    pub(super) fn anchors(&self) -> TrustAnchors {
        TrustAnchors::new([self.root.certificate().clone()])
    }

    /// A certificate and the CA's above it, valid from now on, or until the CA's own end.
    pub(super) fn issue(
        &self,
        profile: &CertificateProfile,
        subject: &Subject,
        key: &PublicKey,
        (now, seconds): (Timestamp, u64),
    ) -> Result<Chain, IssueError> {
        let validity = validity_under(&self.issuing, now.into(), seconds);
        let leaf = self.issuing.issue(profile, subject, key, validity, &mut random::os())?;
        Ok(self.issuing.chain_of(leaf)?)
    }

    /// A key of the platform's own, certified on the first start.
    pub(super) fn service(
        &self,
        keys: &KeyFolder,
        name: &str,
        profile: &CertificateProfile,
        subject: &Subject,
        now: Timestamp,
    ) -> Result<ServiceKey, PlatformError> {
        let (key, chain) = keys.key(name, || {
            let key = SigningKey::generate(self.suite, &mut random::os())?;
            let chain = self.issue(profile, subject, key.public_key(), (now, SERVICE_S))?;
            Ok((key, chain))
        })?;
        Ok(ServiceKey { key, chain })
    }

    /// Who answers about the certificates of the issuing CA, under a key that is made anew at each start: nobody looks up
    /// whether its certificate was taken back.
    pub(super) fn responder(&self, subject: &Subject, now: Timestamp) -> Result<OcspResponder, PlatformError> {
        let key = SigningKey::generate(self.suite, &mut random::os())?;
        let chain = self.issue(&CertificateProfile::OcspResponder, subject, key.public_key(), (now, RESPONDER_S))?;
        OcspResponder::new(key, chain.leaf().clone(), self.issuing.certificate().clone())
            .map_err(|_| PlatformError::WrongService { path: "ocsp-responder".into() })
    }
}

/// From a time on; where the CA itself ends earlier, until then.
fn validity_under(ca: &Issuer, start: UnixTime, seconds: u64) -> Validity {
    let start = start.max(ca.certificate().not_before());
    let not_after = start.plus(seconds).min(ca.certificate().not_after());
    Validity { not_before: start, not_after }
}
