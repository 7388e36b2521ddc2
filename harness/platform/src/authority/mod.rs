//! The platform's certification authority and the keys that it speaks with.

mod hierarchy;

use eseal_crypto::Suite;
use eseal_crypto::cert::{Certificate, CertificateProfile, Chain, IssueError, Issuer, Subject, TrustAnchors};
use eseal_crypto::key::{PublicKey, SigningKey};
use eseal_crypto::ses::SealMaker;
use eseal_crypto::tsp::TimestampAuthority;
use eseal_protocol::api::Person;
use eseal_protocol::enrol::KeyPurpose;
use eseal_protocol::jws::{Statement, ToSign, Verified};
use eseal_protocol::time::Timestamp;

use self::hierarchy::{Hierarchy, NewCa};
use crate::error::PlatformError;
use crate::http::refusal::Refusal;
use crate::keys::KeyFolder;
use crate::pki::{Ca, Pki, TimestampAuthorities};

const DAY_S: u64 = 24 * 60 * 60;
const YEAR_S: u64 = 365 * DAY_S;
/// A person's certificates end before those above them.
const PERSON_S: u64 = 3 * YEAR_S;

/// The relying party's registered name, as the person reads it before consenting.
pub(crate) const RELYING_PARTY_NAME: &str = "赣江电子印章服务平台（演示）";
/// The relying party's identifier, the serial number of its certificate.
pub(crate) const RELYING_PARTY_ID: &str = "rp-portal";
/// What the portal may ask consent for.
const OPERATION_TYPES: [&str; 1] = ["claim-handwritten-seal"];

/// Issues the certificates of persons, and holds what every part of the platform trusts.
pub(crate) struct Authority {
    general: Hierarchy,
    /// What is of SM2.
    national: Hierarchy,
    anchors: TrustAnchors,
    root_pem: String,
}

/// A key that the platform makes statements with, certified for one purpose.
pub(crate) struct ServiceKey {
    key: SigningKey,
    chain: Chain,
}

/// The platform's voices. None can speak for another.
pub(crate) struct Voices {
    pub(crate) relying_party: ServiceKey,
    pub(crate) consent_service: ServiceKey,
    /// Signs seals' records.
    pub(crate) seal_maker: ServiceKey,
    /// Signs the data of electronic seals, with SM2.
    pub(crate) electronic_seals: SealMaker,
}

impl Authority {
    /// Opens the CAs kept in `keys`, or makes them: for each suite a root, and below it the CA that issues. Their certificates
    /// say that their services are below `pki_url`.
    pub(crate) fn open(keys: &KeyFolder, pki_url: Option<&str>, now: Timestamp) -> Result<Self, PlatformError> {
        let general = [
            NewCa { ca: Ca::Root, file: "trust-root", name: "赣江电子印章演示根 CA" },
            NewCa { ca: Ca::Issuing, file: "issuing-ca", name: "赣江电子印章演示签发 CA" },
        ];
        let national = [
            NewCa { ca: Ca::NationalRoot, file: "national-root", name: "赣江电子印章演示国密根 CA" },
            NewCa { ca: Ca::NationalIssuing, file: "national-ca", name: "赣江电子印章演示国密签发 CA" },
        ];
        let general = Hierarchy::open(keys, Suite::EcdsaP256Sha256, general, pki_url, now)?;
        let national = Hierarchy::open(keys, Suite::Sm2Sm3, national, pki_url, now)?;
        let (anchors, root_pem) = (general.anchors(), general.root().certificate().to_pem());
        Ok(Self { general, national, anchors, root_pem })
    }

    pub(crate) const fn issuer(&self, ca: Ca) -> &Issuer {
        match ca {
            Ca::Root => self.general.root(),
            Ca::Issuing => self.general.issuing(),
            Ca::NationalRoot => self.national.root(),
            Ca::NationalIssuing => self.national.issuing(),
        }
    }

    /// Which of the CAs issued a certificate.
    pub(crate) fn ca_of(&self, certificate: &Certificate) -> Option<Ca> {
        Ca::ALL.into_iter().find(|ca| certificate.is_issued_by(self.issuer(*ca).certificate()))
    }

    pub(crate) const fn anchors(&self) -> &TrustAnchors {
        &self.anchors
    }

    pub(crate) fn root_pem(&self) -> &str {
        &self.root_pem
    }

    pub(crate) fn national_anchors(&self) -> TrustAnchors {
        self.national.anchors()
    }

    /// The root of what is of SM2.
    pub(crate) fn national_root_pem(&self) -> String {
        self.national.root().certificate().to_pem()
    }

    /// The keys that the platform makes statements with; certified on the first start.
    pub(crate) fn voices(&self, keys: &KeyFolder, now: Timestamp) -> Result<Voices, PlatformError> {
        let relying_party =
            CertificateProfile::RelyingParty { operation_types: OPERATION_TYPES.map(str::to_owned).to_vec() };
        let relying_party_name = organization(RELYING_PARTY_NAME).with_serial_number(RELYING_PARTY_ID);
        let voice = |file, profile, subject| self.general.service(keys, file, profile, subject, now);
        let consent_service = organization("赣江意愿认证服务（演示）");
        let seal_maker = organization("赣江电子印章制章（演示）");
        Ok(Voices {
            relying_party: voice("relying-party", &relying_party, &relying_party_name)?,
            consent_service: voice("consent-service", &CertificateProfile::ConsentService, &consent_service)?,
            seal_maker: voice("seal-maker", &CertificateProfile::SealMaker, &seal_maker)?,
            electronic_seals: self.electronic_seals(keys, &seal_maker, now)?,
        })
    }

    fn electronic_seals(
        &self,
        keys: &KeyFolder,
        subject: &Subject,
        now: Timestamp,
    ) -> Result<SealMaker, PlatformError> {
        let name = "national-seal-maker";
        let ServiceKey { key, chain } =
            self.national.service(keys, name, &CertificateProfile::SealMaker, subject, now)?;
        SealMaker::new(key, chain.leaf().clone()).map_err(|_| PlatformError::WrongService { path: name.into() })
    }

    /// The keys that vouch for times and for certificates, in each suite.
    pub(crate) fn pki(&self, keys: &KeyFolder, now: Timestamp) -> Result<Pki, PlatformError> {
        let subject = organization("赣江时间戳服务（演示）");
        let authority = |hierarchy: &Hierarchy, name| {
            let profile = CertificateProfile::TimestampAuthority;
            timestamp_authority(name, hierarchy.service(keys, name, &profile, &subject, now)?)
        };
        let timestamps = TimestampAuthorities::new(
            authority(&self.general, "timestamp-authority")?,
            authority(&self.national, "national-timestamp-authority")?,
        );
        let subject = organization("赣江证书状态服务（演示）");
        let responders = [
            (Ca::Issuing, self.general.responder(&subject, now)?),
            (Ca::NationalIssuing, self.national.responder(&subject, now)?),
        ];
        Ok(Pki { timestamps, responders })
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
        self.general.issue(&profile, &subject, key, (now, PERSON_S))
    }

    /// Certifies a key of SM2, whose possession was proven, to use electronic seals.
    pub(crate) fn certify_national(
        &self,
        subject: &Subject,
        key: &PublicKey,
        now: Timestamp,
    ) -> Result<Chain, IssueError> {
        self.national.issue(&CertificateProfile::DocumentSigning, subject, key, (now, PERSON_S))
    }
}

impl Voices {
    /// The certificates that the platform speaks under.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        let voices = [&self.relying_party, &self.consent_service, &self.seal_maker];
        voices.map(|voice| voice.chain.leaf()).into_iter().chain([self.electronic_seals.certificate()])
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
