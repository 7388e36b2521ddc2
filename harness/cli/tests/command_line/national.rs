//! PDF documents sealed by national algorithms, and the report on them.

use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificateProfile, UnixTime, Validity};
use eseal_testkit::Authority;
use serde_json::Value;

use crate::desk::{DAY, Desk, now};
use crate::ofd;

/// The desk of somebody with a key of SM2 and a seal, and with one of P-256 beside it.
fn desk() -> Desk {
    let desk = ofd::desk();
    let validity = Validity { not_before: UnixTime(now().0 - DAY), not_after: now().plus(30 * DAY) };
    let mut authority = Authority::new(Suite::EcdsaP256Sha256, "Root Abroad", validity, 3);
    let signer = authority.issue(&CertificateProfile::DocumentSigning, "Test Unit", validity);
    desk.write("abroad-root.pem", authority.root.certificate().to_pem());
    desk.write("abroad.pem", signer.chain.to_pem());
    desk.write("abroad-key.pem", signer.key.to_pkcs8_pem().unwrap().as_str());
    desk
}

fn codes(found: &Value) -> Vec<&str> {
    let checks = found["checks"].as_array().unwrap();
    checks.iter().map(|check| check["code"].as_str().unwrap()).collect()
}

#[test]
fn a_pdf_is_sealed_with_a_seal_and_the_report_says_so() {
    let desk = desk();
    let sealed = desk.stamp(&["contract.pdf", "-o", "sealed.ofd", "--seal", "seal.esl", "--at", "1:30,40,40,40"]);
    assert_eq!(sealed.status, 0, "{}", sealed.stderr);
    let found = desk.assert_valid("sealed.ofd");
    let signature = &found["signatures"][0];
    assert_eq!((&found["format"], &signature["format"]), (&"pdf".into(), &"GM.sm2seal".into()));
    assert_eq!(signature["electronic_seal"]["id"], "36010000000001");
    assert_eq!(signature["reason"], Value::Null);
    let codes = codes(signature);
    for code in ["ses.signature", "ses.data-hash", "ses.seal-signature", "ses.signer-listed", "ses.seal-validity"] {
        assert!(codes.contains(&code), "{code}");
    }
    // The tree has every check once.
    let tree = signature["tree"].as_array().unwrap();
    let topics: Vec<_> = tree.iter().map(|branch| branch["topic"].as_str().unwrap()).collect();
    assert_eq!(topics, ["form", "content", "changes", "seal", "signer", "time"]);
    let leaves: usize = tree.iter().map(|branch| branch["checks"].as_array().unwrap().len()).sum();
    assert_eq!(leaves, codes.len());
    let text = desk.run(&["verify", "sealed.ofd", "--trust", "root.pem"]).stdout;
    assert!(text.starts_with("valid\n") && text.contains("seal 36010000000001 测试单位 by Seal Maker"), "{text}");
}

#[test]
fn two_signatures_of_one_sealing_are_valid_each() {
    let desk = desk();
    let dual = ["--dual-key", "abroad-key.pem", "--dual-cert", "abroad.pem"];
    for (name, how) in
        [("seal", &["--seal", "seal.esl", "--keyword", "乙方"][..]), ("cms", &["--profile", "gbt-35275"])]
    {
        let out = format!("{name}.pdf");
        let ended = desk.stamp(&[&["contract.pdf", "-o", &out], how, &dual].concat());
        assert_eq!(ended.status, 0, "{}", ended.stderr);
        let found = desk.run(&["verify", &out, "--trust", "root.pem", "--trust", "abroad-root.pem", "--json"]);
        assert_eq!(found.status, 0, "{}", found.stdout);
        let found = found.json();
        let of = |key: &str| [0, 1].map(|number| found["signatures"][number][key].as_str().unwrap().to_owned());
        assert_eq!(of("verdict"), ["valid", "valid"]);
        assert_eq!(of("coverage"), ["revision", "whole"]);
        assert_eq!(of("signer"), ["测试单位", "Test Unit"]);
    }
}

#[test]
fn what_cannot_be_is_refused_with_a_reason() {
    let desk = desk();
    let dual = ["--dual-key", "abroad-key.pem", "--dual-cert", "abroad.pem"];
    let own = ["--dual-key", "key.pem", "--dual-cert", "chain.pem"];
    for (arguments, status, code) in [
        (&["--at", "1:30,40,40,40"][..], 2, "sdk.bad-argument"),
        (&["--keyword", "乙方"], 2, "sdk.bad-argument"),
        (&["--seal", "chain.pem"], 2, "ses.malformed"),
        (&[&["--seal", "seal.esl"][..], &own].concat(), 1, "pdf.dual-suites"),
        (&[&["--certify", "fill-in"][..], &dual].concat(), 1, "pdf.certified-no-new-field"),
        (&["--seal", "seal.esl", "--key", "abroad-key.pem", "--cert", "abroad.pem"], 1, "ses.unsupported-algorithm"),
    ] {
        let all = [&["stamp", "--json", "contract.pdf", "-o", "out.pdf"][..], arguments].concat();
        let has_key = arguments.contains(&"--key");
        let ended = if has_key { desk.run(&all) } else { desk.stamp(&all[2..]) };
        assert_eq!((ended.status, &ended.json()[0]["error"]["code"]), (status, &code.into()), "{arguments:?}");
        assert!(!desk.path("out.pdf").exists());
    }
}

#[test]
fn the_page_for_people_needs_nothing_else_and_runs_nothing() {
    let desk = desk();
    let reason = "<script>alert(1)</script>";
    let at = ["--seal", "seal.esl", "--at", "1:30,40,40,40"];
    assert_eq!(desk.stamp(&[&["contract.pdf", "-o", "sealed.pdf", "--reason", reason][..], &at].concat()).status, 0);
    assert_eq!(desk.stamp(&[&["document", "-o", "sealed.ofd"][..], &at].concat()).status, 0);
    let page = |name: &str, expected: i32| {
        let ended = desk.run(&["verify", name, "--trust", "root.pem", "--html", "page.html"]);
        assert_eq!(ended.status, expected, "{}", ended.stderr);
        String::from_utf8(desk.read("page.html")).unwrap()
    };
    for name in ["sealed.pdf", "sealed.ofd"] {
        let good = page(name, 0);
        assert!(good.contains("有效") && good.contains("data:image/png;base64,") && good.contains("ses.signer-listed"));
        assert!(!good.contains("<script") && !good.contains("http://") && !good.contains("https://"));
    }
    let mut changed = desk.read("sealed.pdf");
    changed[12] ^= 1;
    desk.write("changed.pdf", &changed);
    let bad = page("changed.pdf", 1);
    assert!(bad.contains("无效") && bad.contains("ses.data-hash"));
}
