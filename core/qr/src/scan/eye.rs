//! The search for one alignment pattern: dark heart, light ring, dark ring.

use super::geometry::Point;
use super::grid::Grid;
use super::lattice::{Lattice, Module};
use crate::frame::Plane;

/// Finer looks, each of half the step before.
const FINER: usize = 2;
/// Modules from the middle of a pattern to its outer ring.
const REACH: u8 = 2;
/// Likeness of the heart alone below which the dark ring is not looked at: most places are none, and show it there.
const PROMISING: f32 = 0.3;
/// What each module away from the guess costs: of two alike, the nearer one.
const AWAY: f32 = 0.01;

/// Where a pattern may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guess {
    /// Pixels off where the grid has it.
    pub(super) offset: Point,
    /// Modules around it that are searched.
    pub(super) radius: f32,
}

/// The best place for an alignment pattern around a guess, and its likeness. `at` is where the grid has it, in modules;
/// `span` is light less dark.
pub(super) fn search(grid: &Grid, plane: &Plane<'_>, at: Point, guess: Guess, span: f32) -> (Point, f32) {
    let axes = grid.axes(at);
    let middle = grid.at(at) + guess.offset;
    let spot = |off: Point| middle + axes[0] * off.x + axes[1] * off.y;
    let luma = |off: Point| plane.sample(spot(off));
    let lattice = Lattice::new(luma, guess.radius, REACH);
    let mut best = lattice.places().fold((Point::default(), f32::MIN), |best, (off, node)| {
        better(best, (off, likeness(|module| lattice.beside(node, module), span)))
    });
    let mut step = Lattice::STEP;
    for _ in 0..FINER {
        step /= 2.0;
        let center = best.0;
        for (right, down) in RING {
            let off = center + Point::new(f32::from(right), f32::from(down)) * step;
            let around = |(u, v): Module| luma(off + Point::new(f32::from(u), f32::from(v)));
            best = better(best, (off, likeness(around, span)));
        }
    }
    (spot(best.0), best.1)
}

/// The more likely of two places, likeness less what being away costs.
fn better(best: (Point, f32), (off, likeness): (Point, f32)) -> (Point, f32) {
    let score = likeness - AWAY * off.length();
    if score > best.1 { (off, score) } else { best }
}

/// How much an alignment pattern is here: mean of its light ring less mean of its dark modules, in parts of the contrast.
fn likeness(luma: impl Fn(Module) -> f32, span: f32) -> f32 {
    let sum = |ring: &[Module]| ring.iter().map(|&module| luma(module)).sum::<f32>();
    let (heart, light) = (luma((0, 0)), sum(&RING) / 8.0);
    let heart_only = (light - heart) / span;
    if heart_only < PROMISING {
        return heart_only;
    }
    (light - (sum(&OUTER_RING) + heart) / 17.0) / span
}

const RING: [Module; 8] = [(-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1)];
const OUTER_RING: [Module; 16] = [
    (-2, -2),
    (-1, -2),
    (0, -2),
    (1, -2),
    (2, -2),
    (-2, -1),
    (2, -1),
    (-2, 0),
    (2, 0),
    (-2, 1),
    (2, 1),
    (-2, 2),
    (-1, 2),
    (0, 2),
    (1, 2),
    (2, 2),
];
