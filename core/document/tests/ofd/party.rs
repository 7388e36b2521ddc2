//! Somebody who seals: an invented person with a key of SM2, a certificate, and a seal made by an invented maker.

use std::convert::Infallible;

use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificateProfile, Chain, Issuer, Subject, TrustAnchors, UnixTime, Validity};
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::key::SigningKey;
use eseal_crypto::ses::{Seal, SealDraft, SealHolder, SealPicture, SealSigners, SesVersion};
use eseal_document::ofd::{self, Mark, Ofd, OfdError, Prepared, StampRequest};
use eseal_document::pdf::PageIndex;
use eseal_document::report::Report;
use rand_core::{TryCryptoRng, TryRng};

pub(crate) const NOW: UnixTime = UnixTime(1_795_332_600);
pub(crate) const DAY: u64 = 86_400;

/// A random source that gives the same bytes for the same seed, so that a failure can be repeated.
pub(crate) struct Repeatable {
    seed: u64,
    block: u64,
}

impl Repeatable {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { seed, block: 0 }
    }
}

impl TryRng for Repeatable {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(32) {
            self.block += 1;
            let input = [self.seed.to_le_bytes(), self.block.to_le_bytes()].concat();
            let digest = Digest::of(DigestAlgorithm::Sha256, &input);
            chunk.copy_from_slice(&digest.as_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Repeatable {}

pub(crate) fn days(before: u64, after: u64) -> Validity {
    Validity { not_before: UnixTime(NOW.0 - before * DAY), not_after: UnixTime(NOW.0 + after * DAY) }
}

pub(crate) struct Party {
    pub(crate) root: Issuer,
    pub(crate) key: SigningKey,
    pub(crate) chain: Chain,
    pub(crate) maker_key: SigningKey,
    pub(crate) maker: Chain,
    pub(crate) seal: Seal,
    rng: Repeatable,
}

impl Party {
    pub(crate) fn new(name: &str, seed: u64) -> Self {
        Self::with(name, seed, SesVersion::V4, days(10, 365))
    }

    /// With a seal of a version, and a certificate of a validity.
    pub(crate) fn with(name: &str, seed: u64, version: SesVersion, validity: Validity) -> Self {
        let mut rng = Repeatable::new(seed);
        let root_key = SigningKey::generate(Suite::Sm2Sm3, &mut rng).unwrap();
        let root = Issuer::new_root(root_key, &Subject::named("Test Root"), days(400, 4_000), &mut rng).unwrap();
        let mut someone = |name: &str, validity| {
            let key = SigningKey::generate(Suite::Sm2Sm3, &mut rng).unwrap();
            let profile = CertificateProfile::DocumentSigning;
            let issued = root.issue(&profile, &Subject::named(name), key.public_key(), validity, &mut rng).unwrap();
            (key, root.chain_of(issued).unwrap())
        };
        let (maker_key, maker) = someone("测试制章者", days(30, 365));
        let (key, chain) = someone(name, validity);
        let draft = draft(version, &chain);
        let seal = make(&draft, &maker_key, &maker);
        Self { root, key, chain, maker_key, maker, seal, rng }
    }

    /// A certificate and its key, from the same root.
    pub(crate) fn issue(&mut self, profile: &CertificateProfile, name: &str) -> (SigningKey, Chain) {
        let key = SigningKey::generate(Suite::Sm2Sm3, &mut self.rng).unwrap();
        let subject = Subject::named(name);
        let issued = self.root.issue(profile, &subject, key.public_key(), days(10, 300), &mut self.rng).unwrap();
        (key, self.root.chain_of(issued).unwrap())
    }

    pub(crate) fn anchors(&self) -> TrustAnchors {
        TrustAnchors::new([self.root.certificate().clone()])
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
    SealDraft {
        version,
        vendor_id: "eseal".to_owned(),
        id: "36010000000001".to_owned(),
        holder: SealHolder::Unit,
        name: "测试单位".to_owned(),
        signers: SealSigners::Certificates(vec![signer.leaf().to_der().to_vec()]),
        created_at: UnixTime(NOW.0 - DAY),
        validity: days(1, 100),
        picture: SealPicture { kind: "PNG".to_owned(), data: vec![1, 2, 3], width_mm: 40, height_mm: 40 },
        extensions: Vec::new(),
    }
}

pub(crate) fn make(draft: &SealDraft, key: &SigningKey, maker: &Chain) -> Seal {
    let prepared = draft.prepare(maker.leaf()).unwrap();
    let signature = key.sign(prepared.to_be_signed());
    prepared.finish(&signature).unwrap()
}
