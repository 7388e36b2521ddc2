//! Alignment patterns and timing patterns: what tells the version and takes out the tilt.

use super::finder::Polarity;
use super::geometry::{Homography, Point};
use super::grid::{Grid, Warp};
use super::symbol::alignment_centres;
use crate::frame::Plane;

/// Agreement at which an alignment pattern counts as found; 1 is black on white without blur.
const FOUND: f32 = 0.5;

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

/// How well both timing patterns alternate where they should: 1 is perfect, data give about 0.
pub(crate) fn timing(grid: &Grid, plane: &Plane<'_>) -> f32 {
    let span = Contrast::of(grid, plane).span();
    let lines: [fn(f32, f32) -> Point; 2] =
        [|along, across| Point::new(along, across), |along, across| Point::new(across, along)];
    let score = |line: fn(f32, f32) -> Point| {
        // A little bend is no other version.
        [0.0, -0.4, 0.4]
            .map(|off| alternation(grid, plane, |along| line(along, 6.5 + off)))
            .into_iter()
            .fold(f32::MIN, f32::max)
    };
    lines.map(score).into_iter().sum::<f32>() / (2.0 * span)
}

/// Mean step between neighbours of a line of modules that starts and ends with a light one.
fn alternation(grid: &Grid, plane: &Plane<'_>, line: impl Fn(f32) -> Point) -> f32 {
    let (first, last) = (7, grid.version.side() - 8);
    let (mut sum, mut count, mut before) = (0.0, 0.0, None);
    for place in first..=last {
        #[expect(clippy::cast_precision_loss, reason = "at most 177")]
        let here = plane.sample(grid.at(line(place as f32 + 0.5)));
        if let Some(before) = before.replace(here) {
            // Even places are dark.
            sum += if place % 2 == 0 { before - here } else { here - before };
            count += 1.0;
        }
    }
    sum / count
}

/// How much an alignment pattern is here: mean of its light ring less mean of its dark modules, in parts of the contrast.
fn likeness(plane: &Plane<'_>, center: Point, [right, down]: [Point; 2], span: f32) -> f32 {
    let at = |(u, v): (f32, f32)| plane.sample(center + right * u + down * v);
    let light = RING.map(at).iter().sum::<f32>() / 8.0;
    let heart = at((0.0, 0.0));
    let heart_only = (light - heart) / span;
    // Most places are none, and show it here.
    if heart_only < 0.3 {
        return heart_only;
    }
    let dark = OUTER_RING.map(at).iter().sum::<f32>() + heart;
    (light - dark / 17.0) / span
}

const RING: [(f32, f32); 8] =
    [(-1.0, -1.0), (0.0, -1.0), (1.0, -1.0), (-1.0, 0.0), (1.0, 0.0), (-1.0, 1.0), (0.0, 1.0), (1.0, 1.0)];
const OUTER_RING: [(f32, f32); 16] = [
    (-2.0, -2.0),
    (-1.0, -2.0),
    (0.0, -2.0),
    (1.0, -2.0),
    (2.0, -2.0),
    (-2.0, -1.0),
    (2.0, -1.0),
    (-2.0, 0.0),
    (2.0, 0.0),
    (-2.0, 1.0),
    (2.0, 1.0),
    (-2.0, 2.0),
    (-1.0, 2.0),
    (0.0, 2.0),
    (1.0, 2.0),
    (2.0, 2.0),
];

/// The best place for an alignment pattern up to `radius` modules around a guess, and its likeness.
fn search(grid: &Grid, plane: &Plane<'_>, at: Point, radius: f32, span: f32) -> (Point, f32) {
    let axes = grid.axes(at);
    let middle = grid.at(at);
    let mut best = (Point::default(), f32::MIN);
    let mut step = 0.5;
    let around = |center: Point, reach: f32, step: f32, best: &mut (Point, f32)| {
        #[expect(clippy::cast_possible_truncation, reason = "a few dozen steps")]
        let steps = (reach / step) as i16;
        for row in -steps..=steps {
            for column in -steps..=steps {
                let off = center + Point::new(f32::from(column), f32::from(row)) * step;
                // Of two alike, the nearer one.
                let score =
                    likeness(plane, middle + axes[0] * off.x + axes[1] * off.y, axes, span) - 0.01 * off.length();
                if score > best.1 {
                    *best = (off, score);
                }
            }
        }
    };
    around(Point::default(), radius, step, &mut best);
    for _ in 0..2 {
        step /= 2.0;
        around(best.0, step, step, &mut best);
    }
    (middle + axes[0] * best.0.x + axes[1] * best.0.y, best.1)
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
        let (found, score) = search(grid, picture, place, radius, span);
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
pub(crate) fn bend(grid: &mut Grid, picture: &Plane<'_>) {
    let columns = grid.version.alignment();
    if columns.len() < 3 {
        return;
    }
    let span = Contrast::of(grid, picture).span();
    let count = columns.len();
    let last = count - 1;
    let mut offsets: Vec<Option<Point>> = vec![None; count * count];
    // Finder patterns are where the map has them already.
    for corner in [0, last, last * count] {
        offsets[corner] = Some(Point::default());
    }
    let flat = Grid::new(grid.version, grid.map);
    let module = flat.module();
    for (row, &y) in columns.iter().enumerate() {
        for (column, &x) in columns.iter().enumerate() {
            if offsets[row * count + column].is_some() {
                continue;
            }
            // Paper bends slowly: the neighbours that are known say where to look.
            let known = neighbours(&offsets, count, column, row);
            let guess = mean(&known);
            let mut shifted = flat.clone();
            shifted.warp = Some(Warp { nodes: vec![0.0, flat.extent()], offsets: vec![guess; 4] });
            let place = middle((x, y));
            let (found, score) = search(&shifted, picture, place, 1.5, span);
            let off = found - flat.at(place);
            if score >= FOUND && (off - guess).length() < 2.0 * module {
                offsets[row * count + column] = Some(off);
            }
        }
    }
    for _ in 0..count {
        let known = offsets.clone();
        for (at, offset) in offsets.iter_mut().enumerate().filter(|(_, offset)| offset.is_none()) {
            let around = neighbours(&known, count, at % count, at / count);
            if !around.is_empty() {
                *offset = Some(mean(&around));
            }
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "at most 177")]
    let nodes = columns.iter().map(|&column| column as f32 + 0.5).collect();
    grid.warp = Some(Warp { nodes, offsets: offsets.into_iter().map(Option::unwrap_or_default).collect() });
}

fn neighbours(offsets: &[Option<Point>], count: usize, column: usize, row: usize) -> Vec<Point> {
    let steps = [(-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, -1), (-1, 1), (1, 1)];
    steps
        .into_iter()
        .filter_map(|(right, down)| Some((column.checked_add_signed(right)?, row.checked_add_signed(down)?)))
        .filter(|&(column, row)| column < count && row < count)
        .filter_map(|(column, row)| offsets[row * count + column])
        .collect()
}

fn mean(points: &[Point]) -> Point {
    #[expect(clippy::cast_precision_loss, reason = "eight at most")]
    let share = 1.0 / points.len().max(1) as f32;
    points.iter().fold(Point::default(), |sum, &point| sum + point) * share
}

/// Light modules are the ink of an inverted symbol.
pub(crate) fn sign(polarity: Polarity) -> f32 {
    if polarity == Polarity::DarkOnLight { 1.0 } else { -1.0 }
}
