//! Sealing and verifying OFD packages, against ofdrw.

mod identity;
mod inputs;
mod ofdrw;
mod ours;

use std::path::PathBuf;

use crate::child::Runs;
use crate::error::BenchError;
use crate::measure::{Effort, megabytes};
use crate::place::Place;
use crate::table::{Cell, Table};

use self::identity::Identity;
use self::inputs::Input;

/// Where everything for one run lies.
struct Bench<'a> {
    place: &'a Place,
    effort: Effort,
    folder: PathBuf,
    identity: Identity,
}

/// What is done to a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Job {
    /// From opening to the new file, whatever is in between.
    Seal,
    /// The sealed package, to the verdict.
    Verify,
}

impl Job {
    const ALL: [Self; 2] = [Self::Seal, Self::Verify];

    const fn name(self) -> &'static str {
        match self {
            Self::Seal => "seal",
            Self::Verify => "verify",
        }
    }
}

/// One program at one job.
struct Figures {
    /// Again and again in one process: the processor's time of the best turn, ms.
    warm_ms: f64,
    /// A process from start to end.
    cold: Runs,
}

pub(crate) fn run(place: &Place, effort: Effort) -> Result<Vec<Table>, BenchError> {
    let folder = place.bench().join("ofd");
    std::fs::create_dir_all(&folder)?;
    let identity = Identity::make(&folder)?;
    let bench = Bench { place, effort, folder, identity };
    let eseal = place.eseal()?;
    let mut table = Table::new(
        "OFD: ours against ofdrw",
        "Sealing is one seal of GB/T 38540-2020 with SM2 on page 1, from opening to the new file; verifying is what each program's \
         verifier does with what it sealed: ours judges certificates, seal, unnamed files and coverage as well, ofdrw's digests, \
         seal file and signature only, and `eseal stamp` verifies what it wrote before it is done. Times are the \
         processor's, of the best turn. Warm: again and again in one process (ofdrw's after a third of its turns, compiled by then). \
         Cold: a process from start to end, the JVM's start included. Ratios are theirs \
         to ours.",
        [
            "input",
            "job",
            "eseal",
            "ofdrw",
            "warm",
            "eseal, cold",
            "ofdrw, cold",
            "cold",
            "eseal, peak",
            "ofdrw, peak",
            "peak",
        ],
    );
    for input in inputs::make(&bench)? {
        eprintln!("ofd: {} …", input.name);
        for job in Job::ALL {
            let own = ours::measure(&bench, &eseal, &input, job)?;
            let row = match ofdrw::measure(&bench, &input, job) {
                Ok(theirs) => row(&input, job, &own, &theirs),
                Err(why) => skipped(&input, job, &own, &why),
            };
            table.row(row);
        }
    }
    Ok(vec![table])
}

fn row(input: &Input, job: Job, own: &Figures, theirs: &Figures) -> Vec<Cell> {
    let cold = [own, theirs].map(|figures| figures.cold.turns.cpu().least);
    let peak = [own, theirs].map(|figures| megabytes(figures.cold.peak_kib));
    vec![
        Cell::text(&input.name),
        Cell::text(job.name()),
        Cell::Ms(own.warm_ms),
        Cell::Ms(theirs.warm_ms),
        Cell::Ratio(theirs.warm_ms / own.warm_ms),
        Cell::Ms(cold[0]),
        Cell::Ms(cold[1]),
        Cell::Ratio(cold[1] / cold[0]),
        Cell::Mb(peak[0]),
        Cell::Mb(peak[1]),
        Cell::Ratio(peak[1] / peak[0]),
    ]
}

fn skipped(input: &Input, job: Job, own: &Figures, why: &BenchError) -> Vec<Cell> {
    let mut cells = vec![
        Cell::text(&input.name),
        Cell::text(job.name()),
        Cell::Ms(own.warm_ms),
        Cell::text(why.to_string().replace('\n', " ")),
        Cell::None,
        Cell::Ms(own.cold.turns.cpu().least),
    ];
    cells.extend([Cell::None, Cell::None, Cell::Mb(megabytes(own.cold.peak_kib)), Cell::None, Cell::None]);
    cells
}

impl Bench<'_> {
    /// A path in the run's folder.
    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}
