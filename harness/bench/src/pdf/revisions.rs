//! Verifying files with many signatures, each in a revision of its own: what they cost should grow with their number, not
//! with its square.

use std::fs;
use std::path::Path;

use eseal_document::report::{Integrity, Verdict};
use eseal_document::{open, verify};

use super::Bench;
use super::inputs::Input;
use super::ours;
use super::peers;
use crate::child;
use crate::error::BenchError;
use crate::measure::{Effort, Turns};
use crate::table::{Cell, Table};

const COUNTS: [usize; 3] = [1, 30, 300];

/// How long one page takes with so many signatures by one signer.
pub(super) fn table(bench: &Bench<'_>, page: &Input) -> Result<Table, BenchError> {
    let mut table = Table::new(
        "PDF: verifying many signatures",
        "One page, signed again and again by one signer. In process, median of the processor's time; `pdfsig -nocert`, which \
         judges no certificate and no later change, is a process from start to end, by its processor's time.",
        ["signatures", "bytes", "eseal", "eseal, each", "pdfsig", "pdfsig, each"],
    );
    let file = bench.path("signatures.pdf");
    fs::copy(&page.path, &file)?;
    let mut signed = 0;
    for count in COUNTS {
        while signed < count {
            ours::seal_to(bench, &file, &file)?;
            signed += 1;
        }
        eprintln!("pdf: {count} signatures …");
        let mut turns = Turns::default();
        let wanted = if bench.effort == Effort::Quick { 5 } else { 15 };
        for _ in 0..wanted {
            turns.time(|| judge(bench, &file, count))?;
        }
        let own = turns.cpu().median;
        let (their, each) = match pdfsig(bench, &file)? {
            Some(median) => (Cell::Ms(median), Cell::Ms(median / per(count))),
            None => (Cell::text("SKIPPED: pdfsig is not installed"), Cell::None),
        };
        let bytes = fs::metadata(&file)?.len();
        let counted = Cell::text(count.to_string());
        table.row(vec![counted, Cell::text(bytes.to_string()), Cell::Ms(own), Cell::Ms(own / per(count)), their, each]);
    }
    Ok(table)
}

fn per(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::NAN, f64::from)
}

fn judge(bench: &Bench<'_>, file: &Path, count: usize) -> Result<(), BenchError> {
    let report = verify(open(file)?, &bench.identity.anchors, bench.identity.now)?;
    let are_intact = report.signatures.iter().all(|signature| signature.integrity == Integrity::Intact);
    let is_right = report.verdict == Verdict::Valid && are_intact && report.signatures.len() == count;
    if is_right {
        Ok(())
    } else {
        Err(BenchError::failed("verify", format!("{count} signatures: {:?}", report.verdict)))
    }
}

fn pdfsig(bench: &Bench<'_>, file: &Path) -> Result<Option<f64>, BenchError> {
    let Ok(program) = peers::on_path("pdfsig", "pdfsig") else { return Ok(None) };
    let runs = child::run(bench.place, 3, &program, &["-nocert", &file.to_string_lossy()], || Ok(()))?;
    Ok(Some(runs.turns.cpu().median))
}
