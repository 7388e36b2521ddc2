//! Modules from all pixels of a symbol at once: what lens and sensor mixed, a least-squares fit takes apart.
//!
//! Below three pixels a module, or out of focus, a sample in the middle of a module shows its neighbours too. Here the
//! picture is drawn from the modules as the camera would see them, and the modules are changed until it is the one that is
//! there. Those that are known (patterns, quiet zone) tell how far light spreads, and stay as they are.

use super::budget::{Budget, Exhausted};
use super::draw::{cover, spots};
use super::footprint::Footprints;
use super::grid::Grid;
use super::soft::Modules;
use super::spread::spread;
use super::symbol::{Layout, Module};
use crate::frame::Plane;

/// Passes over all modules.
const PASSES: usize = 8;
/// Pull of each module towards its middle, in parts of its own weight: noise must not grow without end.
const CALM: f32 = 0.02;
/// How far beyond its levels a module may go.
const ROOM: f32 = 1.15;
/// Luminance steps by which a module has to change for it to matter.
const LEAST_CHANGE: f32 = 0.3;
/// Pixels that a symbol may cover.
const MOST_PIXELS: usize = 1 << 20;
/// Work of comparing the finder patterns under all spreads.
const FIT_UNITS: usize = 100_000;

/// The modules as they have to be for the picture to look as it does. `luma` are the samples of the grid. `None` where
/// the finder patterns are not what they should be under any spread of light.
pub(crate) fn resolve(
    plane: &Plane<'_>,
    grid: &Grid,
    layout: &Layout,
    luma: &[f32],
    sign: f32,
    budget: &mut Budget<'_>,
) -> Result<Option<Modules>, Exhausted> {
    let side = layout.side;
    let mut spots = spots(grid, layout, luma);
    budget.spend(spots.len() * 20 + FIT_UNITS)?;
    let Some((kernel, gain)) = spread(plane, &spots, side, sign) else { return Ok(None) };
    let mut rest = cover(plane, &spots);
    if rest.luma.len() > MOST_PIXELS {
        return Ok(None);
    }
    budget.spend(rest.luma.len())?;
    for spot in &mut spots {
        spot.half *= gain;
        spot.luma = match spot.kind {
            Module::Dark => spot.middle - sign * spot.half,
            Module::Light => spot.middle + sign * spot.half,
            Module::Information | Module::Data => spot.luma,
        };
        rest.area.each(spot, &kernel, |pixel, weight| rest.luma[pixel] -= weight * spot.luma);
    }
    let area = 4.0 * kernel.reach * kernel.reach * grid.module() * grid.module();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred pixels")]
    let units = side * side * area as usize;
    let open: Vec<usize> = (0..spots.len()).filter(|&at| is_open(spots[at].kind)).collect();
    budget.spend(2 * units)?;
    let Some(mut footprints) = Footprints::new(rest.area, open.iter().map(|&at| &spots[at]), &kernel) else {
        return Ok(None);
    };
    for _ in 0..PASSES {
        budget.spend(units / 2)?;
        let mut is_settled = true;
        for (place, &at) in open.iter().enumerate() {
            let spot = &mut spots[at];
            let (explained, weights) = footprints.explained(place, &rest.luma);
            let pull = CALM * weights * (spot.middle - spot.luma);
            let wanted = spot.luma + (explained + pull) / (weights * (1.0 + CALM)).max(f32::EPSILON);
            let most = ROOM * spot.half;
            let change = wanted.clamp(spot.middle - most, spot.middle + most) - spot.luma;
            if change.abs() > LEAST_CHANGE {
                is_settled = false;
                spot.luma += change;
                footprints.take(place, change, &mut rest.luma);
            }
        }
        if is_settled {
            break;
        }
    }
    let values = spots
        .iter()
        .filter(|spot| spot.is_inside)
        .map(|spot| (sign * (spot.middle - spot.luma) / spot.half).clamp(-1.0, 1.0));
    Ok(Some(Modules { side, values: values.collect() }))
}

/// Whether it is not known what a module is.
const fn is_open(kind: Module) -> bool {
    matches!(kind, Module::Information | Module::Data)
}
