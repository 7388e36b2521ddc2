//! Sealing and verifying PDFs.

mod bars;
mod identity;
mod inputs;
mod ours;
pub(crate) mod peers;
mod revisions;

use std::path::{Path, PathBuf};

use crate::child::Runs;
use crate::error::BenchError;
use crate::measure::{Effort, megabytes};
use crate::place::Place;
use crate::table::{Cell, Table};

use self::identity::Identity;
use self::inputs::Input;
use self::ours::{InProcess, Ours};
use self::peers::Peer;

/// Everything that is measured on one input.
struct Case {
    input: Input,
    ours: InProcess,
    save: Runs,
    append: Runs,
    verify: Runs,
    /// Each peer's figures, or why there are none.
    peers: Vec<Result<peers::Figures, String>>,
}

/// Where everything for one run lies.
pub(crate) struct Bench<'a> {
    place: &'a Place,
    effort: Effort,
    folder: PathBuf,
    identity: Identity,
}

pub(crate) fn run(place: &Place, effort: Effort) -> Result<Vec<Table>, BenchError> {
    let folder = place.bench().join("pdf");
    std::fs::create_dir_all(&folder)?;
    let identity = Identity::make(&folder)?;
    let bench = Bench { place, effort, folder, identity };
    let ours = Ours::build(place)?;
    let peers = peers::all(&bench);
    let base = ours.base(&bench)?;
    let inputs = inputs::make(&bench.folder)?;
    let page = inputs.iter().find(|input| input.pages == 1);
    let signatures = page.map(|page| revisions::table(&bench, page)).transpose()?;
    let mut cases = Vec::new();
    for input in inputs {
        eprintln!("pdf: {} …", input.name);
        let measure = |peer: &Result<Peer, peers::Missing>| match peer {
            Ok(peer) => peer.measure(&bench, &input).map_err(|error| format!("{} FAILED: {error}", peer.name())),
            Err(missing) => Err(missing.to_string()),
        };
        let figures = peers.iter().map(measure).collect();
        let case = Case {
            ours: ours::in_process(&bench, &input)?,
            save: ours.save(&bench, &input)?,
            append: ours.append(&bench, &input)?,
            verify: ours.verify(&bench, &input)?,
            peers: figures,
            input,
        };
        cases.push(case);
    }
    let tables =
        [bars::table(&cases, base), own_table(&cases), peer_table(&cases, &peers), memory_table(&cases, &peers, base)];
    Ok(tables.into_iter().chain(signatures).collect())
}

/// What each step costs.
fn own_table(cases: &[Case]) -> Table {
    let mut table = Table::new(
        "PDF: the steps of sealing, in process",
        "Median of the processor's time, and the least in brackets, ms; the last two columns are medians by the clock on the wall. \
         `hash` is the same hasher over the same file once, in the same turns.",
        [
            "input",
            "hash",
            "prepare",
            "complete",
            "append in place",
            "save to a new file",
            "verify",
            "prepare, wall",
            "hash, wall",
        ],
    );
    for case in cases {
        let cpu = |turns: &crate::measure::Turns| {
            let cpu = turns.cpu();
            Cell::text(format!("{:.3} ({:.3})", cpu.median, cpu.least))
        };
        let ours = &case.ours;
        table.row(vec![
            Cell::text(case.input.name),
            cpu(&ours.hash),
            cpu(&ours.prepare),
            cpu(&ours.complete),
            cpu(&ours.append),
            cpu(&ours.save),
            cpu(&ours.verify),
            Cell::Ms(ours.prepare.wall().median),
            Cell::Ms(ours.hash.wall().median),
        ]);
    }
    table
}

/// How many times as long the others take.
fn peer_table(cases: &[Case], peers: &[Result<Peer, peers::Missing>]) -> Table {
    let mut table = Table::new(
        "PDF: times as long as eseal, wall, median",
        "Each peer's time divided by ours on the same file in the same run; below 1 it is faster. Cold: a process from start \
         to end, ours `eseal stamp` to a new file (verifying: `eseal verify`). Warm: again and again in one process, ours from \
         opening to the saved new file. `openssl` neither reads a PDF nor writes one: it is the lower bound of hashing and \
         signing the bytes.",
        ["input", "job", "eseal", "peer", "peer's time", "ratio"],
    );
    for case in cases {
        for (peer, figures) in peers.iter().zip(&case.peers) {
            let (Ok(peer), Ok(figures)) = (peer, figures) else {
                let why = figures.as_ref().err().cloned().unwrap_or_default();
                let input = Cell::text(case.input.name);
                table.row(vec![
                    input,
                    Cell::None,
                    Cell::None,
                    Cell::text(why.replace('\n', " ")),
                    Cell::None,
                    Cell::None,
                ]);
                continue;
            };
            for figure in &figures.times {
                let own = match figure.job {
                    peers::Job::SignCold => case.save.turns.wall().median,
                    peers::Job::SignWarm => case.ours.seal_to_new.wall().median,
                    peers::Job::VerifyCold => case.verify.turns.wall().median,
                };
                table.row(vec![
                    Cell::text(case.input.name),
                    Cell::text(figure.job.name()),
                    Cell::Ms(own),
                    Cell::text(format!("{}{}", peer.name(), figure.note)),
                    Cell::Ms(figure.median_ms),
                    Cell::Ratio(figure.median_ms / own),
                ]);
            }
        }
        table.row(vec![
            Cell::text(case.input.name),
            Cell::text("sign, cold"),
            Cell::Ms(case.save.turns.wall().median),
            Cell::text("eseal stamp in place"),
            Cell::Ms(case.append.turns.wall().median),
            Cell::Ratio(case.append.turns.wall().median / case.save.turns.wall().median),
        ]);
    }
    table
}

/// Peak memory.
fn memory_table(cases: &[Case], peers: &[Result<Peer, peers::Missing>], base: i64) -> Table {
    let mut table = Table::new(
        "PDF: peak memory of a process",
        &format!(
            "Highest resident size, as the system says; `eseal --version`, the base, has {:.1} MB.",
            megabytes(base)
        ),
        ["input", "program", "peak", "over the base"],
    );
    for case in cases {
        let own = [
            ("eseal stamp to a new file", &case.save),
            ("eseal stamp in place", &case.append),
            ("eseal verify", &case.verify),
        ];
        for (name, runs) in own {
            table.row(vec![
                Cell::text(case.input.name),
                Cell::text(name),
                Cell::Mb(megabytes(runs.peak_kib)),
                Cell::Mb(megabytes(runs.peak_kib - base)),
            ]);
        }
        for (peer, figures) in peers.iter().zip(&case.peers) {
            if let (Ok(peer), Some(peak)) = (peer, figures.as_ref().ok().and_then(|figures| figures.peak_kib)) {
                table.row(vec![
                    Cell::text(case.input.name),
                    Cell::text(peer.name()),
                    Cell::Mb(megabytes(peak)),
                    Cell::None,
                ]);
            }
        }
    }
    table
}

impl Bench<'_> {
    /// A path in the run's folder.
    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The input as eseal has sealed it.
    fn sealed(&self, input: &Input) -> Result<PathBuf, BenchError> {
        let sealed = self.path("sealed.pdf");
        ours::seal_to(self, &input.path, &sealed)?;
        Ok(sealed)
    }

    /// A fresh copy of an input under that name.
    fn copy(&self, input: &Path, name: &str) -> Result<PathBuf, BenchError> {
        let copy = self.path(name);
        std::fs::copy(input, &copy)?;
        Ok(copy)
    }
}
