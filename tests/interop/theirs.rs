//! We judge what peers sign, and seal after them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use eseal_crypto::cert::TrustAnchors;
use eseal_document::report::{Changes, Coverage, Integrity, Report, Trust, Verdict};
use eseal_tests::{fixture, skipped};
use tempfile::TempDir;

use crate::authority::now;
use crate::level::Level;
use crate::peers::{DSS, Judgement, PYHANKO, Question, dss_signs, pdfbox_signs, pyhanko_signs};
use crate::sealed::Sealed;
use crate::signed_parts::byte_range;
use crate::{CONTRACTS, table};

/// How somebody else signs.
struct Way {
    name: &'static str,
    /// What it is told: a PAdES level or a `/SubFilter`.
    told: &'static str,
    signs: fn(&Path, &str, &Path, &Path) -> Result<(), String>,
}

const WAYS: [Way; 4] = [
    Way { name: "pyHanko", told: "B", signs: pyhanko_signs },
    Way { name: "PDFBox", told: "ETSI.CAdES.detached", signs: pdfbox_signs },
    Way { name: "PDFBox", told: "adbe.pkcs7.detached", signs: pdfbox_signs },
    Way { name: "DSS", told: "B", signs: dss_signs },
];

/// A file that somebody else signed, in a folder of its own.
struct Theirs {
    name: String,
    folder: TempDir,
}

impl Theirs {
    fn new(contract: &str, way: &Way) -> Result<Self, String> {
        let name = format!("{contract}, signed by {} {}", way.name, way.told);
        let theirs = Self { name, folder: tempfile::tempdir().unwrap() };
        (way.signs)(&fixture(contract), way.told, &theirs.pdf(), &theirs.anchor())?;
        Ok(theirs)
    }

    fn pdf(&self) -> PathBuf {
        self.folder.path().join("signed.pdf")
    }

    fn anchor(&self) -> PathBuf {
        self.folder.path().join("root.pem")
    }

    fn verify(&self) -> Report {
        let anchors = TrustAnchors::from_pem(&fs::read_to_string(self.anchor()).unwrap()).unwrap();
        let report = eseal_document::verify(File::open(self.pdf()).unwrap(), &anchors, now()).unwrap();
        table::note(&self.name, "eseal", report.verdict.as_str());
        report
    }
}

/// Looks at every file of every peer; `Err` is why a peer cannot be asked.
fn each(look: impl Fn(Theirs)) -> Result<(), String> {
    for contract in CONTRACTS {
        for way in &WAYS {
            look(Theirs::new(contract, way)?);
        }
    }
    Ok(())
}

#[test]
fn we_accept() {
    let asked = each(|theirs| {
        let report = theirs.verify();
        assert_eq!(report.verdict, Verdict::Valid, "{}: {report:#?}", theirs.name);
        let [signature] = report.signatures.as_slice() else { panic!("{}: {report:#?}", theirs.name) };
        let found = (signature.integrity, signature.coverage, signature.changes, signature.trust);
        let expected = (Integrity::Intact, Coverage::Whole, Changes::None, Trust::Trusted);
        assert_eq!(found, expected, "{}", theirs.name);
    });
    if let Err(why) = asked {
        skipped(concat!(module_path!(), "::we_accept"), &why);
    }
}

#[test]
fn we_notice_a_changed_byte() {
    let asked = each(|mut theirs| {
        theirs.name.push_str(", a byte changed");
        let mut bytes = fs::read(theirs.pdf()).unwrap();
        let middle = byte_range(&bytes)[1] / 2;
        bytes[middle] ^= 1;
        fs::write(theirs.pdf(), bytes).unwrap();
        let report = theirs.verify();
        assert_eq!(report.verdict, Verdict::Invalid, "{}", theirs.name);
        assert_eq!(report.signatures[0].integrity, Integrity::Broken, "{}", theirs.name);
    });
    if let Err(why) = asked {
        skipped(concat!(module_path!(), "::we_notice_a_changed_byte"), &why);
    }
}

#[test]
fn we_do_not_trust_another_root() {
    let another = Sealed::new(CONTRACTS[0]);
    let asked = each(|mut theirs| {
        theirs.name.push_str(", another root");
        fs::copy(another.anchor(), theirs.anchor()).unwrap();
        let report = theirs.verify();
        assert_ne!(report.verdict, Verdict::Valid, "{}", theirs.name);
        let signature = &report.signatures[0];
        assert_eq!((signature.integrity, signature.trust), (Integrity::Intact, Trust::Untrusted), "{}", theirs.name);
    });
    if let Err(why) = asked {
        skipped(concat!(module_path!(), "::we_do_not_trust_another_root"), &why);
    }
}

/// Our seal after their signature: both are good, to the peers and to us.
#[test]
fn their_signatures_stay_valid_when_we_seal() {
    const TEST: &str = concat!(module_path!(), "::their_signatures_stay_valid_when_we_seal");
    let asked = each(|mut theirs| {
        theirs.name.push_str(", then sealed");
        let sealed = Sealed::after(&theirs.pdf(), &theirs.anchor());
        fs::copy(sealed.pdf(), theirs.pdf()).unwrap();
        fs::copy(sealed.anchor(), theirs.anchor()).unwrap();
        let report = theirs.verify();
        assert_eq!((report.verdict, report.signatures.len()), (Verdict::Valid, 2), "{}: {report:#?}", theirs.name);

        let (pdf, anchor) = (theirs.pdf(), theirs.anchor());
        let (level, scratch) = (Level::B, theirs.folder.path());
        let question = Question { name: &theirs.name, pdf: &pdf, anchor: &anchor, crl: None, level, scratch };
        for peer in [PYHANKO, DSS] {
            match peer.judge(&question) {
                Ok(said) => assert_eq!(said, Judgement::Accepted, "{}", theirs.name),
                Err(why) => skipped(TEST, &why),
            }
        }
    });
    if let Err(why) = asked {
        skipped(TEST, &why);
    }
}
