//! Reads what `cargo test -- --show-output` prints.
//!
//! A test that cannot run here (a tool is missing) prints `SKIPPED: <name>: <why>` and returns. libtest knows no such outcome and
//! counts it as passed; here it is taken out of the passed ones and counted as what it is.

use std::time::Duration;

use crate::report::{Skip, Tally};

/// The mark at the start of a line by which a test says that it did not run.
const SKIPPED: &str = "SKIPPED: ";

/// One test binary (or one crate's doc tests).
#[derive(Debug, Default)]
pub(crate) struct Target {
    /// The name of the test target: of an integration test as in `Cargo.toml`, of a crate as in `use`.
    pub(crate) name: String,
    /// Its tests.
    pub(crate) tally: Tally,
    /// The time its tests took, without building.
    pub(crate) elapsed: Duration,
    /// The test whose output is being read.
    speaker: String,
}

/// Splits the output of one `cargo test` run, both streams together, by test target.
pub(crate) fn parse(output: &str) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::new();
    for line in output.lines() {
        if let Some(name) = started(line) {
            targets.push(Target { name: name.to_owned(), ..Target::default() });
        }
        if let Some(target) = targets.last_mut() {
            take(target, line);
        }
    }
    targets
}

fn take(target: &mut Target, line: &str) {
    let tally = &mut target.tally;
    if let Some(skip) = line.strip_prefix(SKIPPED) {
        let (name, why) = skip.split_once(": ").unwrap_or((&target.speaker, skip));
        tally.skipped.push(Skip { name: name.to_owned(), why: why.to_owned() });
    } else if let Some(test) = line.strip_prefix("---- ").and_then(|rest| rest.strip_suffix(" stdout ----")) {
        target.speaker = format!("{}::{test}", target.name);
    } else if let Some((name, why)) = ignored(line) {
        tally.skipped.push(Skip { name: format!("{}::{name}", target.name), why: why.to_owned() });
    } else if let Some(counts) = line.strip_prefix("test result: ") {
        let marked = tally.skipped.len().saturating_sub(number_before(counts, " ignored"));
        tally.passed = number_before(counts, " passed").saturating_sub(marked);
        tally.failed = number_before(counts, " failed");
        target.elapsed = elapsed(counts);
    }
    tally.output.push_str(line);
    tally.output.push('\n');
}

/// The target that a line of cargo's announces: `Running tests/a.rs (target/debug/deps/a-0123)` or `Doc-tests a`.
fn started(line: &str) -> Option<&str> {
    let line = line.trim_start();
    if let Some(name) = line.strip_prefix("Doc-tests ") {
        return Some(name);
    }
    let path = line.strip_prefix("Running ")?.rsplit_once('(')?.1.strip_suffix(')')?;
    let file = path.rsplit(['/', '\\']).next()?;
    Some(file.rsplit_once('-').map_or(file, |(name, _hash)| name))
}

/// `test a::b ... ignored, why`.
fn ignored(line: &str) -> Option<(&str, &str)> {
    let (name, outcome) = line.strip_prefix("test ")?.split_once(" ... ignored")?;
    Some((name, outcome.strip_prefix(", ").unwrap_or("marked as ignored")))
}

fn number_before(counts: &str, word: &str) -> usize {
    counts
        .split_once(word)
        .and_then(|(before, _)| before.rsplit(|c: char| !c.is_ascii_digit()).next())
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}

fn elapsed(counts: &str) -> Duration {
    counts
        .split_once("finished in ")
        .and_then(|(_, time)| time.trim_end().strip_suffix('s')?.parse().ok())
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "\
   Compiling eseal-face v0.1.0
     Running unittests src/lib.rs (target/debug/deps/eseal_face-0e1f)

running 2 tests
test a ... ok
test b ... ignored, needs a phone

test result: ok. 1 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.25s

     Running interop/main.rs (target/debug/deps/interop-77aa)

running 3 tests
test pdfsig ... ok
test qpdf ... ok
test openssl ... FAILED

successes:

---- pdfsig stdout ----
SKIPPED: interop::pdfsig: not installed

failures:
    openssl

test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 61.50s

   Doc-tests eseal_face

running 1 test
test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";

    #[test]
    fn splits_by_target_and_counts() {
        let targets = parse(OUTPUT);
        let names: Vec<_> = targets.iter().map(|target| target.name.as_str()).collect();
        assert_eq!(names, ["eseal_face", "interop", "eseal_face"]);
        let counts: Vec<_> = targets.iter().map(|t| (t.tally.passed, t.tally.failed, t.tally.skipped.len())).collect();
        assert_eq!(counts, [(1, 0, 1), (1, 1, 1), (1, 0, 0)]);
        assert_eq!(targets[1].elapsed, Duration::from_millis(61_500));
    }

    #[test]
    fn a_skipped_test_is_named_with_its_reason() {
        let targets = parse(OUTPUT);
        let skip = |name: &str, why: &str| Skip { name: name.into(), why: why.into() };
        assert_eq!(targets[0].tally.skipped, [skip("eseal_face::b", "needs a phone")]);
        assert_eq!(targets[1].tally.skipped, [skip("interop::pdfsig", "not installed")]);
    }

    #[test]
    fn a_skip_without_a_name_is_its_test_s() {
        let output =
            "     Running tests/ink.rs (target/debug/deps/ink-0e1f)\n---- corpus stdout ----\nSKIPPED: no corpus\n";
        assert_eq!(parse(output)[0].tally.skipped, [Skip { name: "ink::corpus".into(), why: "no corpus".into() }]);
    }

    #[test]
    fn output_without_tests_has_no_target() {
        assert!(parse("error: could not compile `eseal-face`\n").is_empty());
    }
}
