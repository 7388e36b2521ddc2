//! Somebody who seals: an invented person with a key of SM2, a certificate, and a seal made by an invented maker.

use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificateProfile, Chain, TrustAnchors, UnixTime, Validity};
use eseal_crypto::key::SigningKey;
use eseal_crypto::ses::{Seal, SealDraft, SesVersion};
use eseal_document::ofd::{self, Mark, Ofd, OfdError, Prepared, StampRequest};
use eseal_document::pdf::PageIndex;
use eseal_document::report::Report;
pub(crate) use eseal_testkit::seal::make;
use eseal_testkit::{Authority, DAY, seal};

pub(crate) const NOW: UnixTime = UnixTime(1_795_332_600);

pub(crate) fn days(before: u64, after: u64) -> Validity {
    Validity { not_before: UnixTime(NOW.0 - before * DAY), not_after: UnixTime(NOW.0 + after * DAY) }
}

pub(crate) struct Party {
    pub(crate) authority: Authority,
    pub(crate) key: SigningKey,
    pub(crate) chain: Chain,
    pub(crate) maker_key: SigningKey,
    pub(crate) maker: Chain,
    pub(crate) seal: Seal,
}

impl Party {
    pub(crate) fn new(name: &str, seed: u64) -> Self {
        Self::with(name, seed, SesVersion::V4, days(10, 365))
    }

    /// With a seal of a version, and a certificate of a validity.
    pub(crate) fn with(name: &str, seed: u64, version: SesVersion, validity: Validity) -> Self {
        let mut authority = Authority::new(Suite::Sm2Sm3, "Test Root", days(400, 4_000), seed);
        let profile = CertificateProfile::DocumentSigning;
        let maker = authority.issue(&profile, "测试制章者", days(30, 365));
        let signer = authority.issue(&profile, name, validity);
        let draft = draft(version, &signer.chain);
        let seal = make(&draft, &maker.key, &maker.chain);
        Self { authority, key: signer.key, chain: signer.chain, maker_key: maker.key, maker: maker.chain, seal }
    }

    /// A certificate and its key, from the same root.
    pub(crate) fn issue(&mut self, profile: &CertificateProfile, name: &str) -> (SigningKey, Chain) {
        let party = self.authority.issue(profile, name, days(10, 300));
        (party.key, party.chain)
    }

    pub(crate) fn anchors(&self) -> TrustAnchors {
        self.authority.anchors()
    }

    pub(crate) fn request(&self) -> StampRequest<'_> {
        StampRequest::new(&self.seal, self.chain.leaf(), NOW)
    }

    /// Seals page 1.
    pub(crate) fn seal(&self, file: &[u8]) -> Vec<u8> {
        self.seal_with(file, &self.request().mark(somewhere())).unwrap()
    }

    pub(crate) fn seal_with(&self, file: &[u8], request: &StampRequest<'_>) -> Result<Vec<u8>, OfdError> {
        self.finish(Ofd::open(file)?.prepare(request)?)
    }

    pub(crate) fn finish(&self, prepared: Prepared<&[u8]>) -> Result<Vec<u8>, OfdError> {
        let signature = self.key.sign(prepared.to_be_signed());
        let mut out = Vec::new();
        prepared.complete(&signature)?.write_to(&mut out)?;
        Ok(out)
    }

    pub(crate) fn verify(&self, file: &[u8]) -> Report {
        ofd::verify(file, &self.anchors(), NOW).unwrap()
    }
}

pub(crate) fn somewhere() -> Mark {
    Mark::new(PageIndex::new(1), [30.0, 40.0], [40.0, 40.0]).unwrap()
}

pub(crate) fn draft(version: SesVersion, signer: &Chain) -> SealDraft {
    seal::draft(version, signer, NOW)
}
