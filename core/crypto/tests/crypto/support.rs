//! What the tests share: a repeatable random source, a small PKI, and a forge for certificates that [`Issuer`] never makes.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5280::{ID_CE_BASIC_CONSTRAINTS, ID_CE_EXT_KEY_USAGE, ID_CE_KEY_USAGE};
use der::asn1::{BitString, OctetString};
use der::{Decode, Encode, Sequence};
use eseal_crypto::Suite;
use eseal_crypto::cert::{Certificate, CertificateProfile, Chain, Issuer, Subject, TrustAnchors, UnixTime, Validity};
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::key::{PublicKey, SigningKey};
pub(crate) use eseal_testkit::{DAY, Repeatable};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::certificate::Version;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;

/// An instant within the validity of everything that [`Pki`] issues.
pub(crate) const NOW: UnixTime = UnixTime(1_800_000_000);

pub(crate) fn sha256(data: &[u8]) -> Digest {
    Digest::of(DigestAlgorithm::Sha256, data)
}

pub(crate) fn key(seed: u64) -> SigningKey {
    key_of(Suite::EcdsaP256Sha256, seed)
}

pub(crate) fn sm2_key(seed: u64) -> SigningKey {
    key_of(Suite::Sm2Sm3, seed)
}

pub(crate) fn key_of(suite: Suite, seed: u64) -> SigningKey {
    SigningKey::generate(suite, &mut Repeatable::seeded(seed)).unwrap()
}

pub(crate) fn sm3(data: &[u8]) -> Digest {
    Digest::of(DigestAlgorithm::Sm3, data)
}

pub(crate) fn days(before: u64, after: u64) -> Validity {
    Validity { not_before: UnixTime(NOW.0 - before * DAY), not_after: UnixTime(NOW.0 + after * DAY) }
}

/// A root, a CA below it, and whatever that CA issues.
pub(crate) struct Pki {
    pub(crate) root: Issuer,
    pub(crate) intermediate: Issuer,
    pub(crate) rng: Repeatable,
}

impl Pki {
    pub(crate) fn new() -> Self {
        Self::of(Suite::EcdsaP256Sha256)
    }

    pub(crate) fn of(suite: Suite) -> Self {
        let mut rng = Repeatable::seeded(1);
        let root =
            Issuer::new_root(key_of(suite, 100), &Subject::named("Test Root"), days(400, 4000), &mut rng).unwrap();
        let key = key_of(suite, 101);
        let profile = CertificateProfile::IntermediateCa { path_len: 0 };
        let subject = Subject::named("Test Intermediate").with_country(*b"CN").with_organization("Example Province");
        let certificate = root.issue(&profile, &subject, key.public_key(), days(300, 3000), &mut rng).unwrap();
        let intermediate = Issuer::new(key, root.chain_of(certificate).unwrap()).unwrap();
        Self { root, intermediate, rng }
    }

    pub(crate) fn anchors(&self) -> TrustAnchors {
        TrustAnchors::new([self.root.certificate().clone()])
    }

    /// A certificate for `key` with its chain.
    pub(crate) fn issue(&mut self, profile: &CertificateProfile, key: &PublicKey) -> Chain {
        let subject = Subject::named("测试人甲").with_serial_number("TEST-0001");
        let issued = self.intermediate.issue(profile, &subject, key, days(10, 365), &mut self.rng).unwrap();
        self.intermediate.chain_of(issued).unwrap()
    }
}

/// `TBSCertificate` with nothing checked.
#[derive(Sequence)]
struct Tbs {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    version: Version,
    serial_number: SerialNumber,
    signature: AlgorithmIdentifierOwned,
    issuer: Name,
    validity: x509_cert::time::Validity,
    subject: Name,
    subject_public_key_info: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT")]
    extensions: Vec<Extension>,
}

#[derive(Sequence)]
struct Signed {
    tbs: Tbs,
    signature_algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
}

/// A certificate of any content.
pub(crate) struct Forge {
    pub(crate) issuer: &'static str,
    pub(crate) subject: &'static str,
    pub(crate) validity: Validity,
    pub(crate) extensions: Vec<Extension>,
}

/// The identifier of a signature algorithm without parameters.
pub(crate) fn algorithm(oid: &str) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: oid.parse().unwrap(), parameters: None }
}

pub(crate) const SM2_WITH_SM3: &str = "1.2.156.10197.1.501";
pub(crate) const ECDSA_WITH_SHA256: &str = "1.2.840.10045.4.3.2";

impl Forge {
    pub(crate) fn ca(issuer: &'static str, subject: &'static str, path_len: Option<u8>) -> Self {
        let extensions = vec![basic_constraints(true, path_len), key_usage(KeyUsages::KeyCertSign)];
        Self { issuer, subject, validity: days(100, 1000), extensions }
    }

    pub(crate) fn leaf(issuer: &'static str, extensions: Vec<Extension>) -> Self {
        Self { issuer, subject: "CN=leaf", validity: days(10, 100), extensions }
    }

    pub(crate) fn sign(self, subject_key: &PublicKey, issuer_key: &SigningKey) -> Certificate {
        let named = match issuer_key.suite() {
            Suite::EcdsaP256Sha256 => algorithm(ECDSA_WITH_SHA256),
            Suite::Sm2Sm3 => algorithm(SM2_WITH_SM3),
        };
        Certificate::from_der(&self.into_der([&named, &named], subject_key, issuer_key)).unwrap()
    }

    /// With the signature algorithm as it is named inside and outside of what is signed.
    pub(crate) fn into_der(
        self,
        [inside, outside]: [&AlgorithmIdentifierOwned; 2],
        subject_key: &PublicKey,
        issuer_key: &SigningKey,
    ) -> Vec<u8> {
        let time =
            |time: UnixTime| der::DateTime::from_unix_duration(std::time::Duration::from_secs(time.0)).unwrap().into();
        let tbs = Tbs {
            version: Version::V3,
            serial_number: SerialNumber::new(&[7]).unwrap(),
            signature: inside.clone(),
            issuer: self.issuer.parse().unwrap(),
            validity: x509_cert::time::Validity::new(time(self.validity.not_before), time(self.validity.not_after)),
            subject: self.subject.parse().unwrap(),
            subject_public_key_info: SubjectPublicKeyInfoOwned::from_der(&subject_key.to_spki_der()).unwrap(),
            extensions: self.extensions,
        };
        let signature = BitString::from_bytes(&issuer_key.sign(&tbs.to_der().unwrap()).to_der()).unwrap();
        Signed { tbs, signature_algorithm: outside.clone(), signature }.to_der().unwrap()
    }
}

pub(crate) fn extension(oid: ObjectIdentifier, critical: bool, value: &impl Encode) -> Extension {
    Extension { extn_id: oid, critical, extn_value: OctetString::new(value.to_der().unwrap()).unwrap() }
}

pub(crate) fn basic_constraints(ca: bool, path_len_constraint: Option<u8>) -> Extension {
    extension(ID_CE_BASIC_CONSTRAINTS, true, &BasicConstraints { ca, path_len_constraint })
}

pub(crate) fn key_usage(usage: KeyUsages) -> Extension {
    extension(ID_CE_KEY_USAGE, true, &KeyUsage(usage.into()))
}

pub(crate) fn extended_key_usage(oids: &[&str]) -> Extension {
    let oids = oids.iter().map(|oid| oid.parse().unwrap()).collect();
    extension(ID_CE_EXT_KEY_USAGE, false, &ExtendedKeyUsage(oids))
}
