//! Lines printed on the paper, taken away: straight, thin, and running across the whole of what is looked at.
//!
//! Found by a Hough transform of the places darker than a threshold; erased column by column (or row by row) where
//! nothing but the line is there, so that strokes which cross a line stay whole.

use super::blobs::Blobs;
use super::grid::{Grid, count, exact, number, single};

/// Directions that are told apart, in half a turn.
const DIRECTIONS: usize = 360;
/// At most about this many dark places are looked at.
const MOST_PLACES: usize = 30_000;
/// A line is dark over at least this share of its way from border to border.
const LEAST_SHARE: f32 = 0.7;
/// An area that reaches over at least this share of the picture may be a line or a grid.
const LEAST_SPAN: f64 = 0.7;
/// One part in so many of a line, at each end, is where it meets the border.
const BORDER: usize = 25;
/// The most lines that are erased.
const MOST_LINES: usize = 200;
/// A line is looked for this many pixels to either side of where it should be.
const WANDER: usize = 3;
/// Where it is so many times as thick as usual, something crosses it.
const CROSSED: f64 = 1.4;

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
    let mut found: Vec<(f32, Line, usize)> = Vec::new();
    for (turn, &(cos, sin)) in turns.iter().enumerate() {
        let row = votes.row(turn);
        for (at, window) in row.windows(3).enumerate() {
            // What is two pixels thick votes for neighbouring lines.
            let dark = number(step) * number(window.iter().copied().max().map_or(0, |most| most as usize));
            if window[1] < window[0] || window[1] < window[2] || dark < number(width.min(height)) * LEAST_SHARE * 0.5 {
                continue;
            }
            let line = Line { cos, sin, offset: number(at + 1) - number(reach) };
            if let Some(way) = line.way(number(width), number(height)).filter(|way| dark >= way * LEAST_SHARE) {
                found.push((dark / way, line, turn));
            }
        }
    }
    found.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut kept: Vec<(f32, Line, usize)> = Vec::new();
    for line in found {
        let is_new = |other: &(f32, Line, usize)| {
            let apart = line.2.abs_diff(other.2);
            apart.min(DIRECTIONS - apart) > 6 || (line.1.offset.abs() - other.1.offset.abs()).abs() > 6.0
        };
        if kept.len() < MOST_LINES && kept.iter().all(is_new) {
            kept.push(line);
        }
    }
    kept.into_iter().map(|(_, line, _)| line).collect()
}

impl Line {
    /// Whether it is nearer to level than to upright.
    fn is_level(self) -> bool {
        self.sin.abs() >= self.cos.abs()
    }

    /// How far it runs within a picture, if it enters and leaves by opposite sides.
    fn way(self, width: f32, height: f32) -> Option<f32> {
        let (this, other, along, across) =
            if self.is_level() { (self.cos, self.sin, width, height) } else { (self.sin, self.cos, height, width) };
        let ends = [0.0, along].map(|at| (self.offset - at * this) / other);
        ends.iter().all(|end| (0.0..across).contains(end)).then(|| along.hypot(ends[1] - ends[0]))
    }
}

/// Follows a line along its longer way and erases it wherever it has no more than its own thickness.
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
    let end = (length / BORDER).max(1);
    let reaches = |part: &[Option<(usize, usize)>]| part.iter().flatten().count() * 2 > part.len();
    if !reaches(&stretches[..end]) || !reaches(&stretches[length - end..]) {
        return;
    }
    let mut thicknesses: Vec<usize> = stretches.iter().flatten().map(|(from, to)| to - from).collect();
    let half = thicknesses.len() / 2;
    let usual = exact(*thicknesses.select_nth_unstable(half).1);
    let most = count(single((usual * CROSSED).max(usual + 1.0)));
    for (along, stretch) in stretches.into_iter().enumerate() {
        let Some((from, to)) = stretch.filter(|(from, to)| to - from <= most) else { continue };
        for across in from.saturating_sub(1)..(to + 1).min(breadth) {
            let (x, y) = if is_level { (along, across) } else { (across, along) };
            darkness.row_mut(y)[x] = 0.0;
        }
    }
}
