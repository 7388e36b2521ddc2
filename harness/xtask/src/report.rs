//! What suites found, and how it is told.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// How many of the last lines of a failing suite's output are shown. The whole of it stays in its log file.
const SHOWN_LINES: usize = 250;

/// A check that was not made, and why.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Skip {
    /// The suite or test.
    pub(crate) name: String,
    /// What was missing.
    pub(crate) why: String,
}

/// The checks of one suite.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Checks made that held.
    pub(crate) passed: usize,
    /// Checks made that did not hold.
    pub(crate) failed: usize,
    /// Checks not made.
    pub(crate) skipped: Vec<Skip>,
    /// What to show when something failed.
    pub(crate) output: String,
}

impl Tally {
    /// Checks that all held.
    pub(crate) fn passed(count: usize) -> Self {
        Self { passed: count, ..Self::default() }
    }

    /// One check that did not hold, and what it said.
    pub(crate) fn failed(output: impl Into<String>) -> Self {
        Self { failed: 1, output: output.into(), ..Self::default() }
    }

    /// A suite that could not be run here.
    pub(crate) fn skipped(name: &str, why: impl Into<String>) -> Self {
        Self { skipped: vec![Skip { name: name.to_owned(), why: why.into() }], ..Self::default() }
    }

    /// The checks of another one, too.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped.extend(other.skipped);
        self.output.push_str(&other.output);
    }

    /// One more check, with what to say when it does not hold.
    pub(crate) fn check(&mut self, held: bool, complaint: impl FnOnce() -> String) {
        if held {
            self.passed += 1;
        } else {
            self.failed += 1;
            self.output.push_str(&complaint());
            self.output.push('\n');
        }
    }
}

/// One line of the summary.
struct Row {
    suite: String,
    tally: Tally,
    elapsed: Duration,
}

/// All that one run of the test command found.
pub(crate) struct Report {
    rows: Vec<Row>,
    started: Instant,
}

impl Report {
    /// An empty report; its clock starts.
    pub(crate) fn start() -> Self {
        Self { rows: Vec::new(), started: Instant::now() }
    }

    /// Runs a suite, timing it and telling at once how it went.
    pub(crate) fn run(&mut self, suite: &str, run: impl FnOnce() -> Tally) {
        println!("{suite} …");
        let started = Instant::now();
        let tally = run();
        self.add(suite, tally, started.elapsed());
    }

    /// Takes up a suite that was run and timed elsewhere.
    pub(crate) fn add(&mut self, suite: &str, tally: Tally, elapsed: Duration) {
        let row = Row { suite: suite.to_owned(), tally, elapsed };
        if row.tally.failed > 0 {
            println!("{}", last_lines(&row.tally.output));
        }
        println!("{}", line(&row));
        self.rows.push(row);
    }

    /// Prints the summary; its last line is `N passed, N failed, N skipped`. Answers whether nothing failed.
    pub(crate) fn finish(&self) -> bool {
        println!("\n{}", self.summary());
        self.held()
    }

    fn held(&self) -> bool {
        self.rows.iter().all(|row| row.tally.failed == 0)
    }

    fn summary(&self) -> String {
        let mut text = String::new();
        for row in &self.rows {
            let _ = writeln!(text, "{}", line(row));
        }
        let skipped: Vec<_> = self.rows.iter().flat_map(|row| &row.tally.skipped).collect();
        for skip in &skipped {
            let _ = writeln!(text, "SKIPPED: {}: {}", skip.name, skip.why);
        }
        let sum = |part: fn(&Tally) -> usize| self.rows.iter().map(|row| part(&row.tally)).sum::<usize>();
        let _ = writeln!(text, "total time {}", clock(self.started.elapsed()));
        let _ = write!(
            text,
            "{} passed, {} failed, {} skipped",
            sum(|tally| tally.passed),
            sum(|tally| tally.failed),
            skipped.len()
        );
        text
    }
}

fn line(row: &Row) -> String {
    let Tally { passed, failed, skipped, .. } = &row.tally;
    let verdict = match (*failed, *passed) {
        (1.., _) => "FAILED",
        (0, 0) if !skipped.is_empty() => "SKIPPED",
        (0, 0) => "done",
        (0, _) => "passed",
    };
    let suite = &row.suite;
    let skipped = skipped.len();
    let time = clock(row.elapsed);
    format!("{verdict:<8} {suite:<16} {passed:>5} passed {failed:>3} failed {skipped:>3} skipped {time:>10}")
}

fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f32())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

fn last_lines(output: &str) -> String {
    let lines: Vec<_> = output.lines().collect();
    let hidden = lines.len().saturating_sub(SHOWN_LINES);
    let shown = lines.get(hidden..).unwrap_or_default().join("\n");
    if hidden == 0 { shown } else { format!("[{hidden} lines before these are in target/xtask]\n{shown}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_sums_all_suites() {
        let row = |suite: &str, tally| Row { suite: suite.to_owned(), tally, elapsed: Duration::ZERO };
        let mut report = Report::start();
        report.rows.extend([row("a", Tally::passed(3)), row("c", Tally::skipped("c", "no such tool"))]);
        assert!(report.held());
        report.rows.push(row("b", Tally::failed("broken")));
        let summary = report.summary();
        assert_eq!(summary.lines().last(), Some("3 passed, 1 failed, 1 skipped"));
        assert!(summary.contains("SKIPPED: c: no such tool"));
        assert!(!report.held());
    }

    #[test]
    fn a_suite_with_nothing_but_skips_is_not_called_passed() {
        let row = |tally| line(&Row { suite: "s".into(), tally, elapsed: Duration::ZERO });
        assert!(row(Tally::skipped("s", "why")).starts_with("SKIPPED"));
        assert!(row(Tally::passed(1)).starts_with("passed"));
        assert!(row(Tally::failed("x")).starts_with("FAILED"));
    }

    #[test]
    fn long_output_keeps_its_end() {
        let long = format!("{}end", "line\n".repeat(999));
        let shown = last_lines(&long);
        assert!(shown.starts_with("[750 lines"));
        assert!(shown.ends_with("line\nend"));
    }
}
