//! Certificates, revocation and timestamps of SM2: the same types and rules as elsewhere, and what only they have.

use der::asn1::{Any, ContextSpecific, Null, PrintableStringRef, SetOfVec, Utf8StringRef};
use der::{Decode, Encode, TagMode, TagNumber};
use eseal_crypto::Suite;
use eseal_crypto::cert::{
    Certificate, CertificateProfile, Chain, ChainError, IdentityRegister, Issuer, Purpose, TrustAnchors,
};
use eseal_crypto::cms::{CmsError, SignedAttributes};
use eseal_crypto::digest::DigestAlgorithm;
use eseal_crypto::revocation::{
    Crl, OcspQuery, OcspRequest, OcspResponder, OcspResponse, RevocationError, RevocationStatus,
};
use eseal_crypto::tsp::{TimestampAuthority, TimestampError, TimestampRequest};
use spki::AlgorithmIdentifierOwned;

use crate::revocation::{HOUR, TAKEN_BACK, list};
use crate::support::{Forge, NOW, Pki, Repeatable, SM2_WITH_SM3, algorithm, extension, key, sha256, sm2_key, sm3};

fn pki() -> Pki {
    Pki::of(Suite::Sm2Sm3)
}

fn leaf(pki: &mut Pki) -> Chain {
    pki.issue(&CertificateProfile::DocumentSigning, sm2_key(7).public_key())
}

#[test]
fn a_chain_of_sm2_holds() {
    let mut pki = pki();
    let chain = leaf(&mut pki);
    assert_eq!(chain.verify(&pki.anchors(), NOW, Purpose::DocumentSigning), Ok(()));
    assert_eq!(chain.verify(&pki.anchors(), NOW, Purpose::SealMaker), Err(ChainError::WrongPurpose { position: 0 }));
    let shuffled = [pki.root.certificate().clone(), pki.intermediate.certificate().clone()];
    let found = Chain::find(chain.leaf(), &shuffled, &pki.anchors(), NOW, Purpose::DocumentSigning).unwrap();
    assert_eq!(found, chain);
    let read = Certificate::from_pem(&chain.leaf().to_pem()).unwrap();
    assert_eq!(read.public_key(), Ok(sm2_key(7).public_key()));
}

#[test]
fn a_changed_certificate_of_sm2_does_not() {
    let mut pki = pki();
    let chain = leaf(&mut pki);
    let mut der = chain.leaf().to_der().to_vec();
    *der.last_mut().unwrap() ^= 1;
    let changed = Chain::new([Certificate::from_der(&der).unwrap(), pki.intermediate.certificate().clone()]).unwrap();
    assert_eq!(
        changed.verify(&pki.anchors(), NOW, Purpose::DocumentSigning),
        Err(ChainError::BadSignature { position: 0 })
    );
    let other_root = Pki::new();
    assert_eq!(
        chain.verify(&other_root.anchors(), NOW, Purpose::DocumentSigning),
        Err(ChainError::BadSignature { position: 1 }),
        "a root of the same name"
    );
}

#[test]
fn national_algorithms_are_not_mixed_with_others() {
    let mut national = pki();
    let below = national.issue(&CertificateProfile::DocumentSigning, key(7).public_key());
    let mixed = Err(ChainError::MixedAlgorithms { position: 1 });
    assert_eq!(below.verify(&national.anchors(), NOW, Purpose::DocumentSigning), mixed);
    let mut other = Pki::new();
    let below = leaf(&mut other);
    assert_eq!(below.verify(&other.anchors(), NOW, Purpose::DocumentSigning), mixed);
    let all = [other.root.certificate().clone(), other.intermediate.certificate().clone()];
    let found = Chain::find(below.leaf(), &all, &other.anchors(), NOW, Purpose::DocumentSigning);
    assert_eq!(found.err(), Some(ChainError::MixedAlgorithms { position: 1 }));
}

#[test]
fn null_parameters_are_read_and_other_parameters_are_not() {
    let (root_key, key) = (sm2_key(1), sm2_key(2));
    let root = Forge::ca("CN=root", "CN=root", None).sign(root_key.public_key(), &root_key);
    let verify = |parameters: Any| {
        let named = AlgorithmIdentifierOwned { parameters: Some(parameters), ..algorithm(SM2_WITH_SM3) };
        let der = Forge::leaf("CN=root", Vec::new()).into_der([&named, &named], key.public_key(), &root_key);
        let chain = Chain::new([Certificate::from_der(&der).unwrap()]).unwrap();
        chain.verify(&TrustAnchors::new([root.clone()]), NOW, Purpose::DocumentSigning)
    };
    assert_eq!(verify(Any::encode_from(&Null).unwrap()), Ok(()));
    let other = verify(Any::encode_from(&7_u8).unwrap());
    assert_eq!(other, Err(ChainError::UnsupportedAlgorithm { position: 0 }));
}

/// The bits of a signature in the field: `r ‖ s` where DER should be.
#[test]
fn a_certificate_signed_in_the_fixed_form_is_read() {
    let mut pki = pki();
    let chain = leaf(&mut pki);
    let parsed = x509_cert::Certificate::from_der(chain.leaf().to_der()).unwrap();
    let tbs = parsed.tbs_certificate().to_der().unwrap();
    let fixed = sm2_key(101).sign(&tbs).to_fixed();
    let outer = [
        tbs,
        algorithm(SM2_WITH_SM3).to_der().unwrap(),
        der::asn1::BitString::from_bytes(&fixed).unwrap().to_der().unwrap(),
    ]
    .concat();
    let der = Any::new(der::Tag::Sequence, outer).unwrap().to_der().unwrap();
    let chain = Chain::new([Certificate::from_der(&der).unwrap(), pki.intermediate.certificate().clone()]).unwrap();
    assert_eq!(chain.verify(&pki.anchors(), NOW, Purpose::DocumentSigning), Ok(()));
}

fn identity_of(oid: &str, critical: bool, value: &impl Encode) -> Certificate {
    let extensions = vec![extension(oid.parse().unwrap(), critical, value)];
    Forge::leaf("CN=root", extensions).sign(sm2_key(2).public_key(), &sm2_key(1))
}

#[test]
fn national_identity_codes_are_read() {
    let code = PrintableStringRef::new("91110000101623741K").unwrap();
    let utf8 = Utf8StringRef::new("91110000101623741K").unwrap();
    let expected = |register| vec![(register, "91110000101623741K".to_owned())];
    let codes = |certificate: &Certificate| -> Vec<_> {
        certificate.identity_codes().iter().map(|one| (one.register, one.code.clone())).collect()
    };
    for (arc, register) in [
        (1, IdentityRegister::Person),
        (2, IdentityRegister::SocialInsurance),
        (3, IdentityRegister::BusinessRegistration),
        (4, IdentityRegister::Organization),
        (5, IdentityRegister::Taxation),
    ] {
        let edition_2012 = format!("1.2.156.10260.4.1.{arc}");
        assert_eq!(codes(&identity_of(&edition_2012, false, &code)), expected(register));
        assert_eq!(codes(&identity_of(&edition_2012, true, &utf8)), expected(register));
        assert_eq!(codes(&identity_of(&format!("{edition_2012}.1"), false, &code)), expected(register));
        assert_eq!(codes(&identity_of(&format!("{edition_2012}.1.1"), false, &code)), []);
    }
    // A person's: a set of tagged texts, in both ways of tagging.
    let tagged = |tag_mode| ContextSpecific { tag_number: TagNumber(0), tag_mode, value: code };
    for mode in [TagMode::Explicit, TagMode::Implicit] {
        let member = Any::from_der(&tagged(mode).to_der().unwrap()).unwrap();
        let set = SetOfVec::try_from(vec![member]).unwrap();
        let certificate = identity_of("1.2.156.10260.4.1.1", false, &set);
        assert_eq!(codes(&certificate), expected(IdentityRegister::Person));
        assert!(!format!("{:?}", certificate.identity_codes()).contains("9111"));
    }
}

#[test]
fn an_identity_code_that_cannot_be_read_is_not_understood() {
    let certificate = |critical| identity_of("1.2.156.10260.4.1.4", critical, &7_u8);
    let verify = |certificate: Certificate| {
        let anchors = TrustAnchors::new([certificate.clone()]);
        Chain::new([certificate]).unwrap().verify(&anchors, NOW, Purpose::DocumentSigning)
    };
    assert_eq!(certificate(false).identity_codes(), []);
    assert_eq!(verify(certificate(false)), Ok(()));
    let unknown = ChainError::UnknownCriticalExtension { position: 0, oid: "1.2.156.10260.4.1.4".to_owned() };
    assert_eq!(verify(certificate(true)), Err(unknown));
}

#[test]
fn revocation_is_said_and_judged_in_sm2() {
    let mut pki = pki();
    let chain = leaf(&mut pki);
    let (certificate, issuer) = (chain.leaf(), pki.intermediate.certificate().clone());
    let crl = list(&pki.intermediate, &[certificate]);
    let read = Crl::from_der(&crl).unwrap();
    assert_eq!(read.evidence(certificate, &issuer).unwrap().status, TAKEN_BACK);
    let mut changed = crl;
    *changed.last_mut().unwrap() ^= 1;
    let changed = Crl::from_der(&changed).unwrap();
    assert_eq!(changed.evidence(certificate, &issuer).err(), Some(RevocationError::BadSignature));

    let key = sm2_key(70);
    let responder = pki.issue(&CertificateProfile::OcspResponder, key.public_key()).leaf().clone();
    let responder = OcspResponder::new(key, responder, issuer.clone()).unwrap();
    let request = OcspRequest::new(certificate, &issuer).unwrap();
    let query = OcspQuery::from_der(request.to_der()).unwrap();
    let answer = responder.respond(&query, &[RevocationStatus::Good], NOW, NOW.plus(HOUR)).unwrap();
    let read = OcspResponse::from_der(&answer).unwrap();
    assert_eq!(read.evidence(certificate, &issuer).unwrap().status, RevocationStatus::Good);
    // The same names and keys' seeds, of the other algorithm.
    let stranger = Pki::new().intermediate.certificate().clone();
    assert_eq!(read.evidence(certificate, &stranger).err(), Some(RevocationError::NotCovered));
}

#[test]
fn an_issuer_of_sm2_is_taken_up_again() {
    let pki = pki();
    let chain = Chain::new([pki.root.certificate().clone()]).unwrap();
    assert!(Issuer::new(sm2_key(100), chain.clone()).is_ok());
    assert!(Issuer::new(key(100), chain).is_err());
}

const STAMPED: &[u8] = "签名值".as_bytes();

fn authority(pki: &mut Pki) -> TimestampAuthority {
    let key = sm2_key(50);
    let chain = pki.issue(&CertificateProfile::TimestampAuthority, key.public_key());
    TimestampAuthority::new(key, chain).unwrap()
}

#[test]
fn timestamps_are_given_and_accepted_in_sm2() {
    let mut pki = pki();
    let authority = authority(&mut pki);
    for imprint in [sm3(STAMPED), sha256(STAMPED)] {
        let request = TimestampRequest::new(imprint, &mut Repeatable::seeded(5)).unwrap();
        let response = authority.respond(request.to_der(), 77, NOW).unwrap();
        assert_eq!(response.outcome, Ok(imprint));
        let token = request.accept(&response.der).unwrap();
        assert_eq!(token.digest_algorithm(), imprint.algorithm());
        assert_eq!(token.chain().verify(&pki.anchors(), NOW, Purpose::Timestamping), Ok(()));
        assert_eq!(token.verify(&sm3(b"else")), Err(TimestampError::WrongImprint));
        let mut changed = token.to_der().to_vec();
        *changed.last_mut().unwrap() ^= 1;
        let changed = eseal_crypto::tsp::TimestampToken::from_der(&changed).unwrap();
        assert_eq!(changed.verify(&imprint), Err(CmsError::BadSignature.into()));
    }
}

#[test]
fn the_digest_that_is_asked_about_can_be_told_before() {
    for imprint in [sm3(STAMPED), sha256(STAMPED)] {
        let request = TimestampRequest::new(imprint, &mut Repeatable::seeded(5)).unwrap();
        assert_eq!(TimestampAuthority::asked_digest(request.to_der()), Some(imprint.algorithm()));
    }
    for bad in [&b""[..], &[0x30, 0], &[0; 5000]] {
        assert_eq!(TimestampAuthority::asked_digest(bad), None);
    }
}

#[test]
fn a_signature_of_sm2_carries_a_timestamp_of_sm2() {
    let mut pki = pki();
    let chain = leaf(&mut pki);
    let attributes = SignedAttributes::pades(&sm3(STAMPED), chain.leaf()).unwrap();
    let signature = sm2_key(7).sign_prehash(&attributes.prehash().unwrap()).unwrap();
    let signed = attributes.finish(&signature, &chain).unwrap();
    let request =
        TimestampRequest::new(signed.signature_digest(DigestAlgorithm::Sm3), &mut Repeatable::seeded(5)).unwrap();
    let response = authority(&mut pki).respond(request.to_der(), 1, NOW).unwrap();
    let stamped = signed.with_signature_timestamp(&request.accept(&response.der).unwrap()).unwrap();
    assert_eq!(stamped.verify(&sm3(STAMPED)), Ok(()));
    assert_eq!(stamped.signature_timestamp().unwrap().map(|token| token.time()), Some(NOW));
}
