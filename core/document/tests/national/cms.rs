//! Signatures by SM2 without a seal.

use std::process::Command;

use eseal_document::pdf::{Pdf, Profile};
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
    use eseal_document::pdf::{SigningTime, StampRequest};
    let mut authority = eseal_testkit::Authority::new(Suite::EcdsaP256Sha256, "Test Root", crate::desk::days(9, 9), 2);
    let stranger = authority.issue(&CertificateProfile::DocumentSigning, "Test", crate::desk::days(1, 1));
    let time = SigningTime { at: crate::desk::NOW, offset_minutes: 0 };
    let request = StampRequest::new(&stranger.chain, time).profile(Profile::Gbt35275);
    let refused = Pdf::open(contract().as_slice()).unwrap().prepare(&request).unwrap_err();
    assert_eq!(refused.code(), "cms.unsupported-algorithm");
}

#[derive(PartialEq, Eq)]
enum Signed {
    Cms,
    Seal,
}

/// OpenSSL 3.0 cannot be told in `cms` who signs (`distid`), and refuses SM2 there: it is asked for what it can, the
/// digest and the signature.
#[test]
fn openssl_verifies_digest_and_signature() {
    let desk = Desk::new();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    let openssl =
        |arguments: &str| Command::new("openssl").current_dir(&folder).args(arguments.split(' ')).output().ok();
    if openssl("version").is_none() {
        println!("SKIPPED cms::openssl_verifies_digest_and_signature: openssl is not installed");
        return;
    }
    let accepts = |arguments: &str| {
        let said = openssl(arguments).unwrap();
        assert!(said.status.success(), "{arguments}: {}", String::from_utf8_lossy(&said.stderr));
        String::from_utf8_lossy(&said.stdout).into_owned()
    };
    write("signer.pem", desk.signer.chain.leaf().to_pem().as_bytes());
    write("key.pem", accepts("x509 -in signer.pem -pubkey -noout").as_bytes());
    let file = contract();
    for (request, signed) in [
        (desk.signing(), Signed::Cms),
        (desk.signing().profile(Profile::Gbt35275), Signed::Cms),
        (desk.request(), Signed::Seal),
    ] {
        let prepared = Pdf::open(file.as_slice()).unwrap().prepare(&request).unwrap();
        let signature = desk.signer.key.sign(prepared.to_be_signed());
        write("signed", prepared.to_be_signed());
        write("signature", &signature.to_der());
        let mut sealed = Vec::new();
        prepared.complete(&signature).unwrap().write_to(&mut sealed).unwrap();
        let opened = Opened(sealed);
        let gap = opened.gap();
        write("content", &[&opened.0[..gap.start - 1], &opened.0[gap.end + 1..]].concat());
        let verify = "dgst -sm3 -verify key.pem -signature signature -sigopt distid:1234567812345678 signed";
        assert!(accepts(verify).contains("Verified OK"));
        let digest = accepts("dgst -sm3 -r content");
        let digest = digest.split(' ').next().unwrap();
        assert_eq!(opened.digest().to_string(), digest);
        // OpenSSL shows octets, in which CMS has the digest, and no bits, in which a seal signature has it.
        let shown = accepts("asn1parse -inform DER -in signed").to_lowercase();
        assert!(shown.contains(digest) || signed == Signed::Seal);
    }
}
