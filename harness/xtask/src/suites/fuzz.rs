//! The fuzz targets of `tests/fuzz`, five minutes each.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::process::{on_path, run_logged};
use crate::report::Tally;
use crate::workspace::Workspace;

/// Each target, the longest input it is given, and what it starts from.
const TARGETS: &[(&str, &str, Start)] = &[
    ("reader", "24576", PDFS),
    ("writer", "24576", PDFS),
    ("verifier", "24576", PDFS),
    ("der", "8192", Start::Seeds { folder: "corpus/der", dictionary: None }),
    ("cms", "8192", Start::Seeds { folder: "corpus/der", dictionary: None }),
    ("ses", "8192", Start::Seeds { folder: "corpus/der", dictionary: None }),
    ("ofd", "24576", Start::Seeds { folder: "corpus/ofd", dictionary: None }),
    ("structure", "256", Start::Nothing),
    ("package", "256", Start::Nothing),
    ("frame", "16384", Start::Nothing),
    ("photo", "16384", Start::Nothing),
    ("ink", "16384", Start::Nothing),
    ("payload", "4096", Start::Seeds { folder: "corpus/payload", dictionary: None }),
];
const PDFS: Start = Start::Seeds { folder: "corpus/pdf", dictionary: Some("pdf.dict") };
/// How long each is run.
const SECONDS: u32 = 300;

#[derive(Clone, Copy)]
enum Start {
    /// From committed inputs, and perhaps words that the format knows.
    Seeds { folder: &'static str, dictionary: Option<&'static str> },
    /// From nothing: what it reads is no file.
    Nothing,
}

/// Runs every target; what they find is told by its file, which repeats it.
pub(crate) fn five_minutes_each(workspace: &Workspace) -> Tally {
    const SUITE: &str = "fuzz";
    if on_path("c++").is_none() {
        return Tally::skipped(SUITE, "not installed: a C++ compiler, for libFuzzer");
    }
    let mut tally = Tally::default();
    for &(target, longest, start) in TARGETS {
        let found = workspace.target().join("fuzz/findings").join(target);
        let corpus = workspace.target().join("fuzz/corpus").join(target);
        if let Err(error) = fs::create_dir_all(&corpus).and_then(|()| fs::create_dir_all(&found)) {
            return Tally::failed(error.to_string());
        }
        let mut fuzz = command(workspace, target, longest, start, &corpus, &found);
        match run_logged(&mut fuzz, &workspace.log(&format!("{SUITE}-{target}"))) {
            Ok(finished) => tally.check(finished.success, || last_lines(&finished.output)),
            Err(error) => tally.check(false, || format!("{target}: {error}")),
        }
    }
    tally
}

fn command(workspace: &Workspace, target: &str, longest: &str, start: Start, corpus: &Path, found: &Path) -> Command {
    let mut fuzz = workspace.cargo();
    fuzz.current_dir(workspace.root().join("tests/fuzz"));
    fuzz.args(["run", "--quiet", "--release", "--bin", target, "--", "-timeout=10", "-rss_limit_mb=1024"]);
    fuzz.arg(format!("-max_len={longest}")).arg(format!("-max_total_time={SECONDS}"));
    fuzz.arg(format!("-artifact_prefix={}/", found.display())).arg(corpus);
    if let Start::Seeds { folder, dictionary } = start {
        fuzz.arg(folder).args(dictionary.map(|words| format!("-dict={words}")));
    }
    fuzz
}

/// What was found, without the progress above it.
fn last_lines(output: &str) -> String {
    let lines: Vec<_> = output.lines().collect();
    lines[lines.len().saturating_sub(40)..].join("\n")
}
