//! We judge what ofdrw signs, and seal after it.

use std::fs::{self, File};
use std::path::PathBuf;

use eseal_crypto::cert::{Certificate, TrustAnchors};
use eseal_document::VerifyOptions;
use eseal_document::ofd;
use eseal_document::report::{Coverage, Integrity, Report, Trust, Verdict};
use eseal_testkit::ofd::Zip;
use eseal_tests::{fixture, skipped};
use tempfile::TempDir;

use super::CONTRACT;
use crate::authority::now;
use crate::peers::{Wish, ofdrw_signs};
use crate::table;

const fn wish(form: &'static str, place: &'static str, protection: &'static str) -> Wish {
    Wish { form, place, protection }
}

/// Each form, each place, each protection; and what we call the format.
const WISHES: [(Wish, &str); 11] = [
    (wish("V1", "PAGE_1", "CONTINUE"), "GM/T 0031-2014"),
    (wish("V4", "PAGE_1", "CONTINUE"), "GB/T 38540-2020"),
    (wish("V4", "RIGHT", "CONTINUE"), "GB/T 38540-2020"),
    (wish("V4", "LEFT", "CONTINUE"), "GB/T 38540-2020"),
    (wish("V4", "TOP", "CONTINUE"), "GB/T 38540-2020"),
    (wish("V4", "BOTTOM", "WHOLE"), "GB/T 38540-2020"),
    (wish("V5", "PAGE_1", "CONTINUE"), "GM/T 0031-2025"),
    (wish("V5", "RIGHT", "WHOLE"), "GM/T 0031-2025"),
    (wish("CMS", "NOWHERE", "CONTINUE"), "GB/T 35275-2017"),
    (wish("CMS_ATTRIBUTES", "NOWHERE", "WHOLE"), "GB/T 35275-2017"),
    (wish("BARE", "NOWHERE", "CONTINUE"), "SM2"),
];

struct Theirs {
    folder: TempDir,
    name: String,
}

impl Theirs {
    /// `Err` is why ofdrw cannot be asked, or does not know the form.
    fn new(wish: Wish) -> Result<Self, String> {
        let theirs = Self {
            folder: tempfile::tempdir().unwrap(),
            name: format!("OFD, signed by ofdrw: {}, {}, {}", wish.form, wish.place, wish.protection),
        };
        let [root, signer] = ["root.pem", "signer.pem"].map(|name| theirs.folder.path().join(name));
        ofdrw_signs(&fixture(CONTRACT), wish, &theirs.ofd(), &root, &signer)?;
        Ok(theirs)
    }

    fn sign_again(&self, wish: Wish) -> Result<(), String> {
        let [root, signer] = ["root.pem", "signer.pem"].map(|name| self.folder.path().join(name));
        let before = self.folder.path().join("before.ofd");
        fs::rename(self.ofd(), &before).unwrap();
        ofdrw_signs(&before, wish, &self.ofd(), &root, &signer)
    }

    fn ofd(&self) -> PathBuf {
        self.folder.path().join("signed.ofd")
    }

    fn pem(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    /// What we say of it, noted in the table.
    fn verify(&self) -> Report {
        let anchors = TrustAnchors::from_pem(&self.pem("root.pem")).unwrap();
        // A bare signature has no certificate in it.
        let signer = Certificate::from_pem(&self.pem("signer.pem")).unwrap();
        let options = VerifyOptions::new(anchors, now()).certificates([signer]);
        let report = ofd::verify_with(File::open(self.ofd()).unwrap(), &options).unwrap();
        table::note(&self.name, "eseal", report.verdict.as_str());
        report
    }
}

/// What ofdrw signs, form by form; what it cannot is told as skipped.
fn each(test: &str, mut judge: impl FnMut(Theirs, Wish, &str)) {
    let mut told = Vec::new();
    for (wish, format) in WISHES {
        match Theirs::new(wish) {
            Ok(theirs) => judge(theirs, wish, format),
            Err(why) if told.contains(&why) => {}
            Err(why) => {
                skipped(test, &why);
                told.push(why);
            }
        }
    }
}

#[test]
fn we_accept() {
    each(concat!(module_path!(), "::we_accept"), |theirs, wish, format| {
        let report = theirs.verify();
        let [signature] = report.signatures.as_slice() else { panic!("{}: {report:#?}", theirs.name) };
        assert_eq!(signature.format, format, "{}", theirs.name);
        assert_eq!(report.verdict, Verdict::Valid, "{}: {report:#?}", theirs.name);
        assert_eq!((signature.integrity, signature.trust), (Integrity::Intact, Trust::Trusted), "{}", theirs.name);
        assert_eq!(signature.coverage, Coverage::Whole, "{}: {report:#?}", theirs.name);
        let places = signature.checks.iter().filter(|check| check.code == "ofd.stamp").count();
        let expected = match wish.place {
            "NOWHERE" => 0,
            "PAGE_1" => 1,
            _ => 10,
        };
        assert_eq!(places, expected, "{}", theirs.name);
    });
}

#[test]
fn we_notice_a_changed_page() {
    each(concat!(module_path!(), "::we_notice_a_changed_page"), |mut theirs, _, _| {
        theirs.name.push_str(", a page changed");
        let mut zip = Zip::read(&fs::read(theirs.ofd()).unwrap());
        zip.item("Doc_0/Pages/Page_3/Content.xml").bytes.push(b'\n');
        fs::write(theirs.ofd(), zip.write()).unwrap();
        let report = theirs.verify();
        assert_eq!(report.verdict, Verdict::Invalid, "{}", theirs.name);
        assert_eq!(report.signatures[0].integrity, Integrity::Broken, "{}", theirs.name);
    });
}

#[test]
fn we_accept_its_second_signature() {
    const TEST: &str = concat!(module_path!(), "::we_accept_its_second_signature");
    let (first, second) = (wish("V4", "RIGHT", "CONTINUE"), wish("V4", "PAGE_1", "WHOLE"));
    let theirs = Theirs::new(first).and_then(|theirs| theirs.sign_again(second).map(|()| theirs));
    match theirs {
        Ok(theirs) => {
            let report = theirs.verify();
            let verdicts: Vec<_> = report.signatures.iter().map(|one| (one.verdict, one.coverage)).collect();
            let expected = [(Verdict::Valid, Coverage::Revision), (Verdict::Valid, Coverage::Whole)];
            assert_eq!(verdicts, expected, "{report:#?}");
        }
        Err(why) => skipped(TEST, &why),
    }
}
