//! What cargo itself judges: format, lints, tests, documentation.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::libtest;
use crate::process::{answer, run_logged};
use crate::report::{Report, Tally};
use crate::workspace::Workspace;

/// Integration tests that judge by other programs; each is a row of its own in the summary.
const OWN_ROW: [&str; 2] = ["interop", "portal"];

/// `cargo fmt --check`.
pub(crate) fn format(workspace: &Workspace) -> Tally {
    let mut command = workspace.cargo();
    command.args(["fmt", "--all", "--check", "--", "--color", "never"]);
    component(workspace, "format", "fmt", &mut command)
}

/// `cargo clippy`, warnings denied.
pub(crate) fn lints(workspace: &Workspace) -> Tally {
    let mut command = workspace.whole("clippy");
    command.args(["--all-targets", "--", "-D", "warnings"]);
    component(workspace, "lints", "clippy", &mut command)
}

/// `cargo doc`, broken links and other warnings denied.
pub(crate) fn docs(workspace: &Workspace) -> Tally {
    let mut command = workspace.whole("doc");
    command.arg("--no-deps").env("RUSTDOCFLAGS", "-D warnings");
    judge(workspace, "docs", &mut command)
}

/// `cargo test` once over the whole workspace, told by target.
pub(crate) fn tests(workspace: &Workspace, report: &mut Report) {
    const SUITE: &str = "rust";
    println!("{SUITE}, {} …", OWN_ROW.join(", "));
    let started = Instant::now();
    let mut command = workspace.whole("test");
    command.args(["--no-fail-fast", "--", "--show-output"]);
    let finished = match run_logged(&mut command, &workspace.log(SUITE)) {
        Ok(finished) => finished,
        Err(error) => return report.add(SUITE, Tally::failed(error.to_string()), started.elapsed()),
    };

    let (own, rest): (Vec<_>, Vec<_>) =
        libtest::parse(&finished.output).into_iter().partition(|target| OWN_ROW.contains(&target.name.as_str()));
    let elsewhere: Duration = own.iter().map(|target| target.elapsed).sum();
    let failed_elsewhere = own.iter().any(|target| target.tally.failed > 0);

    let mut sum = Tally::default();
    for target in rest {
        sum.passed += target.tally.passed;
        sum.failed += target.tally.failed;
        sum.skipped.extend(target.tally.skipped);
        if target.tally.failed > 0 {
            sum.output.push_str(&target.tally.output);
        }
    }
    if !finished.success && sum.failed == 0 && !failed_elsewhere {
        // Nothing ran: it did not compile, or a test binary died.
        sum.failed = 1;
        sum.output = finished.output;
    }
    report.add(SUITE, sum, started.elapsed().saturating_sub(elsewhere));
    for target in own {
        report.add(&target.name, target.tally, target.elapsed);
    }
}

/// A suite by a part of the toolchain that a minimal installation lacks.
fn component(workspace: &Workspace, suite: &str, subcommand: &str, command: &mut Command) -> Tally {
    if answer(workspace.cargo().args([subcommand, "--version"])).is_none() {
        return Tally::skipped(
            suite,
            format!("cargo {subcommand} is not installed: rustup component add rustfmt clippy"),
        );
    }
    judge(workspace, suite, command)
}

fn judge(workspace: &Workspace, suite: &str, command: &mut Command) -> Tally {
    match run_logged(command, &workspace.log(suite)) {
        Ok(finished) if finished.success => Tally::passed(1),
        Ok(finished) => Tally::failed(finished.output),
        Err(error) => Tally::failed(error.to_string()),
    }
}
