//! OFD packages: what must hold of whatever is read, and of whatever is sealed.

use std::collections::BTreeMap;

use eseal_crypto::ses::SesVersion;
use eseal_document::ofd::{CrossPage, Ofd, OfdError, Protection};
use eseal_document::pdf::{Keyword, Occurrence, Side};
use eseal_document::report::{Integrity, Report, Verdict};
use eseal_testkit::ofd::{Zip, document};

use crate::ofd_party::{Party, days, somewhere};

const CONTRACT: &[u8] = include_bytes!("../../fixtures/ofd/contract.ofd");

thread_local! {
    static PARTY: &'static Party = Box::leak(Box::new(Party::new("Test", 1)));
    static SEEDS: &'static [Vec<u8>] = Vec::leak(make_seeds());
    static SIGNED: &'static [Signed] = Vec::leak(SEEDS.with(|seeds| seeds.iter().filter_map(|file| Signed::of(file)).collect()));
}

fn party() -> &'static Party {
    PARTY.with(|party| *party)
}

/// Files by name.
type Files = BTreeMap<Vec<u8>, Vec<u8>>;

/// A package that was signed.
#[derive(Debug)]
pub struct Signed {
    /// What is signed.
    content: Files,
    /// What signatures and manifests consist of.
    parts: Files,
}

impl Signed {
    /// `None` for what cannot be read.
    #[must_use]
    pub fn of(package: &[u8]) -> Option<Self> {
        let is_part = |name: &[u8]| {
            name.windows(5).any(|part| part == b"Signs")
                || name == b"OFDEntries.xml"
                || name.starts_with(b"signedvalue")
        };
        let files = Zip::try_read(package)?.entries.into_iter().filter(|item| !item.name.ends_with(b"/"));
        let (parts, content) = files.map(|item| (item.name, item.bytes)).partition(|(name, _)| is_part(name));
        Some(Self { content, parts })
    }

    fn has_part(&self, name: &[u8], bytes: &[u8]) -> bool {
        self.parts.contains_key(name) || self.parts.values().any(|part| part == bytes)
    }
}

/// Whether a package is one of those that were signed: the same content, and parts of signatures that are known by name or
/// bytes, since nothing says where they have to lie.
fn is_signed(package: &Signed, signed: &[&Signed]) -> bool {
    let is_moved = |bytes: &[u8]| signed.iter().any(|one| one.parts.values().any(|part| part == bytes));
    let content: Vec<_> = package.content.iter().filter(|(_, bytes)| !is_moved(bytes)).collect();
    // `OFD.xml` grows by the place of the list when a package is first sealed, and is protected as it is then.
    let same = |one: &&Signed| {
        let mine = one.content.iter().filter(|(_, bytes)| !is_moved(bytes));
        mine.count() == content.len()
            && content.iter().all(|(name, bytes)| *name == b"OFD.xml" || one.content.get(*name) == Some(bytes))
    };
    let mut parts = package.parts.iter();
    signed.iter().any(same) && parts.all(|(name, bytes)| signed.iter().any(|one| one.has_part(name, bytes)))
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

fn make_seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<_> = all().into_iter().map(|(_, file)| file).collect();
    let closed = seeds.iter().filter_map(|file| close(file)).collect::<Vec<_>>();
    seeds.extend(closed);
    seeds
}

/// What a script starts from: each of [`all`], with and without a manifest.
#[must_use]
pub fn seeds() -> &'static [Vec<u8>] {
    SEEDS.with(|seeds| *seeds)
}

/// Sealed on page 1, if it can be.
#[must_use]
pub fn seal(file: &[u8]) -> Option<Vec<u8>> {
    party().seal_with(file, &party().request().mark(somewhere()).replace_manifest()).ok()
}

/// With an integrity manifest, if it can be.
#[must_use]
pub fn close(file: &[u8]) -> Option<Vec<u8>> {
    let prepared = Ofd::open(file).and_then(|ofd| ofd.prepare_manifest(&party().chain, crate::ofd_party::NOW)).ok()?;
    party().finish(prepared).ok()
}

/// Whatever is asked about a package, nothing panics; what is called valid is what was signed, be it one of `signed`; and what is
/// sealed, or closed by a manifest, is intact.
///
/// # Panics
/// Where what must hold does not.
pub fn judge(file: &[u8], signed: &[Signed]) {
    let Ok(ofd) = Ofd::open(file) else { return };
    if let Ok(pages) = ofd.pages() {
        assert!(pages.iter().all(|page| page.size_mm.iter().all(|mm| mm.is_finite() && *mm > 0.0)));
    }
    let keyword = Keyword::new("page").expect("a word").occurrence(Occurrence::All);
    let marks = ofd.find_keyword(&keyword, [10.0, 10.0]);
    let before = eseal_document::ofd::verify(file, &party().anchors(), crate::ofd_party::NOW);
    if let Ok(report) = &before
        && report.verdict == Verdict::Valid
        && let Some(package) = Signed::of(file)
    {
        let known: Vec<_> = SIGNED.with(|known| known.iter()).chain(signed).collect();
        assert!(is_signed(&package, &known), "valid, and never signed: {report:#?}");
    }
    // One or the other: each takes many signatures.
    if !file.len().is_multiple_of(2) {
        judge_closed(file, before.as_ref());
        return;
    }
    let request = party().request().mark(somewhere()).marks(marks.unwrap_or_default());
    let Ok(sealed) = party().seal_with(file, &request) else { return };
    let after = party().verify(&sealed);
    assert_sealed(&before.expect("what is sealed can be read"), &after);
}

fn judge_closed(file: &[u8], before: Result<&Report, &OfdError>) {
    let Some(closed) = close(file) else { return };
    let (before, after) = (before.expect("what is closed can be read"), party().verify(&closed));
    let manifest = after.manifest.as_ref().expect("the new one");
    assert_eq!(manifest.verdict, Verdict::Valid, "{manifest:#?}");
    assert_eq!(after.signatures.len(), before.signatures.len());
    assert_kept(before, &after);
}

/// The new signature is intact and covers all, and none before it flipped.
fn assert_sealed(before: &Report, after: &Report) {
    let count = before.signatures.len();
    assert_eq!(after.signatures.len(), count + 1);
    let new = after.signatures.last().expect("the new one");
    assert_eq!(new.integrity, Integrity::Intact, "{new:#?}");
    assert_kept(before, after);
}

/// No signature flipped.
fn assert_kept(before: &Report, after: &Report) {
    for (before, after) in before.signatures.iter().zip(&after.signatures) {
        assert_eq!(before.integrity, after.integrity, "{after:#?}");
    }
}
