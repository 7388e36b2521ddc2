//! The search of one frame: stages in their order, then depth.

use std::rc::Rc;

use super::attempt::{Attempt, Evidence, Known, attempt};
use super::budget::{Budget, Exhausted};
use super::finder::{self, Binary};
use super::geometry::Point;
use super::grid::Grid;
use super::locate::{Triple, triples};
use super::place::{MAX_VERSIONS, Place, centers, module, place, scale};
use super::read::Trouble;
use super::segments::Message;
use super::stage::{ALWAYS, STAGES, Stage, Third};
use super::third;
use super::threshold::Blocks;
use crate::frame::Plane;

/// A frame up to this side, in pixels, is looked at as it is.
const HANDY_SIDE: u32 = 1600;

/// Triples that are looked at in one stage, most plausible first.
const MAX_TRIPLES: usize = 24;
/// Places that are gone into, the most regular ones.
const MAX_PLACES: usize = 6;
/// Places that are told of as seen.
const MAX_SEEN: usize = 3;
/// Pixels a module above which half the size shows as much, with less noise and moiré.
const LARGE_MODULE: f32 = 7.0;

/// A symbol that was read, in pixels of the frame's plane.
#[derive(Debug, Clone)]
pub(crate) struct Symbol {
    pub(crate) message: Message,
    pub(crate) grid: Grid,
}

/// One frame's search.
pub(crate) struct Search<'a> {
    /// The frame at full, half, quarter … size, as far as it was asked for.
    planes: Vec<Rc<Plane<'a>>>,
    /// Those of the first planes, likewise.
    blocks: Vec<Blocks>,
    pub(crate) symbols: Vec<Symbol>,
    /// Symbols that were gone into in vain.
    pub(crate) evidence: Vec<Evidence>,
    places: Vec<Place>,
}

impl<'a> Search<'a> {
    pub(crate) fn new(plane: Plane<'a>) -> Self {
        Self {
            planes: vec![Rc::new(plane)],
            blocks: Vec::new(),
            symbols: Vec::new(),
            evidence: Vec::new(),
            places: Vec::new(),
        }
    }

    /// All stages, until one has read something; large frames at a size that is looked at fast first.
    pub(crate) fn all(&mut self, budget: &mut Budget<'_>) -> Result<(), Exhausted> {
        for size in (0..=self.handy()).rev() {
            for stage in STAGES {
                self.look(stage.smaller(size), budget)?;
                if self.symbols.is_empty() {
                    self.go_into(Place::is_clear, budget)?;
                }
                if !self.symbols.is_empty() {
                    return Ok(());
                }
            }
            self.go_into(|_| true, budget)?;
            if !self.symbols.is_empty() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// What a moving picture gets: the first stages, one other in turn, and with what is left of the budget, depth.
    pub(crate) fn in_turn(&mut self, turn: usize, budget: &mut Budget<'_>) -> Result<(), Exhausted> {
        let handy = self.handy();
        let (always, others) = STAGES.split_at(ALWAYS);
        for stage in always.iter().chain([&others[turn % others.len()]]) {
            self.look(stage.smaller(handy), budget)?;
            if !self.symbols.is_empty() {
                return Ok(());
            }
        }
        self.go_into(|_| true, budget)
    }

    /// Halvings that bring the frame to a size that is looked at fast.
    fn handy(&self) -> usize {
        let longest = self.planes[0].width.max(self.planes[0].height);
        (longest / HANDY_SIDE).checked_ilog2().map_or(0, |halvings| halvings as usize + 1)
    }

    /// The level after so many halvings, or the smallest there can be.
    fn level(&mut self, halvings: usize, budget: &mut Budget<'_>) -> Result<usize, Exhausted> {
        while self.planes.len() <= halvings {
            let last = &self.planes[self.planes.len() - 1];
            budget.spend(last.luma.len() / 4)?;
            match last.reduced(2) {
                Some(half) => self.planes.push(Rc::new(half)),
                None => break,
            }
        }
        Ok(halvings.min(self.planes.len() - 1))
    }

    /// The level at which modules of so many pixels of the frame are best sampled.
    fn sampling_level(&mut self, module: f32, budget: &mut Budget<'_>) -> Result<usize, Exhausted> {
        let (mut halvings, mut module) = (0, module / scale(&self.planes[0]));
        while module > LARGE_MODULE {
            halvings += 1;
            module /= 2.0;
        }
        self.level(halvings, budget)
    }

    /// Runs one stage: finds places, and reads the ones that read easily.
    pub(crate) fn look(&mut self, stage: Stage, budget: &mut Budget<'_>) -> Result<(), Exhausted> {
        let level = self.level(stage.halvings, budget)?;
        let threshold = stage.threshold(self.blocks(level, budget)?);
        let plane = Rc::clone(&self.planes[level]);
        let binary = Binary { plane: &plane, threshold: &threshold };
        let finders = finder::find(binary, stage.every, stage.tolerance, budget)?;
        let mut whole = triples(&finders);
        whole.truncate(MAX_TRIPLES);
        self.look_at(&whole, binary, budget)?;
        if self.symbols.is_empty() && stage.third == Third::Sought {
            let completed = third::complete(&plane, &finders, budget)?;
            self.look_at(&completed, binary, budget)?;
        }
        Ok(())
    }

    /// Those of a level, counted once.
    fn blocks(&mut self, level: usize, budget: &mut Budget<'_>) -> Result<&Blocks, Exhausted> {
        while self.blocks.len() <= level {
            let plane = &self.planes[self.blocks.len()];
            budget.spend(plane.luma.len() / 4)?;
            self.blocks.push(Blocks::of(plane));
        }
        Ok(&self.blocks[level])
    }

    /// Looks for the timing patterns of these triples, reads what reads easily, and keeps the rest as places.
    fn look_at(&mut self, triples: &[Triple], binary: Binary<'_>, budget: &mut Budget<'_>) -> Result<(), Exhausted> {
        for triple in triples {
            if self.is_read(&centers(triple, binary.plane), module(triple, binary.plane)) {
                continue;
            }
            let Some(place) = place(triple, binary, budget)? else { continue };
            let known = self.known(&place);
            if known.as_ref().is_some_and(|known| known.sigma() >= place.sigma()) {
                continue;
            }
            let (easy, sign) = (place.easy().cloned(), place.sign);
            match known {
                Some(known) => *known = place,
                None => self.places.push(place),
            }
            if let Some(grid) = easy {
                self.try_grid(&grid, Known::Measured, sign, Trouble::Little, budget)?;
            }
        }
        Ok(())
    }

    /// The same place as it was found before.
    fn known(&mut self, place: &Place) -> Option<&mut Place> {
        let is_same =
            |known: &&mut Place| known.centers.iter().zip(&place.centers).all(|(&a, &b)| is_near(a, b, place.module));
        self.places.iter_mut().find(is_same)
    }

    /// Whether finder patterns are those of a symbol that was read.
    fn is_read(&self, centers: &[Point; 3], module: f32) -> bool {
        let mut known = self.symbols.iter().flat_map(|symbol| finder_centers(&symbol.grid));
        known.any(|known| centers.iter().any(|&center| is_near(known, center, module)))
    }

    /// Goes into the places that were found and not read, the most regular ones first.
    fn go_into(&mut self, is_meant: impl Fn(&Place) -> bool, budget: &mut Budget<'_>) -> Result<(), Exhausted> {
        self.places.sort_by(|a, b| b.merit().total_cmp(&a.merit()));
        for at in 0..self.places.len().min(MAX_PLACES) {
            let place = &mut self.places[at];
            if !is_meant(place) || std::mem::replace(&mut place.is_spent, true) {
                continue;
            }
            let place = place.clone();
            if self.is_read(&place.centers, place.module) {
                continue;
            }
            for (score, grid) in place.grids.iter().take(MAX_VERSIONS) {
                if score.sigma >= place.worth()
                    && self.try_grid(grid, place.known(), place.sign, Trouble::Much, budget)?
                {
                    break;
                }
            }
        }
        Ok(())
    }

    fn try_grid(
        &mut self,
        grid: &Grid,
        known: Known,
        sign: f32,
        trouble: Trouble,
        budget: &mut Budget<'_>,
    ) -> Result<bool, Exhausted> {
        let level = self.sampling_level(grid.module(), budget)?;
        let plane = Rc::clone(&self.planes[level]);
        let scale = scale(&plane);
        match attempt(grid.scaled(1.0 / scale), known, sign, &plane, trouble, budget)? {
            Attempt::Read(message, grid) => {
                self.symbols.push(Symbol { message, grid: grid.scaled(scale) });
                return Ok(true);
            }
            Attempt::Seen(Evidence { modules, grid }) => {
                self.evidence.push(Evidence { modules, grid: grid.scaled(scale) });
            }
            Attempt::Nothing => {}
        }
        Ok(false)
    }

    /// Places that look like symbols and were not read, most promising first.
    pub(crate) fn seen(&self) -> impl Iterator<Item = &Grid> {
        let places = self.places.iter().filter_map(Place::seen);
        self.evidence.iter().map(|evidence| &evidence.grid).chain(places).take(MAX_SEEN)
    }
}

fn is_near(a: Point, b: Point, module: f32) -> bool {
    a.distance(b) < 1.5 * module
}

/// Where the finder patterns of a grid are.
fn finder_centers(grid: &Grid) -> [Point; 3] {
    let far = grid.extent() - 3.5;
    [(3.5, 3.5), (far, 3.5), (3.5, far)].map(|(x, y)| grid.at(Point::new(x, y)))
}
