//! Archives that are made to hurt: refused with a code, in bounded time and memory.

use eseal_crypto::cert::TrustAnchors;
use eseal_document::ofd::Ofd;
use eseal_document::report::Format;
use eseal_testkit::ofd::{Item, Zip, document};

use crate::party::NOW;

fn code(bytes: &[u8]) -> &'static str {
    match Ofd::open(bytes).and_then(|ofd| ofd.pages()) {
        Ok(_) => "",
        Err(error) => error.code(),
    }
}

#[test]
fn names_that_lead_out_are_refused() {
    for name in ["../a", "/a", "a/../../b", "a\\b", "C:/a", "a//b", "./a", "a/.", "a\0b", "a/..", ".."] {
        let mut zip = document(1);
        zip.entries.push(Item::new(name, b"x"));
        assert_eq!(code(&zip.write()), "ofd.unsafe-name", "{name:?}");
    }
    for twice in ["OFD.xml", "ofd.XML", "doc_0/document.xml"] {
        let mut zip = document(1);
        zip.entries.push(Item::new(twice, b"x"));
        assert_eq!(code(&zip.write()), "ofd.unsafe-name", "{twice}");
    }
    let mut zip = document(1);
    zip.entries.push(Item { flags: 0, name: vec![b'a', 0xD6, 0xD0], ..Item::new("", b"x") });
    assert_eq!(code(&zip.write()), "", "names in GB 18030 are read");
}

#[test]
fn archives_that_contradict_themselves_are_refused() {
    type Change = fn(&mut Zip);
    let changes: &[(&str, Change, &str)] = &[
        (
            "another name before the data",
            |zip| zip.entries[1].local_name = Some(b"Doc_0/Dokument.xml".to_vec()),
            "ofd.malformed",
        ),
        ("encrypted", |zip| zip.entries[1].flags |= 1, "ofd.encrypted"),
        ("an unknown method", |zip| zip.entries[1].method = 12, "ofd.unsupported"),
        ("another checksum", |zip| zip.entries[1].crc = Some(7), "ofd.malformed"),
        ("shorter than said", |zip| zip.entries[1].size = Some(1_000_000), "ofd.malformed"),
        ("longer than said", |zip| zip.entries[1].size = Some(3), "ofd.malformed"),
        ("a bomb", |zip| zip.entries[1].size = Some(u32::MAX - 1), "ofd.limit-exceeded"),
        ("two in one place", |zip| zip.entries[2].start = Some(0), "ofd.malformed"),
        ("beyond the end", |zip| zip.entries[2].start = Some(0x7FFF_FFFF), "ofd.malformed"),
        ("no such file", |zip| zip.entries.retain(|item| item.name != b"Doc_0/Document.xml"), "ofd.missing-part"),
        ("no root", |zip| zip.entries.retain(|item| item.name != b"OFD.xml"), "ofd.not-ofd"),
        ("two ends", |zip| zip.comment = [b"PK\x05\x06".as_slice(), &[0; 18]].concat(), "ofd.malformed"),
    ];
    for (what, change, expected) in changes {
        let mut zip = document(1);
        change(&mut zip);
        assert_eq!(code(&zip.write()), *expected, "{what}");
    }
}

#[test]
fn one_entry_that_others_share_is_refused() {
    let mut zip = document(1);
    for n in 0..100 {
        zip.entries.push(Item { start: Some(0), ..Item::new(&format!("Doc_0/{n}"), &[0; 10]) });
    }
    assert_eq!(code(&zip.write()), "ofd.malformed");
}

#[test]
fn a_bomb_that_tells_the_truth_is_refused() {
    let mut zip = document(1);
    zip.entries.push(Item::new("Doc_0/bomb", &vec![0; 70 * 1024 * 1024]));
    assert_eq!(code(&zip.write()), "ofd.limit-exceeded");
}

#[test]
fn many_entries_are_read_and_more_are_refused() {
    for (count, expected) in [(10_000, ""), (99_000, ""), (100_001, "ofd.limit-exceeded")] {
        let mut zip = document(1);
        for n in 0..count {
            zip.entries.push(Item { method: 0, ..Item::new(&format!("n/{n}"), b"") });
        }
        assert_eq!(code(&zip.write()), expected, "{count}");
    }
}

#[test]
fn a_file_cut_anywhere_is_an_error() {
    let whole = document(2).write();
    for len in (0..whole.len()).step_by(7) {
        assert_ne!(code(&whole[..len]), "", "{len}");
    }
}

#[test]
fn xml_that_is_made_to_hurt_is_refused() {
    for (bad, expected) in [
        ("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "ofd.unsupported"),
        ("<a>", "ofd.malformed"),
        ("", "ofd.malformed"),
    ] {
        let mut zip = document(1);
        zip.item("Doc_0/Document.xml").bytes = bad.as_bytes().to_vec();
        assert_eq!(code(&zip.write()), expected, "{bad}");
    }
    let mut zip = document(1);
    let text = String::from_utf8(zip.item("OFD.xml").bytes.clone()).unwrap();
    zip.item("OFD.xml").bytes = text.replace("Doc_0/Document.xml", "../../etc/passwd").into_bytes();
    assert_eq!(code(&zip.write()), "ofd.unsafe-name");
}

#[test]
fn packages_are_told_by_what_they_hold() {
    let told = |file: &[u8]| eseal_document::format_of(file).unwrap();
    assert_eq!(told(&document(1).write()), Format::Ofd);
    // A zip file of something else is said to be no package, and not to be no PDF.
    let other = Zip::of(&[("a.txt", b"x")]).write();
    let refused = eseal_document::verify(other.as_slice(), &TrustAnchors::default(), NOW).unwrap_err();
    assert_eq!(refused.code(), "ofd.not-ofd");
    // A PDF in a package does not make it one.
    let mut zip = document(1);
    zip.entries.insert(0, Item { method: 0, ..Item::new("Doc_0/Attachs/a.pdf", b"%PDF-1.7\n") });
    assert_eq!(told(&zip.write()), Format::Ofd);
}
