//! Builds the peers that the interop tests ask and that no package manager installs.

use std::fs;
use std::process::Command;

use crate::process::{on_path, run_logged};
use crate::report::Tally;
use crate::workspace::Workspace;

/// Each in a folder of this name under `tests/interop` and, built, under `target/interop`.
const ON_THE_JVM: [&str; 2] = ["jvm", "ofdrw"];

/// PDFBox, EU DSS, veraPDF and ofdrw with the programs that ask them, by Maven.
pub(crate) fn on_the_jvm(workspace: &Workspace) -> Tally {
    let mut tally = Tally::default();
    for name in ON_THE_JVM {
        tally.add(by_maven(workspace, name));
    }
    tally
}

fn by_maven(workspace: &Workspace, name: &str) -> Tally {
    let missing: Vec<_> = ["javac", "mvn"].into_iter().filter(|program| on_path(program).is_none()).collect();
    if !missing.is_empty() {
        return Tally::skipped(name, format!("not installed: {} (--setup installs them)", missing.join(" ")));
    }
    let mut maven = Command::new("mvn");
    maven.current_dir(workspace.root().join("tests/interop").join(name));
    maven.args(["--batch-mode", "--no-transfer-progress", "--quiet", "compile"]);
    match run_logged(&mut maven, &workspace.log(&format!("peers-{name}"))) {
        Ok(finished) if finished.success => built(workspace, name),
        Ok(finished) => Tally::failed(finished.output),
        Err(error) => Tally::failed(format!("mvn: {error}")),
    }
}

/// Leaves the mark by which the tests see that what was built is newer than its sources.
fn built(workspace: &Workspace, name: &str) -> Tally {
    match fs::write(workspace.root().join("target/interop").join(name).join("built"), "") {
        Ok(()) => Tally::passed(1),
        Err(error) => Tally::failed(error.to_string()),
    }
}

/// The crate ofdrw with the program that asks it; some three hundred crates.
pub(crate) fn in_rust(workspace: &Workspace) -> Tally {
    let name = "ofdrw-rs";
    let mut cargo = workspace.cargo();
    cargo.current_dir(workspace.root().join("tests/interop").join(name)).args(["build", "--quiet", "--locked"]);
    cargo.arg("--target-dir").arg(workspace.root().join("target/interop").join(name));
    match run_logged(&mut cargo, &workspace.log(&format!("peers-{name}"))) {
        Ok(finished) if finished.success => Tally::passed(1),
        Ok(finished) => Tally::failed(finished.output),
        Err(error) => Tally::failed(format!("cargo: {error}")),
    }
}
