//! What can be measured about an ink.

use std::collections::BTreeSet;

use super::Direction;
use crate::geometry::{Bounds, Vec2};
use crate::{Ink, Stroke};

/// The width of a line, mm, for the share of the pad that is inked.
const LINE_MM: f64 = 0.6;

#[derive(Debug)]
pub(super) struct Measures {
    pub(super) strokes: f64,
    pub(super) path_mm: f64,
    pub(super) duration_ms: f64,
    pub(super) longest_gap_ms: f64,
    bounds: Bounds,
}

impl Measures {
    pub(super) fn of(ink: &Ink) -> Self {
        let times = || ink.samples().map(|sample| sample.t_ms);
        let gaps = times().zip(times().skip(1)).map(|(from, to)| to - from);
        Self {
            strokes: count(ink.strokes().len()),
            path_mm: ink.strokes().iter().map(Stroke::path_mm).sum(),
            duration_ms: times().last().unwrap_or_default() - times().next().unwrap_or_default(),
            longest_gap_ms: gaps.fold(0.0, f64::max),
            bounds: Bounds::of(ink.samples().map(Into::into)),
        }
    }

    pub(super) fn long_mm(&self) -> f64 {
        self.bounds.width().max(self.bounds.height())
    }

    pub(super) fn short_mm(&self) -> f64 {
        self.bounds.width().min(self.bounds.height())
    }

    /// Length over the diagonal; a dot has none, and does not wander.
    pub(super) fn wander(&self) -> f64 {
        self.path_mm / self.bounds.diagonal().max(1e-6)
    }

    pub(super) fn ratio(&self, direction: Direction) -> f64 {
        let (width, height) = (self.bounds.width().max(1e-3), self.bounds.height().max(1e-3));
        match direction {
            Direction::Row => width / height,
            Direction::Column => height / width,
        }
    }

    /// Negative where the ink lies beyond the edge.
    pub(super) fn edge_mm(&self, (width, height): (f64, f64)) -> f64 {
        let (min, max) = (self.bounds.min, self.bounds.max);
        [min.x, min.y, width - max.x, height - max.y].into_iter().fold(f64::INFINITY, f64::min)
    }
}

/// The share of a pad that lines as wide as a pen's would cover, counted in squares of that width.
pub(super) fn filled(ink: &Ink, (width, height): (f64, f64)) -> f64 {
    let mut squares = BTreeSet::new();
    for stroke in ink.strokes() {
        let points: Vec<Vec2> = stroke.samples().iter().map(Vec2::from).collect();
        squares.extend(points.first().map(square));
        for pair in points.windows(2) {
            let steps = steps(pair[0].distance(pair[1]));
            squares.extend((1..=steps).map(|nth| square(&pair[0].lerp(pair[1], f64::from(nth) / f64::from(steps)))));
        }
    }
    count(squares.len()) * LINE_MM * LINE_MM / (width * height).max(1e-6)
}

/// The median time between neighbouring samples of a stroke.
pub(super) fn median_gap_ms(ink: &Ink) -> Option<f64> {
    let gaps =
        |stroke: &Stroke| -> Vec<f64> { stroke.samples().windows(2).map(|pair| pair[1].t_ms - pair[0].t_ms).collect() };
    let mut gaps: Vec<f64> = ink.strokes().iter().flat_map(gaps).collect();
    let middle = gaps.len() / 2;
    (!gaps.is_empty()).then(|| *gaps.select_nth_unstable_by(middle, f64::total_cmp).1)
}

#[expect(clippy::cast_possible_truncation, reason = "at most 2 m in steps of 0.6 mm")]
fn square(at: &Vec2) -> (i32, i32) {
    ((at.x / LINE_MM).floor() as i32, (at.y / LINE_MM).floor() as i32)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 3 m in steps of 0.3 mm")]
fn steps(distance: f64) -> u32 {
    (distance / LINE_MM * 2.0).ceil().max(1.0) as u32
}

#[expect(clippy::cast_precision_loss, reason = "counts of strokes and squares, far below 2^52")]
fn count(items: usize) -> f64 {
    items as f64
}
