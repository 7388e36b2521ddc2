//! `cargo xtask test`: every suite, in order, each with its time.

use crate::report::{Report, Tally};
use crate::setup::{self, Scope};
use crate::suites::{cargo, demo, dependencies, fuzz, leaks, licences, peers, phones};
use crate::workspace::Workspace;
use crate::{kotlin, swift};

/// How a suite is run.
enum Run {
    /// As one line of the summary.
    One(fn(&Workspace) -> Tally),
    /// As several.
    Several(fn(&Workspace, &mut Report)),
    /// As one, but not every day: it takes many minutes, or installs what does.
    Full(fn(&Workspace) -> Tally),
}

/// Every suite, cheap ones first.
const SUITES: &[(&str, Run)] = &[
    ("format", Run::One(cargo::format)),
    ("leaks", Run::One(leaks::none)),
    ("dependencies", Run::One(dependencies::rule)),
    ("lints", Run::One(cargo::lints)),
    ("peers", Run::One(peers::on_the_jvm)),
    ("ofdrw-rs", Run::Full(peers::in_rust)),
    ("rust", Run::Several(cargo::tests)),
    ("docs", Run::One(cargo::docs)),
    ("kotlin", Run::One(kotlin::over_the_library)),
    ("swift", Run::One(swift::over_the_library)),
    ("demo", Run::One(demo::leaves_its_results)),
    ("fuzz", Run::Full(fuzz::five_minutes_each)),
    ("licences", Run::Full(licences::allowed)),
    ("android", Run::Full(phones::android)),
];

/// What the person asked for.
#[derive(Debug, PartialEq, Eq)]
struct Options {
    /// Install what is missing first.
    setup: bool,
    /// How much to run, and to install for.
    scope: Scope,
    /// The suites to run; all when empty.
    only: Vec<String>,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self, String> {
        let mut options = Self { setup: false, scope: Scope::Everyday, only: Vec::new() };
        for argument in arguments {
            match argument.as_str() {
                "--setup" => options.setup = true,
                "--full" => options.scope = Scope::Full,
                name if SUITES.iter().any(|(suite, _)| *suite == name) => options.only.push(name.to_owned()),
                other => return Err(format!("test: no option and no suite is called {other}")),
            }
        }
        Ok(options)
    }

    fn wants(&self, suite: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name == suite)
    }
}

/// Runs the suites. An error means that some check failed.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), String> {
    let options = Options::parse(arguments)?;
    let mut report = Report::start();
    if options.setup {
        report.run("setup", || setup::run(workspace, options.scope));
    }
    for (suite, run) in SUITES.iter().filter(|(suite, _)| options.wants(suite)) {
        match run {
            Run::One(run) => report.run(suite, || run(workspace)),
            Run::Several(run) => run(workspace, &mut report),
            Run::Full(run) => report.run(suite, || match options.scope {
                Scope::Full => run(workspace),
                Scope::Everyday => Tally::skipped(suite, "takes many minutes: cargo xtask test --full"),
            }),
        }
    }
    if report.finish() { Ok(()) } else { Err(String::new()) }
}

#[cfg(test)]
mod tests {
    use super::{Options, Scope};

    fn parse(words: &[&str]) -> Result<Options, String> {
        Options::parse(&words.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn all_suites_run_when_none_is_named() {
        let options = parse(&["--setup"]).unwrap();
        assert!(options.setup && options.wants("format") && options.wants("rust"));
        assert_eq!(options.scope, Scope::Everyday);
    }

    #[test]
    fn a_named_suite_runs_alone() {
        let options = parse(&["format"]).unwrap();
        assert!(options.wants("format") && !options.wants("rust"));
    }

    #[test]
    fn unknown_options_are_refused() {
        assert!(parse(&["--fast"]).is_err());
        assert!(parse(&["fromat"]).is_err());
    }
}
