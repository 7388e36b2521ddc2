//! Closed lines of equal coverage, between the pixels (marching squares).

use crate::geometry::Vec2;
use crate::photo::grid::{Grid, exact};

/// A closed line: the last point is joined to the first. Ink lies to its right as seen, so a hole runs the other way.
pub(super) type Loop = Vec<Vec2>;

/// The ink's edge: where coverage is half. All else counts as below it outside the grid.
const HALF: f32 = 0.5;

/// A side of a square of four neighbouring pixels.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Top,
    Right,
    Bottom,
    Left,
}

/// All closed lines along which the values are half-way. Coordinates: pixel (0, 0) has its middle at (0.5, 0.5).
pub(super) fn loops(grid: &Grid<f32>) -> Vec<Loop> {
    let padded = padded(grid);
    let mut seen = Grid::filled(padded.width(), padded.height(), false);
    let mut found = Vec::new();
    for y in 0..padded.height() - 1 {
        for x in 0..padded.width() - 1 {
            // A line that leaves ink above... starts at the upper side of a square: ink left, none right of it.
            let starts = padded.at(x, y) >= HALF && padded.at(x + 1, y) < HALF;
            if starts && !seen.at(x, y) {
                found.push(walk(&padded, &mut seen, x, y));
            }
        }
    }
    found
}

/// The grid with an empty border, so that every line closes.
fn padded(grid: &Grid<f32>) -> Grid<f32> {
    let mut out = Grid::filled(grid.width() + 2, grid.height() + 2, 0.0);
    for (y, row) in grid.rows().enumerate() {
        out.row_mut(y + 1)[1..=row.len()].copy_from_slice(row);
    }
    out
}

/// Follows the line that enters the square (x, y) through its top, ink on the right hand.
fn walk(grid: &Grid<f32>, seen: &mut Grid<bool>, x: usize, y: usize) -> Loop {
    let (mut at, mut entered) = ((x, y), Side::Top);
    let mut line = Loop::new();
    loop {
        if entered == Side::Top {
            if seen.at(at.0, at.1) {
                return line;
            }
            seen.row_mut(at.1)[at.0] = true;
        }
        line.push(crossing(grid, at, entered));
        (at, entered) = match exit(grid, at, entered) {
            Side::Top => ((at.0, at.1 - 1), Side::Bottom),
            Side::Right => ((at.0 + 1, at.1), Side::Left),
            Side::Bottom => ((at.0, at.1 + 1), Side::Top),
            Side::Left => ((at.0 - 1, at.1), Side::Right),
        };
    }
}

/// The side through which the line leaves a square that it entered with ink on its right hand.
fn exit(grid: &Grid<f32>, (x, y): (usize, usize), entered: Side) -> Side {
    let ink = |dx: usize, dy: usize| grid.at(x + dx, y + dy) >= HALF;
    // Clockwise from the corner that is on the right hand when entering: right, right ahead, left ahead.
    let corners = [(0, 0), (1, 0), (1, 1), (0, 1)];
    let sides = [Side::Top, Side::Right, Side::Bottom, Side::Left];
    let index = sides.iter().position(|side| *side == entered).unwrap_or(0);
    let corner = |turn: usize| corners[(index + turn) % 4];
    let side = |turn: usize| sides[(index + turn) % 4];
    // Entering by the top, ink is at the upper left; next counter-clockwise are lower left and lower right.
    let (right_ahead, left_ahead) = (corner(3), corner(2));
    let is_right = ink(right_ahead.0, right_ahead.1);
    let is_left = ink(left_ahead.0, left_ahead.1);
    match (is_right, is_left) {
        (true, false) => side(2),
        (true, true) => side(1),
        // Two diagonal corners: joined if the middle is ink.
        (false, true) if middle(grid, x, y) >= HALF => side(1),
        (false, _) => side(3),
    }
}

fn middle(grid: &Grid<f32>, x: usize, y: usize) -> f32 {
    (grid.at(x, y) + grid.at(x + 1, y) + grid.at(x, y + 1) + grid.at(x + 1, y + 1)) / 4.0
}

/// Where the line crosses a side, in pixels of the unpadded grid.
fn crossing(grid: &Grid<f32>, (x, y): (usize, usize), side: Side) -> Vec2 {
    let (from, to) = match side {
        Side::Top => ((x, y), (x + 1, y)),
        Side::Right => ((x + 1, y), (x + 1, y + 1)),
        Side::Bottom => ((x, y + 1), (x + 1, y + 1)),
        Side::Left => ((x, y), (x, y + 1)),
    };
    let (low, high) = (grid.at(from.0, from.1), grid.at(to.0, to.1));
    let share = f64::from((HALF - low) / (high - low)).clamp(0.0, 1.0);
    let place = |(x, y): (usize, usize)| Vec2::new(exact(x) - 0.5, exact(y) - 0.5);
    place(from).lerp(place(to), share)
}

/// Twice the area that a loop encloses; positive for ink, negative for a hole.
pub(super) fn double_area(line: &[Vec2]) -> f64 {
    let next = line.iter().cycle().skip(1);
    line.iter().zip(next).map(|(from, to)| from.cross(*to)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disc(radius: f64, hole: f64) -> Grid<f32> {
        let mut grid = Grid::filled(40, 40, 0.0);
        for y in 0..40 {
            for x in 0..40 {
                let away = (exact(x) + 0.5 - 20.3).hypot(exact(y) + 0.5 - 19.8);
                let cover = (radius - away + 0.5).clamp(0.0, 1.0) * (away - hole + 0.5).clamp(0.0, 1.0);
                grid.row_mut(y)[x] = crate::photo::grid::single(cover);
            }
        }
        grid
    }

    #[test]
    fn a_ring_has_two_lines_that_run_against_each_other() {
        let found = loops(&disc(15.0, 6.0));
        let mut areas: Vec<f64> = found.iter().map(|line| double_area(line) / 2.0).collect();
        areas.sort_by(f64::total_cmp);
        let circle = |radius: f64| std::f64::consts::PI * radius * radius;
        assert_eq!(areas.len(), 2);
        assert!((areas[0] + circle(6.0)).abs() < 1.5, "{areas:?}");
        assert!((areas[1] - circle(15.0)).abs() < 2.5, "{areas:?}");
    }

    #[test]
    fn every_point_of_a_disc_is_on_its_edge() {
        for at in &loops(&disc(12.0, -5.0))[0] {
            assert!(((*at - Vec2::new(20.3, 19.8)).length() - 12.0).abs() < 0.12, "{at:?}");
        }
    }

    #[test]
    fn what_touches_the_border_closes_outside_it() {
        let grid = Grid::filled(5, 4, 1.0);
        let found = loops(&grid);
        assert_eq!(found.len(), 1);
        assert!((double_area(&found[0]) / 2.0 - 20.0).abs() < 1.0);
    }

    #[test]
    fn noise_gives_closed_lines_only() {
        let mut grid = Grid::filled(31, 17, 0.0);
        let mut state = 7_u32;
        for value in grid.values_mut() {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *value = f32::from(u8::try_from(state >> 24).unwrap()) / 255.0;
        }
        for line in loops(&grid) {
            assert!(line.len() >= 4);
            for (from, to) in line.iter().zip(line.iter().cycle().skip(1)) {
                assert!(from.distance(*to) < 1.5);
            }
        }
    }
}
