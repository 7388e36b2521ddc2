//! Poppler's verifier.

use super::super::Bench;
use super::super::inputs::Input;
use super::{Figures, Job, Missing, Peer, Time, on_path};
use crate::child;
use crate::error::BenchError;

/// `pdfsig -nocert` on a file that eseal sealed.
pub(super) fn pdfsig() -> Result<Peer, Missing> {
    const NAME: &str = "pdfsig";
    let program = on_path(NAME, "pdfsig")?;
    let measure = move |bench: &Bench<'_>, input: &Input| {
        let sealed = bench.sealed(input)?;
        let turns = bench.effort.cold_turns(input.bytes);
        let runs = child::run(bench.place, turns, &program, &["-nocert", &sealed.to_string_lossy()], || Ok(()))?;
        if !runs.said.contains("Signature is Valid") {
            return Err(BenchError::failed(NAME, runs.said));
        }
        let time = Time { job: Job::VerifyCold, note: "", median_ms: runs.turns.wall().median };
        Ok(Figures { times: vec![time], peak_kib: Some(runs.peak_kib) })
    };
    Ok(Peer { name: NAME, measure: Box::new(measure) })
}
