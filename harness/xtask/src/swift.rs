//! The suite of `ios/`: Swift on Linux, over the library for this machine, inside a Debian 13 of its own.
//!
//! Debian has Swift from release 13 on. `--setup` puts a small one under `target/swift-root`; it takes root and 3.4 GB.

mod root;

use std::fs;
use std::path::Path;

use crate::bindings::{self, Language};
use crate::process::run_logged;
use crate::report::{Skip, Tally};
use crate::setup::step;
use crate::workspace::Workspace;

pub(crate) use root::setup;
use root::{Mount, command, ready};

/// Where generated files go inside `ios/`; the package's `.gitignore` names them.
const PLACES: [(&str, &str); 2] = [
    ("CESealFFI.h", "Sources/CESealFFI/CESealFFI.h"),
    ("ESealGenerated.swift", "Sources/ESealGenerated/ESealGenerated.swift"),
];

/// Generates the bindings, lints the Swift package, builds it and runs its tests.
pub(crate) fn over_the_library(workspace: &Workspace) -> Tally {
    if let Err(why) = ready(workspace) {
        return Tally::skipped("swift", why);
    }
    run(workspace).unwrap_or_else(Tally::failed)
}

fn run(workspace: &Workspace) -> Result<Tally, String> {
    let generated = bindings::generate(workspace, Language::Swift)?;
    // The platform that the tests talk to is a process of theirs.
    step(workspace, "swift platform", workspace.whole("build").args(["--bin", "eseal"]))?;
    let package = workspace.root().join("ios");
    for (name, place) in PLACES {
        put(&generated.sources.join(name), &package.join(place))?;
    }
    let mounts =
        [Mount { from: workspace.root(), to: "/eseal" }, Mount { from: &generated.native_folder, to: "/native" }];
    let script = "cd /eseal/ios && swift format lint --strict --recursive Package.swift Sources/ESeal Tests && \
                  swift test --scratch-path /eseal/target/swift-build -Xlinker -L/native";
    let variables = [
        ("LD_LIBRARY_PATH", "/native"),
        ("ESEAL_VERSION", env!("CARGO_PKG_VERSION")),
        ("ESEAL_PROGRAM", "/native/eseal"),
        ("ESEAL_FIXTURES", "/eseal/tests/fixtures"),
    ];
    let mut test = command(workspace, &mounts, &variables, script)?;
    let finished = run_logged(&mut test, &workspace.log("swift")).map_err(|error| format!("unshare: {error}"))?;
    Ok(count(finished.success, &finished.output))
}

/// Copies a file, but leaves an equal one alone so that Swift does not compile it again.
fn put(from: &Path, to: &Path) -> Result<(), String> {
    let complain = |error: std::io::Error| format!("{}: {error}", to.display());
    let bytes = fs::read(from).map_err(|error| format!("{}: {error}", from.display()))?;
    if fs::read(to).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(complain)?;
    }
    fs::write(to, bytes).map_err(complain)
}

/// Counts the lines of `XCTest`. A run that ended badly, or without a single test, is a failure whatever they say.
fn count(success: bool, output: &str) -> Tally {
    let mut tally = Tally::default();
    for line in output.lines() {
        let Some((name, verdict)) = line.strip_prefix("Test Case '").and_then(|rest| rest.split_once("' ")) else {
            continue;
        };
        match verdict.split(' ').next() {
            Some("passed") => tally.passed += 1,
            Some("failed") => tally.failed += 1,
            Some("skipped") => {
                tally.skipped.push(Skip { name: name.to_owned(), why: "the test said so".to_owned() });
            }
            _ => {}
        }
    }
    if tally.failed == 0 && (!success || tally.passed == 0) {
        tally.failed = 1;
    }
    output.clone_into(&mut tally.output);
    tally
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn reads_what_the_test_runner_prints() {
        let output = "Test Case 'A.testOne' started at 12:00\nTest Case 'A.testOne' passed (0.1 seconds)\n\
                      Test Case 'A.testTwo' failed (0.1 seconds)\nTest Case 'B.testThree' skipped (0.0 seconds)\n";
        let tally = count(false, output);
        assert_eq!((tally.passed, tally.failed, tally.skipped.len()), (1, 1, 1));
        assert_eq!(tally.skipped[0].name, "B.testThree");
    }

    #[test]
    fn a_run_without_tests_has_failed() {
        assert_eq!(count(true, "Build complete!").failed, 1);
        assert_eq!(count(false, "error: no such module").failed, 1);
    }
}
