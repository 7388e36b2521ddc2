//! How long a job takes in this process.

use std::time::{Duration, Instant};

use nix::time::{ClockId, clock_gettime};
use serde::Serialize;

use crate::error::BenchError;

/// How many turns are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// For a look.
    Quick,
    /// For figures.
    Full,
}

impl Effort {
    /// Turns for a job on so many bytes.
    pub(crate) fn turns(self, bytes: u64) -> usize {
        let turns = match bytes {
            0..1_000_000 => 300,
            1_000_000..20_000_000 => 60,
            20_000_000..100_000_000 => 15,
            _ => 9,
        };
        if self == Effort::Quick { turns / 3 } else { turns }
    }

    /// Turns for a process that is started anew.
    pub(crate) fn cold_turns(self, bytes: u64) -> usize {
        let turns = if bytes < 20_000_000 { 9 } else { 5 };
        if self == Effort::Quick { 3 } else { turns }
    }
}

/// One turn, ms.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Turn {
    /// By the clock on the wall.
    pub(crate) wall_ms: f64,
    /// Time of the processor, in user and system.
    pub(crate) cpu_ms: f64,
}

/// Many turns of one job.
#[derive(Debug, Clone, Default)]
pub(crate) struct Turns {
    turns: Vec<Turn>,
}

/// Middle and least, ms.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Spread {
    /// As many are above as below.
    pub(crate) median: f64,
    /// The least.
    pub(crate) least: f64,
}

impl Turns {
    pub(crate) fn add(&mut self, turn: Turn) {
        self.turns.push(turn);
    }

    /// Takes the time of a job that is done now.
    pub(crate) fn time<T>(&mut self, job: impl FnOnce() -> Result<T, BenchError>) -> Result<T, BenchError> {
        let (wall, cpu) = (Instant::now(), cpu_time()?);
        let answer = job()?;
        let (wall, cpu) = (wall.elapsed(), cpu_time()?.saturating_sub(cpu));
        self.add(Turn { wall_ms: milliseconds(wall), cpu_ms: milliseconds(cpu) });
        Ok(answer)
    }

    pub(crate) fn wall(&self) -> Spread {
        spread(self.turns.iter().map(|turn| turn.wall_ms))
    }

    pub(crate) fn cpu(&self) -> Spread {
        spread(self.turns.iter().map(|turn| turn.cpu_ms))
    }
}

fn spread(values: impl Iterator<Item = f64>) -> Spread {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
    Spread { median: at(values.len() / 2), least: at(0) }
}

fn cpu_time() -> Result<Duration, BenchError> {
    Ok(clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID)?.into())
}

pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// Memory as the system tells it, in millions of bytes.
#[expect(clippy::cast_precision_loss, reason = "sizes of memory are far below 2^52")]
pub(crate) fn megabytes(kib: i64) -> f64 {
    kib as f64 * 1_024.0 / 1e6
}
