//! Encrypted files: opened by their passwords, sealed without a break in their encryption, verified again.

use std::path::Path;
use std::process::Command;

use eseal_document::pdf::{OpenOptions, Password, Pdf};
use eseal_document::report::{Changes, Coverage, Verdict};

use crate::builder::{Builder, Xref, rfind};
use crate::party::{Party, somewhere};
use crate::peers::{Tool, tool};

/// Ways to encrypt that qpdf knows: key length and options.
const WAYS: [(&str, &[&str]); 7] = [
    ("40", &[]),
    ("128", &["--use-aes=n"]),
    ("128", &["--use-aes=y"]),
    ("128", &["--use-aes=y", "--cleartext-metadata"]),
    ("128", &["--force-V4"]),
    ("256", &[]),
    ("256", &["--force-R5"]),
];

/// A form with an empty text field, whose name and texts are strings that encryption changes.
fn plain() -> Vec<u8> {
    Builder::simple(Xref::Table)
        .object(1, "<</Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /Metadata 8 0 R>>")
        .object(6, "<</Fields [7 0 R] /DA (/Helv 0 Tf 0 g)>>")
        .object(7, "<</FT /Tx /T (ESeal1) /V (text) /Kids []>>")
        .stream(8, "/Type /Metadata /Subtype /XML", b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
        .build()
}

/// The file encrypted by qpdf; `None` if that is not on this machine.
fn encrypted(
    folder: &Path,
    (length, options): (&str, &[&str]),
    user: &str,
    owner: &str,
    packed: bool,
) -> Option<Vec<u8>> {
    let (from, to) = (folder.join("plain.pdf"), folder.join("encrypted.pdf"));
    std::fs::write(&from, plain()).unwrap();
    let mut command = Command::new("qpdf");
    command.arg("--allow-weak-crypto").args(["--encrypt", user, owner, length]).args(options).arg("--");
    command.arg(if packed { "--object-streams=generate" } else { "--object-streams=disable" });
    let status = command.args([&from, &to]).status().ok()?;
    assert!(status.success(), "{length} {options:?}");
    Some(std::fs::read(to).unwrap())
}

fn with(password: &str) -> OpenOptions {
    OpenOptions::new().with_password(Password::new(password))
}

#[test]
fn every_revision_is_opened_sealed_and_verified_by_either_password() {
    let folder = tempfile::tempdir().unwrap();
    let party = Party::new("Test", 1);
    for way in WAYS {
        for packed in [false, true] {
            let Some(file) = encrypted(folder.path(), way, "user", "owner", packed) else {
                println!(
                    "SKIPPED encryption::every_revision_is_opened_sealed_and_verified_by_either_password: no qpdf"
                );
                return;
            };
            assert_eq!(party.seal(&file).unwrap_err().code(), "pdf.password-needed", "{way:?}");
            let refused = party.seal_with(&file, &with("wrong"), somewhere()).unwrap_err();
            assert_eq!(refused.code(), "pdf.wrong-password", "{way:?}");
            let mut sealed = Vec::new();
            for password in ["owner", "user"] {
                sealed = party.seal_with(&file, &with(password), somewhere()).unwrap();
                expect_sealed(&folder.path().join("sealed.pdf"), &sealed, password, 1);
            }
            let twice = party.seal_with(&sealed, &with("user"), somewhere()).unwrap();
            expect_sealed(&folder.path().join("sealed.pdf"), &twice, "user", 2);
        }
    }
}

fn expect_sealed(path: &Path, sealed: &[u8], password: &str, signatures: usize) {
    let party = Party::new("Test", 1);
    let report = party.verify_with(sealed, &with(password)).unwrap();
    assert_eq!(report.signatures.len(), signatures);
    assert_eq!(party.verify(sealed).unwrap_err().code(), "pdf.password-needed");
    for signature in &report.signatures {
        assert_eq!(signature.verdict, Verdict::Valid, "{signature:#?}");
        // The name was not taken from the field that has it, though that is encrypted.
        assert_ne!(signature.field, "ESeal1");
        assert!(signature.time.is_some(), "/M is read");
    }
    let newest = &report.signatures[signatures - 1];
    assert_eq!((newest.coverage, newest.changes), (Coverage::Whole, Changes::None));
    std::fs::write(path, sealed).unwrap();
    let qpdf = tool(Tool::Qpdf, &[&format!("--password={password}"), "--check"], path).unwrap();
    assert_eq!(qpdf.status, 0, "{}", qpdf.text);
    if let Some(pdfsig) = tool(Tool::Pdfsig, &["-nocert", "-upw", password, "-opw", password], path) {
        assert_eq!(pdfsig.text.matches("Signature is Valid").count(), signatures, "{}", pdfsig.text);
        assert!(pdfsig.text.contains("Total document signed"), "{}", pdfsig.text);
    }
}

#[test]
fn the_empty_password_is_tried_first() {
    let folder = tempfile::tempdir().unwrap();
    for way in WAYS {
        let Some(file) = encrypted(folder.path(), way, "", "owner", true) else {
            println!("SKIPPED encryption::the_empty_password_is_tried_first: no qpdf");
            return;
        };
        for options in [OpenOptions::new(), with("owner"), with("no matter")] {
            assert_eq!(Pdf::open_with(file.as_slice(), &options).unwrap().page_count().unwrap(), 1);
        }
    }
}

#[test]
fn passwords_that_are_not_plain_letters_open_files() {
    let folder = tempfile::tempdir().unwrap();
    for way in WAYS {
        for password in ["h\u{f4}tel", "pass word", "\u{e6}\u{f8}\u{e5}", &"long".repeat(12)] {
            let Some(file) = encrypted(folder.path(), way, password, "owner", false) else {
                println!("SKIPPED encryption::passwords_that_are_not_plain_letters_open_files: no qpdf");
                return;
            };
            assert!(Pdf::open_with(file.as_slice(), &with(password)).is_ok(), "{way:?} {password}");
        }
    }
}

#[test]
fn what_is_written_anew_is_encrypted_too() {
    let folder = tempfile::tempdir().unwrap();
    let party = Party::new("Test", 1);
    for way in WAYS {
        let Some(file) = encrypted(folder.path(), way, "user", "owner", true) else {
            println!("SKIPPED encryption::what_is_written_anew_is_encrypted_too: no qpdf");
            return;
        };
        let sealed = party.seal_with(&file, &with("user"), somewhere()).unwrap();
        let again = party.seal_with(&file, &with("user"), somewhere()).unwrap();
        let written = &sealed[file.len()..];
        let has = |text: &[u8]| written.windows(text.len()).any(|window| window == text);
        // Name, reason and field name are given in clear only where nothing is encrypted.
        assert!(!has(b"(Test)") && !has(b"(ESeal") && !has(b"(D:2026"), "{way:?}");
        assert!(!has(b"/DA (/Helv"), "{way:?}: what came out of an object stream is encrypted by itself");
        let end = sealed.windows(10).rposition(|window| window == b"/ByteRange").unwrap();
        assert_eq!(sealed[..end], again[..end], "the same request gives the same bytes");
    }
}

/// A table that leads to everything but the dictionary that says how to decrypt.
#[test]
fn an_encryption_dictionary_that_is_elsewhere_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let party = Party::new("Test", 1);
    let Some(file) = encrypted(folder.path(), WAYS[2], "user", "owner", false) else {
        println!("SKIPPED encryption::an_encryption_dictionary_that_is_elsewhere_is_found: no qpdf");
        return;
    };
    let text = |from: usize| String::from_utf8_lossy(&file[from..]).into_owned();
    let name = text(rfind(&file, "/Encrypt ") + 9).split(' ').next().unwrap().to_owned();
    let offset = rfind(&file, &format!("\n{name} 0 obj")) + 1;
    let row = rfind(&file, &format!("{offset:010} 00000 n"));
    let wrong = format!("{:010}", offset + 9);
    let damaged = [&file[..row], wrong.as_bytes(), &file[row + 10..]].concat();
    assert_eq!(party.seal(&damaged).unwrap_err().code(), "pdf.password-needed");
    let sealed = party.seal_with(&damaged, &with("user"), somewhere()).unwrap();
    expect_sealed(&folder.path().join("sealed.pdf"), &sealed, "user", 1);
}

/// ISO/TS 32004: what is appended to a file with an integrity code, readers that check it do not open.
#[test]
fn a_file_with_an_integrity_code_is_refused() {
    let party = Party::new("Test", 1);
    let with = |more: &str| party.seal(&Builder::simple(Xref::Table).trailer(more).build());
    assert!(with("/AuthCode null").is_ok());
    let code = with("/AuthCode <</MACLocation /Standalone /MAC <00> /ByteRange [0 1 2 3]>>").unwrap_err().code();
    assert_eq!(code, "pdf.integrity-code");
}
