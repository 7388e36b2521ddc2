//! Revocation: said, read, believed only from whom it may come, and judged at an instant.

use const_oid::ObjectIdentifier;
use der::asn1::{Ia5String, OctetString};
use der::{Decode, Encode};
use eseal_crypto::cert::{
    Certificate, CertificateProfile, Chain, ChainError, Issuer, Purpose, Services, Subject, TrustAnchors, UnixTime,
    Validity,
};
use eseal_crypto::revocation::{
    Crl, EvidenceSource, MAX_CRL_LEN, MAX_OCSP_RESPONSE_LEN, OcspQuery, OcspRefusal, OcspRequest, OcspResponder,
    OcspResponse, RevocationData, RevocationError, RevocationEvidence, RevocationReason, RevocationStatus,
    RevokedCertificate,
};
use proptest::prelude::*;
use x509_cert::ext::pkix::crl::IssuingDistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};

use crate::support::{DAY, Forge, NOW, Pki, Repeatable, days, key};

pub(crate) const HOUR: u64 = 3600;
pub(crate) const TAKEN_BACK: RevocationStatus =
    RevocationStatus::Revoked { at: UnixTime(NOW.0 - HOUR), reason: RevocationReason::KeyCompromise };

pub(crate) fn responder(pki: &mut Pki) -> OcspResponder {
    let key = key(70);
    let chain = pki.issue(&CertificateProfile::OcspResponder, key.public_key());
    OcspResponder::new(key, chain.leaf().clone(), pki.intermediate.certificate().clone()).unwrap()
}

pub(crate) fn leaf(pki: &mut Pki) -> Certificate {
    pki.issue(&CertificateProfile::DocumentSigning, key(7).public_key()).leaf().clone()
}

pub(crate) fn answer(responder: &OcspResponder, certificate: &Certificate, status: RevocationStatus) -> Vec<u8> {
    let request = OcspRequest::new(certificate, responder.issuer()).unwrap();
    let query = OcspQuery::from_der(request.to_der()).unwrap();
    let serials: Vec<_> = query.serials_of(responder.issuer()).collect();
    assert_eq!(serials, [Some(certificate.serial())]);
    responder.respond(&query, &[status], NOW, NOW.plus(HOUR)).unwrap()
}

pub(crate) fn list(issuer: &Issuer, taken_back: &[&Certificate]) -> Vec<u8> {
    let entry = |certificate: &&Certificate| RevokedCertificate {
        serial: certificate.serial().to_vec(),
        at: UnixTime(NOW.0 - HOUR),
        reason: RevocationReason::KeyCompromise,
    };
    issuer.issue_crl(3, NOW, NOW.plus(DAY), taken_back.iter().map(entry)).unwrap()
}

fn evidence(status: RevocationStatus, this_update: u64, next_update: Option<u64>) -> RevocationEvidence {
    RevocationEvidence {
        source: EvidenceSource::Crl,
        status,
        this_update: UnixTime(this_update),
        next_update: next_update.map(UnixTime),
    }
}

#[test]
fn word_holds_for_what_was_before_it_and_until_its_next_update() {
    use RevocationStatus::{Good, Unknown};
    let good = evidence(Good, 100, Some(200));
    let at = |evidence: RevocationEvidence| [50, 100, 150, 200, 201].map(|at| evidence.status_at(UnixTime(at)));
    assert_eq!(at(good), [Good, Good, Good, Good, Unknown]);
    assert_eq!(at(evidence(Good, 100, None)), [Good, Good, Unknown, Unknown, Unknown]);
    let revoked = RevocationStatus::Revoked { at: UnixTime(80), reason: RevocationReason::Superseded };
    assert_eq!(at(evidence(revoked, 100, Some(200))), [Good, revoked, revoked, revoked, revoked]);
    assert_eq!(evidence(revoked, 100, None).status_at(UnixTime(79)), Good);
    assert_eq!(evidence(revoked, 100, None).status_at(UnixTime(80)), revoked);
    assert_eq!(at(evidence(Unknown, 100, Some(200))), [Unknown; 5]);
}

#[test]
fn an_ocsp_answer_says_what_was_asked() {
    let mut pki = Pki::new();
    let (responder, leaf) = (responder(&mut pki), leaf(&mut pki));
    for status in [RevocationStatus::Good, RevocationStatus::Unknown, TAKEN_BACK] {
        let response = OcspResponse::from_der(&answer(&responder, &leaf, status)).unwrap();
        let evidence = response.evidence(&leaf, responder.issuer()).unwrap();
        assert_eq!(evidence.status, status);
        assert_eq!(evidence.source, EvidenceSource::Ocsp);
        assert_eq!((evidence.this_update, evidence.next_update), (NOW, Some(NOW.plus(HOUR))));
        assert_eq!(response.produced_at(), NOW);
        assert_eq!(response.certificates(), [responder.certificate().clone()]);
    }
}

#[test]
fn every_reason_is_read_as_it_is_written() {
    let mut pki = Pki::new();
    let (responder, leaf) = (responder(&mut pki), leaf(&mut pki));
    let issuer = responder.issuer().clone();
    for code in 0..=u8::MAX {
        let reason = RevocationReason::from_code(code);
        assert!(
            reason.code() == code
                || (reason == RevocationReason::Unspecified && ![1, 2, 3, 4, 5, 6, 9, 10].contains(&code))
        );
        if reason.code() != code {
            continue;
        }
        let at = UnixTime(NOW.0 - HOUR);
        let status = RevocationStatus::Revoked { at, reason };
        let response = OcspResponse::from_der(&answer(&responder, &leaf, status)).unwrap();
        assert_eq!(response.evidence(&leaf, &issuer).unwrap().status, status);
        let entry = RevokedCertificate { serial: leaf.serial().to_vec(), at, reason };
        let crl = pki.intermediate.issue_crl(1, NOW, NOW.plus(HOUR), [entry]).unwrap();
        assert_eq!(Crl::from_der(&crl).unwrap().evidence(&leaf, &issuer).unwrap().status, status);
    }
}

#[test]
fn an_ocsp_answer_is_believed_from_the_issuers_delegate_only() {
    let mut pki = Pki::new();
    let (responder, leaf) = (responder(&mut pki), leaf(&mut pki));
    let issuer = responder.issuer().clone();
    let whole = answer(&responder, &leaf, RevocationStatus::Good);
    let response = OcspResponse::from_der(&whole).unwrap();
    // Another certificate, another issuer.
    let other = pki.issue(&CertificateProfile::DocumentSigning, key(8).public_key()).leaf().clone();
    assert_eq!(response.evidence(&other, &issuer).err(), Some(RevocationError::NotCovered));
    assert_eq!(response.evidence(&leaf, pki.root.certificate()).err(), Some(RevocationError::NotCovered));
    // Who may sign documents may not answer; nor may a delegate of another CA, of whatever name.
    let key70 = || key(70);
    let document_signer = pki.issue(&CertificateProfile::DocumentSigning, key70().public_key()).leaf().clone();
    assert_eq!(OcspResponder::new(key70(), document_signer, issuer.clone()).err(), Some(RevocationError::CannotState));
    let mut rng = Repeatable::seeded(3);
    let subject = Subject::named("Test Intermediate").with_country(*b"CN").with_organization("Example Province");
    let stranger = Issuer::new_root(key(71), &subject, days(100, 1000), &mut rng).unwrap();
    let profile = CertificateProfile::OcspResponder;
    let delegate = stranger.issue(&profile, &Subject::named("x"), key70().public_key(), days(1, 10), &mut rng).unwrap();
    let impostor = OcspResponder::new(key70(), delegate.clone(), stranger.certificate().clone()).unwrap();
    let request = OcspRequest::new(&leaf, &issuer).unwrap();
    let query = OcspQuery::from_der(request.to_der()).unwrap();
    let forged = impostor.respond(&query, &[RevocationStatus::Good], NOW, NOW.plus(HOUR)).unwrap();
    let forged = OcspResponse::from_der(&forged).unwrap();
    assert_eq!(forged.evidence(&leaf, &issuer).err(), Some(RevocationError::WrongIssuer));
    assert_eq!(
        OcspResponder::new(key(72), delegate, stranger.certificate().clone()).err(),
        Some(RevocationError::CannotState)
    );
}

#[test]
fn a_responder_states_only_what_it_may() {
    let mut pki = Pki::new();
    let (responder, leaf) = (responder(&mut pki), leaf(&mut pki));
    let request = OcspRequest::new(&leaf, responder.issuer()).unwrap();
    let query = OcspQuery::from_der(request.to_der()).unwrap();
    let good = RevocationStatus::Good;
    for (statuses, at) in [(vec![], NOW), (vec![good; 2], NOW), (vec![good], NOW.plus(400 * DAY))] {
        let refused = responder.respond(&query, &statuses, at, at.plus(1));
        assert_eq!(refused.err(), Some(RevocationError::CannotState));
    }
    let of_root = OcspRequest::new(pki.intermediate.certificate(), pki.root.certificate()).unwrap();
    let query = OcspQuery::from_der(of_root.to_der()).unwrap();
    assert_eq!(query.serials_of(responder.issuer()).collect::<Vec<_>>(), [None]);
    assert_eq!(OcspRequest::new(&leaf, pki.root.certificate()).err(), Some(RevocationError::NotCovered));
}

#[test]
fn refusals_are_read_as_they_are_written() {
    for reason in [
        OcspRefusal::MalformedRequest,
        OcspRefusal::InternalError,
        OcspRefusal::TryLater,
        OcspRefusal::SignatureRequired,
        OcspRefusal::Unauthorized,
    ] {
        let der = reason.to_response().unwrap();
        assert_eq!(OcspResponse::from_der(&der).err(), Some(RevocationError::Refused { reason }));
        assert_eq!(reason.is_temporary(), matches!(reason, OcspRefusal::InternalError | OcspRefusal::TryLater));
    }
}

#[test]
fn a_list_says_who_is_on_it() {
    let mut pki = Pki::new();
    let issuer = pki.intermediate.certificate().clone();
    let [kept, taken] = [7, 8].map(|seed| pki.issue(&CertificateProfile::DocumentSigning, key(seed).public_key()));
    let read = |der: &[u8]| Crl::from_der(der).unwrap();
    let crl = read(&list(&pki.intermediate, &[taken.leaf()]));
    assert_eq!((crl.this_update(), crl.next_update()), (NOW, Some(NOW.plus(DAY))));
    assert_eq!(crl.evidence(taken.leaf(), &issuer).unwrap().status, TAKEN_BACK);
    assert_eq!(crl.evidence(kept.leaf(), &issuer).unwrap().status, RevocationStatus::Good);
    assert_eq!(
        read(&list(&pki.intermediate, &[])).evidence(taken.leaf(), &issuer).unwrap().status,
        RevocationStatus::Good
    );
    // The root's list is about the intermediate.
    let above = read(&list(&pki.root, &[&issuer]));
    assert_eq!(above.evidence(&issuer, pki.root.certificate()).unwrap().status, TAKEN_BACK);
    assert_eq!(above.evidence(kept.leaf(), &issuer).err(), Some(RevocationError::NotCovered));
    assert_eq!(crl.evidence(kept.leaf(), pki.root.certificate()).err(), Some(RevocationError::NotCovered));
}

#[test]
fn a_list_by_another_key_of_that_name_is_not_believed() {
    let mut pki = Pki::new();
    let leaf = leaf(&mut pki);
    let subject = Subject::named("Test Intermediate").with_country(*b"CN").with_organization("Example Province");
    let impostor = Issuer::new_root(key(71), &subject, days(100, 1000), &mut Repeatable::seeded(3)).unwrap();
    let forged = Crl::from_der(&list(&impostor, &[])).unwrap();
    assert_eq!(forged.evidence(&leaf, pki.intermediate.certificate()).err(), Some(RevocationError::BadSignature));
}

#[test]
fn a_long_list_is_searched() {
    let mut pki = Pki::new();
    let leaf = leaf(&mut pki);
    let entry = |serial: Vec<u8>| RevokedCertificate { serial, at: NOW, reason: RevocationReason::Unspecified };
    let others = (0..20_000_u32).map(|number| entry([&[0x40], &number.to_be_bytes()[..]].concat()));
    let all = others.chain([entry(leaf.serial().to_vec())]);
    let der = pki.intermediate.issue_crl(1, NOW, NOW.plus(DAY), all).unwrap();
    let revoked = RevocationStatus::Revoked { at: NOW, reason: RevocationReason::Unspecified };
    let crl = Crl::from_der(&der).unwrap();
    assert_eq!(crl.evidence(&leaf, pki.intermediate.certificate()).unwrap().status, revoked);
    assert_eq!(Crl::from_der(&vec![0x30; MAX_CRL_LEN + 1]).err(), Some(RevocationError::TooLong));
    assert_eq!(OcspResponse::from_der(&vec![0x30; MAX_OCSP_RESPONSE_LEN + 1]).err(), Some(RevocationError::TooLong));
}

/// A list with extensions of its own, signed by the intermediate: `der` taken apart and put together again.
fn list_with(pki: &Pki, oid: &str, critical: bool, value: &impl Encode) -> Crl {
    let der = list(&pki.intermediate, &[]);
    let mut whole = x509_cert::crl::CertificateList::<x509_cert::certificate::Rfc5280>::from_der(&der).unwrap();
    let extension = crate::support::extension(ObjectIdentifier::new_unwrap(oid), critical, value);
    whole.tbs_cert_list.crl_extensions.as_mut().unwrap().push(extension);
    let signature = pki.intermediate.key().sign(&whole.tbs_cert_list.to_der().unwrap());
    whole.signature = der::asn1::BitString::from_bytes(&signature.to_der()).unwrap();
    Crl::from_der(&whole.to_der().unwrap()).unwrap()
}

#[test]
fn a_list_about_others_or_not_understood_has_no_say() {
    const POINT: &str = "2.5.29.28";
    let mut pki = Pki::new();
    let leaf = leaf(&mut pki);
    let issuer = pki.intermediate.certificate().clone();
    let none = || IssuingDistributionPoint {
        distribution_point: None,
        only_contains_user_certs: false,
        only_contains_ca_certs: false,
        only_some_reasons: None,
        indirect_crl: false,
        only_contains_attribute_certs: false,
    };
    let judged = |point: IssuingDistributionPoint| {
        list_with(&pki, POINT, true, &point).evidence(&leaf, &issuer).map(|evidence| evidence.status)
    };
    assert_eq!(judged(none()), Ok(RevocationStatus::Good));
    assert_eq!(
        judged(IssuingDistributionPoint { only_contains_user_certs: true, ..none() }),
        Ok(RevocationStatus::Good)
    );
    let ca = IssuingDistributionPoint { only_contains_ca_certs: true, ..none() };
    assert_eq!(judged(ca), Err(RevocationError::NotCovered));
    let attributes = IssuingDistributionPoint { only_contains_attribute_certs: true, ..none() };
    assert_eq!(judged(attributes), Err(RevocationError::NotCovered));
    let indirect = IssuingDistributionPoint { indirect_crl: true, ..none() };
    assert_eq!(judged(indirect), Err(RevocationError::UnknownCriticalExtension));
    let uri = GeneralName::UniformResourceIdentifier(Ia5String::new("http://example.test/part-2.crl").unwrap());
    let part = DistributionPointName::FullName(vec![uri]);
    let part = IssuingDistributionPoint { distribution_point: Some(part), ..none() };
    assert_eq!(judged(part), Err(RevocationError::NotCovered), "the certificate does not point to that part");
    let delta = list_with(&pki, "2.5.29.27", true, &1_u8);
    assert_eq!(delta.evidence(&leaf, &issuer).err(), Some(RevocationError::UnknownCriticalExtension));
    let strange = list_with(&pki, "1.2.3.4", true, &1_u8);
    assert_eq!(strange.evidence(&leaf, &issuer).err(), Some(RevocationError::UnknownCriticalExtension));
    assert!(list_with(&pki, "1.2.3.4", false, &1_u8).evidence(&leaf, &issuer).is_ok());
}

#[test]
fn silence_about_what_ran_out_is_no_good_word() {
    let mut pki = Pki::new();
    let subject = Subject::named("x");
    let profile = CertificateProfile::DocumentSigning;
    let short = Validity { not_before: UnixTime(NOW.0 - 10 * DAY), not_after: UnixTime(NOW.0 - DAY) };
    let expired = pki.intermediate.issue(&profile, &subject, key(7).public_key(), short, &mut pki.rng).unwrap();
    let issuer = pki.intermediate.certificate().clone();
    let crl = Crl::from_der(&list(&pki.intermediate, &[])).unwrap();
    assert_eq!(crl.evidence(&expired, &issuer).unwrap().status, RevocationStatus::Unknown);
    let listed = Crl::from_der(&list(&pki.intermediate, &[&expired])).unwrap();
    assert_eq!(listed.evidence(&expired, &issuer).unwrap().status, TAKEN_BACK);
    let time = |text: &str| der::asn1::Any::new(der::Tag::GeneralizedTime, text.as_bytes()).unwrap();
    let kept = list_with(&pki, "2.5.29.60", false, &time("20200101000000Z"));
    assert_eq!(kept.evidence(&expired, &issuer).unwrap().status, RevocationStatus::Good);
    let kept_later = list_with(&pki, "2.5.29.60", false, &time("20270115000000Z"));
    assert_eq!(kept_later.evidence(&expired, &issuer).unwrap().status, RevocationStatus::Unknown);
}

#[test]
fn of_several_words_the_final_and_then_the_newest_counts() {
    let mut pki = Pki::new();
    let (responder, leaf) = (responder(&mut pki), leaf(&mut pki));
    let issuer = responder.issuer().clone();
    let later = NOW.plus(60);
    let crl = |at: UnixTime, reason: Option<RevocationReason>| {
        let entry = |reason| RevokedCertificate { serial: leaf.serial().to_vec(), at: UnixTime(NOW.0 - HOUR), reason };
        Crl::from_der(&pki.intermediate.issue_crl(1, at, at.plus(HOUR), reason.map(entry)).unwrap()).unwrap()
    };
    let judge = |crls: &[&Crl]| {
        let mut data = RevocationData::new();
        assert!(data.is_empty());
        data.add_ocsp(OcspResponse::from_der(&answer(&responder, &leaf, RevocationStatus::Good)).unwrap());
        for crl in crls {
            data.add_crl((*crl).clone());
        }
        data.status_at(&leaf, &issuer, NOW)
    };
    let is_revoked = |status| matches!(status, RevocationStatus::Revoked { .. });
    let compromised = crl(UnixTime(NOW.0 - 60), Some(RevocationReason::KeyCompromise));
    let good = crl(later, None);
    let held = crl(UnixTime(NOW.0 - 60), Some(RevocationReason::CertificateHold));
    let held_later = crl(later, Some(RevocationReason::CertificateHold));
    assert!(is_revoked(judge(&[&compromised, &good]).status), "for good, though newer word says otherwise");
    assert!(is_revoked(judge(&[&good, &compromised]).status));
    assert_eq!(judge(&[&held]).status, RevocationStatus::Good, "given back since");
    assert!(is_revoked(judge(&[&held_later]).status));
    let finding = judge(&[]);
    assert_eq!(finding.evidence.unwrap().source, EvidenceSource::Ocsp);
    // Word that seems to be about it and is not believed is told; word about others is not.
    let subject = Subject::named("Test Intermediate").with_country(*b"CN").with_organization("Example Province");
    let impostor = Issuer::new_root(key(71), &subject, days(100, 1000), &mut Repeatable::seeded(3)).unwrap();
    let forged = Crl::from_der(&list(&impostor, &[&leaf])).unwrap();
    let other = Crl::from_der(&list(&pki.root, &[])).unwrap();
    let finding = judge(&[&forged, &other]);
    assert_eq!((finding.status, finding.refused), (RevocationStatus::Good, vec![RevocationError::BadSignature]));
    let nothing = RevocationData::new().status_at(&leaf, &issuer, NOW);
    assert_eq!((nothing.status, nothing.evidence), (RevocationStatus::Unknown, None));
}

#[test]
fn a_path_is_judged_from_leaf_to_anchor() {
    let mut pki = Pki::new();
    let chain = pki.issue(&CertificateProfile::DocumentSigning, key(7).public_key());
    let anchors = pki.anchors();
    let path = chain.path(&anchors).unwrap();
    assert_eq!(path.len(), 3);
    let mut data = RevocationData::new();
    data.add_crl(Crl::from_der(&list(&pki.root, &[pki.intermediate.certificate()])).unwrap());
    data.add_crl(Crl::from_der(&list(&pki.intermediate, &[])).unwrap());
    let statuses: Vec<_> = data.path_status_at(&path, NOW).iter().map(|finding| finding.status).collect();
    assert_eq!(statuses, [RevocationStatus::Good, TAKEN_BACK]);
}

#[test]
fn certificates_say_where_their_issuers_services_are() {
    let mut rng = Repeatable::seeded(4);
    let services = Services {
        ocsp: vec!["http://pki.example/ocsp".to_owned()],
        crls: vec!["http://pki.example/crl/1.crl".to_owned(), "https://b.example/1.crl".to_owned()],
        issuers: vec!["http://pki.example/ca.cer".to_owned()],
    };
    let root =
        || Issuer::new_root(key(100), &Subject::named("Root"), days(400, 4000), &mut Repeatable::seeded(1)).unwrap();
    let issuer = root().announcing(services.clone());
    let mut issue = |issuer: &Issuer, profile: &CertificateProfile| {
        issuer.issue(profile, &Subject::named("x"), key(7).public_key(), days(1, 10), &mut rng)
    };
    let leaf = issue(&issuer, &CertificateProfile::DocumentSigning).unwrap();
    assert_eq!(leaf.services(), &services);
    let responder = issue(&issuer, &CertificateProfile::OcspResponder).unwrap();
    assert_eq!(responder.services(), &Services::default());
    let anchors = TrustAnchors::new([issuer.certificate().clone()]);
    assert_eq!(Chain::new([leaf]).unwrap().verify(&anchors, NOW, Purpose::DocumentSigning), Ok(()));
    for bad in [
        "ftp://pki.example/1.crl",
        "http://pki.example/ü",
        "http://pki.example/a b",
        &format!("http://{}", "a".repeat(2000)),
    ] {
        let issuer = root().announcing(Services { crls: vec![bad.to_owned()], ..Services::default() });
        assert!(issue(&issuer, &CertificateProfile::DocumentSigning).is_err(), "{bad}");
    }
}

/// Addresses that cannot be read, or are none of the web's, are passed over, and the certificate is read all the same.
#[test]
fn broken_addresses_do_not_break_the_certificate() {
    let extension = |oid: &str, value: &[u8]| x509_cert::ext::Extension {
        extn_id: ObjectIdentifier::new_unwrap(oid),
        critical: false,
        extn_value: OctetString::new(value).unwrap(),
    };
    for oid in ["1.3.6.1.5.5.7.1.1", "2.5.29.31"] {
        for value in [&b""[..], b"\x30\x01", b"\x04\x00", b"\x30\x00"] {
            let leaf = Forge::leaf("CN=ca", vec![extension(oid, value)]).sign(key(1).public_key(), &key(2));
            assert_eq!(leaf.services(), &Services::default());
        }
    }
}

#[test]
fn a_chain_is_found_in_a_bag() {
    let mut pki = Pki::new();
    let chain = pki.issue(&CertificateProfile::DocumentSigning, key(7).public_key());
    let stranger = pki.issue(&CertificateProfile::RequestSigning, key(9).public_key());
    let ca = pki.intermediate.certificate().clone();
    // The same CA with another certificate that has run out.
    let profile = CertificateProfile::IntermediateCa { path_len: 0 };
    let subject = Subject::named("Test Intermediate").with_country(*b"CN").with_organization("Example Province");
    let old = Validity { not_before: UnixTime(NOW.0 - 200 * DAY), not_after: UnixTime(NOW.0 - DAY) };
    let expired = pki.root.issue(&profile, &subject, key(101).public_key(), old, &mut pki.rng).unwrap();
    let bag =
        [stranger.leaf().clone(), expired.clone(), chain.leaf().clone(), pki.root.certificate().clone(), ca.clone()];
    let find =
        |bag: &[Certificate], anchors: &TrustAnchors, purpose| Chain::find(chain.leaf(), bag, anchors, NOW, purpose);
    let found = find(&bag, &pki.anchors(), Purpose::DocumentSigning).unwrap();
    assert_eq!(found, Chain::new([chain.leaf().clone(), ca.clone()]).unwrap());
    let documents = Purpose::DocumentSigning;
    assert_eq!(find(&[expired], &pki.anchors(), documents), Err(ChainError::Expired { position: 1 }));
    assert_eq!(find(&[], &pki.anchors(), documents), Err(ChainError::Untrusted));
    assert_eq!(find(&bag, &TrustAnchors::default(), documents), Err(ChainError::Untrusted));
    assert_eq!(find(&bag, &pki.anchors(), Purpose::SealMaker), Err(ChainError::WrongPurpose { position: 0 }));
    let is_leaf_itself = TrustAnchors::new([chain.leaf().clone()]);
    assert_eq!(find(&[], &is_leaf_itself, documents).unwrap().certificates().count(), 1);
}

/// Authorities that certify each other, and none that is believed: the search gives up.
#[test]
fn a_bag_of_mutual_certificates_does_not_keep_the_search_busy() {
    let names = ["CN=a", "CN=b", "CN=c", "CN=d", "CN=e", "CN=f", "CN=g"];
    let mut bag = Vec::new();
    for issuer in names {
        for subject in names {
            bag.push(Forge::ca(issuer, subject, None).sign(key(3).public_key(), &key(3)));
        }
    }
    let leaf = Forge::leaf("CN=a", vec![]).sign(key(4).public_key(), &key(3));
    let anchors = Pki::new().anchors();
    assert_eq!(Chain::find(&leaf, &bag, &anchors, NOW, Purpose::DocumentSigning), Err(ChainError::Untrusted));
}

#[test]
fn revocation_data_cut_anywhere_are_refused() {
    let mut pki = Pki::new();
    let (responder, leaf) = (responder(&mut pki), leaf(&mut pki));
    let whole = answer(&responder, &leaf, TAKEN_BACK);
    let request = OcspRequest::new(&leaf, responder.issuer()).unwrap().to_der().to_vec();
    let crl = list(&pki.intermediate, &[&leaf]);
    for end in 0..whole.len() {
        assert!(OcspResponse::from_der(&whole[..end]).is_err(), "response cut at {end}");
    }
    for end in 0..request.len() {
        assert!(OcspQuery::from_der(&request[..end]).is_err(), "request cut at {end}");
    }
    for end in 0..crl.len() {
        assert!(Crl::from_der(&crl[..end]).is_err(), "list cut at {end}");
    }
}

/// Who was taken back never is good, whichever bit is flipped; and nothing is believed that was not said.
#[test]
fn a_flipped_bit_anywhere_is_found() {
    let mut pki = Pki::new();
    let (responder, leaf) = (responder(&mut pki), leaf(&mut pki));
    let issuer = responder.issuer().clone();
    let flip = |whole: &[u8], judge: &dyn Fn(&[u8]) -> Result<RevocationEvidence, RevocationError>| -> Vec<usize> {
        let said = judge(whole).unwrap();
        let mut unseen = Vec::new();
        for bit in 0..whole.len() * 8 {
            let mut flipped = whole.to_vec();
            flipped[bit / 8] ^= 1 << (bit % 8);
            if let Ok(evidence) = judge(&flipped) {
                assert_eq!(evidence, said, "bit {bit}");
                unseen.push(bit / 8);
            }
        }
        unseen
    };
    let ocsp = answer(&responder, &leaf, TAKEN_BACK);
    let unseen = flip(&ocsp, &|der| OcspResponse::from_der(der)?.evidence(&leaf, &issuer));
    assert_eq!(unseen, [0_usize; 0]);
    let crl = list(&pki.intermediate, &[&leaf]);
    assert_eq!(flip(&crl, &|der| Crl::from_der(der)?.evidence(&leaf, &issuer)), [0_usize; 0]);
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(OcspResponse::from_der(&bytes).is_err());
        prop_assert!(OcspQuery::from_der(&bytes).is_err());
        prop_assert!(Crl::from_der(&bytes).is_err());
    }
}
