//! Those who vouch: a root made for the test, and below it a timestamp authority, an OCSP responder and a revocation list.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use eseal_crypto::Suite;
use eseal_crypto::cert::{Certificate, CertificateProfile, Chain, Issuer, Subject, UnixTime, Validity};
use eseal_crypto::digest::Digest;
use eseal_crypto::key::SigningKey;
use eseal_crypto::revocation::{
    Crl, OcspQuery, OcspRequest, OcspResponder, OcspResponse, RevocationData, RevocationStatus,
};
use eseal_crypto::tsp::{TimestampAuthority, TimestampRequest, TimestampToken};
use eseal_document::pdf::{Evidence, ValidationData};
use getrandom::SysRng;
use rand_core::UnwrapErr;

const DAY: u64 = 24 * 60 * 60;

/// A root with its services.
pub(crate) struct Authority {
    ca: Issuer,
    timestamps: TimestampAuthority,
}

/// Somebody whom the root vouches for.
pub(crate) struct Holder {
    pub(crate) key: SigningKey,
    pub(crate) chain: Chain,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut rng = UnwrapErr(SysRng);
        let key = SigningKey::generate(Suite::EcdsaP256Sha256, &mut rng).unwrap();
        let subject = Subject::named("eseal interop test root");
        let ca = Issuer::new_root(key, &subject, Validity::lasting(now(), 365 * DAY), &mut rng).unwrap();
        let Holder { key, chain } = holder(&ca, &CertificateProfile::TimestampAuthority, "eseal interop test TSA");
        Self { timestamps: TimestampAuthority::new(key, chain).unwrap(), ca }
    }

    /// The root's certificate.
    pub(crate) fn root(&self) -> &Certificate {
        self.ca.certificate()
    }

    /// A person with a certificate to sign documents.
    pub(crate) fn person(&self) -> Holder {
        holder(&self.ca, &CertificateProfile::DocumentSigning, "周子涵")
    }

    /// The root's revocation list, DER; nobody is on it.
    pub(crate) fn crl(&self) -> Vec<u8> {
        self.ca.issue_crl(1, now(), UnixTime(now().0 + 7 * DAY), []).unwrap()
    }

    /// A timestamp, over the protocol that a real one is asked by.
    pub(crate) fn timestamp(&self, imprint: &Digest) -> TimestampToken {
        static SERIAL: AtomicU64 = AtomicU64::new(1);
        let request = TimestampRequest::new(*imprint, &mut UnwrapErr(SysRng)).unwrap();
        let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
        let reply = self.timestamps.respond(request.to_der(), serial, now()).unwrap();
        request.accept(&reply.der).unwrap()
    }

    /// What somebody needs who verifies the signature in `field` when nobody can be asked any more: an OCSP response about
    /// the signer, a revocation list about the timestamp authority, and all certificates.
    pub(crate) fn validation_data(&self, field: &str, signer: &Chain) -> ValidationData {
        let responder = holder(&self.ca, &CertificateProfile::OcspResponder, "eseal interop test OCSP responder");
        let (responder, certificate) = (responder.key, responder.chain.leaf().clone());
        let responder = OcspResponder::new(responder, certificate, self.root().clone()).unwrap();
        let request = OcspRequest::new(signer.leaf(), self.root()).unwrap();
        let query = OcspQuery::from_der(request.to_der()).unwrap();
        let until = UnixTime(now().0 + DAY);
        let response = responder.respond(&query, &[RevocationStatus::Good], now(), until).unwrap();
        let everybody = signer.certificates().chain(self.timestamps.chain().certificates()).chain([self.root()]);
        let mut revocation = RevocationData::new();
        revocation.add_ocsp(OcspResponse::from_der(&response).unwrap());
        revocation.add_crl(Crl::from_der(&self.crl()).unwrap());
        ValidationData::new().signature(field, Evidence { certificates: everybody.cloned().collect(), revocation })
    }
}

fn holder(ca: &Issuer, profile: &CertificateProfile, name: &str) -> Holder {
    let mut rng = UnwrapErr(SysRng);
    let key = SigningKey::generate(Suite::EcdsaP256Sha256, &mut rng).unwrap();
    let subject = Subject::named(name).with_country(*b"CN");
    let validity = Validity::lasting(now(), 30 * DAY);
    let certificate = ca.issue(profile, &subject, key.public_key(), validity, &mut rng).unwrap();
    Holder { key, chain: ca.chain_of(certificate).unwrap() }
}

/// The present.
pub(crate) fn now() -> UnixTime {
    UnixTime(SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs())
}
