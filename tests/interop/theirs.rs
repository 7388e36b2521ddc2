//! We judge what peers sign, and seal after them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use eseal_crypto::cert::TrustAnchors;
use eseal_document::report::{Changes, Coverage, Integrity, Report, Trust, Verdict};
use eseal_tests::{fixture, skipped};
use tempfile::TempDir;

use crate::authority::now;
use crate::level::Level;
use crate::look::Look;
use crate::peers::{DSS, Judgement, PYHANKO, Question, dss_signs, pdfbox_signs, pyhanko_signs};
use crate::sealed::Sealed;
use crate::signed_parts::byte_range;
use crate::{CONTRACTS, table};

/// How somebody else signs.
struct Way {
    name: &'static str,
    levels: &'static [Level],
    signs: fn(&Path, Level, &Path, &Path) -> Result<(), String>,
}

const PADES: [Level; 4] = [Level::B, Level::T, Level::Lt, Level::Lta];

const WAYS: [Way; 3] = [
    Way { name: "pyHanko", levels: &PADES, signs: pyhanko_signs },
    Way { name: "PDFBox", levels: &[Level::B, Level::Compat], signs: pdfbox_signs },
    Way { name: "DSS", levels: &PADES, signs: dss_signs },
];

/// A file that somebody else signed, and the root to judge it by.
struct Theirs {
    name: String,
    level: Level,
    pdf: PathBuf,
    anchor: PathBuf,
}

impl Theirs {
    fn new(contract: &str, way: &Way, level: Level, folder: &Path) -> Result<Self, String> {
        let stem = format!("{}-{}-{}", contract.replace('/', "-"), way.name, level.as_str());
        let theirs = Self {
            name: format!("{contract}, signed by {} {}", way.name, level.as_str()),
            level,
            pdf: folder.join(format!("{stem}.pdf")),
            anchor: folder.join(format!("{stem}.pem")),
        };
        (way.signs)(&fixture(contract), level, &theirs.pdf, &theirs.anchor)?;
        Ok(theirs)
    }

    /// What we say of it, noted in the table.
    fn verify(&self) -> Report {
        let anchors = TrustAnchors::from_pem(&fs::read_to_string(&self.anchor).unwrap()).unwrap();
        let report = eseal_document::verify(File::open(&self.pdf).unwrap(), &anchors, now()).unwrap();
        table::note(&self.name, "eseal", report.verdict.as_str());
        report
    }

    /// A copy to do something to.
    fn altered(&self, how: &str, alter: impl FnOnce(&Self)) -> (TempDir, Self) {
        let folder = tempfile::tempdir().unwrap();
        let copy = Self {
            name: format!("{}, {how}", self.name),
            level: self.level,
            pdf: folder.path().join("signed.pdf"),
            anchor: folder.path().join("root.pem"),
        };
        fs::copy(&self.pdf, &copy.pdf).unwrap();
        fs::copy(&self.anchor, &copy.anchor).unwrap();
        alter(&copy);
        (folder, copy)
    }
}

/// What everybody signed, made by the first test that asks. A peer that cannot be asked gives its reason in the place of its
/// files; the test, named, says so and goes on with the others.
fn all(test: &str) -> impl Iterator<Item = &'static Theirs> {
    static ALL: OnceLock<Vec<Result<Theirs, String>>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("interop-theirs");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let ways = WAYS.iter().flat_map(|way| way.levels.iter().map(move |level| (way, *level)));
        ways.flat_map(|(way, level)| CONTRACTS.map(|contract| Theirs::new(contract, way, level, &folder))).collect()
    });
    let mut missing: Vec<_> = all.iter().filter_map(|theirs| theirs.as_ref().err()).collect();
    missing.dedup();
    for why in missing {
        skipped(test, why);
    }
    all.iter().filter_map(|theirs| theirs.as_ref().ok())
}

#[test]
fn we_accept() {
    for theirs in all(concat!(module_path!(), "::we_accept")) {
        let report = theirs.verify();
        assert_eq!(report.verdict, Verdict::Valid, "{}: {report:#?}", theirs.name);
        let signature = &report.signatures[0];
        assert_eq!((signature.integrity, signature.trust), (Integrity::Intact, Trust::Trusted), "{}", theirs.name);
        let grown = if theirs.level.has_validation_data() {
            (Coverage::Revision, Changes::Permitted)
        } else {
            (Coverage::Whole, Changes::None)
        };
        assert_eq!((signature.coverage, signature.changes), grown, "{}", theirs.name);
        let expected = (theirs.level != Level::Compat).then(|| format!("B-{}", theirs.level.as_str()));
        assert_eq!(signature.level.map(|level| level.to_string()), expected, "{}: {report:#?}", theirs.name);
    }
}

#[test]
fn we_notice_a_changed_byte() {
    for theirs in all(concat!(module_path!(), "::we_notice_a_changed_byte")) {
        let (_folder, theirs) = theirs.altered("a byte changed", |copy| {
            let mut bytes = fs::read(&copy.pdf).unwrap();
            let middle = byte_range(&bytes)[1] / 2;
            bytes[middle] ^= 1;
            fs::write(&copy.pdf, bytes).unwrap();
        });
        let report = theirs.verify();
        assert_eq!(report.verdict, Verdict::Invalid, "{}", theirs.name);
        assert_eq!(report.signatures[0].integrity, Integrity::Broken, "{}", theirs.name);
    }
}

#[test]
fn we_do_not_trust_another_root() {
    let another = Sealed::new(CONTRACTS[0]);
    for theirs in all(concat!(module_path!(), "::we_do_not_trust_another_root")) {
        let (_folder, theirs) = theirs.altered("another root", |copy| {
            fs::copy(another.anchor(), &copy.anchor).unwrap();
        });
        let report = theirs.verify();
        assert_ne!(report.verdict, Verdict::Valid, "{}", theirs.name);
        let signature = &report.signatures[0];
        assert_eq!((signature.integrity, signature.trust), (Integrity::Intact, Trust::Untrusted), "{}", theirs.name);
    }
}

/// Our seal after their signature: both are good, to peers and to us.
#[test]
fn their_signatures_stay_valid_when_we_seal() {
    const TEST: &str = concat!(module_path!(), "::their_signatures_stay_valid_when_we_seal");
    let looks = [Look::Face, Look::CrossPage];
    for (theirs, look) in all(TEST).flat_map(|theirs| looks.map(|look| (theirs, look))) {
        let before = theirs.verify().signatures.len();
        let (folder, theirs) = theirs.altered(&format!("then sealed ({})", look.as_str()), |copy| {
            let sealed = Sealed::after(&copy.pdf, &copy.anchor, look);
            fs::copy(sealed.pdf(), &copy.pdf).unwrap();
            fs::copy(sealed.anchor(), &copy.anchor).unwrap();
        });
        let report = theirs.verify();
        assert_eq!(
            (report.verdict, report.signatures.len() > before),
            (Verdict::Valid, true),
            "{}: {report:#?}",
            theirs.name
        );

        let question = Question {
            name: &theirs.name,
            pdf: &theirs.pdf,
            anchor: &theirs.anchor,
            crl: None,
            level: Level::B,
            scratch: folder.path(),
        };
        for peer in [PYHANKO, DSS] {
            match peer.judge(&question) {
                Ok(said) => assert_eq!(said, Judgement::Accepted, "{}", theirs.name),
                Err(why) => skipped(TEST, &why),
            }
        }
    }
}
