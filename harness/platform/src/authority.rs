//! The platform's certification authority and the keys that it speaks with.

use eseal_crypto::Suite;
use eseal_crypto::cert::{
    Certificate, CertificateProfile, Chain, IssueError, Issuer, Subject, TrustAnchors, UnixTime, Validity,
};
use eseal_crypto::key::{PublicKey, SigningKey};
use eseal_crypto::revocation::OcspResponder;
use eseal_crypto::tsp::TimestampAuthority;
use eseal_protocol::api::Person;
use eseal_protocol::enrol::KeyPurpose;
use eseal_protocol::jws::{Statement, ToSign, Verified};
use eseal_protocol::time::Timestamp;

use crate::error::PlatformError;
use crate::http::refusal::Refusal;
use crate::keys::KeyFolder;
use crate::pki::{Ca, Pki, TimestampAuthorities};
use crate::random;

const DAY_S: u64 = 24 * 60 * 60;
const YEAR_S: u64 = 365 * DAY_S;
/// A person's certificates end before those above them.
const PERSON_S: u64 = 3 * YEAR_S;
const SERVICE_S: u64 = 10 * YEAR_S;
const ISSUING_CA_S: u64 = 15 * YEAR_S;
const ROOT_S: u64 = 20 * YEAR_S;

/// A new one is made at each start; no start lasts this long.
const RESPONDER_S: u64 = 397 * DAY_S;

/// The relying party's registered name, as the person reads it before consenting.
pub(crate) const RELYING_PARTY_NAME: &str = "赣江电子印章服务平台（演示）";
/// The relying party's identifier, the serial number of its certificate.
pub(crate) const RELYING_PARTY_ID: &str = "rp-portal";
/// What the portal may ask consent for.
const OPERATION_TYPES: [&str; 1] = ["claim-handwritten-seal"];

/// Issues the certificates of persons, and holds what every part of the platform trusts.
pub(crate) struct Authority {
    root: Issuer,
    issuing: Issuer,
    national_root: Issuer,
    anchors: TrustAnchors,
    root_pem: String,
}

/// A key that the platform makes statements with, certified for one purpose.
pub(crate) struct ServiceKey {
    key: SigningKey,
    chain: Chain,
}

/// The platform's three voices. None can speak for another.
pub(crate) struct Voices {
    pub(crate) relying_party: ServiceKey,
    pub(crate) consent_service: ServiceKey,
    pub(crate) seal_maker: ServiceKey,
}

impl Authority {
    /// Opens the CA kept in `keys`, or makes it: a root, and below it the CA that issues. Their certificates say that their
    /// services are below `pki_url`.
    pub(crate) fn open(keys: &KeyFolder, pki_url: Option<&str>, now: Timestamp) -> Result<Self, PlatformError> {
        let announcing = |issuer: Issuer, ca: Ca| match pki_url {
            Some(url) => issuer.announcing(ca.services(url)),
            None => issuer,
        };
        // A day of grace, so that a reader whose clock is a little behind believes what was just issued.
        let start = UnixTime(now.0.saturating_sub(DAY_S));
        let root = keys.issuer("trust-root", || {
            let subject = organization("赣江电子印章演示根 CA");
            let key = SigningKey::generate(Suite::EcdsaP256Sha256, &mut random::os())?;
            Ok(Issuer::new_root(key, &subject, Validity::lasting(start, ROOT_S), &mut random::os())?)
        })?;
        let root = announcing(root, Ca::Root);
        let national_root = keys.issuer("national-root", || {
            let subject = organization("赣江电子印章演示国密根 CA");
            let key = SigningKey::generate(Suite::Sm2Sm3, &mut random::os())?;
            Ok(Issuer::new_root(key, &subject, Validity::lasting(start, ROOT_S), &mut random::os())?)
        })?;
        let issuing = keys.issuer("issuing-ca", || {
            let key = SigningKey::generate(Suite::EcdsaP256Sha256, &mut random::os())?;
            let certificate = root.issue(
                &CertificateProfile::IntermediateCa { path_len: 0 },
                &organization("赣江电子印章演示签发 CA"),
                key.public_key(),
                Validity::lasting(start, ISSUING_CA_S),
                &mut random::os(),
            )?;
            // Without the root, as every chain here: the reader has it, or does not believe it.
            Ok(Issuer::new(key, Chain::new([certificate])?)?)
        })?;
        let issuing = announcing(issuing, Ca::Issuing);
        let anchors = TrustAnchors::new([root.certificate().clone()]);
        let root_pem = root.certificate().to_pem();
        Ok(Self { root, issuing, national_root, anchors, root_pem })
    }

    pub(crate) const fn issuer(&self, ca: Ca) -> &Issuer {
        match ca {
            Ca::Root => &self.root,
            Ca::Issuing => &self.issuing,
        }
    }

    pub(crate) const fn anchors(&self) -> &TrustAnchors {
        &self.anchors
    }

    pub(crate) fn root_pem(&self) -> &str {
        &self.root_pem
    }

    /// The root of what is of SM2.
    pub(crate) fn national_root_pem(&self) -> String {
        self.national_root.certificate().to_pem()
    }

    /// The keys that the platform makes statements with; certified on the first start.
    pub(crate) fn voices(&self, keys: &KeyFolder, now: Timestamp) -> Result<Voices, PlatformError> {
        let relying_party =
            CertificateProfile::RelyingParty { operation_types: OPERATION_TYPES.map(str::to_owned).to_vec() };
        let relying_party_name = organization(RELYING_PARTY_NAME).with_serial_number(RELYING_PARTY_ID);
        Ok(Voices {
            relying_party: self.voice(keys, "relying-party", &relying_party, &relying_party_name, now)?,
            consent_service: self.voice(
                keys,
                "consent-service",
                &CertificateProfile::ConsentService,
                &organization("赣江意愿认证服务（演示）"),
                now,
            )?,
            seal_maker: self.voice(
                keys,
                "seal-maker",
                &CertificateProfile::SealMaker,
                &organization("赣江电子印章制章（演示）"),
                now,
            )?,
        })
    }

    /// The keys that vouch for times and for certificates. The responder's is made anew at each start: nobody looks up
    /// whether its certificate was taken back.
    pub(crate) fn pki(&self, keys: &KeyFolder, now: Timestamp) -> Result<Pki, PlatformError> {
        let name = "timestamp-authority";
        let subject = organization("赣江时间戳服务（演示）");
        let voice = self.voice(keys, name, &CertificateProfile::TimestampAuthority, &subject, now)?;
        let timestamps = TimestampAuthorities::new(
            timestamp_authority(name, voice)?,
            self.national_timestamps(keys, &subject, now)?,
        );
        let key = SigningKey::generate(Suite::EcdsaP256Sha256, &mut random::os())?;
        let subject = organization("赣江证书状态服务（演示）");
        let validity = self.validity(now, RESPONDER_S);
        let profile = CertificateProfile::OcspResponder;
        let certificate = self.issuing.issue(&profile, &subject, key.public_key(), validity, &mut random::os())?;
        let responder = OcspResponder::new(key, certificate, self.issuing.certificate().clone())
            .map_err(|_| PlatformError::WrongService { path: "ocsp-responder".into() })?;
        Ok(Pki { timestamps, responder })
    }

    /// The authority that answers in SM2: straight below a root of SM2, as algorithms are not mixed in a chain.
    fn national_timestamps(
        &self,
        keys: &KeyFolder,
        subject: &Subject,
        now: Timestamp,
    ) -> Result<TimestampAuthority, PlatformError> {
        let name = "national-timestamp-authority";
        let (key, chain) = keys.key(name, || {
            let key = SigningKey::generate(Suite::Sm2Sm3, &mut random::os())?;
            let validity = validity_under(&self.national_root, now, SERVICE_S);
            let profile = CertificateProfile::TimestampAuthority;
            let leaf = self.national_root.issue(&profile, subject, key.public_key(), validity, &mut random::os())?;
            Ok((key, self.national_root.chain_of(leaf)?))
        })?;
        timestamp_authority(name, ServiceKey { key, chain })
    }

    fn voice(
        &self,
        keys: &KeyFolder,
        name: &str,
        profile: &CertificateProfile,
        subject: &Subject,
        now: Timestamp,
    ) -> Result<ServiceKey, PlatformError> {
        let (key, chain) = keys.key(name, || {
            let key = SigningKey::generate(Suite::EcdsaP256Sha256, &mut random::os())?;
            let chain = self.issue(profile, subject, key.public_key(), self.validity(now, SERVICE_S))?;
            Ok((key, chain))
        })?;
        Ok(ServiceKey { key, chain })
    }

    /// Certifies a person's key whose possession was proven.
    pub(crate) fn certify(
        &self,
        person: &Person,
        purpose: KeyPurpose,
        key: &PublicKey,
        now: Timestamp,
    ) -> Result<Chain, IssueError> {
        let profile = match purpose {
            KeyPurpose::Request => CertificateProfile::RequestSigning,
            KeyPurpose::Consent => CertificateProfile::ConsentSigning,
            KeyPurpose::Sealing => CertificateProfile::DocumentSigning,
        };
        let subject =
            Subject::named(person.name.as_str()).with_serial_number(person.person_id.as_str()).with_country(*b"CN");
        self.issue(&profile, &subject, key, self.validity(now, PERSON_S))
    }

    fn issue(
        &self,
        profile: &CertificateProfile,
        subject: &Subject,
        key: &PublicKey,
        validity: Validity,
    ) -> Result<Chain, IssueError> {
        let leaf = self.issuing.issue(profile, subject, key, validity, &mut random::os())?;
        Ok(Chain::new(std::iter::once(leaf).chain(self.issuing.chain().certificates().cloned()))?)
    }

    fn validity(&self, now: Timestamp, seconds: u64) -> Validity {
        validity_under(&self.issuing, now, seconds)
    }
}

/// From now on; where the CA itself ends earlier, until then.
fn validity_under(ca: &Issuer, now: Timestamp, seconds: u64) -> Validity {
    let start = UnixTime(now.0);
    let not_after = start.plus(seconds).min(ca.certificate().not_after());
    Validity { not_before: start, not_after }
}

impl Voices {
    /// The certificates that the platform speaks under.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        [&self.relying_party, &self.consent_service, &self.seal_maker].into_iter().map(|voice| voice.chain.leaf())
    }
}

impl ServiceKey {
    /// Makes a statement.
    pub(crate) fn sign<T: Statement>(&self, payload: T) -> Result<Verified<T>, Refusal> {
        let to_sign = ToSign::with_chain(payload, self.chain.clone()).map_err(Refusal::internal)?;
        let signature = self.key.sign(to_sign.signing_input());
        to_sign.finish(&signature, self.key.public_key()).map_err(Refusal::internal)
    }
}

fn timestamp_authority(name: &str, voice: ServiceKey) -> Result<TimestampAuthority, PlatformError> {
    TimestampAuthority::new(voice.key, voice.chain).map_err(|_| PlatformError::WrongService { path: name.into() })
}

fn organization(name: &str) -> Subject {
    Subject::named(name).with_organization("赣江电子印章演示").with_country(*b"CN")
}
