//! pyHanko: a process for each signature, and many signatures in one process.

use std::fs;

use serde::Deserialize;

use super::super::Bench;
use super::super::inputs::Input;
use super::{Figures, Job, Missing, Peer, Time};
use crate::child;
use crate::error::BenchError;

const NAME: &str = "pyHanko";
const SCRIPT: &str = include_str!("pyhanko_bench.py");
/// Turns in one process.
const WARM: usize = 7;

/// What the script prints.
#[derive(Debug, Deserialize)]
struct Said {
    ms: Vec<f64>,
}

pub(super) fn pyhanko(bench: &Bench<'_>) -> Result<Peer, Missing> {
    let python = bench.place.there("target/tools/pyhanko/bin/python");
    let python = python.ok_or(Missing { name: NAME, why: "cargo xtask test --setup installs it" })?;
    let measure = move |bench: &Bench<'_>, input: &Input| {
        // Not under the package's own name, which Python would then take it for.
        let script = bench.path("pyhanko_bench.py");
        fs::write(&script, SCRIPT)?;
        let sealed = bench.sealed(input)?;
        let identity = &bench.identity;
        let (out, root) = (bench.path("pyhanko.pdf"), &identity.root_file);
        let files = [&script, &input.path, &out, &identity.key_file, &identity.chain_file, &sealed, root]
            .map(|path| path.to_string_lossy().into_owned());
        let [script, input_file, out, key, chain, sealed, root] = &files;
        let run = |turns: usize, job: &str, repeat: &str| {
            let arguments: [&str; 6] = match job {
                "sign" => [script, job, input_file, out, key, chain],
                _ => [script, job, sealed, root, "", ""],
            };
            child::run(bench.place, turns, &python, &[arguments.as_slice(), &[repeat]].concat(), || Ok(()))
        };
        let turns = bench.effort.cold_turns(input.bytes).min(5);
        let cold = run(turns, "sign", "1")?;
        let warm = run(1, "sign", &WARM.to_string())?;
        let verify = run(turns, "verify", "1")?;
        let said: Said = serde_json::from_str(&warm.said)?;
        let mut warm = said.ms;
        // The first of them is still cold.
        warm.remove(0);
        warm.sort_by(f64::total_cmp);
        let times = vec![
            Time { job: Job::SignCold, note: "", median_ms: cold.turns.wall().median },
            Time { job: Job::SignWarm, note: "", median_ms: warm[warm.len() / 2] },
            Time { job: Job::VerifyCold, note: "", median_ms: verify.turns.wall().median },
        ];
        Ok::<_, BenchError>(Figures { times, peak_kib: Some(cold.peak_kib) })
    };
    Ok(Peer { name: NAME, measure: Box::new(measure) })
}
