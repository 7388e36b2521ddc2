//! OFD documents: chosen by what they hold, sealed with seal data, judged by `eseal verify`.

use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificateProfile, UnixTime, Validity};
use eseal_crypto::revocation::{RevocationReason, RevokedCertificate};
use eseal_crypto::ses::{SealDraft, SealHolder, SealPicture, SealSigners, SesVersion};
use eseal_testkit::Authority;

use crate::desk::{DAY, Desk, Ended, Served, now};

const CONTRACT: &[u8] = include_bytes!("../../../../tests/fixtures/ofd/contract.ofd");
const TWO_PAGES: &[u8] = include_bytes!("../../../../tests/fixtures/ofd/two-pages.ofd");

/// The desk of somebody with a key of SM2 and a seal, `seal.esl`. The document's name does not say what it is.
pub(crate) fn desk() -> Desk {
    let desk = Desk::new();
    let now = now();
    let validity = Validity { not_before: UnixTime(now.0 - DAY), not_after: now.plus(30 * DAY) };
    let mut authority = Authority::new(Suite::Sm2Sm3, "Desk Root", validity, 2);
    let maker = authority.issue(&CertificateProfile::DocumentSigning, "Seal Maker", validity);
    let signer = authority.issue(&CertificateProfile::DocumentSigning, "测试单位", validity);
    let draft = SealDraft {
        version: SesVersion::V4,
        vendor_id: "eseal".to_owned(),
        id: "36010000000001".to_owned(),
        holder: SealHolder::Unit,
        name: "测试单位".to_owned(),
        signers: SealSigners::Certificates(vec![signer.chain.leaf().to_der().to_vec()]),
        created_at: now,
        validity,
        picture: SealPicture { kind: "PNG".to_owned(), data: desk.read("face.png"), width_mm: 40, height_mm: 40 },
        extensions: Vec::new(),
    };
    let prepared = draft.prepare(maker.chain.leaf()).unwrap();
    let signature = maker.key.sign(prepared.to_be_signed());
    desk.write("seal.esl", prepared.finish(&signature).unwrap().to_der());
    let taken_back = RevokedCertificate {
        serial: maker.chain.leaf().serial().to_vec(),
        at: UnixTime(now.0 - 60),
        reason: RevocationReason::KeyCompromise,
    };
    for (name, revoked) in [("nobody.crl", Vec::new()), ("maker.crl", vec![taken_back])] {
        desk.write(name, authority.root.issue_crl(1, now, now.plus(DAY), revoked).unwrap());
    }
    let stranger = Authority::new(Suite::Sm2Sm3, "Another Root", validity, 9);
    desk.write("stranger.pem", stranger.root.certificate().to_pem());
    desk.write("root.pem", authority.root.certificate().to_pem());
    desk.write("chain.pem", signer.chain.to_pem());
    desk.write("key.pem", signer.key.to_pkcs8_pem().unwrap().as_str());
    desk.write("document", TWO_PAGES);
    desk
}

#[test]
fn an_ofd_document_is_sealed_twice_and_valid() {
    let desk = desk();
    let once = desk.stamp(&["document", "-o", "once.pdf", "--seal", "seal.esl", "--at", "1:30,40,40,40"]);
    assert_eq!((once.status, &once.json()[0]["sealed"]), (0, &true.into()), "{}", once.stderr);
    let found = desk.assert_valid("once.pdf");
    assert_eq!((&found["format"], &found["signatures"][0]["format"]), (&"ofd".into(), &"GB/T 38540-2020".into()));
    let twice = desk.stamp(&["once.pdf", "-o", "once.pdf", "--seal", "seal.esl", "--cross-page", "right"]);
    assert_eq!(twice.status, 0, "{}", twice.stderr);
    let found = desk.assert_valid("once.pdf");
    let coverage: Vec<_> = found["signatures"].as_array().unwrap().iter().map(|one| &one["coverage"]).collect();
    assert_eq!(coverage, ["revision", "whole"]);
}

#[test]
fn makers_and_revocation_are_judged_by_what_is_given() {
    let desk = desk();
    let sealed = desk.stamp(&["document", "-o", "sealed.ofd", "--seal", "seal.esl", "--at", "1:30,40,40,40"]);
    assert_eq!(sealed.status, 0, "{}", sealed.stderr);
    let verify = |more: &[&str]| desk.run(&[&["verify", "--json", "sealed.ofd", "--trust", "root.pem"], more].concat());
    let verdict_of = |ended: &Ended, code: &str| {
        let json = ended.json();
        let checks = json["signatures"][0]["checks"].as_array().unwrap();
        checks.iter().find(|check| check["code"] == code).unwrap()["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict_of(&verify(&[]), "ses.maker-revocation"), "not-checked");
    let nobody = verify(&["--revocation", "nobody.crl"]);
    assert_eq!((nobody.status, verdict_of(&nobody, "ses.maker-revocation").as_str()), (0, "pass"));
    let maker = verify(&["--revocation", "maker.crl"]);
    assert_eq!((maker.status, verdict_of(&maker, "ses.maker-revocation").as_str()), (1, "fail"));
    let stranger = verify(&["--trust-makers", "stranger.pem"]);
    assert_eq!((stranger.status, verdict_of(&stranger, "ses.maker-path").as_str()), (1, "fail"));
    assert_eq!(verdict_of(&stranger, "ses.signer-path"), "pass");
    assert_eq!(verify(&["--revocation", "root.pem"]).status, 2);
}

#[test]
fn what_cannot_be_is_refused_with_a_reason() {
    let desk = desk();
    for (arguments, status, code) in [
        (&["--at", "1:30,40,40,40"][..], 2, "sdk.bad-argument"),
        (&["--seal", "seal.esl", "--at", "3:30,40,40,40"], 1, "ofd.no-such-page"),
        (&["--seal", "seal.esl", "--at", "1:200,40,40,40"], 1, "ofd.outside-page"),
        (&["--seal", "chain.pem", "--at", "1:30,40,40,40"], 2, "ses.malformed"),
        (&["--seal", "seal.esl", "--field", "a"], 2, "sdk.bad-argument"),
    ] {
        let ended = desk.stamp(&[&["document", "-o", "out.ofd"], arguments].concat());
        let json = ended.json();
        assert_eq!((ended.status, &json[0]["error"]["code"]), (status, &code.into()), "{arguments:?}");
        assert!(!desk.path("out.ofd").exists());
    }
    desk.write("bad.ofd", &TWO_PAGES[..TWO_PAGES.len() - 1]);
    assert_eq!(desk.verify("bad.ofd").status, 2);
}

#[test]
fn many_documents_are_sealed_on_a_word_across_pages_and_for_good() {
    let desk = desk();
    for name in ["one.ofd", "two.ofd"] {
        desk.write(name, CONTRACT);
    }
    std::fs::create_dir(desk.path("out")).unwrap();
    let look =
        ["--keyword", "甲方（盖章）:-1", "--cross-page", "left", "--pages-per-seal", "4", "--protection", "whole"];
    let sealed =
        desk.stamp(&[&["one.ofd", "two.ofd", "document", "-o", "out", "--seal", "seal.esl"], &look[..]].concat());
    let json = sealed.json();
    let outcomes: Vec<_> = json.as_array().unwrap().iter().map(|one| &one["sealed"]).collect();
    assert_eq!((sealed.status, outcomes), (1, vec![&true.into(), &true.into(), &false.into()]), "{}", sealed.stderr);
    assert_eq!(json[2]["error"]["code"], "ofd.keyword-not-found");
    let found = desk.assert_valid("out/two.ofd");
    let stamps =
        found["signatures"][0]["checks"].as_array().unwrap().iter().filter(|check| check["code"] == "ofd.stamp");
    assert_eq!(stamps.count(), 11);
    let again = desk.stamp(&["out/one.ofd", "-o", "again.ofd", "--seal", "seal.esl"]);
    assert_eq!((again.status, &again.json()[0]["error"]["code"]), (1, &"ofd.locked".into()));
}

#[test]
fn a_timestamp_is_asked_for_and_no_level_is_lowered() {
    let (desk, served) = (desk(), Served::start());
    let arguments = ["document", "-o", "out.ofd", "--seal", "seal.esl", "--tsa", &served.tsa];
    let ended = desk.stamp(&arguments);
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    let report = desk.verify("out.ofd").json();
    let checks = report["signatures"][0]["checks"].as_array().unwrap().clone();
    assert!(checks.iter().any(|check| check["code"] == "ses.timestamp"), "{report:#}");
    let archival = desk.stamp(&[&arguments[..], &["--level", "lt"]].concat());
    assert_eq!((archival.status, &archival.json()[0]["error"]["code"]), (2, &"sdk.bad-argument".into()));
}

#[test]
fn without_a_seal_it_is_a_signature_of_which_nothing_is_seen() {
    let desk = desk();
    let signed = desk.stamp(&["document", "-o", "signed.ofd", "--profile", "gbt-35275"]);
    assert_eq!(signed.status, 0, "{}", signed.stderr);
    assert_eq!(desk.assert_valid("signed.ofd")["signatures"][0]["format"], "GB/T 35275-2017");
    let seen = desk.stamp(&["document", "-o", "seen.ofd", "--profile", "gbt-35275", "--at", "1:30,40,40,40"]);
    assert_eq!((seen.status, &seen.json()[0]["error"]["code"]), (2, &"sdk.bad-argument".into()));
}

#[test]
fn a_manifest_closes_a_document_until_it_is_renewed() {
    let desk = desk();
    let stamp = |arguments: &[&str]| desk.stamp(&[arguments, &["--seal", "seal.esl"]].concat());
    let closed = stamp(&["document", "-o", "closed.ofd", "--at", "1:30,40,40,40", "--manifest"]);
    assert_eq!(closed.status, 0, "{}", closed.stderr);
    let found = desk.assert_valid("closed.ofd");
    assert_eq!(
        (&found["manifest"]["verdict"], &found["manifest"]["field"]),
        (&"valid".into(), &"OFDEntries.xml".into())
    );
    let refused = stamp(&["closed.ofd", "-o", "twice.ofd"]);
    assert_eq!((refused.status, &refused.json()[0]["error"]["code"]), (1, &"ofd.closed-by-manifest".into()));
    assert!(!desk.path("twice.ofd").exists());
    let renewed = stamp(&["closed.ofd", "-o", "closed.ofd", "--manifest"]);
    assert_eq!(renewed.status, 0, "{}", renewed.stderr);
    let found = desk.assert_valid("closed.ofd");
    assert_eq!(found["signatures"].as_array().unwrap().len(), 2);
    assert_eq!(found["manifest"]["verdict"], "valid");
    // Other documents have none.
    assert_eq!(stamp(&["document", "-o", "open.ofd"]).status, 0);
    assert!(desk.assert_valid("open.ofd").get("manifest").is_none());
}
