//! The others.

mod jvm;
pub(crate) mod lopdf;
mod openssl;
mod poppler;
mod pyhanko;

use std::fmt::{self, Display, Formatter};

use super::Bench;
use super::inputs::Input;
use crate::error::BenchError;

/// What a peer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Job {
    /// From the start of a process to the end of it.
    SignCold,
    /// Once more in a process that has already signed.
    SignWarm,
    /// Verifying, from the start of a process to the end of it.
    VerifyCold,
}

impl Job {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::SignCold => "sign, cold",
            Self::SignWarm => "sign, warm",
            Self::VerifyCold => "verify, cold",
        }
    }
}

/// One figure of a peer.
#[derive(Debug)]
pub(crate) struct Time {
    pub(crate) job: Job,
    /// What there is to say besides the name.
    pub(crate) note: &'static str,
    pub(crate) median_ms: f64,
}

/// A peer on one input.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) times: Vec<Time>,
    /// Of the process that signs cold.
    pub(crate) peak_kib: Option<i64>,
}

/// Measures a peer on one input.
type Measure = Box<dyn Fn(&Bench<'_>, &Input) -> Result<Figures, BenchError>>;

/// A peer that is here.
pub(crate) struct Peer {
    name: &'static str,
    measure: Measure,
}

/// A peer that is not.
#[derive(Debug)]
pub(crate) struct Missing {
    name: &'static str,
    why: &'static str,
}

impl Display for Missing {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "SKIPPED {}: {}", self.name, self.why)
    }
}

impl Peer {
    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn measure(&self, bench: &Bench<'_>, input: &Input) -> Result<Figures, BenchError> {
        (self.measure)(bench, input)
    }
}

/// Everyone, here or not.
pub(crate) fn all(bench: &Bench<'_>) -> Vec<Result<Peer, Missing>> {
    vec![
        openssl::cms(),
        openssl::dgst(),
        poppler::pdfsig(),
        pyhanko::pyhanko(bench),
        jvm::pdfbox(bench),
        Ok(lopdf::lopdf()),
    ]
}

/// A program that `PATH` leads to.
pub(super) fn on_path(name: &'static str, program: &str) -> Result<std::path::PathBuf, Missing> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file());
    found.ok_or(Missing { name, why: "it is not installed" })
}
