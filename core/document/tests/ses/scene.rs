//! A root of SM2, a seal maker, a signer, a clock, and what they make: sound and not.

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
use eseal_testkit::{Authority, DAY, Party, Repeatable};

pub(crate) const NOW: UnixTime = UnixTime(1_800_000_000);
pub(crate) const DATA: &[u8] = b"<ofd:Signature/>";

pub(crate) fn sm3(data: &[u8]) -> Digest {
    Digest::of(DigestAlgorithm::Sm3, data)
}

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
        let lasting = |days| Validity::lasting(UnixTime(NOW.0 - 10 * DAY), days * DAY);
        let mut authority = Authority::new(Suite::Sm2Sm3, &format!("Root {seed}"), lasting(8_000), seed);
        let mut alone = |profile: &CertificateProfile, name, days| {
            let party = authority.issue(profile, name, lasting(days));
            Party { chain: Chain::new([party.chain.leaf().clone()]).unwrap(), ..party }
        };
        let maker = alone(&CertificateProfile::DocumentSigning, "Maker", 4_000);
        let signer = alone(&CertificateProfile::DocumentSigning, "Signer", 300);
        let other = alone(&CertificateProfile::DocumentSigning, "Other", 300);
        let clock = alone(&CertificateProfile::TimestampAuthority, "Clock", 4_000);
        let clock = TimestampAuthority::new(clock.key, clock.chain).unwrap();
        Self { maker, signer, other, clock, seed, root: authority.root }
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
        let judge = SealJudge {
            anchors,
            maker_anchors: anchors,
            timestamp_anchors: &own,
            certificates: &[],
            revocation: &revocation,
            at: NOW,
        };
        judge.judge(sealed, &sm3(DATA))
    }

    fn with_judge(
        &self,
        at: UnixTime,
        revocation: &RevocationData,
        judge: impl FnOnce(SealJudge<'_>) -> SealReport,
    ) -> SealReport {
        let anchors = self.anchors();
        judge(SealJudge {
            anchors: &anchors,
            maker_anchors: &anchors,
            timestamp_anchors: &anchors,
            certificates: &[],
            revocation,
            at,
        })
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
        let prepared = draft.prepare(self.maker.chain.leaf()).unwrap();
        let signature = self.maker.key.sign(prepared.to_be_signed());
        prepared.finish(&signature).unwrap()
    }

    pub(crate) fn seal(&self, version: SesVersion) -> Seal {
        self.make(&Self::draft(version, self.signer.chain.leaf()))
    }

    pub(crate) fn seal_of_other(&self) -> Seal {
        self.make(&Self::draft(SesVersion::V4, self.other.chain.leaf()))
    }

    pub(crate) fn seal_that_ran_out(&self) -> Seal {
        let validity = Validity { not_before: UnixTime(NOW.0 - 3 * DAY), not_after: UnixTime(NOW.0 - DAY) };
        self.make(&SealDraft { validity, ..Self::draft(SesVersion::V4, self.signer.chain.leaf()) })
    }

    /// The signer's seal with another picture, and the maker's signature as it was.
    pub(crate) fn repainted(&self) -> Seal {
        let seal = self.seal(SesVersion::V4);
        let mut der = seal.to_der().to_vec();
        let picture = der.windows(50).position(|window| window == [7; 50]).unwrap();
        der[picture] = 8;
        Seal::from_der(&der).unwrap()
    }

    fn put(seal: Seal, time: UnixTime, by: &Party) -> SealSignature {
        let property_info = "/Doc_0/Signs/Sign_0/Signature.xml".to_owned();
        let draft = SealSignatureDraft { seal, data: sm3(DATA), property_info, time, extensions: Vec::new() };
        let prepared = draft.prepare(by.chain.leaf()).unwrap();
        let signature = by.key.sign(prepared.to_be_signed());
        prepared.finish(&signature).unwrap()
    }

    pub(crate) fn sealed(&self, version: SesVersion) -> SealSignature {
        Self::put(self.seal(version), NOW, &self.signer)
    }

    pub(crate) fn sealed_at(&self, time: UnixTime) -> SealSignature {
        Self::put(self.seal(SesVersion::V4), time, &self.signer)
    }

    pub(crate) fn signed_by(&self, profile: &CertificateProfile) -> SealSignature {
        let key = SigningKey::generate(Suite::Sm2Sm3, &mut Repeatable::seeded(self.seed + 9)).unwrap();
        let validity = Validity::lasting(UnixTime(NOW.0 - DAY), 10 * DAY);
        let (subject, rng) = (Subject::named("Other"), &mut Repeatable::seeded(self.seed + 10));
        let leaf = self.root.issue(profile, &subject, key.public_key(), validity, rng).unwrap();
        let seal = self.make(&Self::draft(SesVersion::V4, &leaf));
        Self::put(seal, NOW, &Party { key, chain: Chain::new([leaf]).unwrap() })
    }

    pub(crate) fn timestamp(&self, imprint: Digest) -> TimestampToken {
        let request = TimestampRequest::new(imprint, &mut Repeatable::seeded(5)).unwrap();
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
        let fixed = self.signer.key.sign(&parts[0].to_der().unwrap()).to_fixed();
        parts[3] = Any::encode_from(&BitString::from_bytes(&fixed).unwrap()).unwrap();
        SealSignature::from_der(&join(&parts)).unwrap()
    }

    fn resigned(&self, sealed: &SealSignature, change: impl FnOnce(&mut Vec<Any>)) -> SealSignature {
        let mut whole = parts(sealed.to_der());
        let mut tbs = parts(&whole[0].to_der().unwrap());
        change(&mut tbs);
        let tbs = join(&tbs);
        let signature = self.signer.key.sign(&tbs).to_der();
        whole[0] = Any::from_der(&tbs).unwrap();
        whole[1] = Any::encode_from(&OctetStringRef::new(self.signer.chain.leaf().to_der()).unwrap()).unwrap();
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
