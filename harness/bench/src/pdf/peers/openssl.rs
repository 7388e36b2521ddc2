//! OpenSSL: what hashing and signing cost without any PDF.

use super::super::Bench;
use super::super::inputs::Input;
use super::{Figures, Job, Missing, Peer, Time, on_path};
use crate::child;

/// `openssl cms -sign`, detached.
pub(super) fn cms() -> Result<Peer, Missing> {
    const NAME: &str = "openssl cms -sign";
    let program = on_path(NAME, "openssl")?;
    let measure = move |bench: &Bench<'_>, input: &Input| {
        let files = [&input.path, &bench.identity.chain_file, &bench.identity.key_file, &bench.path("openssl.der")]
            .map(|path| path.to_string_lossy().into_owned());
        let [file, chain, key, out] = &files;
        let arguments = ["cms", "-sign", "-binary", "-md", "sha256", "-outform", "DER"];
        let files = ["-in", file, "-signer", chain, "-inkey", key, "-out", out];
        let turns = bench.effort.cold_turns(input.bytes);
        let runs = child::run(bench.place, turns, &program, &[arguments.as_slice(), &files].concat(), || Ok(()))?;
        let time = Time { job: Job::SignCold, note: " (lower bound)", median_ms: runs.turns.wall().median };
        Ok(Figures { times: vec![time], peak_kib: Some(runs.peak_kib) })
    };
    Ok(Peer { name: NAME, measure: Box::new(measure) })
}

/// `openssl dgst -sha256`.
pub(super) fn dgst() -> Result<Peer, Missing> {
    const NAME: &str = "openssl dgst -sha256";
    let program = on_path(NAME, "openssl")?;
    let measure = move |bench: &Bench<'_>, input: &Input| {
        let file = input.path.to_string_lossy();
        let turns = bench.effort.cold_turns(input.bytes);
        let runs = child::run(bench.place, turns, &program, &["dgst", "-sha256", &file], || Ok(()))?;
        let median_ms = runs.turns.wall().median;
        let times = [Job::SignCold, Job::VerifyCold].map(|job| Time { job, note: " (hashing alone)", median_ms });
        Ok(Figures { times: times.into(), peak_kib: Some(runs.peak_kib) })
    };
    Ok(Peer { name: NAME, measure: Box::new(measure) })
}
