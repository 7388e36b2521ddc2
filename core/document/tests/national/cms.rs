//! Signatures by SM2 without a seal.

use std::process::Command;

use eseal_document::pdf::Profile;
use eseal_document::report::{CheckVerdict, Integrity, Level, Verdict};

use crate::desk::{Desk, Opened, codes, contract};

#[test]
fn both_dialects_are_written_and_valid() {
    let desk = Desk::new();
    for (profile, sub_filter, level, clause) in [
        (Profile::Pades, "ETSI.CAdES.detached", Some(Level::BaselineB), "RFC 5652, 5.6"),
        (Profile::Compat, "adbe.pkcs7.detached", None, "RFC 5652, 5.6"),
        (Profile::Gbt35275, "adbe.pkcs7.detached", None, "GB/T 35275-2017, 8"),
    ] {
        let sealed = desk.seal_with(&contract(), &desk.signing().profile(profile)).unwrap();
        let report = desk.verify(&sealed);
        let signature = &report.signatures[0];
        assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
        assert_eq!((signature.format.as_str(), signature.level), (sub_filter, level));
        assert!(signature.seal.is_none());
        let check = signature.checks.iter().find(|check| check.code == "cms.signature").unwrap();
        assert_eq!((check.verdict, check.clause), (CheckVerdict::Pass, clause));
        let mut changed = sealed.clone();
        changed[9] ^= 1;
        let report = desk.verify(&changed);
        assert_eq!((report.verdict, report.signatures[0].integrity), (Verdict::Invalid, Integrity::Broken));
        assert_eq!(codes(&report, CheckVerdict::Fail), ["cms.signature"]);
    }
}

#[test]
fn the_national_dialect_is_for_its_own_keys() {
    use eseal_crypto::Suite;
    use eseal_crypto::cert::CertificateProfile;
    use eseal_document::pdf::{Pdf, SigningTime, StampRequest};
    let mut authority = eseal_testkit::Authority::new(Suite::EcdsaP256Sha256, "Test Root", crate::desk::days(9, 9), 2);
    let stranger = authority.issue(&CertificateProfile::DocumentSigning, "Test", crate::desk::days(1, 1));
    let time = SigningTime { at: crate::desk::NOW, offset_minutes: 0 };
    let request = StampRequest::new(&stranger.chain, time).profile(Profile::Gbt35275);
    let refused = Pdf::open(contract().as_slice()).unwrap().prepare(&request).unwrap_err();
    assert_eq!(refused.code(), "cms.unsupported-algorithm");
}

/// OpenSSL's `cms` knows SM2 by its own names, if at all: what it says of a signature that it cannot verify is told.
#[test]
fn openssl_verifies_what_it_can() {
    let desk = Desk::new();
    let sealed = desk.seal_with(&contract(), &desk.signing().profile(Profile::Pades)).unwrap();
    let opened = Opened(sealed);
    let folder = tempfile::tempdir().unwrap();
    let gap = opened.gap();
    let content = [&opened.0[..gap.start - 1], &opened.0[gap.end + 1..]].concat();
    std::fs::write(folder.path().join("content"), &content).unwrap();
    std::fs::write(folder.path().join("value.der"), opened.value()).unwrap();
    std::fs::write(folder.path().join("root.pem"), desk.authority.root.certificate().to_pem()).unwrap();
    let verify = |arguments: &str| {
        let mut command = Command::new("openssl");
        command.current_dir(&folder).args(arguments.split(' ')).output().ok()
    };
    let common =
        "cms -verify -binary -inform DER -in value.der -CAfile root.pem -purpose any -no_check_time -out /dev/null";
    let Some(good) = verify(&format!("{common} -content content")) else {
        println!("SKIPPED cms::openssl_verifies_what_it_can: openssl is not installed");
        return;
    };
    if !good.status.success() {
        let said = String::from_utf8_lossy(&good.stderr);
        println!("SKIPPED cms::openssl_verifies_what_it_can: this openssl does not verify CMS of SM2: {said}");
        return;
    }
    std::fs::write(folder.path().join("content"), [&content[..], b"x"].concat()).unwrap();
    assert!(!verify(&format!("{common} -content content")).unwrap().status.success());
}
