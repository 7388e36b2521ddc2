//! Seal signatures judged: sound ones, and each way in which one can be wrong has its own check that says so.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "test code")]

mod scene;

use eseal_crypto::cert::{CertificateProfile, TrustAnchors};
use eseal_crypto::digest::DigestAlgorithm;
use eseal_crypto::revocation::RevocationData;
use eseal_crypto::ses::{SealSignature, SesVersion};
use eseal_document::report::{CheckVerdict, Integrity, TimeSource, Trust, Verdict};
use eseal_document::ses::{SealJudge, SealReport};
use eseal_testkit::DAY;

use crate::scene::{DATA, NOW, Scene, sm3};

/// The checks that came to a verdict, by code.
fn codes(report: &SealReport, verdict: CheckVerdict) -> Vec<&'static str> {
    report.checks.iter().filter(|check| check.verdict == verdict).map(|check| check.code).collect()
}

/// Exactly these checks fail, and the whole is invalid.
fn assert_fails(report: &SealReport, expected: &[&str]) {
    assert_eq!(codes(report, CheckVerdict::Fail), expected, "{:#?}", report.checks);
    assert_eq!(report.verdict, Verdict::Invalid);
}

#[test]
fn what_is_sound_is_valid_in_both_versions() {
    let scene = Scene::new();
    for version in [SesVersion::V4, SesVersion::V5] {
        let report = scene.judge(&scene.sealed(version));
        assert_eq!(codes(&report, CheckVerdict::Fail), [""; 0], "{:#?}", report.checks);
        assert_eq!(codes(&report, CheckVerdict::Warn), ["ses.signing-time"]);
        assert_eq!(
            (report.integrity, report.trust, report.verdict),
            (Integrity::Intact, Trust::Trusted, Verdict::Valid)
        );
        let time = report.time.unwrap();
        assert_eq!((time.at, time.source), (NOW, TimeSource::Claimed));
        assert!(report.checks.iter().all(|check| check.clause.contains(version.standard())));
        let alone = scene.judge_at(NOW, |judge| judge.judge_seal(&scene.seal(version)));
        assert_eq!((alone.integrity, alone.verdict), (Integrity::Intact, Verdict::Valid));
    }
}

#[test]
fn the_checks_stand_in_the_order_of_the_standard() {
    let scene = Scene::new();
    let report = scene.judge(&scene.stamped(SesVersion::V5));
    let order: Vec<_> = report.checks.iter().map(|check| check.code).collect();
    assert_eq!(
        order,
        [
            "ses.format",
            "ses.signature",
            "ses.data-hash",
            "ses.seal-signature",
            "ses.maker-path",
            "ses.maker-usage",
            "ses.maker-validity",
            "ses.maker-revocation",
            "ses.seal-timestamp",
            "ses.seal-made-before-timestamp",
            "ses.signer-listed",
            "ses.timestamp",
            "ses.signing-time",
            "ses.signer-path",
            "ses.signer-usage",
            "ses.signer-validity",
            "ses.signer-revocation",
            "ses.seal-validity",
        ]
    );
    assert_eq!(report.verdict, Verdict::Valid);
    assert_eq!(report.time.map(|time| time.source), Some(TimeSource::Timestamp));
}

#[test]
fn other_data_and_changed_signatures_are_broken() {
    let scene = Scene::new();
    let sealed = scene.sealed(SesVersion::V4);
    let other = scene.judge_at(NOW, |judge| judge.judge(&sealed, &sm3(b"else")));
    assert_fails(&other, &["ses.data-hash"]);
    assert_eq!(other.integrity, Integrity::Broken);
    let changed = scene.with_path(&sealed, "/Doc_0/Signs/Sign_1/Signature.xml");
    assert_fails(&scene.judge(&changed), &["ses.signature"]);
    // Changed with what it signs, by the signer: the seal's own signature still tells.
    let repainted = scene.with_seal(&sealed, &scene.repainted());
    assert_fails(&scene.judge(&repainted), &["ses.seal-signature"]);
    assert_eq!(scene.judge(&repainted).integrity, Integrity::Broken);
}

#[test]
fn the_fixed_form_is_as_good() {
    let scene = Scene::new();
    let fixed = scene.in_fixed_form(&scene.sealed(SesVersion::V4));
    assert_eq!(scene.judge(&fixed).verdict, Verdict::Valid);
}

#[test]
fn a_seal_of_somebody_else_is_not_the_signers() {
    let scene = Scene::new();
    let of_other = scene.with_seal(&scene.sealed(SesVersion::V4), &scene.seal_of_other());
    assert_fails(&scene.judge(&of_other), &["ses.signer-listed"]);
}

#[test]
fn certificates_must_lead_to_an_anchor_and_be_for_this() {
    let scene = Scene::new();
    let sealed = scene.sealed(SesVersion::V4);
    let none = TrustAnchors::default();
    let report = scene.judge_by(&none, &sealed);
    assert_eq!((report.verdict, report.trust), (Verdict::Indeterminate, Trust::Unknown));
    assert_eq!(report.integrity, Integrity::Intact);
    let strangers = Scene::seeded(900).anchors();
    let report = scene.judge_by(&strangers, &sealed);
    assert_eq!(codes(&report, CheckVerdict::Fail), ["ses.maker-path", "ses.signer-path"]);
    assert_eq!((report.verdict, report.trust), (Verdict::Indeterminate, Trust::Untrusted));
    let clock = scene.signed_by(&CertificateProfile::TimestampAuthority);
    assert_fails(&scene.judge(&clock), &["ses.signer-usage"]);
}

/// Who may sign documents is not thereby believed to make seals.
#[test]
fn makers_have_anchors_of_their_own() {
    let scene = Scene::new();
    let sealed = scene.sealed(SesVersion::V4);
    let (own, strangers) = (scene.anchors(), Scene::seeded(900).anchors());
    let by =
        |makers| scene.judge_at(NOW, |judge| SealJudge { maker_anchors: makers, ..judge }.judge(&sealed, &sm3(DATA)));
    assert_eq!(by(&own).verdict, Verdict::Valid);
    let report = by(&strangers);
    assert_eq!(codes(&report, CheckVerdict::Fail), ["ses.maker-path"]);
    assert_eq!(report.verdict, Verdict::Indeterminate);
    assert_ne!(by(&TrustAnchors::default()).verdict, Verdict::Valid);
}

/// Expiry and revocation count at the time of signing, not now.
#[test]
fn expiry_and_revocation_are_judged_at_the_time_of_signing() {
    let scene = Scene::new();
    let sealed = scene.sealed(SesVersion::V4);
    let signer = scene.signer.chain.leaf();
    let later = NOW.plus(5_000 * DAY);
    let report = scene.judge_at(later, |judge| judge.judge(&sealed, &sm3(DATA)));
    assert_eq!(report.verdict, Verdict::Valid, "{:#?}", report.checks);
    let late = scene.sealed_at(NOW.plus(400 * DAY));
    let report = scene.judge_at(later, |judge| judge.judge(&late, &sm3(DATA)));
    assert_fails(&report, &["ses.signer-validity"]);
    assert_eq!(report.trust, Trust::Expired);
    let before = scene.taken_back(signer, eseal_crypto::cert::UnixTime(NOW.0 - DAY));
    assert_fails(&scene.judge_with(&before, &sealed), &["ses.signer-revocation"]);
    assert_eq!(scene.judge_with(&before, &sealed).trust, Trust::Revoked);
    let after = scene.taken_back(signer, NOW.plus(60));
    assert_eq!(scene.judge_with(&after, &sealed).verdict, Verdict::Valid);
    let maker = scene.taken_back(scene.maker.chain.leaf(), eseal_crypto::cert::UnixTime(NOW.0 - DAY));
    assert_fails(&scene.judge_with(&maker, &sealed), &["ses.maker-revocation"]);
    let nothing = scene.judge_with(&RevocationData::new(), &sealed);
    assert_eq!(nothing.verdict, Verdict::Valid);
    assert_eq!(codes(&nothing, CheckVerdict::NotChecked), ["ses.maker-revocation", "ses.signer-revocation"]);
}

#[test]
fn the_seal_must_have_been_valid_when_it_was_used() {
    let scene = Scene::new();
    let short = scene.with_seal(&scene.sealed(SesVersion::V4), &scene.seal_that_ran_out());
    assert_fails(&scene.judge(&short), &["ses.seal-validity"]);
    let report = scene.judge_at(NOW, |judge| judge.judge_seal(&scene.seal_that_ran_out()));
    assert_fails(&report, &["ses.seal-validity"]);
}

#[test]
fn timestamps_must_be_about_this_and_by_somebody_believed() {
    let scene = Scene::new();
    let sealed = scene.sealed(SesVersion::V4);
    let foreign = sealed.with_timestamp(scene.timestamp(sm3(b"else")).to_der()).unwrap();
    assert_fails(&scene.judge(&foreign), &["ses.timestamp"]);
    let broken = sealed.with_timestamp(&[1, 2, 3]).unwrap();
    assert_fails(&scene.judge(&broken), &["ses.timestamp"]);
    let stranger = Scene::seeded(900);
    let imprint = sealed.signature_digest(DigestAlgorithm::Sm3);
    let by_stranger = sealed.with_timestamp(stranger.timestamp(imprint).to_der()).unwrap();
    let report = scene.judge(&by_stranger);
    assert_eq!(codes(&report, CheckVerdict::Warn), ["ses.timestamp", "ses.signing-time"]);
    assert_eq!(report.time.map(|time| time.source), Some(TimeSource::Claimed));
    let future = scene.sealed_at(NOW.plus(DAY));
    assert_fails(&scene.judge(&future), &["ses.signing-time"]);
}

/// Every byte of a seal signature flipped: none is valid but where nothing is said, and none panics.
#[test]
fn no_changed_byte_is_valid() {
    let scene = Scene::new();
    let sealed = scene.sealed(SesVersion::V4);
    let der = sealed.to_der();
    let mut valid = Vec::new();
    for at in 0..der.len() {
        let mut changed = der.to_vec();
        changed[at] ^= 0x10;
        let Ok(read) = SealSignature::from_der(&changed) else { continue };
        if read.verify_signature().is_ok() && scene.judge(&read).verdict == Verdict::Valid {
            valid.push(at);
        }
    }
    assert_eq!(valid, [0_usize; 0]);
}
