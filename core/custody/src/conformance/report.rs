/// How a check ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it should be.
    Pass,
    /// Not as it should be.
    Fail {
        /// What was found, for the developer of the host.
        detail: String,
    },
    /// Not tried, because an earlier check failed.
    NotChecked,
}

/// One named check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The stable name of what is checked.
    pub name: &'static str,
    /// How it ended.
    pub outcome: Outcome,
}

/// What a suite found: every check that it has, in a fixed order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The checks.
    pub checks: Vec<Check>,
}

impl Report {
    /// Whether every check was made and passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        !self.checks.is_empty() && self.checks.iter().all(|check| check.outcome == Outcome::Pass)
    }

    /// The names of the checks that failed.
    pub fn failures(&self) -> impl Iterator<Item = &'static str> {
        self.checks.iter().filter(|check| matches!(check.outcome, Outcome::Fail { .. })).map(|check| check.name)
    }
}

/// A check's finding: nothing, or what is wrong.
pub(super) type Finding = Result<(), String>;

/// Collects findings in order; once one fails for good, those after it are noted as not checked.
#[derive(Default)]
pub(super) struct Recorder {
    checks: Vec<Check>,
}

impl Recorder {
    pub(super) fn record(&mut self, name: &'static str, finding: Finding) {
        let outcome = match finding {
            Ok(()) => Outcome::Pass,
            Err(detail) => Outcome::Fail { detail },
        };
        self.checks.push(Check { name, outcome });
    }

    pub(super) fn skip(&mut self, names: &[&'static str]) {
        self.checks.extend(names.iter().map(|name| Check { name, outcome: Outcome::NotChecked }));
    }

    pub(super) fn finish(self) -> Report {
        Report { checks: self.checks }
    }
}

pub(super) fn require(holds: bool, otherwise: &str) -> Finding {
    if holds { Ok(()) } else { Err(otherwise.to_owned()) }
}
