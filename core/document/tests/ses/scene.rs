//! A root of SM2, a seal maker, a signer, a clock, and what they make: sound and not.

use std::convert::Infallible;

use der::asn1::{BitString, Ia5StringRef, OctetStringRef};
use der::{Any, Decode, Encode, Tag};
use eseal_crypto::Suite;
use eseal_crypto::cert::{Certificate, CertificateProfile, Chain, Issuer, Subject, TrustAnchors, UnixTime, Validity};
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::key::SigningKey;
use eseal_crypto::revocation::{Crl, RevocationData, RevocationReason, RevokedCertificate};
use eseal_crypto::ses::{
    Seal, SealDraft, SealHolder, SealPicture, SealSignature, SealSignatureDraft, SealSigners, SesVersion,
};
use eseal_crypto::tsp::{TimestampAuthority, TimestampRequest, TimestampToken};
use eseal_document::ses::{SealJudge, SealReport};
use rand_core::{TryCryptoRng, TryRng};

pub(crate) const NOW: UnixTime = UnixTime(1_800_000_000);
pub(crate) const DAY: u64 = 86_400;
pub(crate) const DATA: &[u8] = b"<ofd:Signature/>";

pub(crate) fn sm3(data: &[u8]) -> Digest {
    Digest::of(DigestAlgorithm::Sm3, data)
}

type Party = (SigningKey, Chain);

pub(crate) struct Scene {
    root: Issuer,
    pub(crate) maker: Party,
    pub(crate) signer: Party,
    other: Party,
    clock: TimestampAuthority,
    seed: u64,
}

impl Scene {
    pub(crate) fn new() -> Self {
        Self::seeded(1)
    }

    pub(crate) fn seeded(seed: u64) -> Self {
        let validity = |days| Validity::lasting(UnixTime(NOW.0 - 10 * DAY), days * DAY);
        let key = |number| SigningKey::generate(Suite::Sm2Sm3, &mut Repeatable(seed + number)).unwrap();
        let subject = Subject::named(format!("Root {seed}"));
        let root = Issuer::new_root(key(0), &subject, validity(8_000), &mut Repeatable(seed + 100)).unwrap();
        let issue = |number, profile: &CertificateProfile, days| {
            let key = key(number);
            let subject = Subject::named(format!("Party {number}"));
            let rng = &mut Repeatable(seed + 200 + number);
            let leaf = root.issue(profile, &subject, key.public_key(), validity(days), rng).unwrap();
            (key, Chain::new([leaf]).unwrap())
        };
        let (key, chain) = issue(4, &CertificateProfile::TimestampAuthority, 4_000);
        let clock = TimestampAuthority::new(key, chain).unwrap();
        Self {
            maker: issue(1, &CertificateProfile::DocumentSigning, 4_000),
            signer: issue(2, &CertificateProfile::DocumentSigning, 300),
            other: issue(3, &CertificateProfile::DocumentSigning, 300),
            clock,
            seed,
            root,
        }
    }

    pub(crate) fn anchors(&self) -> TrustAnchors {
        TrustAnchors::new([self.root.certificate().clone()])
    }

    pub(crate) fn judge_at(&self, at: UnixTime, judge: impl FnOnce(SealJudge<'_>) -> SealReport) -> SealReport {
        self.with_judge(at, &self.list(&[]), judge)
    }

    pub(crate) fn judge(&self, sealed: &SealSignature) -> SealReport {
        self.judge_at(NOW, |judge| judge.judge(sealed, &sm3(DATA)))
    }

    pub(crate) fn judge_with(&self, revocation: &RevocationData, sealed: &SealSignature) -> SealReport {
        self.with_judge(NOW, revocation, |judge| judge.judge(sealed, &sm3(DATA)))
    }

    /// By other anchors.
    pub(crate) fn judge_by(&self, anchors: &TrustAnchors, sealed: &SealSignature) -> SealReport {
        let (own, revocation) = (self.anchors(), self.list(&[]));
        let judge = SealJudge { anchors, timestamp_anchors: &own, certificates: &[], revocation: &revocation, at: NOW };
        judge.judge(sealed, &sm3(DATA))
    }

    fn with_judge(
        &self,
        at: UnixTime,
        revocation: &RevocationData,
        judge: impl FnOnce(SealJudge<'_>) -> SealReport,
    ) -> SealReport {
        let anchors = self.anchors();
        judge(SealJudge { anchors: &anchors, timestamp_anchors: &anchors, certificates: &[], revocation, at })
    }

    pub(crate) fn taken_back(&self, certificate: &Certificate, at: UnixTime) -> RevocationData {
        let reason = RevocationReason::KeyCompromise;
        self.list(&[RevokedCertificate { serial: certificate.serial().to_vec(), at, reason }])
    }

    fn list(&self, revoked: &[RevokedCertificate]) -> RevocationData {
        let crl = self.root.issue_crl(1, NOW, NOW.plus(7 * DAY), revoked.iter().cloned()).unwrap();
        let mut data = RevocationData::new();
        data.add_crl(Crl::from_der(&crl).unwrap());
        data
    }

    fn draft(version: SesVersion, signer: &Certificate) -> SealDraft {
        SealDraft {
            version,
            vendor_id: "eseal".to_owned(),
            id: "36010000000001".to_owned(),
            holder: SealHolder::Unit,
            name: "测试章".to_owned(),
            signers: SealSigners::Certificates(vec![signer.to_der().to_vec()]),
            created_at: NOW,
            validity: Validity { not_before: UnixTime(NOW.0 - DAY), not_after: NOW.plus(1_000 * DAY) },
            picture: SealPicture { kind: "PNG".to_owned(), data: vec![7; 50], width_mm: 40, height_mm: 40 },
            extensions: Vec::new(),
        }
    }

    fn make(&self, draft: &SealDraft) -> Seal {
        let prepared = draft.prepare(self.maker.1.leaf()).unwrap();
        let signature = self.maker.0.sign(prepared.to_be_signed());
        prepared.finish(&signature).unwrap()
    }

    pub(crate) fn seal(&self, version: SesVersion) -> Seal {
        self.make(&Self::draft(version, self.signer.1.leaf()))
    }

    pub(crate) fn seal_of_other(&self) -> Seal {
        self.make(&Self::draft(SesVersion::V4, self.other.1.leaf()))
    }

    pub(crate) fn seal_that_ran_out(&self) -> Seal {
        let validity = Validity { not_before: UnixTime(NOW.0 - 3 * DAY), not_after: UnixTime(NOW.0 - DAY) };
        self.make(&SealDraft { validity, ..Self::draft(SesVersion::V4, self.signer.1.leaf()) })
    }

    /// The signer's seal with another picture, and the maker's signature as it was.
    pub(crate) fn repainted(&self) -> Seal {
        let seal = self.seal(SesVersion::V4);
        let mut der = seal.to_der().to_vec();
        let picture = der.windows(50).position(|window| window == [7; 50]).unwrap();
        der[picture] = 8;
        Seal::from_der(&der).unwrap()
    }

    fn put(seal: Seal, time: UnixTime, (key, chain): &Party) -> SealSignature {
        let property_info = "/Doc_0/Signs/Sign_0/Signature.xml".to_owned();
        let draft = SealSignatureDraft { seal, data: sm3(DATA), property_info, time, extensions: Vec::new() };
        let prepared = draft.prepare(chain.leaf()).unwrap();
        let signature = key.sign(prepared.to_be_signed());
        prepared.finish(&signature).unwrap()
    }

    pub(crate) fn sealed(&self, version: SesVersion) -> SealSignature {
        Self::put(self.seal(version), NOW, &self.signer)
    }

    pub(crate) fn sealed_at(&self, time: UnixTime) -> SealSignature {
        Self::put(self.seal(SesVersion::V4), time, &self.signer)
    }

    pub(crate) fn signed_by(&self, profile: &CertificateProfile) -> SealSignature {
        let key = SigningKey::generate(Suite::Sm2Sm3, &mut Repeatable(self.seed + 9)).unwrap();
        let validity = Validity::lasting(UnixTime(NOW.0 - DAY), 10 * DAY);
        let (subject, rng) = (Subject::named("Other"), &mut Repeatable(self.seed + 10));
        let leaf = self.root.issue(profile, &subject, key.public_key(), validity, rng).unwrap();
        let seal = self.make(&Self::draft(SesVersion::V4, &leaf));
        Self::put(seal, NOW, &(key, Chain::new([leaf]).unwrap()))
    }

    pub(crate) fn timestamp(&self, imprint: Digest) -> TimestampToken {
        let request = TimestampRequest::new(imprint, &mut Repeatable(5)).unwrap();
        request.accept(&self.clock.respond(request.to_der(), 7, NOW).unwrap().der).unwrap()
    }

    /// Seal and signature with timestamps.
    pub(crate) fn stamped(&self, version: SesVersion) -> SealSignature {
        let seal = self.seal(version);
        let token = self.timestamp(seal.signature_digest(DigestAlgorithm::Sm3));
        let sealed = Self::put(seal.with_timestamp(token.to_der()).unwrap(), NOW, &self.signer);
        let token = self.timestamp(sealed.signature_digest(DigestAlgorithm::Sm3));
        sealed.with_timestamp(token.to_der()).unwrap()
    }

    /// With another seal, signed anew by the signer.
    pub(crate) fn with_seal(&self, sealed: &SealSignature, seal: &Seal) -> SealSignature {
        self.resigned(sealed, |tbs| tbs[1] = Any::from_der(seal.to_der()).unwrap())
    }

    /// The old signature over something else.
    pub(crate) fn with_path(&self, sealed: &SealSignature, path: &str) -> SealSignature {
        let changed = self.resigned(sealed, |tbs| {
            tbs[4] = Any::encode_from(&Ia5StringRef::new(path).unwrap()).unwrap();
        });
        let mut parts = parts(changed.to_der());
        parts[3] = self::parts(sealed.to_der())[3].clone();
        SealSignature::from_der(&join(&parts)).unwrap()
    }

    pub(crate) fn in_fixed_form(&self, sealed: &SealSignature) -> SealSignature {
        let mut parts = parts(sealed.to_der());
        let fixed = self.signer.0.sign(&parts[0].to_der().unwrap()).to_fixed();
        parts[3] = Any::encode_from(&BitString::from_bytes(&fixed).unwrap()).unwrap();
        SealSignature::from_der(&join(&parts)).unwrap()
    }

    fn resigned(&self, sealed: &SealSignature, change: impl FnOnce(&mut Vec<Any>)) -> SealSignature {
        let mut whole = parts(sealed.to_der());
        let mut tbs = parts(&whole[0].to_der().unwrap());
        change(&mut tbs);
        let tbs = join(&tbs);
        let signature = self.signer.0.sign(&tbs).to_der();
        whole[0] = Any::from_der(&tbs).unwrap();
        whole[1] = Any::encode_from(&OctetStringRef::new(self.signer.1.leaf().to_der()).unwrap()).unwrap();
        whole[3] = Any::encode_from(&BitString::from_bytes(&signature).unwrap()).unwrap();
        SealSignature::from_der(&join(&whole)).unwrap()
    }
}

fn parts(sequence: &[u8]) -> Vec<Any> {
    Vec::<Any>::from_der(sequence).unwrap()
}

fn join(parts: &[Any]) -> Vec<u8> {
    let content: Vec<u8> = parts.iter().flat_map(|part| part.to_der().unwrap()).collect();
    Any::new(Tag::Sequence, content).unwrap().to_der().unwrap()
}

/// The same bytes for the same seed.
pub(crate) struct Repeatable(pub(crate) u64);

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

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(32) {
            self.0 = self.0.wrapping_add(1 << 32);
            chunk.copy_from_slice(&sm3(&self.0.to_le_bytes()).as_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Repeatable {}
