//! The names under which signatures lie in PDF, and what is found under them.

use eseal_crypto::cms::SignedAttributes;
use eseal_crypto::digest::Digest;
use eseal_crypto::ses::SealSignatureDraft;
use eseal_document::report::{CheckVerdict, Integrity, Verdict};

use crate::desk::{Desk, NOW, Opened, codes};

#[derive(Clone, Copy, Debug)]
enum Value {
    Seal,
    National,
    Cms,
}

fn value(desk: &Desk, kind: Value, digest: Digest) -> Vec<u8> {
    let signer = desk.signer.chain.leaf();
    let cms = |attributes: SignedAttributes| {
        let signature = desk.signer.key.sign(attributes.to_be_signed());
        attributes.finish(&signature, &desk.signer.chain).unwrap().to_der().to_vec()
    };
    match kind {
        Value::Seal => {
            let draft = SealSignatureDraft {
                seal: desk.seal.clone(),
                data: digest,
                property_info: "somebody's own words".to_owned(),
                time: NOW,
                extensions: Vec::new(),
            };
            let prepared = draft.prepare(signer).unwrap();
            let signature = desk.signer.key.sign(prepared.to_be_signed());
            prepared.finish(&signature).unwrap().to_der().to_vec()
        }
        Value::National => cms(SignedAttributes::gbt_35275(&digest, signer, NOW).unwrap()),
        Value::Cms => cms(SignedAttributes::pades(&digest, signer).unwrap()),
    }
}

fn named(desk: &Desk, filter: &str, sub_filter: &str, kind: Value) -> Opened {
    let mut file = Opened(desk.sealed());
    file.rename(filter, sub_filter);
    let value = value(desk, kind, file.digest());
    file.set_value(&value);
    file
}

#[test]
fn every_name_of_the_field_is_read() {
    let desk = Desk::new();
    for (filter, sub_filter, kind) in [
        ("Gomain.GMPkiLite", "GM.sm2seal", Value::Seal),
        ("DJ.GMPkiLite", "GM.sm2cms.detached", Value::National),
        ("DJ.GMPkiLite", "GM.sm2cms.detached", Value::Cms),
        ("GM.PKILite", "GM.SM2", Value::Seal),
        ("GM.PKILite", "GM.SM2", Value::National),
        ("GM.PKILite", "GM.SM2", Value::Cms),
        ("Adobe.PPKLite", "adbe.pkcs7.detached", Value::National),
        ("Adobe.PPKLite", "adbe.pkcs7.detached", Value::Cms),
        ("Adobe.PPKLite", "ETSI.CAdES.detached", Value::Cms),
    ] {
        let report = desk.verify(&named(&desk, filter, sub_filter, kind).0);
        assert_eq!(report.verdict, Verdict::Valid, "{sub_filter} {kind:?}: {report:#?}");
        let check = report.signatures[0].checks.iter().find(|check| check.code == "pdf.sub-filter").unwrap();
        assert_eq!(check.verdict, CheckVerdict::Pass, "{sub_filter} {kind:?}");
    }
}

#[test]
fn another_value_than_the_name_says_is_told() {
    let desk = Desk::new();
    for (filter, sub_filter, kind) in [
        ("Adobe.PPKLite", "adbe.pkcs7.detached", Value::Seal),
        ("DJ.GMPkiLite", "GM.sm2cms.detached", Value::Seal),
        ("Gomain.GMPkiLite", "GM.sm2seal", Value::National),
        ("Gomain.GMPkiLite", "GM.sm2seal", Value::Cms),
    ] {
        let report = desk.verify(&named(&desk, filter, sub_filter, kind).0);
        assert_eq!(report.verdict, Verdict::Valid, "{sub_filter} {kind:?}: {report:#?}");
        assert!(codes(&report, CheckVerdict::Warn).contains(&"pdf.sub-filter"), "{sub_filter} {kind:?}");
    }
    for (sub_filter, kind) in [("ETSI.CAdES.detached", Value::Seal), ("ETSI.CAdES.detached", Value::National)] {
        let report = desk.verify(&named(&desk, "Adobe.PPKLite", sub_filter, kind).0);
        assert_eq!(report.verdict, Verdict::Invalid, "{sub_filter} {kind:?}: {report:#?}");
        assert_eq!(codes(&report, CheckVerdict::Fail), ["pdf.sub-filter"], "{sub_filter} {kind:?}");
    }
    let report = desk.verify(&named(&desk, "Adobe.PPKLite", "ETSI.RFC3161", Value::Seal).0);
    assert_eq!((report.verdict, codes(&report, CheckVerdict::Fail)), (Verdict::Invalid, vec!["timestamp.document"]));
    let report = desk.verify(&named(&desk, "Some.Body", "some.thing", Value::Seal).0);
    assert_eq!((report.verdict, report.signatures[0].integrity), (Verdict::Indeterminate, Integrity::Unknown));
}

#[test]
fn what_is_no_value_is_refused_under_each_name() {
    let desk = Desk::new();
    for (sub_filter, code) in
        [("GM.sm2seal", "ses.format"), ("GM.SM2", "cms.signature"), ("adbe.pkcs7.detached", "cms.signature")]
    {
        for value in [&b""[..], b"\x30\x03\x02\x01\x01", b"nothing", &[0xff; 64]] {
            let mut file = Opened(desk.sealed());
            file.rename("Gomain.GMPkiLite", sub_filter);
            file.set_value(value);
            let report = desk.verify(&file.0);
            assert_eq!(
                (report.verdict, codes(&report, CheckVerdict::Fail)),
                (Verdict::Invalid, vec![code]),
                "{value:?}"
            );
        }
    }
}
