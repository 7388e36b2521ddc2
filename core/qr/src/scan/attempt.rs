//! A try to read under a grid.

use super::align::{Hold, bend, pin_corner};
use super::budget::{Budget, Exhausted};
use super::codewords::Kept;
use super::grid::Grid;
use super::read::{Sampled, Trouble, decode};
use super::refine::Target;
use super::regular::is_regular;
use super::resolve::resolve;
use super::segments::Message;
use super::soft::Modules;
use super::symbol::Layout;
use crate::frame::Plane;

/// Pixels a module up to which the picture is drawn from the modules: above, samples do as well.
const COARSE: f32 = 4.0;

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

/// Tries to read under a grid, in pixels of the plane; with much trouble, moves it until it fits.
pub(super) fn attempt(
    mut grid: Grid,
    sign: f32,
    plane: &Plane<'_>,
    trouble: Trouble,
    budget: &mut Budget<'_>,
) -> Result<Attempt, Exhausted> {
    let layout = Layout::new(grid.version);
    let side = layout.side;
    budget.spend(10_000 + side * side * 20)?;
    let (flat, mut kept) = (grid.clone(), Kept::default());
    pin_corner(&mut grid, plane);
    let mut hold = bend(&mut grid, plane);
    let sample = |grid: &Grid| Sampled::new(grid.sample(plane, side, side), &layout, sign);
    let is_regular = |grid: &Grid| is_regular(grid, plane, &layout, sign);
    if trouble == Trouble::Little {
        let message = sample(&grid).read(trouble, &mut kept);
        return Ok(message.map_or(Attempt::Nothing, |message| Attempt::Read(message, grid)));
    }
    if !is_regular(&grid) {
        // What was taken for an alignment pattern may be none, as in Model 1. Where timing patterns and format are not seen
        // without it either, there is no symbol that moving the grid would bring out.
        (grid, hold) = (flat, Hold::Loose);
        if !is_regular(&grid) {
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
        if !is_regular(&grid) {
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
        && is_regular(&grid)
        && let Some(modules) = resolve(plane, &grid, &layout, &sampled.luma, sign, budget)?
    {
        return Ok(match decode(&modules, &layout, trouble, &mut kept) {
            Some(message) => Attempt::Read(message, grid),
            None => Attempt::Seen(Evidence { modules, grid }),
        });
    }
    Ok(Attempt::Seen(Evidence { modules: sampled.clearest(), grid }))
}
