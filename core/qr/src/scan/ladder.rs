//! The stages of a search, cheap ones first.

use std::rc::Rc;

use super::align::{Hold, bend, pin_corner, sign, timing};
use super::budget::{Budget, Exhausted};
use super::codewords::Kept;
use super::finder::{self, Binary, Tolerance};
use super::geometry::Point;
use super::grid::Grid;
use super::locate::{Triple, triples};
use super::read::{Sampled, Trouble, decode};
use super::refine::Target;
use super::resolve::resolve;
use super::segments::Message;
use super::soft::Modules;
use super::symbol::{Layout, Version};
use super::third;
use super::threshold::{Blocks, Method, Threshold};
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
    third: Third,
}

/// What is done about a third finder pattern that two others lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Third {
    /// Nothing: this is the quick look.
    Left,
    /// It is looked for.
    Sought,
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
pub(crate) const STAGES: [Stage; 5] = [
    Stage {
        halvings: 1,
        neighbourhood: Neighbourhood::Mean(10),
        every: 1,
        tolerance: Tolerance(0.5),
        third: Third::Left,
    },
    Stage {
        halvings: 0,
        neighbourhood: Neighbourhood::Mean(10),
        every: 2,
        tolerance: Tolerance(0.5),
        third: Third::Sought,
    },
    Stage {
        halvings: 0,
        neighbourhood: Neighbourhood::Mean(32),
        every: 2,
        tolerance: Tolerance(0.6),
        third: Third::Sought,
    },
    Stage {
        halvings: 0,
        neighbourhood: Neighbourhood::Middle(24),
        every: 2,
        tolerance: Tolerance(0.6),
        third: Third::Sought,
    },
    Stage {
        halvings: 0,
        neighbourhood: Neighbourhood::Mean(64),
        every: 2,
        tolerance: Tolerance(0.7),
        third: Third::Sought,
    },
];

/// Stages that every frame of a moving picture gets: what they read, they read fast.
const ALWAYS: usize = 2;

/// Triples that are looked at in one stage, most plausible first.
const MAX_TRIPLES: usize = 24;
/// Places that are gone into, the most regular ones.
const MAX_PLACES: usize = 6;
/// Versions that a place is tried as when it is gone into.
const MAX_VERSIONS: usize = 2;
/// How regular timing patterns must be for a place to count as seen; data give about 0.
const SEEN: f32 = 0.25;
/// For it to be tried at once: what reads easily shows its timing patterns.
const EASY: f32 = 0.5;
/// And for it to be gone into: in standard deviations of what data give.
const WORTH: f32 = 1.2;
/// Bits of evidence at which a version counts as written.
const MARKED: f32 = 9.0;
/// Finder patterns this near to an upright square are a code that is seen, be it too far to read.
const UPRIGHT: f32 = 0.2;
/// Places that are told of as seen.
const MAX_SEEN: usize = 3;
/// Pixels a module up to which the picture is drawn from the modules: above, samples do as well.
const COARSE: f32 = 4.0;
/// Pixels a module above which half the size shows as much, with less noise and moiré.
const LARGE_MODULE: f32 = 7.0;

/// A symbol that was read, in pixels of the frame's plane.
#[derive(Debug, Clone)]
pub(crate) struct Symbol {
    pub(crate) message: Message,
    pub(crate) grid: Grid,
}

/// What is known about the modules of a symbol that was not read.
#[derive(Debug, Clone)]
pub(crate) struct Evidence {
    pub(crate) modules: Modules,
    /// In pixels of the frame's plane.
    pub(crate) grid: Grid,
}

/// A place that looks like a symbol and was not read yet, in pixels of the frame's plane.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    centers: [Point; 3],
    module: f32,
    sign: f32,
    /// How far the finder patterns are from an upright square.
    cost: f32,
    /// Bits of evidence for the version that is written beside the finder patterns; 0 where none is.
    mark: f32,
    /// How regular the timing patterns are under each of the likeliest versions, best first.
    grids: Vec<(Regularity, Grid)>,
}

impl Place {
    /// What timing patterns have to show: less in a good place, where blur may hide them, and nothing where the version is
    /// written.
    fn worth(&self) -> f32 {
        match self {
            Self { mark, .. } if *mark > 0.0 => f32::MIN,
            Self { cost, .. } if *cost <= UPRIGHT => WORTH / 2.0,
            _ => WORTH,
        }
    }

    /// How regular the timing patterns are under the likeliest version.
    fn sigma(&self) -> f32 {
        self.grids.first().map_or(f32::MIN, |(regular, _)| regular.sigma)
    }

    /// The likeliest grid, if it is so good that it is tried at once.
    fn easy(&self) -> Option<&Grid> {
        self.grids.first().filter(|(regular, _)| regular.part >= EASY).map(|(_, grid)| grid)
    }

    /// Where to go into first: chance makes long timing patterns regular, but hardly in good places.
    fn merit(&self) -> f32 {
        self.grids.first().map_or(f32::MIN, |(regular, _)| regular.part.min(1.0) - 0.5 * self.cost + self.mark / MARKED)
    }
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
        self.go_into(budget)
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
        let threshold = threshold(self.blocks(level, budget)?, stage.neighbourhood);
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
                self.try_grid(&grid, sign, Trouble::Little, budget)?;
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
    pub(crate) fn go_into(&mut self, budget: &mut Budget<'_>) -> Result<(), Exhausted> {
        self.places.sort_by(|a, b| b.merit().total_cmp(&a.merit()));
        for place in self.places.clone().into_iter().take(MAX_PLACES) {
            if self.is_read(&place.centers, place.module) {
                continue;
            }
            for (score, grid) in place.grids.iter().take(MAX_VERSIONS) {
                if score.sigma >= place.worth() && self.try_grid(grid, place.sign, Trouble::Much, budget)? {
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
        let plane = Rc::clone(&self.planes[level]);
        let scale = scale(&plane);
        match attempt(grid.scaled(1.0 / scale), sign, &plane, trouble, budget)? {
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
        let places = self.places.iter().filter_map(|place| {
            let (regular, grid) = place.grids.first()?;
            (regular.part >= SEEN || place.cost <= UPRIGHT).then_some(grid)
        });
        self.evidence.iter().map(|evidence| &evidence.grid).chain(places).take(MAX_SEEN)
    }
}

fn is_near(a: Point, b: Point, module: f32) -> bool {
    a.distance(b) < 1.5 * module
}

fn threshold(blocks: &Blocks, neighbourhood: Neighbourhood) -> Threshold {
    let radius = |part: usize| (blocks.longest() / part).max(1);
    blocks.threshold(match neighbourhood {
        Neighbourhood::Mean(part) => Method::Mean { radius: radius(part) },
        Neighbourhood::Middle(part) => Method::Middle { radius: radius(part) },
    })
}

/// Where the finder patterns of a triple are, in pixels of the frame's plane.
fn centers(triple: &Triple, plane: &Plane<'_>) -> [Point; 3] {
    triple.finders.map(|finder| finder.center * scale(plane))
}

/// Its module, in the same pixels.
fn module(triple: &Triple, plane: &Plane<'_>) -> f32 {
    let [a, b, c] = triple.finders.map(|finder| finder.module);
    (a + b + c) / 3.0 * scale(plane)
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
    }))
}

/// What came of a try.
enum Attempt {
    Read(Message, Grid),
    /// Not read, but there is a symbol.
    Seen(Evidence),
    Nothing,
}

/// Tries to read under a grid, in pixels of the plane; with much trouble, moves it until it fits.
fn attempt(
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
    let mut sampled = Sampled::new(grid.sample(plane), &layout, sign);
    if trouble == Trouble::Little {
        return Ok(sampled.read(trouble, &mut kept).map_or(Attempt::Nothing, |message| Attempt::Read(message, grid)));
    }
    if !sampled.is_regular() {
        // What was taken for an alignment pattern may be none, as in Model 1. Where timing patterns and format are not seen
        // without it either, there is no symbol that moving the grid would bring out.
        budget.spend(side * side * 20)?;
        (grid, hold) = (flat, Hold::Loose);
        sampled = Sampled::new(grid.sample(plane), &layout, sign);
        if !sampled.is_regular() {
            return Ok(Attempt::Nothing);
        }
    }
    if let Some(message) = sampled.read(trouble, &mut kept) {
        return Ok(Attempt::Read(message, grid));
    }
    if hold == Hold::Loose {
        Target::new(plane, &layout, &sampled.luma, sign).project(&mut grid, budget)?;
        budget.spend(side * side * 20)?;
        sampled = Sampled::new(grid.sample(plane), &layout, sign);
        if !sampled.is_regular() {
            return Ok(Attempt::Nothing);
        }
        if let Some(message) = sampled.read(trouble, &mut kept) {
            return Ok(Attempt::Read(message, grid));
        }
    }
    Target::new(plane, &layout, &sampled.luma, sign).warp(&mut grid, budget)?;
    budget.spend(side * side * 20)?;
    let sampled = Sampled::new(grid.sample(plane), &layout, sign);
    if let Some(message) = sampled.read(trouble, &mut kept) {
        return Ok(Attempt::Read(message, grid));
    }
    if grid.module() <= COARSE
        && sampled.is_regular()
        && let Some(modules) = resolve(plane, &grid, &layout, &sampled.luma, sign, budget)?
    {
        return Ok(match decode(&modules, &layout, trouble, &mut kept) {
            Some(message) => Attempt::Read(message, grid),
            None => Attempt::Seen(Evidence { modules, grid }),
        });
    }
    Ok(Attempt::Seen(Evidence { modules: sampled.clearest(), grid }))
}
