//! ofdrw, by the program beside the interop tests: a process for each turn, and many turns in one process.

use std::path::PathBuf;

use serde::Deserialize;

use super::inputs::Input;
use super::{Bench, Figures, Job};
use crate::child;
use crate::error::BenchError;

const NAME: &str = "ofdrw";
/// Turns in one process: the machine compiles what it runs often.
const WARM: usize = 45;

#[derive(Debug, Deserialize)]
struct Run {
    ns: f64,
}

pub(super) fn measure(bench: &Bench<'_>, input: &Input, job: Job) -> Result<Figures, BenchError> {
    let there = bench.place.there("target/interop/ofdrw/built").and(bench.place.there("target/interop/ofdrw"));
    let folder = there.ok_or_else(|| BenchError::failed(NAME, "SKIPPED: cargo xtask test peers builds it"))?;
    let class_path = format!("{}:{}", folder.join("classes").display(), folder.join("lib/*").display());
    let (identity, sealed) = (&bench.identity, bench.path("ofdrw.ofd"));
    let from = if job == Job::Seal { &input.path } else { &sealed };
    let files = [from, &sealed, &identity.key_file, &identity.chain_file, &identity.seal_file];
    let [from, to, key, chain, seal] = files.map(|path: &PathBuf| path.to_string_lossy());
    let program = "cn.eseal.ofdrw.OfdrwBench";
    let run = |turns: usize, repeat: usize| {
        let repeat = repeat.to_string();
        let arguments = ["-cp", &class_path, program, job.name(), &from, &to, &key, &chain, &seal, &repeat];
        child::run(bench.place, turns, "java".as_ref(), &arguments, || Ok(()))
    };
    let cold = run(bench.effort.cold_turns(input.bytes).min(5), 1)?;
    let warm = run(1, WARM)?;
    let lines = warm.said.lines().filter_map(|line| serde_json::from_str::<Run>(line).ok());
    let mut times: Vec<f64> = lines.map(|run| run.ns / 1e6).collect();
    if times.len() != WARM {
        return Err(BenchError::failed(NAME, warm.said));
    }
    // The first third is still being compiled.
    times.drain(..WARM / 3);
    times.sort_by(f64::total_cmp);
    Ok(Figures { warm_ms: times[0], cold })
}
