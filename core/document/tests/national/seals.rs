//! Electronic seals in PDF.

use eseal_crypto::cert::{CertificateProfile, TrustAnchors};
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::ses::{SealPicture, SealSignature, SesVersion};
use eseal_crypto::tsp::{TimestampAuthority, TimestampRequest};
use eseal_document::VerifyOptions;
use eseal_document::pdf::Pdf;
use eseal_document::report::{CheckVerdict, Coverage, Integrity, TimeSource, Trust, Verdict};
use eseal_testkit::Repeatable;

use crate::desk::{Desk, NOW, Opened, codes, contract, days, draft, finish, make, verify_by};

#[test]
fn what_is_sealed_is_valid_and_each_check_shows() {
    for version in [SesVersion::V4, SesVersion::V5] {
        let desk = Desk::with(version, days(10, 365));
        let report = desk.verify(&desk.sealed());
        assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
        let signature = &report.signatures[0];
        assert_eq!((signature.format.as_str(), signature.signer.as_deref()), ("GM.sm2seal", Some("测试单位")));
        assert_eq!((signature.integrity, signature.coverage), (Integrity::Intact, Coverage::Whole));
        assert_eq!(signature.trust, Trust::Trusted);
        assert_eq!(signature.time.map(|time| (time.at, time.source)), Some((NOW, TimeSource::Claimed)));
        assert_eq!(signature.seal.as_deref(), Some(&desk.seal));
        let codes: Vec<_> = signature.checks.iter().map(|check| check.code).collect();
        assert_eq!(
            codes,
            [
                "pdf.byte-range",
                "pdf.sub-filter",
                "pdf.coverage",
                "pdf.changes",
                "ses.format",
                "ses.signature",
                "ses.data-hash",
                "ses.seal-signature",
                "ses.maker-path",
                "ses.maker-usage",
                "ses.maker-validity",
                "ses.maker-revocation",
                "ses.signer-listed",
                "ses.signing-time",
                "ses.signer-path",
                "ses.signer-usage",
                "ses.signer-validity",
                "ses.signer-revocation",
                "ses.seal-validity",
                "ses.property-info",
                "pdf.signing-time",
            ]
        );
        let of_seal = signature.checks.iter().filter(|check| check.code.starts_with("ses."));
        assert!(of_seal.clone().all(|check| !check.clause.is_empty()));
        assert!(of_seal.clone().any(|check| check.clause.contains(version.standard())));
    }
}

#[test]
fn the_value_is_the_standards_own_over_all_other_bytes() {
    let desk = Desk::new();
    let opened = Opened(desk.sealed());
    let signature = SealSignature::from_padded_der(&opened.value()).unwrap();
    assert_eq!(signature.verify_data(&opened.digest()), Ok(()));
    assert_eq!(signature.verify_signature(), Ok(()));
    let gap = opened.gap();
    let rest = opened.0.len() - gap.end - 1;
    assert_eq!(signature.property_info(), format!("[0 {} {} {rest}]", gap.start - 1, gap.end + 1));
    // Anything but zeros behind it is no padding.
    let mut padded = opened.value();
    *padded.last_mut().unwrap() = 1;
    assert_eq!(SealSignature::from_padded_der(&padded).unwrap_err().code(), "ses.malformed");
    assert!(SealSignature::from_padded_der(&opened.value()[..100]).is_err());
    assert!(SealSignature::from_padded_der(&[]).is_err());
}

#[test]
fn the_place_is_large_enough_for_any_seal() {
    let desk = Desk::new();
    for size in [1, 1_000, 70_000, 400_000] {
        let picture = SealPicture { kind: "PNG".to_owned(), data: vec![7; size], width_mm: 40, height_mm: 40 };
        let draft = eseal_crypto::ses::SealDraft { picture, ..draft(SesVersion::V5, &desk.signer.chain) };
        let seal = make(&draft, &desk.maker);
        let sealed = desk.seal_with(&contract(), &desk.signing().seal(&seal)).unwrap();
        assert_eq!(desk.verify(&sealed).verdict, Verdict::Valid, "{size}");
        let room = Opened(sealed).value().len();
        assert!(room < seal.to_der().len() + 2_000, "{room} bytes are reserved for a seal of {size}");
    }
}

#[test]
fn without_anchors_or_with_others_nobody_is_known() {
    let desk = Desk::new();
    let sealed = desk.sealed();
    let none = verify_by(&sealed, &VerifyOptions::new(TrustAnchors::default(), NOW));
    assert_eq!((none.verdict, none.signatures[0].trust), (Verdict::Indeterminate, Trust::Unknown));
    assert_eq!(none.signatures[0].integrity, Integrity::Intact);
    let other = eseal_testkit::Authority::new(eseal_crypto::Suite::Sm2Sm3, "Other", days(9, 9), 77);
    let stranger = verify_by(&sealed, &VerifyOptions::new(other.anchors(), NOW));
    assert_eq!((stranger.verdict, stranger.signatures[0].trust), (Verdict::Indeterminate, Trust::Untrusted));
    assert_eq!(codes(&stranger, CheckVerdict::Fail), ["ses.maker-path", "ses.signer-path"]);
}

#[test]
fn a_second_seal_leaves_the_first_valid() {
    let desk = Desk::new();
    let twice = desk.seal_with(&desk.sealed(), &desk.request()).unwrap();
    let report = desk.verify(&twice);
    assert_eq!((report.verdict, report.signatures.len()), (Verdict::Valid, 2), "{report:#?}");
    let coverage: Vec<_> = report.signatures.iter().map(|signature| signature.coverage).collect();
    assert_eq!(coverage, [Coverage::Revision, Coverage::Whole]);
}

#[test]
fn seals_that_may_not_be_used_are_refused_before_a_key_is() {
    let desk = Desk::new();
    let code = |request| Pdf::open(contract().as_slice()).unwrap().prepare(&request).unwrap_err().code();
    let of_other = make(&draft(SesVersion::V4, &desk.maker.chain), &desk.maker);
    assert_eq!(code(desk.signing().seal(&of_other)), "ses.signer-not-listed");
    let expired = eseal_crypto::ses::SealDraft { validity: days(9, 0), ..draft(SesVersion::V4, &desk.signer.chain) };
    let late = eseal_document::pdf::SigningTime { at: NOW.plus(9 * eseal_testkit::DAY), offset_minutes: 0 };
    let expired = make(&expired, &desk.maker);
    let request = eseal_document::pdf::StampRequest::new(&desk.signer.chain, late).seal(&expired);
    assert_eq!(code(request), "ses.cannot-write");
    let mut p256 = eseal_testkit::Authority::new(eseal_crypto::Suite::EcdsaP256Sha256, "Test Root", days(9, 9), 2);
    let stranger = p256.issue(&CertificateProfile::DocumentSigning, "Test", days(1, 1));
    let time = eseal_document::pdf::SigningTime { at: NOW, offset_minutes: 0 };
    let request = eseal_document::pdf::StampRequest::new(&stranger.chain, time).seal(&desk.seal);
    assert_eq!(code(request), "ses.unsupported-algorithm");
    // A signature by another key.
    let prepared = Pdf::open(contract().as_slice()).unwrap().prepare(&desk.request()).map(|prepared| {
        let signature = desk.maker.key.sign(prepared.to_be_signed());
        prepared.complete(&signature).unwrap_err().code()
    });
    assert_eq!(prepared.unwrap(), "ses.bad-signature");
}

#[test]
fn timestamps_are_taken_and_others_refused() {
    let mut desk = Desk::with(SesVersion::V5, days(10, 365));
    let clock = desk.authority.issue(&CertificateProfile::TimestampAuthority, "测试时间戳", days(10, 300));
    let authority = TimestampAuthority::new(clock.key, clock.chain).unwrap();
    let ask = |digest| {
        let request = TimestampRequest::new(digest, &mut Repeatable::seeded(9)).unwrap();
        request.accept(&authority.respond(request.to_der(), 7, NOW).unwrap().der).unwrap()
    };
    let file = contract();
    for request in [desk.request(), desk.signing()] {
        let sign = || {
            let prepared =
                Pdf::open(file.as_slice()).unwrap().prepare(&request.clone().timestamp_reserve(4_096)).unwrap();
            let signature = desk.signer.key.sign(prepared.to_be_signed());
            prepared.sign(&signature).unwrap()
        };
        assert_eq!(sign().signature_digest().algorithm(), DigestAlgorithm::Sm3);
        let token = ask(sign().signature_digest());
        let mut sealed = Vec::new();
        sign().with_timestamp(&token).unwrap().write_to(&mut sealed).unwrap();
        let report = desk.verify(&sealed);
        assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
        assert_eq!(report.signatures[0].time.map(|time| time.source), Some(TimeSource::Timestamp));
        let foreign = ask(Digest::of(DigestAlgorithm::Sm3, b"else"));
        assert_eq!(sign().with_timestamp(&foreign).unwrap_err().code(), "tsp.wrong-imprint");
    }
}

/// Sealed with a key that is elsewhere: what it is given is enough.
#[test]
fn a_key_elsewhere_signs_the_prehash() {
    let desk = Desk::new();
    let file = contract();
    let prepared = Pdf::open(file.as_slice()).unwrap().prepare(&desk.request()).unwrap();
    let prehash = prepared.prehash().unwrap();
    let signature = desk.signer.key.sign_prehash(&prehash).unwrap();
    let mut sealed = Vec::new();
    prepared.complete(&signature).unwrap().write_to(&mut sealed).unwrap();
    assert_eq!(desk.verify(&sealed).verdict, Verdict::Valid);
    assert_eq!(
        finish(Pdf::open(file.as_slice()).unwrap().prepare(&desk.request()).unwrap(), &desk.signer).len(),
        sealed.len()
    );
}
