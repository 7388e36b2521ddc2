//! Where three finder patterns allow a symbol.

use super::align::{Timing, sign};
use super::attempt::Known;
use super::budget::{Budget, Exhausted};
use super::finder::Binary;
use super::geometry::Point;
use super::grid::Grid;
use super::locate::Triple;
use super::symbol::Version;
use crate::frame::Plane;

/// Versions that a place is tried as when it is gone into.
pub(super) const MAX_VERSIONS: usize = 2;
/// Grids whose timing patterns are looked for beside their lines too.
const MAX_BENT: usize = 8;
/// How regular timing patterns must be for a place to count as seen; data give about 0.
const SEEN: f32 = 0.25;
/// For it to be tried at once: what reads easily shows its timing patterns.
const EASY: f32 = 0.5;
/// And for it to be gone into: in standard deviations of what data give.
const WORTH: f32 = 1.2;
/// And for there to be no doubt that there is a symbol, if it is upright too.
const CLEAR: f32 = 2.5;
/// Bits of evidence at which a version counts as written.
const MARKED: f32 = 9.0;
/// Finder patterns this near to an upright square are a code that is seen, be it too far to read.
const UPRIGHT: f32 = 0.2;

/// A place that looks like a symbol and was not read yet, in pixels of the frame's plane.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) centers: [Point; 3],
    pub(super) module: f32,
    pub(super) sign: f32,
    /// How far the finder patterns are from an upright square.
    pub(super) cost: f32,
    /// Bits of evidence for the version that is written beside the finder patterns; 0 where none is.
    mark: f32,
    /// How regular the timing patterns are under each of the likeliest versions, best first.
    pub(super) grids: Vec<(Regularity, Grid)>,
    /// Whether it was gone into, in vain.
    pub(super) is_spent: bool,
}

impl Place {
    /// What timing patterns have to show: less in a good place, where blur may hide them, and nothing where the version is
    /// written.
    pub(super) fn worth(&self) -> f32 {
        match self {
            _ if self.known() == Known::Written => f32::MIN,
            Self { cost, .. } if *cost <= UPRIGHT => WORTH / 2.0,
            _ => WORTH,
        }
    }

    /// How the version of the likeliest grid is known.
    pub(super) fn known(&self) -> Known {
        if self.mark > 0.0 { Known::Written } else { Known::Measured }
    }

    /// How regular the timing patterns are under the likeliest version.
    pub(super) fn sigma(&self) -> f32 {
        self.grids.first().map_or(f32::MIN, |(regular, _)| regular.sigma)
    }

    /// The likeliest grid, if it is so good that it is tried at once.
    pub(super) fn easy(&self) -> Option<&Grid> {
        self.grids.first().filter(|(regular, _)| regular.part >= EASY).map(|(_, grid)| grid)
    }

    /// Whether this is a symbol beyond doubt, though it may be too blurred to be read easily: other ways to look for finder
    /// patterns would find it again.
    pub(super) fn is_clear(&self) -> bool {
        self.cost <= UPRIGHT && self.sigma() >= CLEAR
    }

    /// The likeliest grid, if it looks so much like a symbol that people are told.
    pub(super) fn seen(&self) -> Option<&Grid> {
        let (regular, grid) = self.grids.first()?;
        (regular.part >= SEEN || self.cost <= UPRIGHT).then_some(grid)
    }

    /// Where to go into first: chance makes long timing patterns regular, but hardly in good places.
    pub(super) fn merit(&self) -> f32 {
        self.grids.first().map_or(f32::MIN, |(regular, _)| regular.part.min(1.0) - 0.5 * self.cost + self.mark / MARKED)
    }
}

/// How regular timing patterns are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Regularity {
    /// 1 is perfect.
    pub(super) part: f32,
    /// In standard deviations of what data would give, which is less in a long pattern.
    pub(super) sigma: f32,
}

impl Regularity {
    #[expect(clippy::cast_precision_loss, reason = "at most 177")]
    fn new(timing: Timing, version: Version) -> Self {
        let part = timing.part();
        Self { part, sigma: part * (2.0 * (version.side() - 16) as f32).sqrt() }
    }
}

/// Where the finder patterns of a triple are, in pixels of the frame's plane.
pub(super) fn centers(triple: &Triple, plane: &Plane<'_>) -> [Point; 3] {
    triple.finders.map(|finder| finder.center * scale(plane))
}

/// Its module, in the same pixels.
pub(super) fn module(triple: &Triple, plane: &Plane<'_>) -> f32 {
    let [a, b, c] = triple.finders.map(|finder| finder.module);
    (a + b + c) / 3.0 * scale(plane)
}

#[expect(clippy::cast_precision_loss, reason = "a small number")]
pub(super) fn scale(plane: &Plane<'_>) -> f32 {
    plane.scale as f32
}

/// The grids that three finder patterns allow, in pixels of the frame's plane.
pub(super) fn place(triple: &Triple, binary: Binary<'_>, budget: &mut Budget<'_>) -> Result<Option<Place>, Exhausted> {
    budget.spend(1500)?;
    let anchors = triple.anchors(binary);
    let scale = scale(binary.plane);
    let mut straight: Vec<(Regularity, Timing, Grid)> = Vec::new();
    for version in anchors.versions() {
        for grid in [anchors.perspective(version), anchors.parallelogram(version)].into_iter().flatten() {
            budget.spend(version.side() * 2)?;
            let timing = Timing::straight(&grid, binary.plane);
            straight.push((Regularity::new(timing, version), timing, grid));
        }
    }
    // Far finder patterns allow many versions, and most of them show at once that they are wrong.
    straight.sort_by(|a, b| b.0.sigma.total_cmp(&a.0.sigma));
    straight.truncate(MAX_BENT);
    let mut grids: Vec<(Regularity, Grid)> = Vec::new();
    for (_, timing, grid) in straight {
        budget.spend(grid.version.side() * 4)?;
        let regular = Regularity::new(timing.bent(&grid, binary.plane), grid.version);
        match grids.iter_mut().find(|(_, other)| other.version == grid.version) {
            Some(other) if other.0.sigma >= regular.sigma => {}
            Some(other) => *other = (regular, grid.scaled(scale)),
            None => grids.push((regular, grid.scaled(scale))),
        }
    }
    let sign = sign(triple.polarity());
    let marked = anchors.marked(binary.plane, sign).filter(|&(_, evidence)| evidence >= MARKED);
    let is_marked = |grid: &Grid| marked.is_some_and(|(version, _)| version == grid.version);
    grids.sort_by(|a, b| is_marked(&b.1).cmp(&is_marked(&a.1)).then(b.0.sigma.total_cmp(&a.0.sigma)));
    grids.truncate(MAX_VERSIONS);
    let Some((best, grid)) = grids.first() else { return Ok(None) };
    let mark = marked.filter(|_| is_marked(grid)).map_or(0.0, |(_, evidence)| evidence);
    if best.sigma < WORTH && triple.cost > UPRIGHT && mark <= 0.0 {
        return Ok(None);
    }
    Ok(Some(Place {
        centers: centers(triple, binary.plane),
        module: module(triple, binary.plane),
        sign,
        cost: triple.cost,
        mark,
        grids,
        is_spent: false,
    }))
}
