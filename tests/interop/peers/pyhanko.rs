use std::path::Path;
use std::process::Command;

use eseal_tests::checkout;

use super::{Judgement, Peer, Question, Said, ask};
use crate::level::Level;

/// pyHanko, in the environment that `cargo xtask test --setup` makes.
pub(crate) const PYHANKO: Peer = Peer { name: "pyHanko", judge };

fn judge(question: &Question<'_>) -> Result<Judgement, String> {
    let lines = lines(question.pdf, question.anchor, question.level)?;
    let all = |facts: &str| lines.iter().all(|line| line.contains(facts));
    let any = |facts: &str| lines.iter().any(|line| line.contains(facts));
    let whole =
        question.level.has_validation_data() || lines.last().is_some_and(|line| line.contains("coverage=ENTIRE_FILE"));
    let timely = lines.last().is_some_and(|line| line.contains("timestamp=True")) == question.level.has_timestamp();
    Ok(if any("intact=False") {
        Judgement::Changed
    } else if whole && timely && all("intact=True valid=True trusted=True") && all("bottom_line=True") {
        Judgement::Accepted
    } else if whole && all("intact=True valid=True") && any("trusted=False") {
        Judgement::Untrusted
    } else {
        Judgement::Unclear(lines.join("\n"))
    })
}

/// What pyHanko says of each signature, first one first.
pub(crate) fn lines(pdf: &Path, anchor: &Path, level: Level) -> Result<Vec<String>, String> {
    let said = python("pyhanko_judge.py", &[pdf.as_os_str(), anchor.as_os_str(), level.as_str().as_ref()])?;
    // Why it does not trust a certificate goes to its standard error; a crash must not look like silence.
    let lines: Vec<_> = said.text.lines().filter(|line| line.starts_with("intact=")).map(str::to_owned).collect();
    Ok(if lines.is_empty() { vec![said.text] } else { lines })
}

/// Signs `document` at a level of `PAdES`, under a root that it makes and writes to `anchor`.
pub(crate) fn signs(document: &Path, level: Level, signed: &Path, anchor: &Path) -> Result<(), String> {
    let arguments = [document.as_os_str(), level.as_str().as_ref(), signed.as_os_str(), anchor.as_os_str()];
    let said = python("pyhanko_sign.py", &arguments)?;
    assert!(said.success, "pyHanko does not sign: {}", said.text);
    Ok(())
}

fn python(script: &str, arguments: &[&std::ffi::OsStr]) -> Result<Said, String> {
    let python = checkout("target/tools/pyhanko/bin/python");
    if !python.exists() {
        return Err("pyHanko is not set up: cargo xtask test --setup".to_owned());
    }
    ask(Command::new(python).arg(checkout("tests/interop").join(script)).args(arguments))
}
