//! Other people's files, where they are on this machine: every one is sealed or refused with a reason.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use eseal_document::pdf::{OpenOptions, Password, PdfError};
use eseal_document::report::{Changes, Coverage, Integrity, SignatureReport, Verdict};

use crate::party::{Party, at};

pub(crate) fn corpus() -> PathBuf {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/pdf/files");
    std::env::var_os("ESEAL_CORPUS").map_or(usual, PathBuf::from)
}

pub(crate) fn files() -> Vec<PathBuf> {
    let entries = fs::read_dir(corpus()).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|ending| ending == "pdf")).collect();
    files.sort();
    files
}

/// Signatures that were there before and that our seal made worse, in our own judgement.
fn flipped(party: &Party, before: &[u8], after: &[u8]) -> Vec<String> {
    let (Ok(before), Ok(after)) = (party.verify(before), party.verify(after)) else { return Vec::new() };
    let is_good = |changes: Changes, coverage: Coverage| changes != Changes::Forbidden && coverage != Coverage::Partial;
    // A signature that did not hold before cannot be made worse; a certification that does not hold forbids nothing.
    let holds = |one: &&SignatureReport| one.integrity == Integrity::Intact && is_good(one.changes, one.coverage);
    let old = before.signatures.iter().filter(holds);
    old.filter_map(|old| {
        let new = after.signatures.iter().find(|new| new.field == old.field)?;
        let why = new.checks.iter().find(|check| check.code == "pdf.changes").map(|check| check.detail.clone());
        (!is_good(new.changes, new.coverage) || new.integrity != old.integrity).then(|| why.unwrap_or_default())
    })
    .collect()
}

#[test]
fn every_file_is_sealed_or_refused_with_a_reason() {
    let files = files();
    if files.is_empty() {
        println!("SKIPPED corpus::every_file_is_sealed_or_refused_with_a_reason: the corpus is not on this machine");
        return;
    }
    let party = Party::new("Test", 1);
    let mut outcomes: BTreeMap<&str, usize> = BTreeMap::new();
    for path in &files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let file = fs::read(path).unwrap();
        let outcome = match party.seal_at(&file, at(1, [0.0, 0.0], [40.0, 20.0])) {
            Err(error) => error.code(),
            Ok(sealed) => {
                assert!(sealed.starts_with(&file), "{name}");
                let report = party.verify(&sealed).unwrap();
                let ours = report.signatures.iter().filter(|one| one.coverage == Coverage::Whole);
                let ours: Vec<_> = ours.filter(|one| one.signer.as_deref() == Some("Test")).collect();
                assert_eq!(ours.len(), 1, "{name}: {report:#?}");
                assert_eq!(ours[0].verdict, Verdict::Valid, "{name}: {report:#?}");
                assert_eq!(ours[0].integrity, Integrity::Intact, "{name}");
                for why in flipped(&party, &file, &sealed) {
                    println!("{name}: an earlier signature is no longer good: {why}");
                    *outcomes.entry("flipped").or_default() += 1;
                }
                "sealed"
            }
        };
        if outcome != "sealed" {
            println!("{name}: {outcome}");
        }
        *outcomes.entry(outcome).or_default() += 1;
    }
    println!("{} files: {outcomes:?}", files.len());
    assert_eq!(outcomes.get("flipped"), None);
    assert!(outcomes.get("sealed").is_some_and(|sealed| *sealed * 10 >= files.len() * 7), "{outcomes:?}");
}

/// Passwords that test-suites publish for their files, the empty one aside.
const KNOWN_PASSWORDS: [&str; 25] = [
    "user",
    "owner",
    "view",
    "master",
    "attachment",
    "password",
    "usersecret",
    "ownersecret",
    "secret",
    "test",
    "abc",
    "123456",
    "asdfasdf",
    "openpassword",
    "permissionpassword",
    "userpassword",
    "ownerpassword",
    "user-password",
    "owner-password",
    "\u{e6}\u{f8}\u{e5}",
    "h\u{f4}tel",
    "\u{c4}\u{d6}\u{dc}",
    "ELXRTQWS",
    "Hello",
    "test123",
];

/// Seals a file, by a known password where it needs one; answers that password too.
fn seal_by_a_known_password(party: &Party, file: &[u8]) -> (&'static str, Result<Vec<u8>, PdfError>) {
    let place = || at(1, [0.0, 0.0], [40.0, 20.0]);
    match party.seal_at(file, place()) {
        Err(PdfError::PasswordNeeded) => {
            let opened = KNOWN_PASSWORDS.into_iter().find_map(|password| {
                match party.seal_with(file, &OpenOptions::new().with_password(Password::new(password)), place()) {
                    Err(PdfError::WrongPassword) => None,
                    outcome => Some((password, outcome)),
                }
            });
            opened.unwrap_or(("", Err(PdfError::PasswordNeeded)))
        }
        // Where there is no page to show a seal on, or none may be shown, one that shows nothing.
        Err(error) if ["pdf.no-such-page", "pdf.certified-no-new-field"].contains(&error.code()) => {
            ("", party.seal_unseen(file))
        }
        outcome => ("", outcome),
    }
}

/// Has the peers judge the sealed files, where pyHanko is set up (`cargo xtask test --setup`).
fn judge(folder: &Path) {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let python = checkout.join("target/tools/pyhanko/bin/python");
    if !python.exists() {
        println!("SKIPPED corpus::the_peers_accept_what_was_sealed: pyHanko is not set up");
        return;
    }
    let script = checkout.join("tests/interop/corpus_judge.py");
    let status = Command::new(python).arg(script).arg(corpus()).arg(folder).status().unwrap();
    assert!(status.success());
}

/// Slow, and needs other programs: `cargo test -p eseal-document --test pdf -- --ignored --nocapture corpus`. Leaves, in the
/// folder that `ESEAL_CORPUS_OUT` names, the sealed files and `outcomes.tsv` (name, outcome, milliseconds, password) for
/// `tests/interop/corpus_judge.py`. `ESEAL_CORPUS` names another folder of files.
#[test]
#[ignore = "runs other people's programs over all of the corpus"]
fn the_peers_accept_what_was_sealed() {
    let party = Party::new("Test", 1);
    let kept = std::env::var_os("ESEAL_CORPUS_OUT").map(PathBuf::from);
    let temporary = tempfile::tempdir().unwrap();
    let folder = kept.unwrap_or_else(|| temporary.path().to_path_buf());
    fs::write(folder.join("root.pem"), party.root.certificate().to_pem()).unwrap();
    let mut outcomes = String::new();
    let mut sealed_count = 0;
    for path in files() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let file = fs::read(&path).unwrap();
        let begin = std::time::Instant::now();
        let (password, outcome) = seal_by_a_known_password(&party, &file);
        let milliseconds = begin.elapsed().as_secs_f64() * 1e3;
        let said = outcome.as_ref().map_or_else(PdfError::code, |_| "sealed");
        writeln!(outcomes, "{name}\t{said}\t{milliseconds:.2}\t{password}").unwrap();
        let Ok(sealed) = outcome else { continue };
        sealed_count += 1;
        let copy = folder.join(&name);
        fs::write(&copy, sealed).unwrap();
    }
    fs::write(folder.join("outcomes.tsv"), outcomes).unwrap();
    println!("sealed {sealed_count} of {}", files().len());
    judge(&folder);
}
