//! Alignment patterns and timing patterns: what tells the version and takes out the tilt.

use super::eye::{Guess, search};
use super::finder::Polarity;
use super::geometry::{Homography, Point};
use super::grid::{Grid, Warp};
use super::symbol::alignment_centres;
use crate::frame::Plane;

/// Agreement at which an alignment pattern counts as found; 1 is black on white without blur.
const FOUND: f32 = 0.5;

/// And as one that cannot be mistaken.
const CLEAR: f32 = 0.7;

/// Luminance of the ink and the ground, from the finder patterns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Contrast {
    pub(crate) dark: f32,
    pub(crate) light: f32,
}

impl Contrast {
    pub(crate) fn of(grid: &Grid, plane: &Plane<'_>) -> Self {
        let far = grid.extent() - 3.5;
        let (mut dark, mut light) = (0.0, 0.0);
        for (x, y) in [(3.5, 3.5), (far, 3.5), (3.5, far)] {
            let center = Point::new(x, y);
            dark += plane.sample(grid.at(center));
            for (u, v) in [(2.0, 0.0), (-2.0, 0.0), (0.0, 2.0), (0.0, -2.0)] {
                light += plane.sample(grid.at(center + Point::new(u, v))) / 4.0;
            }
        }
        Self { dark: dark / 3.0, light: light / 3.0 }
    }

    /// Light less dark, never 0; negative for an inverted symbol.
    pub(crate) fn span(self) -> f32 {
        let span = self.light - self.dark;
        if span.abs() < 1.0 { 1.0_f32.copysign(span) } else { span }
    }
}

/// A little bend is no other version: modules off its line by which a timing pattern is looked for too.
const BENDS: [f32; 2] = [-0.4, 0.4];

/// How well both timing patterns alternate along their lines under a flat grid: 1 is perfect, data give about 0.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timing {
    span: f32,
    /// The best of what was looked at, along a row and along a column.
    lines: [f32; 2],
}

impl Timing {
    /// On the very lines.
    pub(crate) fn straight(grid: &Grid, plane: &Plane<'_>) -> Self {
        Self { span: Contrast::of(grid, plane).span(), lines: alternations(grid, plane, 0.0) }
    }

    /// And beside them.
    pub(crate) fn bent(mut self, grid: &Grid, plane: &Plane<'_>) -> Self {
        for bend in BENDS {
            for (best, beside) in self.lines.iter_mut().zip(alternations(grid, plane, bend)) {
                *best = best.max(beside);
            }
        }
        self
    }

    pub(crate) fn part(self) -> f32 {
        (self.lines[0] + self.lines[1]) / (2.0 * self.span)
    }
}

/// Mean steps between neighbours of the lines of both timing patterns, or of lines beside them.
fn alternations(grid: &Grid, plane: &Plane<'_>, off: f32) -> [f32; 2] {
    let [along, across] = [7.5, 6.5 + off];
    [(Point::new(along, across), Point::new(1.0, 0.0)), (Point::new(across, along), Point::new(0.0, 1.0))].map(
        |(from, step)| alternation(grid.map.line(from, step).take(grid.version.side() - 14).map(|at| plane.sample(at))),
    )
}

/// Mean step between neighbours of a line of modules that starts and ends with a light one.
fn alternation(mut line: impl Iterator<Item = f32>) -> f32 {
    let (mut sum, mut count, mut sign) = (0.0, 0.0, 1.0);
    let Some(mut before) = line.next() else { return 0.0 };
    for here in line {
        sum += sign * (before - here);
        (before, sign) = (here, -sign);
        count += 1.0;
    }
    sum / count
}

#[expect(clippy::cast_precision_loss, reason = "at most 177")]
fn middle((column, row): (usize, usize)) -> Point {
    Point::new(column as f32 + 0.5, row as f32 + 0.5)
}

/// Makes the lower right alignment pattern the fourth corner of the map. `false` if it is not found.
pub(crate) fn pin_corner(grid: &mut Grid, picture: &Plane<'_>) -> bool {
    let Some(&last) = alignment_centres(grid.version).last() else { return false };
    let (place, span) = (middle(last), Contrast::of(grid, picture).span());
    let far = grid.extent() - 3.5;
    let widest = (grid.extent() / 7.0).clamp(4.0, 9.0);
    for radius in [2.0, widest] {
        let (found, score) = search(grid, picture, place, Guess { offset: Point::default(), radius }, span);
        if score < FOUND {
            continue;
        }
        let corners = [(3.5, 3.5), (far, 3.5), (3.5, far)].map(|(x, y)| Point::new(x, y));
        let pairs = [
            (corners[0], grid.at(corners[0])),
            (corners[1], grid.at(corners[1])),
            (corners[2], grid.at(corners[2])),
            (place, found),
        ];
        if let Some(map) = Homography::fit(&pairs) {
            grid.map = map;
            return true;
        }
    }
    false
}

/// Bends the grid through all alignment patterns that are found: for version 7 and up, which have them inside.
///
/// Each one that is found says where to look for the next: paper that curls moves a far pattern by many modules, but never
/// by much more than its neighbours foretell.
pub(crate) fn bend(grid: &mut Grid, picture: &Plane<'_>) -> Hold {
    let columns = grid.version.alignment();
    if columns.len() < 3 {
        return Hold::Loose;
    }
    let span = Contrast::of(grid, picture).span();
    let flat = Grid::new(grid.version, grid.map);
    let mut net = Net::new(&columns);
    // Clear ones first and from farther around: a wrong one leads all that follow astray.
    for (least, widest) in [(CLEAR, f32::MAX), (FOUND, 1.5)] {
        let mut tried = vec![None; columns.len() * columns.len()];
        while let Some((at, trust, offset)) = net.next(&tried) {
            tried[at] = Some(trust);
            let guess = Guess { offset, radius: trust.radius().min(widest) };
            let place = middle((columns[at % net.count], columns[at / net.count]));
            let (found, score) = search(&flat, picture, place, guess, span);
            if score >= least {
                net.offsets[at] = Some(found - flat.at(place));
            }
        }
    }
    net.drop_outliers(0.9 * flat.module());
    grid.warp = Some(net.warp(flat.extent()));
    // Once more, now that it is known how each one is turned.
    for at in net.found() {
        let place = middle((columns[at % net.count], columns[at / net.count]));
        let (found, score) = search(grid, picture, place, Guess { offset: Point::default(), radius: 0.5 }, span);
        if score >= FOUND {
            net.offsets[at] = Some(found - flat.at(place));
        }
    }
    grid.warp = Some(net.warp(flat.extent()));
    if net.found().len() * 3 > net.offsets.len() * 2 { Hold::Firm } else { Hold::Loose }
}

/// How much holds a grid in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hold {
    /// The finder patterns, and what else was found.
    Loose,
    /// Most of its alignment patterns.
    Firm,
}

/// How well the place of a pattern is known before it is looked for; better ones last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Trust {
    /// As far off as the next one that was found.
    Near,
    /// In line with two.
    Line,
    /// The fourth corner of three.
    Corner,
}

impl Trust {
    const ALL: [Self; 3] = [Self::Corner, Self::Line, Self::Near];

    /// Modules around the guess that are searched.
    const fn radius(self) -> f32 {
        match self {
            Self::Near => 3.5,
            Self::Line => 3.0,
            Self::Corner => 2.5,
        }
    }
}

/// The alignment patterns, by how far in pixels they lie off the flat map.
#[derive(Clone)]
struct Net {
    count: usize,
    /// Positions along both axes, in modules.
    nodes: Vec<f32>,
    offsets: Vec<Option<Point>>,
}

impl Net {
    /// Finder patterns are where the map has them already.
    #[expect(clippy::cast_precision_loss, reason = "at most 177")]
    fn new(columns: &[usize]) -> Self {
        let count = columns.len();
        let mut offsets = vec![None; count * count];
        for corner in [0, count - 1, (count - 1) * count] {
            offsets[corner] = Some(Point::default());
        }
        Self { count, nodes: columns.iter().map(|&column| column as f32 + 0.5).collect(), offsets }
    }

    /// The pattern whose place is known best of those that were not looked for with so much trust.
    fn next(&self, tried: &[Option<Trust>]) -> Option<(usize, Trust, Point)> {
        let open = |&at: &usize| self.offsets[at].is_none();
        Trust::ALL.into_iter().find_map(|trust| {
            (0..self.offsets.len())
                .filter(open)
                .filter(|&at| tried[at].is_none_or(|before| before < trust))
                .find_map(|at| Some((at, trust, self.guess(at, trust)?)))
        })
    }

    fn guess(&self, at: usize, trust: Trust) -> Option<Point> {
        let around: Vec<Point> = match trust {
            Trust::Near => AROUND.iter().filter_map(|&step| self.beside(at, step)).collect(),
            Trust::Line => BESIDE.iter().filter_map(|&step| self.in_line(at, step)).collect(),
            Trust::Corner => SLANTED
                .iter()
                .filter_map(|&(right, down)| {
                    let (beside, above) = (self.beside(at, (right, 0))?, self.beside(at, (0, down))?);
                    Some(beside + above - self.beside(at, (right, down))?)
                })
                .collect(),
        };
        (!around.is_empty()).then(|| mean(&around))
    }

    /// The node so many columns to the right and rows down.
    fn step(&self, at: usize, (right, down): (isize, isize)) -> Option<usize> {
        let column = (at % self.count).checked_add_signed(right).filter(|&column| column < self.count)?;
        let row = (at / self.count).checked_add_signed(down).filter(|&row| row < self.count)?;
        Some(row * self.count + column)
    }

    fn beside(&self, at: usize, step: (isize, isize)) -> Option<Point> {
        self.offsets[self.step(at, step)?]
    }

    /// What the next two nodes in a direction go on to.
    fn in_line(&self, at: usize, (right, down): (isize, isize)) -> Option<Point> {
        let (near, far) = (self.step(at, (right, down))?, self.step(at, (2 * right, 2 * down))?);
        let along = |node: usize| self.nodes[if down == 0 { node % self.count } else { node / self.count }];
        let part = (along(at) - along(near)) / (along(near) - along(far));
        let (near, far) = (self.offsets[near]?, self.offsets[far]?);
        Some(near + (near - far) * part)
    }

    /// Forgets what its neighbours on both sides contradict.
    fn drop_outliers(&mut self, most: f32) {
        let before = self.clone();
        for (at, offset) in self.offsets.iter_mut().enumerate() {
            let Some(here) = *offset else { continue };
            let pairs = [[(-1, 0), (1, 0)], [(0, -1), (0, 1)]];
            let between: Vec<Point> = pairs
                .into_iter()
                .filter_map(|[one, other]| Some((before.beside(at, one)? + before.beside(at, other)?) * 0.5))
                .collect();
            if !between.is_empty() && between.iter().all(|middle| middle.distance(here) > most) {
                *offset = None;
            }
        }
    }

    /// The patterns that were found, but for the finder patterns.
    fn found(&self) -> Vec<usize> {
        let corners = [0, self.count - 1, (self.count - 1) * self.count];
        (0..self.offsets.len()).filter(|at| self.offsets[*at].is_some() && !corners.contains(at)).collect()
    }

    /// Smooth through all that were found, and for the others as their neighbours have it.
    fn warp(&self, extent: f32) -> Warp {
        let mut net = self.clone();
        let untried = vec![None; net.offsets.len()];
        while let Some((at, _, offset)) = net.next(&untried) {
            net.offsets[at] = Some(offset);
        }
        let offsets: Vec<Point> = net.offsets.into_iter().map(Option::unwrap_or_default).collect();
        Warp::through(&net.nodes, &offsets, extent)
    }
}

const BESIDE: [(isize, isize); 4] = [(-1, 0), (1, 0), (0, -1), (0, 1)];
const SLANTED: [(isize, isize); 4] = [(-1, -1), (1, -1), (-1, 1), (1, 1)];
const AROUND: [(isize, isize); 8] = [(-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, -1), (-1, 1), (1, 1)];

fn mean(points: &[Point]) -> Point {
    #[expect(clippy::cast_precision_loss, reason = "eight at most")]
    let share = 1.0 / points.len().max(1) as f32;
    points.iter().fold(Point::default(), |sum, &point| sum + point) * share
}

/// Light modules are the ink of an inverted symbol.
pub(crate) fn sign(polarity: Polarity) -> f32 {
    if polarity == Polarity::DarkOnLight { 1.0 } else { -1.0 }
}
