//! A traced line made smooth: even steps, corners kept, noise averaged away along the line.

use super::contour::Loop;
use crate::geometry::Vec2;
use crate::photo::grid::{count, exact, single};
use crate::stroke::fit::Dart;

/// Length of a step, pixels.
const STEP: f64 = 1.0;
/// A corner is looked for between arms of this many steps,
const ARM: usize = 3;
/// that enclose at least this turn, radians: the round end of a stroke of four pixels turns less.
const CORNER_TURN: f64 = 1.1;
/// A point is placed by a parabola through so many steps on each side.
const REACH: usize = 3;

/// The pieces of a closed line between its corners; a line without corners is one piece that ends where it began.
pub(super) fn pieces(line: &Loop) -> Vec<Vec<Dart>> {
    let points = even(line);
    let corners = corners(&points);
    let count = points.len();
    let Some(&first) = corners.first() else {
        let mut piece: Vec<Dart> = (0..count).map(|at| smooth(&points, at, REACH, REACH)).collect();
        piece.extend(piece.first().copied());
        return vec![piece];
    };
    let ends = corners.iter().skip(1).copied().chain([first + count]);
    corners.iter().zip(ends).map(|(&from, to)| piece(&points, from, to)).collect()
}

/// From one corner to the next (which may be the same one, a turn later).
fn piece(points: &[Vec2], from: usize, to: usize) -> Vec<Dart> {
    let darts = (from..=to).map(|at| smooth(points, at % points.len(), REACH.min(at - from), REACH.min(to - at)));
    let mut darts: Vec<Dart> = darts.collect();
    // At the corner itself the line passes through the traced point, in the direction its own side has.
    for (end, at) in [(0, from), (darts.len() - 1, to)] {
        darts[end].at = points[at % points.len()];
    }
    darts
}

/// Points in even steps of about [`STEP`] along the line.
fn even(line: &Loop) -> Vec<Vec2> {
    let mut lengths = vec![0.0];
    for (from, to) in line.iter().zip(line.iter().cycle().skip(1)) {
        lengths.push(lengths[lengths.len() - 1] + from.distance(*to));
    }
    let total = lengths[lengths.len() - 1];
    let steps = count(single(total / STEP)).max(4);
    let mut segment = 0;
    let place = |step| {
        let along = total * exact(step) / exact(steps);
        while segment + 2 < lengths.len() && lengths[segment + 1] <= along {
            segment += 1;
        }
        let share = (along - lengths[segment]) / (lengths[segment + 1] - lengths[segment]).max(1e-9);
        line[segment].lerp(line[(segment + 1) % line.len()], share)
    };
    (0..steps).map(place).collect()
}

/// Where the line turns sharply, in order.
fn corners(points: &[Vec2]) -> Vec<usize> {
    let length = points.len();
    if length < 4 * ARM {
        return Vec::new();
    }
    let turn = |at: usize| {
        let (before, after) = (points[(at + length - ARM) % length], points[(at + ARM) % length]);
        (points[at] - before).angle_to(after - points[at])
    };
    let turns: Vec<f64> = (0..length).map(turn).collect();
    let is_sharpest = |at: usize| {
        (1..=ARM)
            .all(|away| turns[at] > turns[(at + length - away) % length] && turns[at] >= turns[(at + away) % length])
    };
    (0..length).filter(|&at| turns[at] > CORNER_TURN && is_sharpest(at)).collect()
}

/// Place and direction at a point by a least-squares parabola over `before` steps before and `after` steps after it.
fn smooth(points: &[Vec2], at: usize, before: usize, after: usize) -> Dart {
    let length = points.len();
    let (mut s, mut p) = ([0.0_f64; 5], [Vec2::default(); 3]);
    let reach = (before + after).min(length - 1);
    for step in 0..=reach {
        let t = exact(step) - exact(before);
        let point = points[(at + length + step - before % length) % length];
        let mut power = 1.0;
        for (i, sum) in s.iter_mut().enumerate() {
            *sum += power;
            if let Some(sum) = p.get_mut(i) {
                *sum = *sum + point * power;
            }
            power *= t;
        }
    }
    let (place, slope) = solve(s, p).unwrap_or((points[at], Vec2::default()));
    let along = slope.unit().or_else(|| (points[(at + 1) % length] - points[at]).unit()).unwrap_or(Vec2::new(1.0, 0.0));
    Dart { at: place, along }
}

/// Value and slope at 0 of the parabola whose normal equations these are.
fn solve(s: [f64; 5], p: [Vec2; 3]) -> Option<(Vec2, Vec2)> {
    let rows = [[s[0], s[1], s[2]], [s[1], s[2], s[3]], [s[2], s[3], s[4]]];
    let minor = |i: usize, j: usize| {
        let pick = |skip: usize| [(skip + 1) % 3, (skip + 2) % 3];
        let ([r0, r1], [c0, c1]) = (pick(i), pick(j));
        rows[r0][c0] * rows[r1][c1] - rows[r0][c1] * rows[r1][c0]
    };
    let determinant: f64 = (0..3).map(|j| rows[0][j] * minor(0, j)).sum();
    if determinant.abs() < 1e-9 {
        return None;
    }
    let row = |i: usize| (p[0] * minor(0, i) + p[1] * minor(1, i) + p[2] * minor(2, i)) * (1.0 / determinant);
    Some((row(0), row(1)))
}
