//! The suite of `android/`: Kotlin on the JVM, over the library for this machine.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::bindings::{self, Bindings, Language};
use crate::demo;
use crate::process::{on_path, run_logged};
use crate::report::{Skip, Tally};
use crate::setup::step;
use crate::workspace::Workspace;

/// Where Maven's test runner leaves one XML file a class.
const REPORTS: &str = "android/sdk/target/surefire-reports";

/// Generates the bindings, builds the Maven project and runs its tests.
pub(crate) fn over_the_library(workspace: &Workspace) -> Tally {
    let missing: Vec<_> = ["javac", "mvn"].into_iter().filter(|program| on_path(program).is_none()).collect();
    if !missing.is_empty() {
        return Tally::skipped("kotlin", format!("not installed: {} (--setup installs them)", missing.join(" ")));
    }
    // The tests start the reference platform: `eseal serve`.
    let built = step(workspace, "kotlin platform", &mut demo::build(workspace));
    let bindings = match built.and_then(|()| bindings::generate(workspace, Language::Kotlin)) {
        Ok(bindings) => bindings,
        Err(complaint) => return Tally::failed(complaint),
    };
    let reports = workspace.root().join(REPORTS);
    // What an earlier run left would be counted again.
    let _ = fs::remove_dir_all(&reports);
    match run_logged(&mut maven(workspace, &bindings), &workspace.log("kotlin")) {
        Ok(finished) => count(&reports, finished.success, &finished.output),
        Err(error) => Tally::failed(format!("mvn: {error}")),
    }
}

fn maven(workspace: &Workspace, bindings: &Bindings) -> Command {
    let mut maven = Command::new("mvn");
    maven
        .current_dir(workspace.root().join("android"))
        .args(["--batch-mode", "--no-transfer-progress", "--quiet", "test"])
        .arg(format!("-Deseal.bindings={}", bindings.sources.display()))
        .arg(format!("-Deseal.native.folder={}", bindings.native_folder.display()));
    maven
}

/// Sums the reports. A build that ended badly, or without a single test, is a failure whatever they say.
fn count(reports: &Path, built: bool, output: &str) -> Tally {
    let mut tally = Tally::default();
    for entry in fs::read_dir(reports).into_iter().flatten().flatten() {
        let file = entry.path();
        if file.extension().is_some_and(|end| end == "xml") {
            add(&mut tally, &fs::read_to_string(&file).unwrap_or_default());
        }
    }
    if tally.failed == 0 && (!built || tally.passed == 0) {
        tally.failed = 1;
    }
    output.clone_into(&mut tally.output);
    tally
}

/// Adds one class's report.
fn add(tally: &mut Tally, report: &str) {
    let head = report.split_once("<testsuite ").and_then(|(_, rest)| rest.split_once('>')).map_or("", |(head, _)| head);
    let number = |name: &str| attribute(head, name).and_then(|text| text.parse::<usize>().ok()).unwrap_or_default();
    let (tests, failed, skipped) = (number("tests"), number("failures") + number("errors"), number("skipped"));
    tally.failed += failed;
    tally.passed += tests.saturating_sub(failed + skipped);
    let class = attribute(head, "name").unwrap_or("kotlin");
    tally.skipped.extend((0..skipped).map(|_| Skip { name: class.to_owned(), why: "the test said so".to_owned() }));
}

fn attribute<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::{add, count};
    use crate::report::Tally;
    use std::path::Path;

    #[test]
    fn reads_the_runner_s_report() {
        let report = r#"<?xml version="1.0"?>
<testsuite xmlns:x="y" version="3.0" name="cn.eseal.sdk.ATest" time="0.1" tests="7" errors="1" skipped="2" failures="1">
  <testcase name="a" tests="99"/>"#;
        let mut tally = Tally::default();
        add(&mut tally, report);
        assert_eq!((tally.passed, tally.failed, tally.skipped.len()), (3, 2, 2));
        assert_eq!(tally.skipped[0].name, "cn.eseal.sdk.ATest");
    }

    #[test]
    fn a_run_without_tests_has_failed() {
        for built in [true, false] {
            assert_eq!(count(Path::new("no-such-folder"), built, "why").failed, 1);
        }
    }
}
