//! Builds the peers that live on the JVM, which the interop tests ask.

use std::fs;
use std::process::Command;

use crate::process::{on_path, run_logged};
use crate::report::Tally;
use crate::workspace::Workspace;

/// PDFBox, EU DSS and veraPDF with the program that asks them, by Maven into `target/interop/jvm`.
pub(crate) fn on_the_jvm(workspace: &Workspace) -> Tally {
    const SUITE: &str = "peers";
    let missing: Vec<_> = ["javac", "mvn"].into_iter().filter(|program| on_path(program).is_none()).collect();
    if !missing.is_empty() {
        return Tally::skipped(SUITE, format!("not installed: {} (--setup installs them)", missing.join(" ")));
    }
    let mut maven = Command::new("mvn");
    maven.current_dir(workspace.root().join("tests/interop/jvm"));
    maven.args(["--batch-mode", "--no-transfer-progress", "--quiet", "compile"]);
    match run_logged(&mut maven, &workspace.log(SUITE)) {
        Ok(finished) if finished.success => built(workspace),
        Ok(finished) => Tally::failed(finished.output),
        Err(error) => Tally::failed(format!("mvn: {error}")),
    }
}

/// Leaves the mark by which the tests see that what was built is newer than its sources.
fn built(workspace: &Workspace) -> Tally {
    match fs::write(workspace.root().join("target/interop/jvm/built"), "") {
        Ok(()) => Tally::passed(1),
        Err(error) => Tally::failed(error.to_string()),
    }
}
