//! eseal itself: in this process, and the command as a process.

use std::fs::File;
use std::path::{Path, PathBuf};

use eseal_document::ofd::{Mark, Ofd, StampRequest, verify};
use eseal_document::pdf::PageIndex;
use eseal_document::report::Verdict;

use super::inputs::Input;
use super::{Bench, Figures, Job};
use crate::child;
use crate::error::BenchError;
use crate::measure::Turns;

pub(super) fn measure(bench: &Bench<'_>, eseal: &Path, input: &Input, job: Job) -> Result<Figures, BenchError> {
    let sealed = bench.path("ours.ofd");
    let mut warm = Turns::default();
    for _ in 0..bench.effort.turns(input.bytes) {
        match job {
            Job::Seal => warm.time(|| seal(bench, &input.path, &sealed))?,
            Job::Verify => warm.time(|| judge(bench, &sealed))?,
        }
    }
    let identity = &bench.identity;
    let files =
        [&input.path, &sealed, &identity.key_file, &identity.chain_file, &identity.seal_file, &identity.root_file];
    let [from, to, key, chain, seal, root] = files.map(|path: &PathBuf| path.to_string_lossy());
    let arguments = match job {
        Job::Seal => vec![
            "stamp",
            &*from,
            "-o",
            &*to,
            "--key",
            &*key,
            "--cert",
            &*chain,
            "--seal",
            &*seal,
            "--at",
            "1:30,40,40,40",
        ],
        Job::Verify => vec!["verify", &*to, "--trust", &*root],
    };
    let cold = child::run(bench.place, bench.effort.cold_turns(input.bytes), eseal, &arguments, || Ok(()))?;
    Ok(Figures { warm_ms: warm.cpu().least, cold })
}

fn seal(bench: &Bench<'_>, from: &Path, to: &Path) -> Result<(), BenchError> {
    let identity = &bench.identity;
    let mark = Mark::new(PageIndex::new(1), [30.0, 40.0], [40.0, 40.0])?;
    let request = StampRequest::new(&identity.seal, identity.chain.leaf(), identity.now).mark(mark);
    let prepared = Ofd::open(File::open(from)?)?.prepare(&request)?;
    let signature = identity.key.sign(prepared.to_be_signed());
    Ok(prepared.complete(&signature)?.save_as(to)?)
}

fn judge(bench: &Bench<'_>, path: &Path) -> Result<(), BenchError> {
    let report = verify(File::open(path)?, &bench.identity.anchors, bench.identity.now)?;
    let is_right = report.verdict == Verdict::Valid && report.signatures.len() == 1;
    if is_right { Ok(()) } else { Err(BenchError::failed("verify", format!("{report:?}"))) }
}
