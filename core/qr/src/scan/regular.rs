//! How much of what must be in a symbol is under a grid, before all of it is sampled.

use super::grid::Grid;
use super::information::Format;
use super::soft::{Levels, Modules};
use super::symbol::{Layout, Module};
use crate::frame::Plane;

/// Bits that either of the two counts for at most: a symbol shows both.
const MOST_BITS: f32 = 4.0;
/// Timing patterns and format lie in so many of the first rows and columns.
const OUTLINE: usize = 9;
/// Modules around each that its levels come from, on either side: an extreme and a mean of three each.
const AROUND: usize = 6;

/// Bits of evidence that timing patterns and format are under a grid, from a sample of those rows and columns. Most grids
/// that are tried lie over no symbol, and large ones cost most.
pub(super) fn regularity(grid: &Grid, plane: &Plane<'_>, layout: &Layout, sign: f32) -> f32 {
    let modules = outline(grid, plane, layout.side, sign);
    let (count, wrong) = alternation(&modules, layout);
    if wrong * 5 > count * 2 {
        return f32::MIN;
    }
    let format = Format::rank(&modules, layout.version).first().map_or(0.0, |likely| likely.evidence);
    // A third of a long pattern is not chance, but no symbol either.
    let timing = if wrong * 20 <= count * 7 { surprise(count, wrong) } else { 0.0 };
    timing.clamp(0.0, MOST_BITS) + format.clamp(-MOST_BITS, MOST_BITS)
}

/// The first rows and columns, just as they would be if all modules were sampled; the others stay 0.
fn outline(grid: &Grid, plane: &Plane<'_>, side: usize, sign: f32) -> Modules {
    let wide = (OUTLINE + AROUND).min(side);
    let part = |columns: usize, rows: usize| {
        let luma = grid.sample(plane, columns, rows);
        Levels::extremes(&luma, columns, 3).modules(&luma, columns, sign)
    };
    let (above, left) = (part(side, wide), part(wide, side));
    let mut values = vec![0.0; side * side];
    values[..OUTLINE * side].copy_from_slice(&above.values[..OUTLINE * side]);
    for (row, left) in values.chunks_exact_mut(side).zip(left.values.chunks_exact(wide)) {
        row[..OUTLINE].copy_from_slice(&left[..OUTLINE]);
    }
    Modules { side, values }
}

/// Modules of both timing patterns, and how many of them are wrong.
pub(super) fn alternation(modules: &Modules, layout: &Layout) -> (u32, u32) {
    let (mut count, mut wrong) = (0, 0);
    for at in 8..layout.side - 8 {
        for (column, row) in [(at, 6), (6, at)] {
            let dark = modules.at(column, row);
            let clear = if layout.at(column, row) == Module::Dark { dark } else { -dark };
            count += 1;
            wrong += u32::from(clear <= 0.0);
        }
    }
    (count, wrong)
}

/// −log₂ of the number of ways to get at most so many wrong, over all ways.
#[expect(clippy::cast_precision_loss, reason = "small counts")]
pub(super) fn surprise(count: u32, wrong: u32) -> f32 {
    let ways: f32 = (0..wrong).map(|at| ((count - at) as f32 / (at + 1) as f32).log2()).sum();
    count as f32 - ways
}
