//! Those who vouch: a timestamp authority, an OCSP responder and a list of revoked certificates, all invented.

use eseal_crypto::Suite;
use eseal_crypto::cert::{Certificate, CertificateProfile, Chain, Issuer, Subject, UnixTime, Validity};
use eseal_crypto::digest::Digest;
use eseal_crypto::key::SigningKey;
use eseal_crypto::revocation::{
    Crl, OcspQuery, OcspRequest, OcspResponder, OcspResponse, RevocationData, RevocationReason, RevocationStatus,
    RevokedCertificate,
};
use eseal_crypto::tsp::{TimestampAuthority, TimestampRequest, TimestampToken};
use eseal_document::pdf::Evidence;

use eseal_testkit::{Authority, DAY, Repeatable};

use crate::party::{self, NOW, Party};

pub(crate) const fn days(days: u64) -> UnixTime {
    UnixTime(NOW.0 + days * DAY)
}

/// A timestamp authority under a root of its own.
pub(crate) struct Clock {
    pub(crate) root: Issuer,
    authority: TimestampAuthority,
}

impl Clock {
    pub(crate) fn new(seed: u64) -> Self {
        let mut root = Authority::new(Suite::EcdsaP256Sha256, "Test Clock Root", party::days(400, 8_000), seed);
        let clock = root.issue(&CertificateProfile::TimestampAuthority, "Test Clock", party::days(10, 4_000));
        let chain = Chain::new([clock.chain.leaf().clone()]).unwrap();
        Self { root: root.root, authority: TimestampAuthority::new(clock.key, chain).unwrap() }
    }

    pub(crate) fn stamp(&self, imprint: &Digest, at: UnixTime) -> TimestampToken {
        let request = TimestampRequest::new(*imprint, &mut Repeatable::seeded(at.0)).unwrap();
        let reply = self.authority.respond(request.to_der(), at.0, at).unwrap();
        request.accept(&reply.der).unwrap()
    }

    pub(crate) fn certificates(&self) -> Vec<Certificate> {
        vec![self.authority.chain().leaf().clone(), self.root.certificate().clone()]
    }

    /// That the authority's certificate is good, as of `at`.
    pub(crate) fn evidence(&self, at: UnixTime) -> Evidence {
        Evidence { certificates: self.certificates(), revocation: list(&self.root, at, None) }
    }
}

/// What the root of a party says of its certificate at `at`, by OCSP.
pub(crate) fn ocsp(party: &Party, status: RevocationStatus, at: UnixTime) -> RevocationData {
    let mut rng = Repeatable::seeded(at.0);
    let key = SigningKey::generate(Suite::EcdsaP256Sha256, &mut rng).unwrap();
    let validity = Validity { not_before: UnixTime(at.0 - DAY), not_after: UnixTime(at.0 + 7 * DAY) };
    let (profile, subject) = (CertificateProfile::OcspResponder, Subject::named("Test Responder"));
    let own = party.root.issue(&profile, &subject, key.public_key(), validity, &mut rng).unwrap();
    let responder = OcspResponder::new(key, own, party.root.certificate().clone()).unwrap();
    let request = OcspRequest::new(party.chain.leaf(), party.root.certificate()).unwrap();
    let query = OcspQuery::from_der(request.to_der()).unwrap();
    let response = responder.respond(&query, &[status], at, UnixTime(at.0 + 7 * DAY)).unwrap();
    let mut data = RevocationData::new();
    data.add_ocsp(OcspResponse::from_der(&response).unwrap());
    data
}

/// A list by `root` as of `at`, with one revoked certificate or none.
pub(crate) fn list(root: &Issuer, at: UnixTime, revoked: Option<(&Certificate, UnixTime)>) -> RevocationData {
    let revoked = revoked.map(|(certificate, since)| RevokedCertificate {
        serial: certificate.serial().to_vec(),
        at: since,
        reason: RevocationReason::KeyCompromise,
    });
    let crl = root.issue_crl(at.0, at, UnixTime(at.0 + 7 * DAY), revoked).unwrap();
    let mut data = RevocationData::new();
    data.add_crl(Crl::from_der(&crl).unwrap());
    data
}

/// That a party's certificate is good, as of `at`: by OCSP and, for readers who ask no responder that the certificate does
/// not name, by a list.
pub(crate) fn evidence(party: &Party, at: UnixTime) -> Evidence {
    let certificates = vec![party.chain.leaf().clone(), party.root.certificate().clone()];
    let mut revocation = ocsp(party, RevocationStatus::Good, at);
    list(&party.root, at, None).crls().iter().for_each(|crl| revocation.add_crl(crl.clone()));
    Evidence { certificates, revocation }
}
