//! PDFBox, by the program beside the interop tests: a process for each signature, and many signatures in one process.

use serde::Deserialize;

use super::super::Bench;
use super::super::inputs::Input;
use super::{Figures, Job, Missing, Peer, Time, on_path};
use crate::child;
use crate::error::BenchError;

const NAME: &str = "PDFBox";
/// Turns in one process: the machine compiles what it runs often.
const WARM: usize = 15;

#[derive(Debug, Deserialize)]
struct Run {
    ns: f64,
}

pub(super) fn pdfbox(bench: &Bench<'_>) -> Result<Peer, Missing> {
    let java = on_path(NAME, "java")?;
    let there = bench.place.there("target/interop/jvm/built").and(bench.place.there("target/interop/jvm"));
    let folder = there.ok_or(Missing { name: NAME, why: "cargo xtask test peers builds it" })?;
    let class_path = format!("{}:{}", folder.join("classes").display(), folder.join("lib/*").display());
    let measure = move |bench: &Bench<'_>, input: &Input| {
        let identity = &bench.identity;
        let files = [&input.path, &bench.path("pdfbox.pdf"), &identity.key_file, &identity.chain_file]
            .map(|path| path.to_string_lossy().into_owned());
        let [file, out, key, chain] = &files;
        let run = |turns: usize, repeat: usize| {
            let repeat = repeat.to_string();
            let arguments = ["-cp", &class_path, "cn.eseal.peers.PdfBoxSign", file, out, key, chain, &repeat];
            child::run(bench.place, turns, &java, &arguments, || Ok(()))
        };
        let cold = run(bench.effort.cold_turns(input.bytes).min(3), 1)?;
        let warm = run(1, WARM)?;
        let mut times: Vec<f64> = warm
            .said
            .lines()
            .filter_map(|line| serde_json::from_str::<Run>(line).ok())
            .map(|run| run.ns / 1e6)
            .collect();
        if times.len() != WARM {
            return Err(BenchError::failed(NAME, warm.said));
        }
        // The first third is still being compiled.
        times.drain(..WARM / 3);
        times.sort_by(f64::total_cmp);
        let times = vec![
            Time { job: Job::SignCold, note: "", median_ms: cold.turns.wall().median },
            Time { job: Job::SignWarm, note: "", median_ms: times[times.len() / 2] },
        ];
        Ok(Figures { times, peak_kib: Some(cold.peak_kib) })
    };
    Ok(Peer { name: NAME, measure: Box::new(measure) })
}
