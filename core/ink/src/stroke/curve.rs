//! A smooth curve through the knots, cut into short steps.

use std::ops::Range;

use crate::geometry::{Bounds, Vec2};
use crate::stroke::smooth::Knot;

/// Knots nearer together than this, mm of the hand, are taken as one: a resting pen trembles.
const LEAST_SPACING_MM: f64 = 0.12;

/// The farthest a single step may turn, radians: the outer side of a tight bend is long.
const MOST_TURN_A_STEP: f64 = 0.2;

/// One step along the middle of the stroke.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    pub(crate) at: Vec2,
    /// Direction of the stroke, of length 1.
    pub(crate) tangent: Vec2,
    /// Distance along the stroke from its start, mm.
    pub(crate) along: f64,
    /// mm.
    pub(crate) width: f64,
}

/// The middle of a stroke: smooth runs, each starting where the one before ended, with corners between.
#[derive(Debug, Default)]
pub(crate) struct Curve {
    pub(crate) nodes: Vec<Node>,
    pub(crate) runs: Vec<Range<usize>>,
}

#[derive(Debug, Clone, Copy)]
struct Station {
    at: Vec2,
    width: f64,
}

impl Curve {
    /// Centripetal Catmull–Rom through the knots, from corner to corner, in steps of at most `step` mm, everything
    /// scaled by `scale`. It has no run if the stroke is a dot.
    pub(crate) fn through(knots: &[Knot], widths: &[f64], scale: f64, step: f64) -> Self {
        let mut curve = Self::default();
        let mut from = 0;
        for to in 1..knots.len() {
            if knots[to].is_corner || to + 1 == knots.len() {
                let stations = stations(&knots[from..=to], &widths[from..=to], scale);
                curve.run_through(&stations, step);
                from = to;
            }
        }
        curve
    }

    /// The box around the stroke as wide as it is drawn.
    pub(crate) fn bounds(&self) -> Bounds {
        let mut bounds = Bounds::EMPTY;
        for node in &self.nodes {
            bounds.include(node.at, node.width / 2.0);
        }
        bounds
    }

    fn run_through(&mut self, stations: &[Station], step: f64) {
        let start = self.nodes.len();
        let velocities = velocities(stations);
        let mut along = self.nodes.last().map_or(0.0, |node| node.along);
        for (pair, velocity) in stations.windows(2).zip(velocities.windows(2)) {
            let span = Span::new(pair[0].at, velocity[0], pair[1].at, velocity[1]);
            let count = steps(span.chord / step).max(steps(span.turn() / MOST_TURN_A_STEP));
            for nth in usize::from(self.nodes.len() > start)..=count {
                let u = share(nth, count);
                let at = span.at(u);
                if self.nodes.len() > start {
                    along += self.nodes.last().map_or(0.0, |last| last.at.distance(at));
                }
                let width = pair[0].width + (pair[1].width - pair[0].width) * u;
                self.nodes.push(Node { at, tangent: span.direction(u), along, width });
            }
        }
        if self.nodes.len() > start {
            self.runs.push(start..self.nodes.len());
        }
    }
}

/// The knots to draw through: a cluster becomes its mean, the first and last stay where they are.
fn stations(knots: &[Knot], widths: &[f64], scale: f64) -> Vec<Station> {
    let (Some(first), Some(last)) = (knots.first(), knots.last()) else { return Vec::new() };
    let mut stations: Vec<Station> = Vec::with_capacity(knots.len());
    let mut clusters: Vec<Range<usize>> = Vec::with_capacity(knots.len());
    for (i, knot) in knots.iter().enumerate() {
        match clusters.last_mut() {
            Some(cluster) if knot.at.distance(knots[cluster.start].at) < LEAST_SPACING_MM => cluster.end = i + 1,
            _ => clusters.push(i..i + 1),
        }
    }
    let final_cluster = clusters.len() - 1;
    for (nth, cluster) in clusters.into_iter().enumerate() {
        let count = share(cluster.len(), 1);
        let mean = knots[cluster.clone()].iter().fold(Vec2::default(), |sum, knot| sum + knot.at) * (1.0 / count);
        let width = widths[cluster].iter().sum::<f64>() / count;
        let at = match nth {
            0 => first.at,
            _ if nth == final_cluster => last.at,
            _ => mean,
        };
        stations.push(Station { at: at * scale, width });
    }
    // A stroke that ends where it trembles would otherwise end in a point on top of the one before.
    if stations.len() >= 2 {
        let near = LEAST_SPACING_MM * scale * 0.5;
        let end = stations.len() - 1;
        if stations.len() > 2 && stations[end].at.distance(stations[end - 1].at) < near {
            stations.remove(end - 1);
        }
    } else {
        stations.clear();
    }
    stations
}

/// One cubic in Hermite form.
struct Span {
    from: Vec2,
    leave: Vec2,
    to: Vec2,
    arrive: Vec2,
    chord: f64,
}

/// Centripetal time between two places.
fn duration(from: Vec2, to: Vec2) -> f64 {
    from.distance(to).sqrt().max(1e-6)
}

impl Span {
    fn new(from: Vec2, leave: Vec2, to: Vec2, arrive: Vec2) -> Self {
        let duration = duration(from, to);
        Self { from, leave: leave * duration, to, arrive: arrive * duration, chord: from.distance(to) }
    }

    fn at(&self, u: f64) -> Vec2 {
        let v = 1.0 - u;
        self.from * (v * v * (1.0 + 2.0 * u))
            + self.leave * (u * v * v)
            + self.to * (u * u * (3.0 - 2.0 * u))
            + self.arrive * (-u * u * v)
    }

    /// How far the span turns, radians, if it does not wave.
    fn turn(&self) -> f64 {
        let chord = self.to - self.from;
        self.leave.angle_to(chord) + chord.angle_to(self.arrive)
    }

    fn direction(&self, u: f64) -> Vec2 {
        let v = 1.0 - u;
        let velocity = (self.to - self.from) * (6.0 * u * v)
            + self.leave * (v * (1.0 - 3.0 * u))
            + self.arrive * (u * (3.0 * u - 2.0));
        velocity.unit().or_else(|| (self.to - self.from).unit()).unwrap_or(Vec2::new(1.0, 0.0))
    }
}

/// Velocity at each station, in centripetal time: of the parabola through it and its neighbours.
fn velocities(stations: &[Station]) -> Vec<Vec2> {
    let legs: Vec<(Vec2, f64)> = stations
        .windows(2)
        .map(|pair| {
            let duration = duration(pair[0].at, pair[1].at);
            ((pair[1].at - pair[0].at) * (1.0 / duration), duration)
        })
        .collect();
    let count = stations.len();
    (0..count)
        .map(|i| match (i.checked_sub(1).and_then(|before| legs.get(before)), legs.get(i)) {
            (Some(&(v0, d0)), Some(&(v1, d1))) => (v0 * d1 + v1 * d0) * (1.0 / (d0 + d1)),
            (None, Some(&(v0, d0))) => legs.get(1).map_or(v0, |&(v1, d1)| v0 + (v0 - v1) * (d0 / (d0 + d1))),
            (Some(&(v1, d1)), None) => i
                .checked_sub(2)
                .and_then(|before| legs.get(before))
                .map_or(v1, |&(v0, d0)| v1 + (v1 - v0) * (d1 / (d0 + d1))),
            (None, None) => Vec2::default(),
        })
        .collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 1..=4096")]
fn steps(quotient: f64) -> usize {
    quotient.ceil().clamp(1.0, 4096.0) as usize
}

#[expect(clippy::cast_precision_loss, reason = "counts of samples and steps, far below 2^52")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}
