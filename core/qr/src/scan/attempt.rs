//! A try to read under a grid.

use super::align::{Hold, bend, pin_corner};
use super::budget::{Budget, Exhausted};
use super::codewords::Kept;
use super::grid::Grid;
use super::read::{Sampled, Trouble, decode};
use super::refine::Target;
use super::regular::regularity;
use super::resolve::resolve;
use super::segments::Message;
use super::soft::Modules;
use super::symbol::Layout;
use crate::frame::Plane;

/// Pixels a module up to which the picture is drawn from the modules: above, samples do as well.
const COARSE: f32 = 4.0;

/// Bits of evidence of timing patterns and format without which taking more trouble with a grid is no use.
const LIKELY: f32 = 2.0;
/// And when the grid was moved to where they are clearest.
const SETTLED: f32 = 4.0;
/// Work of looking at the first rows and columns, for each module of a side.
const OUTLINE_UNITS: usize = 150;

/// What is known about the modules of a symbol that was not read.
#[derive(Debug, Clone)]
pub(crate) struct Evidence {
    pub(crate) modules: Modules,
    /// In pixels of the frame's plane.
    pub(crate) grid: Grid,
}

/// What came of a try.
pub(super) enum Attempt {
    Read(Message, Grid),
    /// Not read, but there is a symbol.
    Seen(Evidence),
    Nothing,
}

/// How the version of a grid is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// From distances: the grid is as good as they are.
    Measured,
    /// It is written beside the finder patterns: what lies between them may bend as it likes.
    Written,
}

/// Tries to read under a grid, in pixels of the plane; with much trouble, moves it until it fits.
pub(super) fn attempt(
    mut grid: Grid,
    known: Known,
    sign: f32,
    plane: &Plane<'_>,
    trouble: Trouble,
    budget: &mut Budget<'_>,
) -> Result<Attempt, Exhausted> {
    let layout = Layout::new(grid.version);
    let side = layout.side;
    let sample = |grid: &Grid| Sampled::new(grid.sample(plane, side, side), &layout, sign);
    let is_regular = |grid: &Grid, least: f32| regularity(grid, plane, &layout, sign) >= least;
    let (flat, mut kept) = (grid.clone(), Kept::default());
    let is_likely = trouble == Trouble::Little || {
        budget.spend(5_000 + side * OUTLINE_UNITS)?;
        is_regular(&flat, LIKELY)
    };
    // Nearly all grids that come here lie over no symbol, and end here.
    if !is_likely && known == Known::Measured {
        return Ok(Attempt::Nothing);
    }
    budget.spend(10_000 + side * side * 20)?;
    pin_corner(&mut grid, plane);
    let mut hold = bend(&mut grid, plane);
    if trouble == Trouble::Little {
        let message = sample(&grid).read(trouble, &mut kept);
        return Ok(message.map_or(Attempt::Nothing, |message| Attempt::Read(message, grid)));
    }
    if !is_regular(&grid, LIKELY) {
        // What was taken for an alignment pattern may be none, as in Model 1.
        (grid, hold) = (flat, Hold::Loose);
        if !is_likely {
            return Ok(Attempt::Nothing);
        }
    }
    budget.spend(side * side * 20)?;
    let mut sampled = sample(&grid);
    if let Some(message) = sampled.read(trouble, &mut kept) {
        return Ok(Attempt::Read(message, grid));
    }
    if hold == Hold::Loose {
        Target::new(plane, &layout, &sampled.luma, sign).project(&mut grid, budget)?;
        if !is_regular(&grid, SETTLED) {
            return Ok(Attempt::Nothing);
        }
        budget.spend(side * side * 20)?;
        sampled = sample(&grid);
        if let Some(message) = sampled.read(trouble, &mut kept) {
            return Ok(Attempt::Read(message, grid));
        }
    }
    Target::new(plane, &layout, &sampled.luma, sign).warp(&mut grid, budget)?;
    budget.spend(side * side * 20)?;
    let sampled = sample(&grid);
    if let Some(message) = sampled.read(trouble, &mut kept) {
        return Ok(Attempt::Read(message, grid));
    }
    if grid.module() <= COARSE
        && is_regular(&grid, SETTLED)
        && let Some(modules) = resolve(plane, &grid, &layout, &sampled.luma, sign, budget)?
    {
        return Ok(match decode(&modules, &layout, trouble, &mut kept) {
            Some(message) => Attempt::Read(message, grid),
            None => Attempt::Seen(Evidence { modules, grid }),
        });
    }
    Ok(Attempt::Seen(Evidence { modules: sampled.clearest(), grid }))
}
