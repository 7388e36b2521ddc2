//! OFD packages: what must hold of whatever is read, and of whatever is sealed.

use std::collections::BTreeMap;

use eseal_crypto::ses::SesVersion;
use eseal_document::ofd::{CrossPage, Ofd, Protection};
use eseal_document::pdf::{Keyword, Occurrence, Side};
use eseal_document::report::{Integrity, Report, Verdict};
use eseal_testkit::ofd::{Zip, document};

use crate::ofd_party::{Party, days, somewhere};

const CONTRACT: &[u8] = include_bytes!("../../fixtures/ofd/contract.ofd");

thread_local! {
    static PARTY: &'static Party = Box::leak(Box::new(Party::new("Test", 1)));
    static SIGNED: &'static [Files] = Vec::leak(signed());
}

fn party() -> &'static Party {
    PARTY.with(|party| *party)
}

/// The files of a package that no signature consists of, by name.
type Files = BTreeMap<Vec<u8>, Vec<u8>>;

fn files(package: &[u8]) -> Option<Files> {
    let entries = Zip::try_read(package)?.entries.into_iter();
    let is_own = |name: &[u8]| !name.windows(6).any(|part| part == b"Signs/") && !name.ends_with(b"/");
    Some(entries.filter(|item| is_own(&item.name)).map(|item| (item.name, item.bytes)).collect())
}

/// Packages by name: unsigned, signed once, twice, in each version, across pages, and for good.
#[must_use]
pub fn all() -> Vec<(String, Vec<u8>)> {
    let plain = document(2).write();
    let once = party().seal(&plain);
    let newer = Party::with("Test", 1, SesVersion::V5, days(10, 365));
    let marks = CrossPage::new(Side::Right, [40.0, 40.0]).marks(&Ofd::open(plain.as_slice()).expect("sound"));
    let across = party().request().marks(marks.expect("two pages")).protection(Protection::Whole);
    let mut named = vec![("plain", plain.clone()), ("twice", party().seal(&once)), ("once", once)];
    named.push(("newer", newer.seal(&plain)));
    named.push(("across", party().seal_with(&plain, &across).expect("sound")));
    named.push(("contract", CONTRACT.to_vec()));
    named.into_iter().map(|(name, file)| (format!("{name}.ofd"), file)).collect()
}

fn signed() -> Vec<Files> {
    all().iter().filter_map(|(_, file)| files(file)).collect()
}

/// Whatever is asked about a package, nothing panics; what is called valid is what was signed; and what is sealed is intact.
pub fn judge(file: &[u8]) {
    let Ok(ofd) = Ofd::open(file) else { return };
    if let Ok(pages) = ofd.pages() {
        assert!(pages.iter().all(|page| page.size_mm.iter().all(|mm| mm.is_finite() && *mm > 0.0)));
    }
    let keyword = Keyword::new("page").expect("a word").occurrence(Occurrence::All);
    let marks = ofd.find_keyword(&keyword, [10.0, 10.0]);
    let before = eseal_document::ofd::verify(file, &party().anchors(), crate::ofd_party::NOW);
    if let Ok(report) = &before
        && report.verdict == Verdict::Valid
        && let Some(files) = files(file)
    {
        // `OFD.xml` grows by the place of the list when a package is first sealed, and is protected as it is then.
        let same = |signed: &Files| {
            signed.len() == files.len()
                && signed.iter().all(|(name, bytes)| name == b"OFD.xml" || files.get(name) == Some(bytes))
        };
        assert!(SIGNED.with(|signed| signed.iter().any(same)), "valid, and never signed");
    }
    let request = party().request().mark(somewhere()).marks(marks.unwrap_or_default());
    let Ok(sealed) = party().seal_with(file, &request) else { return };
    let after = party().verify(&sealed);
    assert_sealed(&before.expect("what is sealed can be read"), &after);
}

/// The new signature is intact and covers all, and none before it flipped.
fn assert_sealed(before: &Report, after: &Report) {
    let count = before.signatures.len();
    assert_eq!(after.signatures.len(), count + 1);
    let new = after.signatures.last().expect("the new one");
    assert_eq!(new.integrity, Integrity::Intact, "{new:#?}");
    for (before, after) in before.signatures.iter().zip(&after.signatures) {
        assert_eq!(before.integrity, after.integrity, "{after:#?}");
    }
}
