//! Packages that are sealed and verified.

use eseal_crypto::ses::SesVersion;
use eseal_document::ofd::{CrossPage, Grouping, Mark, Ofd, Protection, SignRequest};
use eseal_document::pdf::{PageIndex, Side};
use eseal_document::report::{Changes, Coverage, Integrity, TimeSource, Trust, Verdict};

use crate::party::{NOW, Party, days, somewhere};
use eseal_testkit::ofd::{Item, Zip, document};

#[test]
fn what_is_sealed_is_valid() {
    for version in [SesVersion::V4, SesVersion::V5] {
        let party = Party::with("测试人甲", 1, version, days(10, 365));
        let sealed = party.seal(&document(3).write());
        let report = party.verify(&sealed);
        assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
        let signature = &report.signatures[0];
        assert_eq!((signature.integrity, signature.trust), (Integrity::Intact, Trust::Trusted));
        assert_eq!((signature.coverage, signature.changes), (Coverage::Whole, Changes::None));
        assert_eq!((signature.field.as_str(), signature.signer.as_deref()), ("1", Some("测试人甲")));
        assert_eq!(signature.format, version.standard());
        assert_eq!(signature.time.map(|time| (time.at, time.source)), Some((NOW, TimeSource::Claimed)));
        assert!(signature.checks.iter().all(|check| check.verdict.as_str() != "fail"), "{report:#?}");
        let stamp = signature.checks.iter().find(|check| check.code == "ofd.stamp").unwrap();
        assert_eq!(stamp.detail, "page 1: 40×40 mm at 30, 40 mm");
    }
}

#[test]
fn without_anchors_it_is_intact_and_nobody_known() {
    let party = Party::new("测试人甲", 1);
    let sealed = party.seal(&document(1).write());
    let report =
        eseal_document::ofd::verify(sealed.as_slice(), &eseal_crypto::cert::TrustAnchors::default(), NOW).unwrap();
    assert_eq!((report.verdict, report.signatures[0].trust), (Verdict::Indeterminate, Trust::Unknown));
    assert_eq!(report.signatures[0].integrity, Integrity::Intact);
    let stranger = Party::new("测试人乙", 2).verify(&sealed);
    assert_eq!((stranger.verdict, stranger.signatures[0].trust), (Verdict::Indeterminate, Trust::Untrusted));
}

#[test]
fn what_stays_lies_as_it_lay() {
    let party = Party::new("测试人甲", 1);
    let mut before = document(2);
    before.before = b"something before the archive".to_vec();
    before.comment = b"and a comment".to_vec();
    before.item("Doc_0/Res/a.bin").wide = true;
    let before = before.write();
    let after = party.seal(&before);
    assert!(after.starts_with(b"PK\x03\x04"));
    for name in ["Doc_0/Document.xml", "Doc_0/Pages/Page_1/Content.xml", "Doc_0/Res/a.bin", "Doc_0/Res/b.bin"] {
        let record = |file: &[u8]| {
            let at = file.windows(name.len()).position(|window| window == name.as_bytes()).unwrap();
            file[at - 30..at + name.len() + 14].to_vec()
        };
        assert_eq!(record(&before), record(&after), "{name}");
    }
    let names: Vec<_> =
        Zip::read(&after).entries.iter().map(|item| String::from_utf8(item.name.clone()).unwrap()).collect();
    assert_eq!(names.iter().filter(|name| *name == "OFD.xml").count(), 1);
    let added = ["Doc_0/Signs/Signatures.xml", "Doc_0/Signs/Sign_0/Signature.xml", "Doc_0/Signs/Sign_0/Seal.esl"];
    assert!(added.iter().all(|name| names.iter().any(|there| there == name)), "{names:?}");
    assert_eq!(party.verify(&after).verdict, Verdict::Valid);
}

#[test]
fn others_may_follow_and_leave_the_first_intact() {
    let (first, second) = (Party::new("测试人甲", 1), Party::new("测试人乙", 2));
    let one = first.seal(&document(2).write());
    let two = second.seal(&one);
    let report = first.verify(&two);
    let [a, b] = report.signatures.as_slice() else { panic!("{report:#?}") };
    assert_eq!((a.verdict, a.coverage, a.changes), (Verdict::Valid, Coverage::Revision, Changes::Permitted));
    assert_eq!((b.integrity, b.coverage, b.changes), (Integrity::Intact, Coverage::Whole, Changes::None));
    assert_eq!(second.verify(&two).signatures[1].verdict, Verdict::Valid);
    assert_ne!(a.field, b.field);
    let three = first.seal(&two);
    let verdicts: Vec<_> = first.verify(&three).signatures.iter().map(|found| found.integrity).collect();
    assert_eq!(verdicts, [Integrity::Intact; 3]);
}

#[test]
fn nobody_follows_where_everything_is_protected() {
    let party = Party::new("测试人甲", 1);
    let request = party.request().mark(somewhere()).protection(Protection::Whole);
    let locked = party.seal_with(&document(2).write(), &request).unwrap();
    assert_eq!(party.verify(&locked).verdict, Verdict::Valid);
    assert_eq!(party.seal_with(&locked, &party.request()).unwrap_err().code(), "ofd.locked");
}

#[test]
fn what_is_broken_gets_no_second_seal() {
    let party = Party::new("测试人甲", 1);
    let mut zip = Zip::read(&party.seal(&document(1).write()));
    zip.item("Doc_0/Pages/Page_0/Content.xml").bytes.push(b' ');
    assert_eq!(party.seal_with(&zip.write(), &party.request()).unwrap_err().code(), "ofd.signature-broken");
}

#[test]
fn a_cross_page_seal_is_one_signature_of_slices_that_make_the_seal() {
    let party = Party::new("测试人甲", 1);
    let file = document(5).write();
    let expected = [
        (Side::Right, "page 1: 40×40 mm at 202, 128.5 mm, of which 8×40 mm from 0, 0 mm are seen"),
        (Side::Left, "page 1: 40×40 mm at -32, 128.5 mm, of which 8×40 mm from 32, 0 mm are seen"),
        (Side::Top, "page 1: 40×40 mm at 85, -32 mm, of which 40×8 mm from 0, 32 mm are seen"),
        (Side::Bottom, "page 1: 40×40 mm at 85, 289 mm, of which 40×8 mm from 0, 0 mm are seen"),
    ];
    for (side, first) in expected {
        let marks = CrossPage::new(side, [40.0, 40.0]).marks(&Ofd::open(file.as_slice()).unwrap()).unwrap();
        assert_eq!(marks.len(), 5);
        let sealed = party.seal_with(&file, &party.request().marks(marks)).unwrap();
        let report = party.verify(&sealed);
        assert_eq!((report.verdict, report.signatures.len()), (Verdict::Valid, 1));
        let stamps: Vec<_> = report.signatures[0].checks.iter().filter(|check| check.code == "ofd.stamp").collect();
        assert_eq!(stamps.len(), 5);
        assert_eq!(stamps[0].detail, first, "{side:?}");
    }
}

#[test]
fn many_pages_have_several_cross_page_seals_and_one_page_none() {
    let file = document(50).write();
    let ofd = Ofd::open(file.as_slice()).unwrap();
    let cross = CrossPage::new(Side::Right, [40.0, 40.0]);
    assert_eq!(cross.marks(&ofd).unwrap().len(), 50);
    let tens = cross.grouping(Grouping::AtMost(10.try_into().unwrap()));
    let marks = tens.marks(&ofd).unwrap();
    assert_eq!(marks[0], Mark::clone(&tens.marks(&Ofd::open(document(10).write()).unwrap()).unwrap()[0]));
    let single = document(1).write();
    let refused = cross.marks(&Ofd::open(single.as_slice()).unwrap()).unwrap_err();
    assert_eq!(refused.code(), "ofd.too-few-pages");
    let tall = CrossPage::new(Side::Right, [40.0, 400.0]);
    let party = Party::new("测试人甲", 1);
    let request = party.request().marks(tall.marks(&ofd).unwrap());
    assert_eq!(party.seal_with(&file, &request).unwrap_err().code(), "ofd.outside-page");
}

#[test]
fn places_that_are_none_are_refused() {
    let party = Party::new("测试人甲", 1);
    let file = document(2).write();
    let at = |page: i32, corner, size| {
        let mark = Mark::new(PageIndex::new(page), corner, size)?;
        party.seal_with(&file, &party.request().mark(mark))
    };
    assert!(at(-1, [170.0, 257.0], [40.0, 40.0]).is_ok());
    for (page, corner, size, code) in [
        (3, [0.0, 0.0], [40.0, 40.0], "ofd.no-such-page"),
        (0, [0.0, 0.0], [40.0, 40.0], "ofd.no-such-page"),
        (-3, [0.0, 0.0], [40.0, 40.0], "ofd.no-such-page"),
        (1, [171.0, 0.0], [40.0, 40.0], "ofd.outside-page"),
        (1, [0.0, -1.0], [40.0, 40.0], "ofd.outside-page"),
        (1, [0.0, 0.0], [0.0, 40.0], "ofd.outside-page"),
        (1, [f64::NAN, 0.0], [40.0, 40.0], "ofd.outside-page"),
    ] {
        assert_eq!(at(page, corner, size).unwrap_err().code(), code, "{page} {corner:?} {size:?}");
    }
}

#[test]
fn a_seal_is_used_by_whom_it_was_made_for() {
    let (party, other) = (Party::new("测试人甲", 1), Party::new("测试人乙", 2));
    let request = eseal_document::ofd::StampRequest::new(&party.seal, other.chain.leaf(), NOW);
    let file = document(1).write();
    assert_eq!(party.seal_with(&file, &request).unwrap_err().code(), "ses.signer-not-listed");
    let prepared = Ofd::open(file.as_slice()).unwrap().prepare(&party.request()).unwrap();
    let forged = other.key.sign(prepared.to_be_signed());
    assert_eq!(prepared.complete(&forged).unwrap_err().code(), "ses.bad-signature");
}

#[test]
fn a_file_is_replaced_as_a_whole_or_not_at_all() {
    let party = Party::new("测试人甲", 1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.ofd");
    std::fs::write(&path, document(2).write()).unwrap();
    let seal = || {
        let prepared = Ofd::open(std::fs::File::open(&path).unwrap()).unwrap().prepare(&party.request()).unwrap();
        let signature = party.key.sign(prepared.to_be_signed());
        prepared.complete(&signature).unwrap()
    };
    seal().save_as(&path).unwrap();
    let once = std::fs::read(&path).unwrap();
    assert_eq!(party.verify(&once).verdict, Verdict::Valid);
    let late = seal();
    std::fs::write(&path, &once[..once.len() - 1]).unwrap();
    assert_eq!(late.save_as(&path).unwrap_err().code(), "ofd.source-changed");
    assert_eq!(std::fs::read(&path).unwrap().len(), once.len() - 1);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn names_that_are_taken_are_not_taken_again() {
    let party = Party::new("测试人甲", 1);
    let mut zip = document(1);
    zip.entries.push(Item::new("Doc_0/Signs/SIGN_0/x", b"somebody's"));
    let sealed = party.seal(&zip.write());
    assert_eq!(party.verify(&sealed).verdict, Verdict::Valid);
    assert!(Zip::read(&sealed).entries.iter().any(|item| item.name == b"Doc_0/Signs/Sign_1/Seal.esl"));
}

#[test]
fn a_package_is_signed_without_a_seal_before_and_after_one() {
    let party = Party::new("测试人甲", 1);
    let sign = |file: &[u8]| {
        let prepared = Ofd::open(file).unwrap().prepare_signature(&SignRequest::new(&party.chain, NOW)).unwrap();
        party.finish(prepared).unwrap()
    };
    let file = sign(&party.seal(&sign(&document(2).write())));
    let report = party.verify(&file);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    let found: Vec<_> = report.signatures.iter().map(|one| (one.format.as_str(), one.coverage)).collect();
    let expected = [
        ("GB/T 35275-2017", Coverage::Revision),
        ("GB/T 38540-2020", Coverage::Revision),
        ("GB/T 35275-2017", Coverage::Whole),
    ];
    assert_eq!(found, expected);
    // The list says of each what it is.
    let all = report.signatures.iter().flat_map(|signature| &signature.checks);
    assert!(all.clone().all(|check| check.code != "ofd.signature-type"));
    let mut zip = Zip::read(&file);
    zip.item("Doc_0/Pages/Page_0/Content.xml").bytes.push(b' ');
    assert!(party.verify(&zip.write()).signatures.iter().all(|one| one.verdict == Verdict::Invalid));
    let last = Ofd::open(file.as_slice()).unwrap();
    let last = last.prepare_signature(&SignRequest::new(&party.chain, NOW).protection(Protection::Whole)).unwrap();
    let last = party.finish(last).unwrap();
    let refused = Ofd::open(last.as_slice()).unwrap().prepare_signature(&SignRequest::new(&party.chain, NOW));
    assert_eq!(refused.unwrap_err().code(), "ofd.locked");
}

/// `OFD.xml` of before the seal in the place of the one after it: what lies there as a list is none.
#[test]
fn a_list_that_nobody_names_is_not_taken_over() {
    let party = Party::new("测试人甲", 1);
    let mut plain = document(2);
    let mut zip = Zip::read(&party.seal(&plain.write()));
    zip.item("OFD.xml").bytes = plain.item("OFD.xml").bytes.clone();
    let unsigned = zip.write();
    assert!(party.verify(&unsigned).signatures.is_empty());
    let report = party.verify(&party.seal(&unsigned));
    assert_eq!((report.verdict, report.signatures.len()), (Verdict::Valid, 1), "{report:#?}");
}
