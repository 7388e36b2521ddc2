//! Data of electronic seals: made, put on something, read in every version, and every way in which they can be wrong.

use der::asn1::{BitString, GeneralizedTime, Ia5StringRef, OctetString, OctetStringRef, UtcTime, Utf8StringRef};
use der::{Any, Decode, Encode, Tag};
use eseal_crypto::Suite;
use eseal_crypto::cert::{Certificate, CertificateProfile, Chain, ObjectIdentifier};
use eseal_crypto::digest::DigestAlgorithm;
use eseal_crypto::key::SigningKey;
use eseal_crypto::ses::{
    MAX_SEAL_LEN, Seal, SealDraft, SealHolder, SealPicture, SealSignature, SealSignatureDraft, SealSigners, SesError,
    SesExtension, SesVersion, StatedTime,
};
use eseal_crypto::tsp::{TimestampAuthority, TimestampRequest, TimestampToken};

use crate::support::{NOW, Pki, Repeatable, SM2_WITH_SM3, days, key, sha256, sm2_key, sm3};

const DATA: &[u8] = b"<ofd:Signature/>";

struct Scene {
    pki: Pki,
    maker: (SigningKey, Chain),
    signer: (SigningKey, Chain),
}

impl Scene {
    fn new() -> Self {
        let mut pki = Pki::of(Suite::Sm2Sm3);
        let mut someone = |seed| {
            let key = sm2_key(seed);
            let chain = pki.issue(&CertificateProfile::DocumentSigning, key.public_key());
            (key, chain)
        };
        let (maker, signer) = (someone(1), someone(2));
        Self { pki, maker, signer }
    }

    fn draft(&self, version: SesVersion) -> SealDraft {
        SealDraft {
            version,
            vendor_id: "eseal".to_owned(),
            id: "36010000000001".to_owned(),
            holder: SealHolder::Person,
            name: "江小满".to_owned(),
            signers: SealSigners::Certificates(vec![self.signer.1.leaf().to_der().to_vec()]),
            created_at: NOW,
            validity: days(0, 100),
            picture: SealPicture { kind: "PNG".to_owned(), data: vec![1, 2, 3], width_mm: 40, height_mm: 20 },
            extensions: Vec::new(),
        }
    }

    fn make(&self, draft: &SealDraft) -> Seal {
        let prepared = draft.prepare(self.maker.1.leaf()).unwrap();
        let signature = self.maker.0.sign_prehash(&prepared.prehash().unwrap()).unwrap();
        prepared.finish(&signature).unwrap()
    }

    fn seal(&self, version: SesVersion) -> Seal {
        self.make(&self.draft(version))
    }

    fn put(seal: Seal) -> SealSignatureDraft {
        let property_info = "/Doc_0/Signs/Sign_0/Signature.xml".to_owned();
        SealSignatureDraft { seal, data: sm3(DATA), property_info, time: NOW, extensions: Vec::new() }
    }

    fn sign(&self, draft: &SealSignatureDraft) -> SealSignature {
        let prepared = draft.prepare(self.signer.1.leaf()).unwrap();
        let signature = self.signer.0.sign_prehash(&prepared.prehash().unwrap()).unwrap();
        prepared.finish(&signature).unwrap()
    }

    fn timestamp(&mut self, imprint: eseal_crypto::digest::Digest) -> TimestampToken {
        let key = sm2_key(50);
        let chain = self.pki.issue(&CertificateProfile::TimestampAuthority, key.public_key());
        let authority = TimestampAuthority::new(key, chain).unwrap();
        let request = TimestampRequest::new(imprint, &mut Repeatable::seeded(5)).unwrap();
        request.accept(&authority.respond(request.to_der(), 7, NOW).unwrap().der).unwrap()
    }
}

#[test]
fn a_seal_that_is_made_is_read_as_it_was_meant() {
    let scene = Scene::new();
    for version in [SesVersion::V4, SesVersion::V5] {
        let extension = SesExtension {
            id: ObjectIdentifier::new_unwrap("1.2.156.10197.6.7.2.2.1.1"),
            critical: true,
            value: b"2.1".to_vec(),
        };
        let draft = SealDraft { extensions: vec![extension], ..scene.draft(version) };
        let seal = scene.make(&draft);
        assert_eq!(Seal::from_der(seal.to_der()).unwrap(), seal);
        assert_eq!(seal.version(), version);
        assert_eq!((seal.vendor_id(), seal.id(), seal.name()), ("eseal", "36010000000001", "江小满"));
        assert_eq!((seal.holder(), seal.signers()), (SealHolder::Person, &draft.signers));
        assert_eq!((seal.created_at(), seal.validity()), (NOW, draft.validity));
        assert_eq!((seal.picture(), seal.extensions()), (&draft.picture, draft.extensions.as_slice()));
        assert_eq!(seal.maker(), scene.maker.1.leaf());
        assert_eq!(seal.verify_signature(), Ok(()));
        assert!(!format!("{seal:?}").contains("江小满"));
    }
}

#[test]
fn a_seal_is_put_on_something() {
    let scene = Scene::new();
    for version in [SesVersion::V4, SesVersion::V5] {
        let sealed = scene.sign(&Scene::put(scene.seal(version)));
        assert_eq!(sealed.version(), version);
        assert_eq!(sealed.verify_signature(), Ok(()));
        assert_eq!(sealed.digest_algorithm(), Ok(DigestAlgorithm::Sm3));
        assert_eq!(sealed.verify_data(&sm3(DATA)), Ok(()));
        assert_eq!(sealed.verify_data(&sm3(b"else")), Err(SesError::DigestMismatch));
        assert_eq!(sealed.verify_data(&sha256(DATA)), Err(SesError::DigestMismatch));
        assert_eq!(sealed.verify_signer_is_listed(), Ok(()));
        assert_eq!(sealed.seal().verify_signature(), Ok(()));
        assert_eq!(sealed.stated_time(), &StatedTime::Claimed(NOW));
        assert_eq!(sealed.property_info(), "/Doc_0/Signs/Sign_0/Signature.xml");
        assert_eq!(sealed.signer(), scene.signer.1.leaf());
    }
}

#[test]
fn signers_are_listed_by_certificate_or_by_digest() {
    let scene = Scene::new();
    let digest = sm3(scene.signer.1.leaf().to_der()).as_bytes().to_vec();
    let by = |signers| SealDraft { signers, ..scene.draft(SesVersion::V4) };
    let by_digest = scene.make(&by(SealSigners::Digests(vec![("SM3".to_owned(), digest)])));
    assert_eq!(scene.sign(&Scene::put(by_digest)).verify_signer_is_listed(), Ok(()));
    let strangers = [
        SealSigners::Digests(vec![("SM3".to_owned(), sm3(b"else").as_bytes().to_vec())]),
        SealSigners::Certificates(vec![scene.maker.1.leaf().to_der().to_vec()]),
    ];
    for signers in strangers {
        let refused = Scene::put(scene.make(&by(signers))).prepare(scene.signer.1.leaf()).err();
        assert_eq!(refused, Some(SesError::SignerNotListed));
    }
}

#[test]
fn timestamps_are_about_the_signature_value() {
    let mut scene = Scene::new();
    let seal = scene.seal(SesVersion::V5);
    let token = scene.timestamp(seal.signature_digest(DigestAlgorithm::Sm3));
    let stamped_seal = seal.with_timestamp(token.to_der()).unwrap();
    assert_eq!(stamped_seal.timestamp(), Some(token.to_der()));
    assert_eq!((stamped_seal.version(), stamped_seal.verify_signature()), (SesVersion::V5, Ok(())));
    let sealed = scene.sign(&Scene::put(stamped_seal));
    let token = scene.timestamp(sealed.signature_digest(DigestAlgorithm::Sm3));
    let stamped = sealed.with_timestamp(token.to_der()).unwrap();
    assert_eq!(stamped.verify_signature(), Ok(()));
    let read = TimestampToken::from_der(stamped.timestamp().unwrap()).unwrap();
    assert_eq!(read.verify(&stamped.signature_digest(DigestAlgorithm::Sm3)), Ok(()));
    let older = scene.seal(SesVersion::V4);
    assert!(matches!(older.with_timestamp(token.to_der()), Err(SesError::CannotWrite { .. })));
}

#[test]
fn what_cannot_be_written_is_refused() {
    let scene = Scene::new();
    let good = scene.draft(SesVersion::V4);
    let picture = |change: fn(&mut SealPicture)| {
        let mut picture = good.picture.clone();
        change(&mut picture);
        SealDraft { picture, ..good.clone() }
    };
    let bad = [
        SealDraft { version: SesVersion::V1, ..good.clone() },
        SealDraft { vendor_id: "江西".to_owned(), ..good.clone() },
        SealDraft { id: "号".to_owned(), ..good.clone() },
        SealDraft { signers: SealSigners::Certificates(Vec::new()), ..good.clone() },
        SealDraft { signers: SealSigners::Digests(Vec::new()), ..good.clone() },
        SealDraft { signers: SealSigners::Digests(vec![("数".to_owned(), vec![0; 32])]), ..good.clone() },
        SealDraft {
            validity: eseal_crypto::cert::Validity { not_before: NOW, not_after: days(9, 0).not_before },
            ..good.clone()
        },
        picture(|picture| picture.data.clear()),
        picture(|picture| picture.width_mm = 0),
        picture(|picture| picture.kind = "图".to_owned()),
    ];
    for draft in bad {
        let refused = draft.prepare(scene.maker.1.leaf()).err();
        assert!(matches!(refused, Some(SesError::CannotWrite { .. })), "{draft:?}: {refused:?}");
    }
    let p256 = Pki::new().issue(&CertificateProfile::DocumentSigning, key(1).public_key());
    assert_eq!(good.prepare(p256.leaf()).err(), Some(SesError::UnsupportedAlgorithm));
    let other = good.prepare(scene.maker.1.leaf()).unwrap();
    let signature = scene.signer.0.sign(other.to_be_signed());
    assert_eq!(other.finish(&signature).err(), Some(SesError::BadSignature));
    let put = Scene::put(scene.seal(SesVersion::V4));
    let late = SealSignatureDraft { time: NOW.plus(101 * 86_400), ..put.clone() };
    assert!(matches!(late.prepare(scene.signer.1.leaf()), Err(SesError::CannotWrite { .. })));
    let of_sha256 = SealSignatureDraft { data: sha256(DATA), ..put };
    assert_eq!(of_sha256.prepare(scene.signer.1.leaf()).err(), Some(SesError::UnsupportedAlgorithm));
}

/// Every bit of what is signed counts, of a seal and of what was sealed with it.
#[test]
fn nothing_that_is_signed_can_be_changed() {
    let scene = Scene::new();
    let sealed = scene.sign(&Scene::put(scene.seal(SesVersion::V4)));
    let der = sealed.to_der();
    let mut believed = Vec::new();
    for at in 0..der.len() {
        let mut changed = der.to_vec();
        changed[at] ^= 1;
        let Ok(read) = SealSignature::from_der(&changed) else { continue };
        // The signer's certificate is beside what is signed: a changed one has the same key, and is not in the list.
        if read.verify_signature().is_ok() && read.verify_signer_is_listed().is_ok() {
            believed.push(at);
        }
    }
    assert_eq!(believed, [0_usize; 0]);
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    Any::new(Tag::Sequence, parts.concat()).unwrap().to_der().unwrap()
}

fn ia5(text: &str) -> Vec<u8> {
    Ia5StringRef::new(text).unwrap().to_der().unwrap()
}

fn octets(bytes: &[u8]) -> Vec<u8> {
    OctetStringRef::new(bytes).unwrap().to_der().unwrap()
}

fn bits(bytes: &[u8]) -> Vec<u8> {
    BitString::from_bytes(bytes).unwrap().to_der().unwrap()
}

/// Seal data of GM/T 0031-2014, which nothing here writes.
struct Older<'a> {
    scene: &'a Scene,
    time_info: Vec<u8>,
    list: Vec<u8>,
}

impl Older<'_> {
    fn seal(&self) -> Vec<u8> {
        let (key, chain) = &self.scene.maker;
        let time = |days: u64| {
            let time = std::time::Duration::from_secs(NOW.0 + days * 86_400);
            UtcTime::from_unix_duration(time).unwrap().to_der().unwrap()
        };
        let name = Utf8StringRef::new("测试章").unwrap().to_der().unwrap();
        let property = sequence(&[1_u8.to_der().unwrap(), name, self.list.clone(), time(0), time(0), time(10)]);
        let picture = sequence(&[ia5("PNG"), octets(&[1]), 40_u8.to_der().unwrap(), 40_u8.to_der().unwrap()]);
        let header = sequence(&[ia5("ES"), 1_u8.to_der().unwrap(), ia5("vendor")]);
        let info = sequence(&[header, ia5("esID"), property, picture]);
        let by = [octets(chain.leaf().to_der()), SM2_WITH_SM3.parse::<ObjectIdentifier>().unwrap().to_der().unwrap()];
        let signature = key.sign(&sequence(&[vec![info.clone()], by.to_vec()].concat()));
        sequence(&[info, sequence(&[by.to_vec(), vec![bits(&signature.to_der())]].concat())])
    }

    fn sign(&self) -> Vec<u8> {
        let (key, chain) = &self.scene.signer;
        let tbs = sequence(&[
            1_u8.to_der().unwrap(),
            self.seal(),
            bits(&self.time_info),
            bits(sm3(DATA).as_bytes()),
            ia5("/Signature.xml"),
            octets(chain.leaf().to_der()),
            SM2_WITH_SM3.parse::<ObjectIdentifier>().unwrap().to_der().unwrap(),
        ]);
        // In the form that the field knows, too.
        let signature = key.sign(&tbs).to_fixed();
        sequence(&[tbs, bits(&signature)])
    }
}

#[test]
fn the_oldest_version_is_read() {
    let mut scene = Scene::new();
    let token = scene.timestamp(sm3(DATA)).to_der().to_vec();
    let time = |text: &str| UtcTime::from_der(&[&[0x17, 13], text.as_bytes()].concat()).unwrap().to_der().unwrap();
    let general = GeneralizedTime::from_unix_duration(std::time::Duration::from_secs(NOW.0)).unwrap().to_der().unwrap();
    let times = [
        (time("270115080000Z"), StatedTime::Claimed(NOW)),
        (general, StatedTime::Claimed(NOW)),
        (b"2027-01-15 16:00:00".to_vec(), StatedTime::Claimed(NOW)),
        (token.clone(), StatedTime::Token(token)),
        (b"yesterday".to_vec(), StatedTime::Unknown),
    ];
    for (time_info, expected) in times {
        let list = sequence(&[octets(scene.signer.1.leaf().to_der())]);
        let older = Older { scene: &scene, time_info, list };
        let read = SealSignature::from_der(&older.sign()).unwrap();
        assert_eq!(read.version(), SesVersion::V1);
        assert_eq!(read.stated_time(), &expected);
        assert_eq!(read.verify_signature(), Ok(()));
        assert_eq!(read.verify_data(&sm3(DATA)), Ok(()));
        assert_eq!(read.verify_signer_is_listed(), Ok(()));
        assert_eq!(read.seal().verify_signature(), Ok(()));
        assert_eq!((read.seal().holder(), read.seal().name()), (SealHolder::Unit, "测试章"));
        assert!(read.with_timestamp(&[0]).is_err());
    }
    // One issuer writes a text where certificates should be.
    let older = Older { scene: &scene, time_info: Vec::new(), list: sequence(&[ia5("1")]) };
    let read = SealSignature::from_der(&older.sign()).unwrap();
    assert_eq!(read.seal().verify_signature(), Ok(()));
    assert_eq!(read.verify_signer_is_listed(), Err(SesError::SignerNotListed));
}

#[test]
fn what_is_no_seal_is_refused() {
    let scene = Scene::new();
    let seal = scene.seal(SesVersion::V4);
    let sealed = scene.sign(&Scene::put(seal.clone()));
    let is_malformed = |error: Option<SesError>| matches!(error, Some(SesError::Malformed { .. }));
    for der in [seal.to_der(), sealed.to_der()] {
        for end in 0..der.len() {
            assert!(is_malformed(Seal::from_der(&der[..end]).err()), "cut at {end}");
            assert!(is_malformed(SealSignature::from_der(&der[..end]).err()), "cut at {end}");
        }
        assert!(is_malformed(Seal::from_der(&[der, &[0]].concat()).err()));
    }
    assert!(is_malformed(SealSignature::from_der(seal.to_der()).err()), "a seal for a signature");
    assert!(is_malformed(Seal::from_der(sealed.to_der()).err()), "a signature for a seal");
    assert_eq!(Seal::from_der(&vec![0x30; MAX_SEAL_LEN + 1]).err(), Some(SesError::TooLong));
    // A seal of the oldest version in a signature of a newer one.
    let list = sequence(&[octets(scene.signer.1.leaf().to_der())]);
    let older = Older { scene: &scene, time_info: Vec::new(), list }.seal();
    let parts = Vec::<Any>::from_der(sealed.to_der()).unwrap();
    let mut tbs = Vec::<Any>::from_der(&parts[0].to_der().unwrap()).unwrap();
    tbs[1] = Any::from_der(&older).unwrap();
    let tbs: Vec<_> = tbs.iter().map(|part| part.to_der().unwrap()).collect();
    let rest = parts[1..].iter().map(|part| part.to_der().unwrap());
    let mixed = sequence(&std::iter::once(sequence(&tbs)).chain(rest).collect::<Vec<_>>());
    assert!(is_malformed(SealSignature::from_der(&mixed).err()));
}

#[test]
fn a_seal_signed_by_another_key_or_algorithm_is_not_its_makers() {
    let scene = Scene::new();
    let seal = scene.seal(SesVersion::V4);
    let rewrite = |certificate: &Certificate, algorithm: &str| {
        let mut parts = Vec::<Any>::from_der(seal.to_der()).unwrap();
        parts[1] = Any::encode_from(&OctetString::new(certificate.to_der()).unwrap()).unwrap();
        parts[2] = Any::encode_from(&algorithm.parse::<ObjectIdentifier>().unwrap()).unwrap();
        let parts: Vec<_> = parts.iter().map(|part| part.to_der().unwrap()).collect();
        Seal::from_der(&sequence(&parts)).unwrap().verify_signature()
    };
    let maker = scene.maker.1.leaf();
    assert_eq!(rewrite(maker, SM2_WITH_SM3), Ok(()));
    assert_eq!(rewrite(maker, "1.2.156.10197.1.301.1"), Ok(()), "without the digest's name");
    assert_eq!(rewrite(scene.signer.1.leaf(), SM2_WITH_SM3), Err(SesError::BadSignature));
    assert_eq!(rewrite(maker, "1.2.840.10045.4.3.2"), Err(SesError::BadSignature));
    assert_eq!(rewrite(maker, "1.2.840.113549.1.1.5"), Err(SesError::WeakAlgorithm));
    // As one Java library has it, with an arc forgotten.
    assert_eq!(rewrite(maker, "1.2.156.10197.501"), Err(SesError::UnsupportedAlgorithm));
}
