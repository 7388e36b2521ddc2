//! A sealed PDF changed in each of its parts: each mutation has its one verdict, and the checks that say so.

use eseal_crypto::cert::{CertificateProfile, UnixTime};
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::revocation::{Crl, RevocationData, RevocationReason, RevokedCertificate};
use eseal_crypto::ses::{SealDraft, SealSignature, SealSignatureDraft, SesVersion};
use eseal_crypto::tsp::{TimestampAuthority, TimestampRequest};
use eseal_document::VerifyOptions;
use eseal_document::report::{CheckVerdict, Integrity, Report, Trust, Verdict};
use eseal_testkit::{DAY, Repeatable};

use crate::desk::{Desk, NOW, Opened, codes, contract, days, draft, make, verify_by};

fn assert_fails(report: &Report, expected: &[&str]) {
    assert_eq!(
        (report.verdict, codes(report, CheckVerdict::Fail)),
        (Verdict::Invalid, expected.to_vec()),
        "{report:#?}"
    );
}

fn replace(file: &mut Opened, old: &str, new: &str) {
    assert_eq!(old.len(), new.len());
    let at = file.0.windows(old.len()).rposition(|window| window == old.as_bytes()).unwrap();
    file.0[at..at + new.len()].copy_from_slice(new.as_bytes());
}

#[test]
fn what_is_covered_is_held_to_the_last_byte() {
    let desk = Desk::new();
    for (what, old, new) in [
        ("the page", "Contract", "Contrakt"),
        ("the time that readers show", "/M (D:2026", "/M (D:2025"),
        ("the place of the annotation", "/Rect [0 0 0 0]", "/Rect [0 0 9 9]"),
    ] {
        let mut file = Opened(desk.sealed());
        assert!(file.0.windows(old.len()).any(|window| window == old.as_bytes()), "{what}: there is no {old}");
        replace(&mut file, old, new);
        let report = desk.verify(&file.0);
        assert!(codes(&report, CheckVerdict::Fail).contains(&"ses.data-hash"), "{what}: {report:#?}");
        assert_eq!((report.verdict, report.signatures[0].integrity), (Verdict::Invalid, Integrity::Broken), "{what}");
    }
    let mut longer = Opened(desk.sealed());
    longer.0.extend_from_slice(b"% more\n");
    assert_fails(&desk.verify(&longer.0), &["pdf.changes"]);
}

/// What of the value is changed, and by whom: the signer can sign anything, but not for the maker.
#[test]
fn every_part_of_the_value_has_its_own_check() {
    let desk = Desk::new();
    let file = Opened(desk.sealed());
    let with = |value: &[u8]| {
        let mut changed = Opened(file.0.clone());
        changed.set_value(value);
        desk.verify(&changed.0)
    };
    let value = SealSignature::from_padded_der(&file.value()).unwrap().to_der().to_vec();
    assert_eq!(with(&value).verdict, Verdict::Valid);

    let mut signature = value.clone();
    *signature.last_mut().unwrap() ^= 1;
    assert_fails(&with(&signature), &["ses.signature"]);

    let digest = file.digest();
    let at = value.windows(32).position(|window| window == digest.as_bytes()).unwrap();
    let mut data = value.clone();
    data[at] ^= 1;
    assert_fails(&with(&data), &["ses.signature", "ses.data-hash"]);

    let picture = value.windows(3).position(|window| window == [1, 2, 3]).unwrap();
    let mut repainted = value.clone();
    repainted[picture] = 9;
    assert_fails(&with(&repainted), &["ses.signature", "ses.seal-signature"]);

    // The value of another document.
    let other = Opened(desk.seal_with(&contract(), &desk.request().reason("else")).unwrap());
    let report = with(SealSignature::from_padded_der(&other.value()).unwrap().to_der());
    assert_fails(&report, &["ses.data-hash"]);
    assert!(codes(&report, CheckVerdict::Warn).contains(&"ses.property-info"));
}

/// What a signer who does not hold to the rules could write: the seal of somebody else, one changed after it was made.
#[test]
fn seals_are_their_makers_and_for_their_signers() {
    let desk = Desk::new();
    let forged = |seal: &[u8]| {
        let file = Opened(desk.sealed());
        let value = SealSignature::from_padded_der(&file.value()).unwrap();
        // The draft refuses such seals: the one in a sound signature is replaced, and signed again.
        let forged = resigned(&desk, &value, seal);
        let mut file = Opened(file.0);
        file.set_value(&forged);
        desk.verify(&file.0)
    };
    assert_eq!(forged(desk.seal.to_der()).verdict, Verdict::Valid);
    let of_other = make(&draft(SesVersion::V4, &desk.maker.chain), &desk.maker);
    assert_fails(&forged(of_other.to_der()), &["ses.signer-listed"]);
    let mut repainted = desk.seal.to_der().to_vec();
    let at = repainted.windows(3).position(|window| window == [1, 2, 3]).unwrap();
    repainted[at] = 9;
    assert_fails(&forged(&repainted), &["ses.seal-signature"]);
    let expired = make(&SealDraft { validity: days(9, 0), ..draft(SesVersion::V4, &desk.signer.chain) }, &desk.maker);
    let expired_before = SealDraft {
        validity: eseal_crypto::cert::Validity { not_before: days(9, 0).not_before, not_after: UnixTime(NOW.0 - DAY) },
        ..draft(SesVersion::V4, &desk.signer.chain)
    };
    assert_eq!(forged(expired.to_der()).verdict, Verdict::Valid);
    assert_fails(&forged(make(&expired_before, &desk.maker).to_der()), &["ses.seal-validity"]);
}

/// The signature with another seal in it, signed again.
fn resigned(desk: &Desk, value: &SealSignature, seal: &[u8]) -> Vec<u8> {
    use der::asn1::{BitString, ObjectIdentifier, OctetString};
    use der::{Any, Decode, Encode};
    let [to_sign, _, _, _] = Vec::<Any>::from_der(value.to_der()).unwrap().try_into().unwrap();
    let mut tbs: Vec<Any> = to_sign.decode_as().unwrap();
    tbs[1] = Any::from_der(seal).unwrap();
    let tbs = tbs.to_der().unwrap();
    let signature = desk.signer.key.sign(&tbs).to_der();
    let algorithm = ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");
    let parts = [
        Any::from_der(&tbs).unwrap(),
        Any::encode_from(&OctetString::new(desk.signer.chain.leaf().to_der()).unwrap()).unwrap(),
        Any::encode_from(&algorithm).unwrap(),
        Any::encode_from(&BitString::from_bytes(&signature).unwrap()).unwrap(),
    ];
    parts.to_vec().to_der().unwrap()
}

#[test]
fn certificates_are_judged_when_the_seal_was_put() {
    // Run out when it was signed.
    let desk = Desk::with(SesVersion::V4, days(10, 0));
    let late = eseal_document::pdf::SigningTime { at: NOW.plus(DAY), offset_minutes: 0 };
    let request = eseal_document::pdf::StampRequest::new(&desk.signer.chain, late).seal(&desk.seal);
    let sealed = desk.seal_with(&contract(), &request).unwrap();
    let then = VerifyOptions::new(desk.anchors(), NOW.plus(2 * DAY));
    let report = verify_by(&sealed, &then);
    assert_fails(&report, &["ses.signer-validity"]);
    assert_eq!(report.signatures[0].trust, Trust::Expired);
    // Run out since.
    assert_eq!(verify_by(&desk.sealed(), &then).verdict, Verdict::Valid);
    // A time that had not come.
    assert_fails(&desk.verify(&sealed), &["ses.signing-time", "ses.signer-validity"]);
    // Revoked, before and after.
    let desk = Desk::new();
    for (at, expected) in [(UnixTime(NOW.0 - DAY), Verdict::Invalid), (NOW.plus(60), Verdict::Valid)] {
        let report = verify_by(&desk.sealed(), &then_revoked(&desk, at));
        assert_eq!(report.verdict, expected, "{report:#?}");
        let is_refused = codes(&report, CheckVerdict::Fail) == ["ses.signer-revocation"];
        assert_eq!(is_refused, expected == Verdict::Invalid);
    }
}

/// A timestamp that is about another signature, and one that is none.
#[test]
fn timestamps_are_about_this_signature() {
    let mut desk = Desk::with(SesVersion::V5, days(10, 365));
    let clock = desk.authority.issue(&CertificateProfile::TimestampAuthority, "测试时间戳", days(10, 300));
    let authority = TimestampAuthority::new(clock.key, clock.chain).unwrap();
    let ask = |digest| {
        let request = TimestampRequest::new(digest, &mut Repeatable::seeded(9)).unwrap();
        request.accept(&authority.respond(request.to_der(), 7, NOW).unwrap().der).unwrap()
    };
    let file = Opened(desk.seal_with(&contract(), &desk.request().timestamp_reserve(4_096)).unwrap());
    let value = SealSignature::from_padded_der(&file.value()).unwrap();
    let with = |token: &[u8]| {
        let mut stamped = Opened(file.0.clone());
        stamped.set_value(value.with_timestamp(token).unwrap().to_der());
        desk.verify(&stamped.0)
    };
    let own = ask(value.signature_digest(DigestAlgorithm::Sm3));
    assert_eq!(with(own.to_der()).verdict, Verdict::Valid);
    assert_fails(&with(ask(Digest::of(DigestAlgorithm::Sm3, b"else")).to_der()), &["ses.timestamp"]);
    assert_fails(&with(&[1, 2, 3]), &["ses.timestamp"]);
}

/// Raw `r‖s` is in the field, DER is the standard's.
#[test]
fn the_fixed_form_is_as_good() {
    let desk = Desk::new();
    let mut file = Opened(desk.sealed());
    let draft = SealSignatureDraft {
        seal: desk.seal.clone(),
        data: file.digest(),
        property_info: String::new(),
        time: NOW,
        extensions: Vec::new(),
    };
    let prepared = draft.prepare(desk.signer.chain.leaf()).unwrap();
    let signature = desk.signer.key.sign(prepared.to_be_signed());
    let fixed = signature.to_fixed().to_vec();
    let whole = prepared.finish(&signature).unwrap().to_der().to_vec();
    let raw = with_raw(&whole, &fixed);
    file.set_value(&raw);
    assert_eq!(desk.verify(&file.0).verdict, Verdict::Valid);
}

fn with_raw(value: &[u8], fixed: &[u8]) -> Vec<u8> {
    use der::asn1::BitString;
    use der::{Any, Decode, Encode};
    let mut parts = Vec::<Any>::from_der(value).unwrap();
    parts[3] = Any::encode_from(&BitString::from_bytes(fixed).unwrap()).unwrap();
    parts.to_der().unwrap()
}

/// No byte of what is covered, and none of the value, can change without the file being refused or the seal failing.
#[test]
fn no_byte_changes_unseen() {
    let desk = Desk::new();
    let sealed = Opened(desk.sealed());
    let gap = sealed.gap();
    let used = gap.start + 2 * SealSignature::from_padded_der(&sealed.value()).unwrap().to_der().len();
    let mut changed = sealed.0.clone();
    for at in (0..changed.len()).step_by(3) {
        // Digits in another case are the same digits.
        let mask = if gap.contains(&at) { 0x01 } else { 0x10 };
        changed[at] ^= mask;
        let found = eseal_document::pdf::verify(changed.as_slice(), &desk.anchors(), NOW);
        let is_valid = found.is_ok_and(|report| report.verdict == Verdict::Valid);
        assert!(!is_valid, "byte {at}, value in {}..{used}", gap.start);
        changed[at] ^= mask;
    }
}

fn then_revoked(desk: &Desk, at: UnixTime) -> VerifyOptions {
    VerifyOptions::new(desk.anchors(), NOW.plus(2 * DAY)).revocation(taken_back(desk, at))
}

fn taken_back(desk: &Desk, at: UnixTime) -> RevocationData {
    let serial = desk.signer.chain.leaf().serial().to_vec();
    let revoked = RevokedCertificate { serial, at, reason: RevocationReason::KeyCompromise };
    let crl = desk.authority.root.issue_crl(1, NOW, NOW.plus(7 * DAY), [revoked]).unwrap();
    let mut data = RevocationData::new();
    data.add_crl(Crl::from_der(&crl).unwrap());
    data
}
