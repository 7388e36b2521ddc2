//! The search for finder patterns: 1 : 1 : 3 : 1 : 1 across every middle.

use super::budget::{Budget, Exhausted};
use super::cross::Step;
use super::geometry::Point;
use super::runs::Runs;
use super::threshold::{BLOCK, Threshold};
use crate::frame::Plane;

/// Most finder patterns that are kept of one search; the most often crossed ones win.
const MAX_FINDERS: usize = 28;
/// Contrast in parts of the clearest pattern's, below which one is dropped.
const LEAST_CONTRAST: f32 = 0.25;
/// Luminance steps between middle and ring below which a pattern is not looked at more closely.
const FAINT: u8 = 16;
/// Hits above which more say nothing.
const MANY_HITS: u16 = 6;
/// Most places that are looked at more closely in one search.
const MAX_LOOKS: usize = 20_000;

/// Which of the two is the ink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Polarity {
    DarkOnLight,
    LightOnDark,
}

/// A finder pattern as it was found, in pixels of the plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Finder {
    pub(crate) center: Point,
    /// Pixels along a module.
    pub(crate) module: f32,
    /// Rows that crossed it.
    pub(crate) hits: u16,
    /// Luminance between the light ring and the dark middle.
    pub(crate) contrast: f32,
    pub(crate) polarity: Polarity,
}

/// A plane under a threshold.
#[derive(Clone, Copy)]
pub(crate) struct Binary<'a> {
    pub(crate) plane: &'a Plane<'a>,
    pub(crate) threshold: &'a Threshold,
}

/// How far a pattern may be off, in parts of a module.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Tolerance(pub(crate) f32);

impl Binary<'_> {
    /// How far below the threshold the luminance is at a point; positive is dark.
    fn darkness(&self, at: Point) -> Option<f32> {
        let (x, y) = self.plane.pixel(at)?;
        Some(f32::from(self.threshold.at(x, y)) - self.plane.sample(at))
    }

    /// Distances from a point, in steps, at which dark and light change along a direction.
    pub(crate) fn edges<const N: usize>(
        &self,
        from: Point,
        step: Point,
        polarity: Polarity,
        steps: usize,
    ) -> Option<[f32; N]> {
        let mut sign = if polarity == Polarity::DarkOnLight { 1.0 } else { -1.0 };
        let mut before = self.darkness(from)? * sign;
        if before <= 0.0 {
            return None;
        }
        let (mut edges, mut found, mut at, mut distance) = ([0.0; N], 0, from, 0.0_f32);
        for _ in 0..steps {
            at = at + step;
            let Some(darkness) = self.darkness(at) else { break };
            let here = darkness * sign;
            if here <= 0.0 {
                edges[found] = distance + before / (before - here).max(f32::EPSILON);
                found += 1;
                if found == N {
                    return Some(edges);
                }
                sign = -sign;
                before = (-here).max(f32::EPSILON);
            } else {
                before = here;
            }
            distance += 1.0;
        }
        // The outermost edge may be the picture's own.
        if found + 1 == N {
            edges[found] = distance + 0.5;
            return Some(edges);
        }
        None
    }
}

/// The module of five runs, if they are in the proportion of a finder pattern.
///
/// Blur and thresholds widen dark and narrow light alike. The distance between two edges of the same kind is not changed by
/// that, so pairs of neighbouring runs are compared, not runs.
pub(crate) fn module_of(runs: [f32; 5], Tolerance(parts): Tolerance, pixels: f32) -> Option<f32> {
    let [a, b, c, d] = [runs[0] + runs[1], runs[1] + runs[2], runs[2] + runs[3], runs[3] + runs[4]];
    let module = (a + b + c + d) * (1.0 / 12.0);
    let slack = parts * module + pixels;
    // Few comparisons: of noise, none can be foretold.
    let off = (a - 2.0 * module).abs().max((d - 2.0 * module).abs());
    let off_middle = (b - 4.0 * module).abs().max((c - 4.0 * module).abs());
    let longest = runs.into_iter().fold(0.0, f32::max);
    let fits = off.max(off_middle / 1.5) <= slack
        && runs[2] > runs[1].max(runs[3]).max(1.5 * module)
        && longest < 4.5 * module;
    fits.then_some(module)
}

/// The finder patterns of a plane, the most often crossed ones first; `every` says which rows are searched.
pub(crate) fn find(
    binary: Binary<'_>,
    every: usize,
    tolerance: Tolerance,
    budget: &mut Budget<'_>,
) -> Result<Vec<Finder>, Exhausted> {
    let mut search = Search { binary, tolerance, found: Vec::new(), looks: 0 };
    let (width, height) = (binary.plane.width as usize, binary.plane.height as usize);
    let mut runs = Runs::default();
    let mut band = None;
    for y in (every / 2..height).step_by(every) {
        if band.replace(y / BLOCK) != Some(y / BLOCK) {
            runs.set_thresholds(binary.threshold.row(y), width);
        }
        let (edges, starts_dark) = runs.edges(&binary.plane.luma[y * width..(y + 1) * width]);
        budget.spend(width / 4 + 2 * edges.len())?;
        search.row(y, edges, starts_dark, budget)?;
    }
    let mut found = search.found;
    // Texture makes patterns too, but faint ones.
    let clearest = found.iter().fold(0.0_f32, |most, finder| most.max(finder.contrast));
    found.retain(|finder| finder.contrast >= LEAST_CONTRAST * clearest);
    let merit = |finder: &Finder| finder.contrast * f32::from(finder.hits.min(MANY_HITS));
    found.sort_by(|a, b| merit(b).total_cmp(&merit(a)));
    found.truncate(MAX_FINDERS);
    Ok(found)
}

struct Search<'a> {
    binary: Binary<'a>,
    tolerance: Tolerance,
    found: Vec<Finder>,
    looks: usize,
}

impl Search<'_> {
    #[expect(clippy::cast_precision_loss, reason = "a row number")]
    fn row(&mut self, y: usize, edges: &[u16], starts_dark: bool, budget: &mut Budget<'_>) -> Result<(), Exhausted> {
        for (run, window) in edges.windows(6).enumerate() {
            let widths: [u16; 5] = std::array::from_fn(|at| window[at + 1] - window[at]);
            // Cheap, and sorts out nearly all.
            if widths[2] < 2 || widths[2] <= widths[1].max(widths[3]) {
                continue;
            }
            if module_of(widths.map(f32::from), self.tolerance, 1.0).is_none() {
                continue;
            }
            let luma = |at: u16| self.binary.plane.luma[y * self.binary.plane.width as usize + usize::from(at)];
            let [left, middle, right] = [1, 2, 3].map(|run| luma(u16::midpoint(window[run], window[run + 1])));
            // Faint texture is full of patterns.
            if middle.abs_diff(left).min(middle.abs_diff(right)) < FAINT {
                continue;
            }
            let is_dark = starts_dark == (run % 2 == 0);
            let polarity = if is_dark { Polarity::DarkOnLight } else { Polarity::LightOnDark };
            let middle = Point::new(f32::from(window[2] + window[3]) / 2.0, y as f32 + 0.5);
            if self.is_known(middle, polarity) {
                continue;
            }
            self.looks += 1;
            if self.looks > MAX_LOOKS {
                return Ok(());
            }
            let across = f32::from(window[5] - window[0]);
            budget.spend(40 + usize::from(window[5] - window[0]) * 3)?;
            if let Some(finder) = self.look(middle, across, polarity) {
                self.add(finder);
            }
        }
        Ok(())
    }

    /// Counts a crossing of a pattern that was found already.
    fn is_known(&mut self, at: Point, polarity: Polarity) -> bool {
        let known = self.found.iter_mut().find(|finder| {
            let off = finder.center - at;
            finder.polarity == polarity && off.x.abs() < finder.module && off.y.abs() < 1.5 * finder.module
        });
        if let Some(finder) = known {
            finder.hits = finder.hits.saturating_add(1);
            return true;
        }
        false
    }

    fn add(&mut self, finder: Finder) {
        let close = |other: &&mut Finder| {
            other.polarity == finder.polarity
                && other.center.distance(finder.center) < 2.0 * other.module.max(finder.module)
                && (0.6..1.7).contains(&(other.module / finder.module))
        };
        match self.found.iter_mut().find(close) {
            Some(other) => other.hits = other.hits.saturating_add(1),
            None => self.found.push(finder),
        }
    }

    /// Whether a finder pattern is centred here: down, across again, and along a diagonal.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length in the picture")]
    fn look(&self, middle: Point, across: f32, polarity: Polarity) -> Option<Finder> {
        let reach = (across * 1.6) as usize + 4;
        let plane = self.binary.plane;
        let cross = |through: Point, step: Step, tolerance: Tolerance| {
            self.binary.cross(plane.pixel(through)?, step, polarity, reach, tolerance)
        };
        let (off, tall) = cross(middle, DOWN, self.tolerance)?;
        let start = Point::new(middle.x.floor() + 0.5, (middle.y + off).floor() + 0.5);
        let (off, wide) = cross(start, RIGHT, self.tolerance)?;
        if !(0.4..2.5).contains(&(tall / wide)) {
            return None;
        }
        let start = Point::new(start.x + off, start.y);
        let (off, tall) = cross(start, DOWN, self.tolerance)?;
        let center = Point::new(start.x, start.y + off);
        let module = (wide * tall).sqrt();
        let loose = Tolerance(self.tolerance.0 * 1.6);
        if DIAGONALS.iter().all(|&step| cross(center, step, loose).is_none()) {
            return None;
        }
        let (right, down) = (Point::new(1.0, 0.0), Point::new(0.0, 1.0));
        let luma = |step: Point| plane.sample(center + step);
        let ring = [right * wide, right * -wide, down * tall, down * -tall].map(|step| luma(step * 2.0));
        let contrast = (ring.iter().sum::<f32>() / 4.0 - luma(Point::default())).abs();
        Some(Finder { center, module, hits: 1, contrast, polarity })
    }
}

const RIGHT: Step = (1, 0);
const DOWN: Step = (0, 1);
const DIAGONALS: [Step; 2] = [(1, 1), (1, -1)];
