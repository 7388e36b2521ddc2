//! What others say of the same files.

use std::path::Path;
use std::process::Command;

use eseal_tests::checkout;

use crate::author::python;

/// What pdfsig says of the first signature; `None` if it is not installed.
pub(crate) fn pdfsig(file: &Path) -> Option<String> {
    let output = Command::new("pdfsig").arg("-nocert").arg(file).env("LC_ALL", "C").output().ok()?;
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    // Prepared fields that nobody signed are counted as well.
    let first = text.split("Signature #").skip(1).find(|piece| !piece.contains("not signed")).unwrap_or_default();
    let says = |words: &str| first.contains(words);
    Some(if says("Signature is Valid.") {
        if says("Total document signed") { "valid, total" } else { "valid, not total" }.to_owned()
    } else if says("Digest Mismatch") {
        "digest mismatch".to_owned()
    } else if !first.is_empty() {
        "not valid".to_owned()
    } else {
        "no signature, or an error".to_owned()
    })
}

/// What pyHanko says of the first signature of each file; `None` if it is not set up.
pub(crate) fn pyhanko(anchor: &Path, files: &[std::path::PathBuf]) -> Option<Vec<String>> {
    let script = checkout("tests/attacks/pyhanko_judge.py");
    let output = Command::new(python().ok()?).arg(script).arg(anchor).args(files).output().ok()?;
    let lines: Vec<String> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
    (lines.len() == files.len()).then_some(lines)
}
