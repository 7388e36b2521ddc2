//! The samples of ofdrw, judged as an independent verifier judged them. They are other people's, some of them real invoices,
//! and not in the repository: `ESEAL_OFDRW_SAMPLES` names a folder that they lie in.

use std::path::PathBuf;

use eseal_crypto::cert::{TrustAnchors, UnixTime};
use eseal_document::ofd;
use eseal_document::report::{Integrity, Report, SignatureReport, Verdict};

fn judge(name: &str) -> Option<Report> {
    let folder = std::env::var_os("ESEAL_OFDRW_SAMPLES").map(PathBuf::from);
    let Some(file) = folder.and_then(|folder| std::fs::File::open(folder.join(name)).ok()) else {
        eprintln!("SKIPPED {name}: ESEAL_OFDRW_SAMPLES names no folder that holds it");
        return None;
    };
    Some(ofd::verify(file, &TrustAnchors::default(), UnixTime(1_795_332_600)).unwrap())
}

fn failed(signature: &SignatureReport, code: &str) -> Vec<String> {
    let of_code = signature.checks.iter().filter(|check| check.code == code && check.verdict.as_str() == "fail");
    of_code.map(|check| check.detail.clone()).collect()
}

#[test]
fn what_is_intact_is_intact() {
    let intact =
        ["v4signed", "signedFile", "allprotected", "V4RideRight", "999", "1", "SESV4SignDoc", "SignScaleError"];
    for name in intact {
        let Some(report) = judge(&format!("{name}.ofd")) else { continue };
        assert_eq!(report.signatures.len(), 1, "{name}");
        assert_eq!(report.signatures[0].integrity, Integrity::Intact, "{name}: {:#?}", report.signatures);
        assert_eq!(failed(&report.signatures[0], "ofd.unprotected-file"), Vec::<String>::new(), "{name}");
        // Made after its seal had run out; nothing else speaks against any.
        let expected = if name == "SESV4SignDoc" { Verdict::Invalid } else { Verdict::Indeterminate };
        assert_eq!(report.verdict, expected, "{name}");
    }
}

#[test]
fn what_was_edited_is_not() {
    let edited: [(&str, &[&[&str]]); 3] = [
        ("h", &[&["Signatures.xml"], &[]]),
        ("zsbk", &[&["Page_1", "Page_0"], &["Page_1", "Page_0"]]),
        ("keyword", &[&["OFD.xml", "Document.xml", "Page_0"], &["OFD.xml", "Document.xml", "Page_0"]]),
    ];
    for (name, signatures) in edited {
        let Some(report) = judge(&format!("{name}.ofd")) else { continue };
        assert_eq!(report.verdict, Verdict::Invalid, "{name}");
        assert_eq!(report.signatures.len(), signatures.len(), "{name}");
        for (signature, files) in report.signatures.iter().zip(signatures) {
            let wrong = failed(signature, "ofd.reference");
            assert_eq!(wrong.len(), files.len(), "{name}: {wrong:?}");
            assert!(wrong.iter().zip(*files).all(|(detail, file)| detail.contains(file)), "{name}: {wrong:?}");
            // The value itself is right each time, raw and in both forms of GB/T 35275.
            for code in ["ses.signature", "ses.data-hash", "ses.seal-signature", "cms.signature"] {
                assert_eq!(failed(signature, code), Vec::<String>::new(), "{name}");
            }
        }
    }
}

#[test]
fn the_old_seal_whose_signature_fits_nothing_is_refused() {
    let Some(report) = judge("n.ofd") else { return };
    let signature = &report.signatures[0];
    assert_eq!((signature.verdict, signature.format.as_str()), (Verdict::Invalid, "GM/T 0031-2014"));
    assert_eq!(failed(signature, "ofd.reference").len(), 6);
    assert_eq!(failed(signature, "ses.seal-signature"), Vec::<String>::new());
    assert_eq!(failed(signature, "ses.signature").len(), 1);
}

#[test]
fn a_bare_signature_is_nobodys_until_its_certificate_is_at_hand() {
    let Some(report) = judge("DigitalSign.ofd") else { return };
    assert_eq!((report.verdict, report.signatures[0].format.as_str()), (Verdict::Indeterminate, "SM2"));
}

/// Its certificate is nobody's that is known, and ran out in 2023: who made it stays open.
#[test]
fn the_manifest_of_the_sample_holds() {
    let Some(report) = judge("hello-integrity.ofd") else { return };
    let manifest = report.manifest.unwrap();
    assert_eq!((manifest.integrity, manifest.verdict), (Integrity::Intact, Verdict::Indeterminate), "{manifest:#?}");
    let codes = ["cms.signature", "ofd.manifest-files", "ofd.smuggled-file", "ofd.missing-file"];
    assert!(codes.iter().all(|code| failed(&manifest, code).is_empty()), "{manifest:#?}");
}
