//! Lines printed on the paper, taken away: straight, thin, and running across the whole of what is looked at.
//!
//! Found by a Hough transform of the places darker than a threshold. What the line makes dark is measured across it where
//! nothing else is, and divided out all along it: strokes that cross it, or run along it, stay as they are.

use super::blobs::Blobs;
use super::grid::{Grid, count, exact, number, single};
use super::straight;
use super::survey::WEAK;

/// Directions that are told apart, in half a turn.
const DIRECTIONS: usize = 360;
/// At most about this many dark places are looked at.
const MOST_PLACES: usize = 30_000;
/// A line is dark over at least this share of its way from border to border.
const LEAST_SHARE: f32 = 0.7;
/// An area that reaches over at least this share of the picture may be a line or a grid.
const LEAST_SPAN: f64 = 0.7;
/// A line that cuts a corner of the picture does so along at least this share of a side,
const LEAST_CUT: f32 = 0.2;
/// and goes the same way as a whole one, within so many directions.
const SAME_WAY: usize = 3;
/// Nearer directions than this belong to one line.
const SAME_TURN: usize = 6;
/// One part in so many of a line, at each end, is where it meets the border.
const BORDER: usize = 25;
/// The most lines that are erased.
const MOST_LINES: usize = 200;
/// A line is looked for this many pixels to either side of where it should be.
const WANDER: usize = 3;
/// Where it is so many times as thick as usual, something crosses it.
const CROSSED: f64 = 1.4;
/// A line darker than this share of full ink is not told from ink: it goes only where it is alone.
const MOST_PRINTED: f32 = 0.8;
/// What is left of a bare stretch of a line and is fainter than this share of full ink, is no ink.
const LEAST_LEFT: f32 = 0.5;

/// All places where x·cos + y·sin = offset.
#[derive(Debug, Clone, Copy)]
struct Line {
    cos: f32,
    sin: f32,
    offset: f32,
}

/// Erases printed lines from a picture of darkness; `dark` is what counts as dark.
pub(super) fn erase(darkness: &mut Grid<f32>, dark: f32) {
    let found = Blobs::above(darkness, dark, dark);
    let (width, height) = (exact(darkness.width()), exact(darkness.height()));
    let is_wide = |blob: &super::blobs::Blob| {
        exact(blob.width()) > LEAST_SPAN * width || exact(blob.height()) > LEAST_SPAN * height
    };
    if !found.blobs().iter().any(is_wide) {
        return;
    }
    for line in lines(darkness, dark) {
        erase_line(darkness, line, dark);
    }
}

fn lines(darkness: &Grid<f32>, dark: f32) -> Vec<Line> {
    let (width, height) = (darkness.width(), darkness.height());
    let reach = count((number(width).hypot(number(height))).ceil()) + 1;
    let turns: Vec<(f32, f32)> = (0..DIRECTIONS)
        .map(|turn| (number(turn) / number(DIRECTIONS) * std::f32::consts::PI).sin_cos())
        .map(|(sin, cos)| (cos, sin))
        .collect();
    let total = darkness.values().iter().filter(|&&value| value > dark).count();
    let step = total.div_ceil(MOST_PLACES).max(1) | 1;
    let mut votes = Grid::filled(2 * reach + 1, DIRECTIONS, 0_u32);
    let places = darkness.values().iter().enumerate().filter(|(_, value)| **value > dark).map(|(at, _)| at);
    for at in places.step_by(step) {
        let (x, y) = (number(at % width), number(at / width));
        for (turn, (cos, sin)) in turns.iter().enumerate() {
            let offset = count(x * cos + y * sin + number(reach) + 0.5);
            votes.row_mut(turn)[offset] += 1;
        }
    }
    let mut found: Vec<Found> = Vec::new();
    for (turn, &(cos, sin)) in turns.iter().enumerate() {
        let row = votes.row(turn);
        for (at, window) in row.windows(3).enumerate() {
            // What is two pixels thick votes for neighbouring lines.
            let dark = number(step) * number(window.iter().copied().max().map_or(0, |most| most as usize));
            if window[1] < window[0] || window[1] < window[2] || dark < number(width.min(height)) * LEAST_SHARE * 0.5 {
                continue;
            }
            let line = Line { cos, sin, offset: number(at + 1) - number(reach) };
            if let Some(span) = line.span(number(width), number(height)).filter(|span| dark >= span.way * LEAST_SHARE) {
                found.push(Found { line, turn, share: dark / span.way, is_whole: span.is_whole });
            }
        }
    }
    found.sort_by(|one, other| other.is_whole.cmp(&one.is_whole).then(other.share.total_cmp(&one.share)));
    let mut kept: Vec<Found> = Vec::new();
    for line in found {
        let is_new = |other: &Found| {
            line.apart(other) > SAME_TURN || (line.line.offset.abs() - other.line.offset.abs()).abs() > 6.0
        };
        // Whole lines come first: what only cuts a corner is printed if it goes the same way as one of them.
        let is_printed = line.is_whole || kept.iter().any(|other| other.is_whole && line.apart(other) <= SAME_WAY);
        if is_printed && kept.len() < MOST_LINES && kept.iter().all(is_new) {
            kept.push(line);
        }
    }
    kept.into_iter().map(|found| found.line).collect()
}

/// A line, and how sure it is one.
#[derive(Debug, Clone, Copy)]
struct Found {
    line: Line,
    turn: usize,
    /// How much of its way is dark.
    share: f32,
    is_whole: bool,
}

impl Found {
    fn apart(&self, other: &Self) -> usize {
        let apart = self.turn.abs_diff(other.turn);
        apart.min(DIRECTIONS - apart)
    }
}

impl Line {
    /// Whether it is nearer to level than to upright.
    fn is_level(self) -> bool {
        self.sin.abs() >= self.cos.abs()
    }

    /// From where to where along its longer way it runs within a picture.
    fn span(self, width: f32, height: f32) -> Option<Span> {
        let (this, other, along, across) =
            if self.is_level() { (self.cos, self.sin, width, height) } else { (self.sin, self.cos, height, width) };
        let place = |at: f32| (self.offset - at * this) / other;
        let is_inside = |at: f32| (0.0..across).contains(&place(at));
        // Where it passes the other two borders; a line along them never does.
        let passes = [self.offset / this, (self.offset - across * other) / this];
        let ends: Vec<f32> = [0.0, along].into_iter().filter(|&end| is_inside(end)).collect();
        let cuts = passes.into_iter().filter(|at| (0.0..along).contains(at));
        let (from, to) =
            ends.iter().copied().chain(cuts).fold((along, 0.0_f32), |(from, to), at| (from.min(at), to.max(at)));
        let slope = this / other;
        let span = Span {
            from: count(from),
            to: count(to),
            way: (to - from) * 1.0_f32.hypot(slope),
            is_whole: ends.len() == 2,
        };
        (to - from >= LEAST_CUT * along).then_some(span)
    }
}

/// The part of a line within a picture.
#[derive(Debug, Clone, Copy)]
struct Span {
    /// Along its longer way, px.
    from: usize,
    to: usize,
    /// Its length, px.
    way: f32,
    /// Whether it enters and leaves by opposite sides.
    is_whole: bool,
}

/// Follows a line along its longer way, and takes from the picture what the line alone makes dark.
fn erase_line(darkness: &mut Grid<f32>, line: Line, dark: f32) {
    let is_level = line.is_level();
    let (length, breadth) =
        if is_level { (darkness.width(), darkness.height()) } else { (darkness.height(), darkness.width()) };
    let at = |grid: &Grid<f32>, along: usize, across: usize| {
        if is_level { grid.at(along, across) } else { grid.at(across, along) }
    };
    let middle = |along: usize| {
        let (this, other) = if is_level { (line.cos, line.sin) } else { (line.sin, line.cos) };
        (line.offset - number(along) * this) / other
    };
    // Where the line is dark, from and to across it, per step along it.
    let stretch = |grid: &Grid<f32>, along: usize| -> Option<(usize, usize)> {
        let middle = middle(along);
        if middle < 0.0 || middle >= number(breadth) {
            return None;
        }
        let middle = count(middle + 0.5).min(breadth - 1);
        let near = middle.saturating_sub(WANDER)..(middle + WANDER + 1).min(breadth);
        let darkest = near.max_by(|one, other| at(grid, along, *one).total_cmp(&at(grid, along, *other)))?;
        if at(grid, along, darkest) <= dark {
            return None;
        }
        let faint = dark / 2.0;
        let from = (0..darkest).rev().find(|across| at(grid, along, *across) <= faint).map_or(0, |across| across + 1);
        let to = (darkest..breadth).find(|across| at(grid, along, *across) <= faint).unwrap_or(breadth);
        Some((from, to))
    };
    let stretches: Vec<Option<(usize, usize)>> = (0..length).map(|along| stretch(darkness, along)).collect();
    // Handwriting keeps away from the border of what is looked at; a printed line goes on beyond it.
    let Some(span) = line.span(number(darkness.width()), number(darkness.height())) else { return };
    let within = &stretches[span.from.min(length)..span.to.min(length)];
    let end = (within.len() / BORDER).max(1).min(within.len());
    let reaches = |part: &[Option<(usize, usize)>]| part.iter().flatten().count() * 2 > part.len();
    if !reaches(&within[..end]) || !reaches(&within[within.len() - end..]) {
        return;
    }
    let mut thicknesses: Vec<usize> = stretches.iter().flatten().map(|(from, to)| to - from).collect();
    let half = thicknesses.len() / 2;
    let usual = exact(*thicknesses.select_nth_unstable(half).1);
    let most = count(single((usual * CROSSED).max(usual + 1.0)));
    let is_bare = |(from, to): &(usize, usize)| to - from <= most;
    let bare = || stretches.iter().enumerate().filter_map(|(n, part)| part.filter(is_bare).map(|part| (n, part)));
    let Some(course) = Course::through(bare()) else { return };
    let profile = Profile::of(bare().map(|(along, _)| along), usual, |along, offset| {
        let across = course.at(along) + offset;
        (across >= 0.0 && across < exact(breadth)).then(|| at(darkness, along, count(single(across)).min(breadth - 1)))
    });
    let full = dark / WEAK;
    let is_told = profile.darkest() <= MOST_PRINTED * full;
    for (along, part) in stretches.iter().enumerate().filter_map(|(along, part)| Some((along, (*part)?))) {
        let is_bare = is_bare(&part);
        if !is_told && !is_bare {
            continue;
        }
        let mut band = course.band(along, profile.reach, breadth);
        if is_bare {
            band = band.start.min(part.0.saturating_sub(1))..band.end.max((part.1 + 1).min(breadth));
        }
        // Printed colour and ink each let a share of the light through.
        let without = |across: usize| {
            let printed = profile.at(exact(across) + 0.5 - course.at(along)).min(MOST_PRINTED * full);
            ((at(darkness, along, across) - printed) / (1.0 - printed / full)).max(0.0)
        };
        let left: Vec<f32> = band.clone().map(without).collect();
        let is_nothing = is_bare && (!is_told || left.iter().all(|&value| value < LEAST_LEFT * full));
        for (across, value) in band.zip(left) {
            let (x, y) = if is_level { (along, across) } else { (across, along) };
            darkness.row_mut(y)[x] = if is_nothing { 0.0 } else { value };
        }
    }
}

/// Where a line runs, to a part of a pixel.
#[derive(Debug, Clone, Copy)]
struct Course {
    start: f64,
    slope: f64,
}

impl Course {
    /// Through the middles of stretches; a second time without those that something lies beside.
    fn through(stretches: impl Iterator<Item = (usize, (usize, usize))> + Clone) -> Option<Self> {
        let places = stretches.map(|(along, (from, to))| (exact(along), f64::midpoint(exact(from), exact(to))));
        let (start, slope) = straight::through(places.clone())?;
        let near = places.filter(|&(along, across)| (start + slope * along - across).abs() <= 1.0);
        straight::through(near).map(|(start, slope)| Self { start, slope })
    }

    fn at(self, along: usize) -> f64 {
        self.start + self.slope * exact(along)
    }

    /// The pixels across the line within this reach.
    fn band(self, along: usize, reach: f64, breadth: usize) -> std::ops::Range<usize> {
        let middle = self.at(along);
        count(single(middle - reach)).min(breadth)..(count(single(middle + reach)) + 1).min(breadth)
    }
}

/// How dark a line is across itself where nothing else is, in half pixels.
struct Profile {
    reach: f64,
    values: Vec<f32>,
}

impl Profile {
    fn of(bare: impl Iterator<Item = usize>, usual: f64, value: impl Fn(usize, f64) -> Option<f32>) -> Self {
        let reach = usual / 2.0 + 2.0;
        let bins = count(single(4.0 * reach)) + 1;
        let mut seen: Vec<Vec<f32>> = vec![Vec::new(); bins];
        for along in bare {
            for (bin, values) in seen.iter_mut().enumerate() {
                values.extend(value(along, exact(bin) / 2.0 - reach));
            }
        }
        let median = |mut values: Vec<f32>| {
            let half = values.len() / 2;
            if values.is_empty() { 0.0 } else { *values.select_nth_unstable_by(half, f32::total_cmp).1 }
        };
        Self { reach, values: seen.into_iter().map(median).collect() }
    }

    fn darkest(&self) -> f32 {
        self.values.iter().copied().fold(0.0, f32::max)
    }

    fn at(&self, offset: f64) -> f32 {
        let bin = single((offset + self.reach) * 2.0 + 0.5);
        if bin < 0.0 { 0.0 } else { self.values.get(count(bin)).copied().unwrap_or(0.0) }
    }
}
