//! The stages of a search, cheap ones first.

use super::align::{bend, pin_corner, sign, timing};
use super::budget::{Budget, Exhausted};
use super::finder::{self, Binary, Finder, Tolerance};
use super::geometry::Point;
use super::grid::Grid;
use super::locate::{Triple, triples};
use super::read::{Trouble, read, timing_evidence};
use super::refine::Target;
use super::segments::Message;
use super::soft::Levels;
use super::symbol::{Layout, Version};
use super::threshold::{Blocks, Method};
use crate::frame::Plane;

/// One way to look for finder patterns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stage {
    /// How many times the plane is halved first.
    halvings: usize,
    neighbourhood: Neighbourhood,
    /// Which rows are searched.
    every: usize,
    tolerance: Tolerance,
}

/// A threshold method, with its radius as a part of the frame's longer side.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Neighbourhood {
    Mean(usize),
    Middle(usize),
}

impl Stage {
    /// The same stage after so many halvings more.
    const fn smaller(self, halvings: usize) -> Self {
        Self { halvings: self.halvings + halvings, ..self }
    }
}

/// A frame up to this side, in pixels, is looked at as it is.
const HANDY_SIDE: u32 = 1600;

/// In the order of what they add for their cost.
pub(crate) const STAGES: [Stage; 4] = [
    Stage { halvings: 0, neighbourhood: Neighbourhood::Mean(10), every: 2, tolerance: Tolerance(0.5) },
    Stage { halvings: 1, neighbourhood: Neighbourhood::Mean(10), every: 1, tolerance: Tolerance(0.5) },
    Stage { halvings: 0, neighbourhood: Neighbourhood::Mean(32), every: 1, tolerance: Tolerance(0.6) },
    Stage { halvings: 0, neighbourhood: Neighbourhood::Middle(24), every: 1, tolerance: Tolerance(0.6) },
];

/// Triples that are looked at in one stage, most plausible first.
const MAX_TRIPLES: usize = 24;
/// Places that are gone into, the most regular ones.
const MAX_PLACES: usize = 5;
/// Versions that a place is tried as when it is gone into.
const MAX_VERSIONS: usize = 2;
/// How regular timing patterns must be for a place to count as seen; data give about 0.
const SEEN: f32 = 0.25;
/// And for it to be gone into: in standard deviations of what data give.
const WORTH: f32 = 1.2;
/// Bits of evidence of the timing patterns without which bending the grid further is no use.
const WORTH_BENDING: f32 = 3.0;
/// Pixels a module above which half the size shows as much, with less noise and moiré.
const LARGE_MODULE: f32 = 7.0;

/// A symbol that was read, in pixels of the frame's plane.
#[derive(Debug, Clone)]
pub(crate) struct Symbol {
    pub(crate) message: Message,
    pub(crate) grid: Grid,
}

/// A place that looks like a symbol and was not read yet, in pixels of the frame's plane.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    centers: [Point; 3],
    module: f32,
    sign: f32,
    /// How regular the timing patterns are under each of the likeliest versions, best first.
    grids: Vec<(Regularity, Grid)>,
}

/// How regular timing patterns are.
#[derive(Debug, Clone, Copy)]
struct Regularity {
    /// 1 is perfect.
    part: f32,
    /// In standard deviations of what data would give, which is less in a long pattern.
    sigma: f32,
}

impl Regularity {
    #[expect(clippy::cast_precision_loss, reason = "at most 177")]
    fn new(part: f32, version: Version) -> Self {
        Self { part, sigma: part * (2.0 * (version.side() - 16) as f32).sqrt() }
    }
}

/// One frame's search.
pub(crate) struct Search<'a> {
    /// The frame at full, half, quarter … size, as far as it was asked for.
    planes: Vec<Plane<'a>>,
    pub(crate) symbols: Vec<Symbol>,
    places: Vec<Place>,
}

impl<'a> Search<'a> {
    pub(crate) fn new(plane: Plane<'a>) -> Self {
        Self { planes: vec![plane], symbols: Vec::new(), places: Vec::new() }
    }

    /// All stages, until one has read something; large frames at a size that is looked at fast first.
    pub(crate) fn all(&mut self, budget: &mut Budget<'_>) -> Result<(), Exhausted> {
        let longest = self.planes[0].width.max(self.planes[0].height);
        let handy = (longest / HANDY_SIDE).checked_ilog2().map_or(0, |halvings| halvings as usize + 1);
        for size in (0..=handy).rev() {
            for stage in STAGES {
                self.look(stage.smaller(size), budget)?;
                if !self.symbols.is_empty() {
                    return Ok(());
                }
            }
            self.go_into(budget)?;
            if !self.symbols.is_empty() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The level after so many halvings, or the smallest there can be.
    fn level(&mut self, halvings: usize, budget: &mut Budget<'_>) -> Result<usize, Exhausted> {
        while self.planes.len() <= halvings {
            let last = &self.planes[self.planes.len() - 1];
            budget.spend(last.luma.len() / 4)?;
            match last.reduced(2) {
                Some(half) => self.planes.push(half),
                None => break,
            }
        }
        Ok(halvings.min(self.planes.len() - 1))
    }

    /// The level at which modules of so many pixels of the frame are best sampled.
    fn sampling_level(&mut self, module: f32, budget: &mut Budget<'_>) -> Result<usize, Exhausted> {
        let (mut halvings, mut module) = (0, module);
        while module > LARGE_MODULE {
            halvings += 1;
            module /= 2.0;
        }
        self.level(halvings, budget)
    }

    /// Runs one stage: finds places, and reads the ones that read easily.
    pub(crate) fn look(&mut self, stage: Stage, budget: &mut Budget<'_>) -> Result<(), Exhausted> {
        let level = self.level(stage.halvings, budget)?;
        let plane = &self.planes[level];
        budget.spend(plane.luma.len() / 4)?;
        let blocks = Blocks::of(plane);
        let radius = |part: usize| (blocks.longest() / part).max(1);
        let threshold = blocks.threshold(match stage.neighbourhood {
            Neighbourhood::Mean(part) => Method::Mean { radius: radius(part) },
            Neighbourhood::Middle(part) => Method::Middle { radius: radius(part) },
        });
        let binary = Binary { plane, threshold: &threshold };
        let finders = finder::find(binary, stage.every, stage.tolerance, budget)?;
        let mut places = Vec::new();
        for triple in triples(&finders).into_iter().take(MAX_TRIPLES) {
            if let Some(place) = place(&triple, binary, budget)? {
                places.push(place);
            }
        }
        for place in places {
            if self.is_known(&place) {
                continue;
            }
            let Some((score, grid)) = place.grids.first().cloned() else { continue };
            if score.part >= SEEN && self.try_grid(&grid, place.sign, Trouble::Little, budget)? {
                continue;
            }
            self.places.push(place);
        }
        Ok(())
    }

    /// Whether a place shares finder patterns with a symbol that was read, or is one that was found before.
    fn is_known(&self, place: &Place) -> bool {
        let near = |a: Point, b: Point| a.distance(b) < 1.5 * place.module;
        let is_read = self.symbols.iter().any(|symbol| {
            finder_centers(&symbol.grid)
                .into_iter()
                .any(|known| place.centers.iter().any(|&center| near(known, center)))
        });
        is_read || self.places.iter().any(|known| known.centers.iter().zip(&place.centers).all(|(&a, &b)| near(a, b)))
    }

    /// Goes into the places that were found and not read, the most regular ones first.
    pub(crate) fn go_into(&mut self, budget: &mut Budget<'_>) -> Result<(), Exhausted> {
        let mut places = std::mem::take(&mut self.places);
        let score = |place: &Place| place.grids.first().map_or(f32::MIN, |(score, _)| score.sigma);
        places.sort_by(|a, b| score(b).total_cmp(&score(a)));
        for place in places.into_iter().take(MAX_PLACES) {
            if self.is_known(&place) {
                continue;
            }
            for (score, grid) in place.grids.iter().take(MAX_VERSIONS) {
                if score.sigma >= WORTH && self.try_grid(grid, place.sign, Trouble::Much, budget)? {
                    break;
                }
            }
        }
        Ok(())
    }

    fn try_grid(
        &mut self,
        grid: &Grid,
        sign: f32,
        trouble: Trouble,
        budget: &mut Budget<'_>,
    ) -> Result<bool, Exhausted> {
        let level = self.sampling_level(grid.module(), budget)?;
        let plane = &self.planes[level];
        let scale = scale(plane);
        let found = attempt(grid.scaled(1.0 / scale), sign, plane, trouble, budget)?;
        self.symbols.extend(found.map(|(message, grid)| Symbol { message, grid: grid.scaled(scale) }));
        Ok(found_any(&self.symbols, grid))
    }
}

fn found_any(symbols: &[Symbol], grid: &Grid) -> bool {
    symbols.last().is_some_and(|symbol| {
        let [known, here] = [finder_centers(&symbol.grid), finder_centers(grid)];
        known[0].distance(here[0]) < 2.0 * grid.module()
    })
}

/// Where the finder patterns of a grid are.
fn finder_centers(grid: &Grid) -> [Point; 3] {
    let far = grid.extent() - 3.5;
    [(3.5, 3.5), (far, 3.5), (3.5, far)].map(|(x, y)| grid.at(Point::new(x, y)))
}

#[expect(clippy::cast_precision_loss, reason = "a small number")]
fn scale(plane: &Plane<'_>) -> f32 {
    plane.scale as f32
}

/// The grids that three finder patterns allow, in pixels of the frame's plane.
fn place(triple: &Triple, binary: Binary<'_>, budget: &mut Budget<'_>) -> Result<Option<Place>, Exhausted> {
    budget.spend(1500)?;
    let anchors = triple.anchors(binary);
    let scale = scale(binary.plane);
    let mut grids: Vec<(Regularity, Grid)> = Vec::new();
    for version in anchors.versions() {
        let candidates = [anchors.perspective(version), anchors.parallelogram(version)];
        let mut scored = Vec::with_capacity(2);
        for grid in candidates.into_iter().flatten() {
            budget.spend(version.side() * 12)?;
            let regular = timing(&grid, binary.plane);
            scored.push((Regularity::new(regular, version), grid.scaled(scale)));
        }
        grids.extend(scored.into_iter().max_by(|a, b| a.0.sigma.total_cmp(&b.0.sigma)));
    }
    grids.sort_by(|a, b| b.0.sigma.total_cmp(&a.0.sigma));
    grids.truncate(MAX_VERSIONS);
    let Some((best, _)) = grids.first() else { return Ok(None) };
    if best.sigma < WORTH {
        return Ok(None);
    }
    let [a, b, c] = triple.finders;
    let center = |finder: Finder| finder.center * scale;
    let module = (a.module + b.module + c.module) / 3.0 * scale;
    Ok(Some(Place { centers: [center(a), center(b), center(c)], module, sign: sign(triple.polarity()), grids }))
}

/// Tries to read under a grid, in pixels of the plane; with much trouble, moves it until it fits.
fn attempt(
    mut grid: Grid,
    sign: f32,
    plane: &Plane<'_>,
    trouble: Trouble,
    budget: &mut Budget<'_>,
) -> Result<Option<(Message, Grid)>, Exhausted> {
    let layout = Layout::new(grid.version);
    let side = layout.side;
    budget.spend(10_000 + side * side * 20)?;
    pin_corner(&mut grid, plane);
    bend(&mut grid, plane);
    let mut luma = grid.sample(plane);
    if let Some(message) = read(&luma, &layout, sign, trouble) {
        return Ok(Some((message, grid)));
    }
    if trouble == Trouble::Little {
        return Ok(None);
    }
    Target::new(plane, &layout, &luma, sign).project(&mut grid, budget)?;
    budget.spend(side * side * 20)?;
    luma = grid.sample(plane);
    if timing_evidence(&Levels::extremes(&luma, side, 3).modules(&luma, side, sign), &layout) < WORTH_BENDING {
        return Ok(None);
    }
    if let Some(message) = read(&luma, &layout, sign, trouble) {
        return Ok(Some((message, grid)));
    }
    Target::new(plane, &layout, &luma, sign).warp(&mut grid, budget)?;
    budget.spend(side * side * 20)?;
    luma = grid.sample(plane);
    Ok(read(&luma, &layout, sign, trouble).map(|message| (message, grid)))
}
