//! Other people's files, where they are on this machine: every one is sealed or refused with a reason.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use eseal_document::report::{Changes, Coverage, Integrity, Verdict};

use crate::party::{Party, at};
use crate::peers::{Tool, tool};

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/pdf/files");
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|ending| ending == "pdf")).collect();
    files.sort();
    files
}

/// Signatures that were there before and that our seal made worse, in our own judgement.
fn flipped(party: &Party, before: &[u8], after: &[u8]) -> Vec<String> {
    let (Ok(before), Ok(after)) = (party.verify(before), party.verify(after)) else { return Vec::new() };
    let is_good = |changes: Changes, coverage: Coverage| changes != Changes::Forbidden && coverage != Coverage::Partial;
    let old = before.signatures.iter().filter(|one| is_good(one.changes, one.coverage));
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

/// Slow, and needs other programs: `cargo test -p eseal-document --test pdf -- --ignored --nocapture corpus`. Leaves the
/// sealed files, for more judges, in the folder that `ESEAL_CORPUS_OUT` names.
#[test]
#[ignore = "runs other people's programs over all of the corpus"]
fn the_peers_accept_what_was_sealed() {
    let party = Party::new("Test", 1);
    let kept = std::env::var_os("ESEAL_CORPUS_OUT").map(PathBuf::from);
    let temporary = tempfile::tempdir().unwrap();
    let folder = kept.unwrap_or_else(|| temporary.path().to_path_buf());
    fs::write(folder.join("root.pem"), party.root.certificate().to_pem()).unwrap();
    let (mut sealed_count, mut worse, mut refused) = (0, Vec::new(), Vec::new());
    for path in files() {
        let Ok(sealed) = party.seal_at(&fs::read(&path).unwrap(), at(1, [0.0, 0.0], [40.0, 20.0])) else { continue };
        sealed_count += 1;
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let copy = folder.join(&name);
        fs::write(&copy, sealed).unwrap();
        let check = |path: &Path| tool(Tool::Qpdf, &["--check"], path).map_or(3, |said| said.status);
        if check(&copy) > check(&path) {
            worse.push(name.clone());
        }
        if let Some(said) = tool(Tool::Pdfsig, &["-nocert"], &copy) {
            // Only ours covers the whole file.
            let ours = said.text.split("Signature #").find(|piece| piece.contains("Total document signed"));
            if !ours.is_some_and(|ours| ours.contains("Signature is Valid")) {
                refused.push(name);
            }
        }
    }
    println!("sealed {sealed_count}; qpdf is less content with {worse:?}; pdfsig does not accept {refused:?}");
    assert!(worse.is_empty() && refused.is_empty());
}
