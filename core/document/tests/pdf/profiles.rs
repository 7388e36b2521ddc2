//! How a signature is packed, and what the catalog says of it.

use std::ops::Range;

use eseal_crypto::cms::SignedData;
use eseal_document::pdf::{Pdf, Profile, StampRequest};
use eseal_document::report::{Level, Verdict};

use crate::builder::{Builder, KINDS, Xref, rfind};
use crate::party::{NOW, Party, somewhere};
use crate::peers::{Tool, tool};
use crate::pyhanko::{Mode, judge};

pub(crate) fn sealed(party: &Party, file: &[u8], request: &StampRequest<'_>) -> Vec<u8> {
    let prepared = Pdf::open(file).unwrap().prepare(request).unwrap();
    let signature = party.key.sign(prepared.to_be_signed());
    let mut out = Vec::new();
    prepared.complete(&signature).unwrap().write_to(&mut out).unwrap();
    assert!(out.starts_with(file));
    out
}

/// The last signature value in a file, and where its digits stand.
fn last_contents(file: &[u8]) -> (Vec<u8>, Range<usize>) {
    let start = rfind(file, "/Contents <") + 11;
    let length = file[start..].iter().position(|byte| *byte == b'>').unwrap();
    let digits = &file[start..start + length];
    let digit = |byte: u8| u8::try_from(char::from(byte).to_digit(16).unwrap()).unwrap();
    (digits.chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect(), start..start + length)
}

fn last_cms(file: &[u8]) -> SignedData {
    SignedData::from_padded_der(&last_contents(file).0).unwrap()
}

/// Acrobat and others leave lengths open, against ISO 32000-2, 12.8.3.3.
#[test]
fn signatures_in_ber_are_read() {
    let party = Party::new("Test", 1);
    let file = sealed(&party, &Builder::simple(Xref::Table).build(), &party.request(somewhere()));
    let (der, digits) = last_contents(&file);
    // ContentInfo, its content and SignedData end in one place.
    let (oid, inside) = (&der[4..15], &der[23..]);
    assert_eq!([der[0], der[15], der[19]], [0x30, 0xa0, 0x30]);
    let length = 4 + usize::from(u16::from_be_bytes([der[2], der[3]]));
    let ber =
        [&[0x30, 0x80][..], oid, &[0xa0, 0x80, 0x30, 0x80], &inside[..length - 23], &[0; 6], &der[length..]].concat();
    assert_eq!(ber.len(), der.len());
    let with = |value: &[u8]| {
        let digits_of = |byte: &u8| [byte >> 4, byte & 15].map(|digit| b"0123456789abcdef"[usize::from(digit)]);
        let value: Vec<u8> = value.iter().flat_map(digits_of).collect();
        [&file[..digits.start], &value, &file[digits.end..]].concat()
    };
    let report = party.verify(&with(&ber)).unwrap();
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    // What is open must be closed, and what was signed stays signed.
    let cut = [&ber[..length - 2], &[1, 1], &ber[length..]].concat();
    assert_eq!(party.verify(&with(&cut)).unwrap().verdict, Verdict::Invalid);
    let mut other = with(&ber);
    let at = rfind(&other, "Contract");
    other[at] ^= 1;
    assert_eq!(party.verify(&other).unwrap().verdict, Verdict::Invalid);
}

#[test]
fn compat_is_an_ordinary_signature_that_names_its_certificate_and_time() {
    let party = Party::new("Test", 1);
    for kind in KINDS {
        let file = sealed(&party, &Builder::simple(kind).build(), &party.request(somewhere()).profile(Profile::Compat));
        rfind(&file, "/SubFilter /adbe.pkcs7.detached");
        assert_eq!(last_cms(&file).signing_time(), Some(NOW), "the same instant as /M");
        let report = party.verify(&file).unwrap();
        assert_eq!(report.verdict, Verdict::Valid, "{kind:?}: {report:#?}");
        assert_eq!((report.signatures[0].format.as_str(), report.signatures[0].level), ("adbe.pkcs7.detached", None));
        assert!(report.signatures[0].checks.iter().any(|check| check.code == "cms.signing-certificate"));
    }
}

#[test]
fn pades_has_no_signing_time_in_the_signature() {
    let party = Party::new("Test", 1);
    let file = sealed(&party, &Builder::simple(Xref::Table).build(), &party.request(somewhere()));
    assert_eq!(last_cms(&file).signing_time(), None);
    assert_eq!(party.verify(&file).unwrap().signatures[0].level, Some(Level::BaselineB));
}

#[test]
fn the_first_signature_declares_what_the_version_does_not_know() {
    let party = Party::new("Test", 1);
    let count = |file: &[u8], text: &str| file.windows(text.len()).filter(|window| *window == text.as_bytes()).count();
    let plain = Builder::simple(Xref::Table).build();
    let newer = String::from_utf8_lossy(&plain).replacen("%PDF-1.7", "%PDF-2.0", 1).len();
    assert_eq!(newer, String::from_utf8_lossy(&plain).len());
    let mut second = plain.clone();
    second[5..8].copy_from_slice(b"2.0");
    let of_catalog = Builder::simple(Xref::Stream).object(1, "<</Type /Catalog /Pages 2 0 R /Version /2.0>>").build();
    for (file, profile, declared) in [
        (&plain, Profile::Pades, "/ESIC <</BaseVersion /1.7 /ExtensionLevel 1>>"),
        (&second, Profile::Pades, "/ExtensionLevel 32002"),
        (&second, Profile::Compat, "/ExtensionLevel 32002"),
        (&of_catalog, Profile::Pades, "/ExtensionLevel 32002"),
    ] {
        let once = sealed(&party, file, &party.request(somewhere()).profile(profile));
        assert_eq!(count(&once, declared), 1, "{profile:?} {declared}");
        let twice = sealed(&party, &once, &party.request(somewhere()).profile(profile));
        assert_eq!(count(&twice, "/ExtensionLevel"), 1, "a second signature leaves the catalog alone");
        assert_eq!(party.verify(&twice).unwrap().verdict, Verdict::Valid);
    }
    let compat = sealed(&party, &plain, &party.request(somewhere()).profile(Profile::Compat));
    assert_eq!(count(&compat, "/Extensions"), 0);
}

#[test]
fn extensions_that_are_there_stay() {
    let party = Party::new("Test", 1);
    let adobe = "<</ADBE <</BaseVersion /1.7 /ExtensionLevel 8>>";
    for (direct, other) in [
        (format!("/Extensions {adobe}>>"), "null".to_owned()),
        ("/Extensions 9 0 R".to_owned(), format!("{adobe}>>")),
        (format!("/Extensions {adobe} /ESIC <</BaseVersion /1.7 /ExtensionLevel 2>>>>"), "null".to_owned()),
    ] {
        let file = Builder::simple(Xref::Table)
            .object(1, &format!("<</Type /Catalog /Pages 2 0 R {direct}>>"))
            .object(9, &other)
            .build();
        let once = sealed(&party, &file, &party.request(somewhere()));
        let text = String::from_utf8_lossy(&once[file.len()..]).into_owned();
        let stated: Vec<&str> = text.matches("/ESIC <</BaseVersion /1.7 /ExtensionLevel ").collect();
        assert_eq!((text.matches("/ADBE").count(), stated.len()), (1, 1), "{text}");
        assert_eq!(text.contains("/ExtensionLevel 2"), direct.contains("/ExtensionLevel 2"), "{text}");
        assert_eq!(party.verify(&once).unwrap().verdict, Verdict::Valid);
    }
}

#[test]
fn peers_accept_both_profiles_and_the_first_stays_valid() {
    let party = Party::new("Test", 1);
    let folder = tempfile::tempdir().unwrap();
    for kind in KINDS {
        let mut file = Builder::simple(kind).build();
        for profile in [Profile::Compat, Profile::Pades, Profile::Compat] {
            file = sealed(&party, &file, &party.request(somewhere()).profile(profile));
        }
        if let Some(lines) = judge(&file, &party.root.certificate().to_pem(), Mode::Plain) {
            assert_eq!(lines.len(), 3, "{lines:?}");
            assert!(lines.iter().all(|line| line.ends_with(" ok")), "{kind:?}: {lines:#?}");
            assert!(lines[0].contains("docmdp_ok"), "{lines:#?}");
        }
        let path = folder.path().join("sealed.pdf");
        std::fs::write(&path, &file).unwrap();
        if let Some(pdfsig) = tool(Tool::Pdfsig, &["-nocert"], &path) {
            assert_eq!(pdfsig.text.matches("Signature is Valid").count(), 3, "{kind:?}: {}", pdfsig.text);
        }
    }
}
