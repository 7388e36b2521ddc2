//! The bars that the project set itself.

use super::Case;
use crate::measure::Turns;
use crate::measure::megabytes;
use crate::table::{Cell, Table};

/// From opening to the finished revision, for files of up to 100 pages and of 5,000, ms of the processor.
const SMALL_MS: f64 = 1.0;
const MANY_PAGES_MS: f64 = 5.0;
/// Sealing a large file in place, in times of hashing it once.
const LARGE_SEAL: f64 = 1.15;
/// Verifying one signature, in times of hashing the file once.
const VERIFY: f64 = 2.0;
/// Peak memory over the base, MB.
const MEMORY_MB: f64 = 12.0;
/// From here on, hashing is what takes the time.
const LARGE: u64 = 20_000_000;

pub(super) fn table(cases: &[Case], base: i64) -> Table {
    let mut table = Table::new(
        "PDF: the bars",
        "Sealing is open, prepare, sign with a key in memory, complete: median of the processor's time. Ratios are of medians \
         of the processor's time to hashing the same file once with the same hasher in the same turns.",
        ["input", "sealing", "sealing ÷ hashing", "verifying ÷ hashing", "memory over the base"],
    );
    for case in cases {
        let sealing = case.ours.seal.cpu().median;
        let bar = if case.input.pages > 100 { MANY_PAGES_MS } else { SMALL_MS };
        let is_large = case.input.bytes > LARGE;
        let to_hash = |turns: &Turns| turns.cpu().median / case.ours.hash.cpu().median;
        let (seal, verify) = (to_hash(&case.ours.seal), to_hash(&case.ours.verify));
        let peak = case.save.peak_kib.max(case.append.peak_kib).max(case.verify.peak_kib);
        let memory = megabytes(peak - base);
        let met = |is_met: bool, figure: String| Cell::Bar { is_met, figure };
        table.row(vec![
            Cell::text(case.input.name),
            if is_large { Cell::Ms(sealing) } else { met(sealing <= bar, format!("{sealing:.3} ms of {bar}")) },
            if is_large { met(seal <= LARGE_SEAL, format!("{seal:.3} of {LARGE_SEAL}")) } else { Cell::Ratio(seal) },
            if is_large { met(verify <= VERIFY, format!("{verify:.3} of {VERIFY}")) } else { Cell::Ratio(verify) },
            met(memory <= MEMORY_MB, format!("{memory:.1} MB of {MEMORY_MB}")),
        ]);
    }
    table
}
