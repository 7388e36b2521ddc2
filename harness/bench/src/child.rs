//! How long a process takes from its start to its end, and how much memory it has at most.
//!
//! The system tells the peak of all children that have ended together, so a small process is put in between that has no
//! other child: this program, started again with [`WATCH`].

use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use serde::{Deserialize, Serialize};

use crate::error::BenchError;
use crate::measure::{Turn, Turns, milliseconds};
use crate::place::Place;

/// The argument that makes this program watch over one other.
pub(crate) const WATCH: &str = "--watch";
/// Where a watched program's own words go.
const MARK: &str = "eseal-bench-watched ";

#[derive(Debug, Serialize, Deserialize)]
struct Watched {
    wall_ms: f64,
    cpu_ms: f64,
    peak_kib: i64,
}

/// A program's turns.
#[derive(Debug, Clone, Default)]
pub(crate) struct Runs {
    /// How long they took.
    pub(crate) turns: Turns,
    /// Most memory that one of them had at a time, KiB.
    pub(crate) peak_kib: i64,
    /// What the last one said.
    pub(crate) said: String,
}

/// What the process in between does.
pub(crate) fn watch(command: &[String]) -> Result<(), BenchError> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(BenchError::Usage("nothing to watch".to_owned()));
    };
    let started = Instant::now();
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::piped()).output()?;
    let wall_ms = milliseconds(started.elapsed());
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(BenchError::failed(program, format!("{}: {}", output.status, why.trim())));
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = [usage.user_time(), usage.system_time()];
    let spent: i64 = cpu.iter().map(|time| time.tv_sec() * 1_000_000 + time.tv_usec()).sum();
    let cpu_ms = milliseconds(Duration::from_micros(spent.unsigned_abs()));
    let watched = Watched { wall_ms, cpu_ms, peak_kib: usage.max_rss() };
    let mut out = io::stdout().lock();
    out.write_all(&output.stdout)?;
    writeln!(out, "\n{MARK}{}", serde_json::to_string(&watched)?)?;
    Ok(())
}

/// Starts a program so many times; `before` is done before each.
pub(crate) fn run(
    place: &Place,
    turns: usize,
    program: &Path,
    arguments: &[&str],
    mut before: impl FnMut() -> Result<(), BenchError>,
) -> Result<Runs, BenchError> {
    let mut runs = Runs::default();
    for _ in 0..turns {
        before()?;
        let output = Command::new(place.program()).arg(WATCH).arg(program).args(arguments).output()?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let Some((said, watched)) = said.rsplit_once(MARK) else {
            return Err(BenchError::failed(program.to_string_lossy(), String::from_utf8_lossy(&output.stderr).trim()));
        };
        let watched: Watched = serde_json::from_str(watched)?;
        runs.turns.add(Turn { wall_ms: watched.wall_ms, cpu_ms: watched.cpu_ms });
        runs.peak_kib = runs.peak_kib.max(watched.peak_kib);
        said.trim().clone_into(&mut runs.said);
    }
    Ok(runs)
}
