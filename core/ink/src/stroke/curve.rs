//! A smooth curve through the knots, cut into short steps.

use crate::geometry::Vec2;
use crate::stroke::smooth::Knot;
use crate::stroke::{Plane, float};

/// Knots nearer together than this, mm of the hand, are taken as one: a resting pen trembles.
const LEAST_SPACING_MM: f64 = 0.12;
/// Of two places nearer together than this share of it, the one before an end gives way.
const LEAST_END_SHARE: f64 = 0.5;
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
    /// The stroke has a corner here: the node before is at the same place and looks another way.
    pub(crate) is_after_corner: bool,
}

/// A place to draw through.
#[derive(Debug, Clone, Copy)]
struct Station {
    at: Vec2,
    width: f64,
}

/// Knots that are taken as one.
#[derive(Debug, Clone, Copy)]
struct Cluster {
    first: Vec2,
    sum: Vec2,
    widths: f64,
    count: usize,
}

/// Centripetal Catmull–Rom through the knots, from corner to corner: smooth runs, each starting where the one before
/// ended. A stroke that stays within one cluster has no node.
#[derive(Debug, Clone)]
pub(crate) struct Curve {
    plane: Plane,
    /// The knots since the last station.
    cluster: Option<Cluster>,
    /// The last stations of this run. The last but one is where the next span starts.
    stations: Vec<Station>,
    /// How the curve comes to the first of them.
    arrival: Option<Arrival>,
    last: Option<Node>,
    run_has_started: bool,
}

/// The leg to a station, and the curve's velocity there.
#[derive(Debug, Clone, Copy)]
struct Arrival {
    leg: Leg,
    velocity: Vec2,
}

/// From one station to the next: mean velocity, and how long it takes.
#[derive(Debug, Clone, Copy)]
struct Leg {
    velocity: Vec2,
    duration: f64,
}

impl Curve {
    pub(crate) fn new(plane: Plane) -> Self {
        let stations = Vec::new();
        Self { plane, cluster: None, stations, arrival: None, last: None, run_has_started: false }
    }

    pub(crate) fn push(&mut self, knot: &Knot, width: f64, out: &mut Vec<Node>) {
        let alone = Cluster { first: knot.at, sum: knot.at, widths: width, count: 1 };
        match &mut self.cluster {
            Some(cluster) if knot.at.distance(cluster.first) < LEAST_SPACING_MM => {
                cluster.sum = cluster.sum + knot.at;
                cluster.widths += width;
                cluster.count += 1;
            }
            _ => {
                if let Some(full) = self.cluster.replace(alone) {
                    let station = self.station(full);
                    self.visit(station, out);
                }
            }
        }
        if knot.is_corner {
            self.end(knot.at, out);
            self.cluster = Some(alone);
            self.run_has_started = false;
        }
    }

    /// Ends the run at this place: where the last knot was.
    pub(crate) fn end(&mut self, at: Vec2, out: &mut Vec<Node>) {
        let Some(cluster) = self.cluster.take() else { return };
        let end = Station { at: at * self.plane.scale, ..self.station(cluster) };
        // A run that ends where it trembles would otherwise end in a place on top of the one before.
        let near = LEAST_SPACING_MM * LEAST_END_SHARE * self.plane.scale;
        let others = self.stations.len() + usize::from(self.arrival.is_some());
        if others > 1 && self.stations.last().is_some_and(|last| last.at.distance(end.at) < near) {
            self.stations.pop();
        }
        self.visit(end, out);
        if let [from, to] = self.stations[..] {
            self.span(from, to, None, out);
        }
        self.stations.clear();
        self.arrival = None;
    }

    /// A cluster is drawn through at its mean; the start of a run stays where it is.
    fn station(&self, cluster: Cluster) -> Station {
        let count = float(cluster.count);
        let is_first = self.stations.is_empty();
        let at = if is_first { cluster.first } else { cluster.sum * (1.0 / count) };
        Station { at: at * self.plane.scale, width: cluster.widths / count }
    }

    /// Draws up to the station before the last, whose velocity is known when the one after it is.
    fn visit(&mut self, station: Station, out: &mut Vec<Node>) {
        self.stations.push(station);
        if let [from, to, next] = self.stations[..] {
            self.span(from, to, Some(next), out);
            self.stations.remove(0);
        }
    }

    fn span(&mut self, from: Station, to: Station, next: Option<Station>, out: &mut Vec<Node>) {
        let this = Leg::between(from.at, to.at);
        let after = next.map(|next| Leg::between(to.at, next.at));
        let leave = match (self.arrival, after) {
            (Some(arrival), _) => arrival.velocity,
            (None, Some(after)) => this.velocity_beside(after),
            (None, None) => this.velocity,
        };
        let arrive = match (self.arrival, after) {
            (_, Some(after)) => this.velocity_at_joint(after),
            (Some(arrival), None) => this.velocity_beside(arrival.leg),
            (None, None) => this.velocity,
        };
        self.arrival = Some(Arrival { leg: this, velocity: arrive });
        let span = Span::new(from.at, leave, to.at, arrive);
        let count = steps(span.chord / self.plane.step).max(steps(span.turn() / MOST_TURN_A_STEP));
        for nth in usize::from(self.run_has_started)..=count {
            let u = float(nth) / float(count);
            let at = span.at(u);
            let is_new_run = !self.run_has_started;
            let along = match self.last {
                Some(last) if is_new_run => last.along,
                Some(last) => last.along + last.at.distance(at),
                None => 0.0,
            };
            let width = from.width + (to.width - from.width) * u;
            let is_after_corner = is_new_run && self.last.is_some();
            let node = Node { at, tangent: span.direction(u), along, width, is_after_corner };
            self.last = Some(node);
            self.run_has_started = true;
            out.push(node);
        }
    }
}

impl Leg {
    fn between(from: Vec2, to: Vec2) -> Self {
        let duration = from.distance(to).sqrt().max(1e-6);
        Self { velocity: (to - from) * (1.0 / duration), duration }
    }

    /// Of the parabola through three stations, in the middle one.
    fn velocity_at_joint(self, next: Self) -> Vec2 {
        (self.velocity * next.duration + next.velocity * self.duration) * (1.0 / (self.duration + next.duration))
    }

    /// Of the same parabola, at the end of this leg that is not the joint with the other.
    fn velocity_beside(self, other: Self) -> Vec2 {
        self.velocity + (self.velocity - other.velocity) * (self.duration / (self.duration + other.duration))
    }
}

/// One cubic in Hermite form.
struct Span {
    from: Vec2,
    leave: Vec2,
    to: Vec2,
    arrive: Vec2,
    chord: f64,
}

impl Span {
    fn new(from: Vec2, leave: Vec2, to: Vec2, arrive: Vec2) -> Self {
        let chord = from.distance(to);
        let duration = chord.sqrt().max(1e-6);
        Self { from, leave: leave * duration, to, arrive: arrive * duration, chord }
    }

    fn at(&self, u: f64) -> Vec2 {
        let v = 1.0 - u;
        self.from * (v * v * (1.0 + 2.0 * u))
            + self.leave * (u * v * v)
            + self.to * (u * u * (3.0 - 2.0 * u))
            + self.arrive * (-u * u * v)
    }

    /// How fast the span turns where it turns fastest, radians for the whole of it.
    fn turn(&self) -> f64 {
        const PARTS: usize = 4;
        let mut before = self.velocity(0.0);
        let mut most = 0.0_f64;
        for part in 1..=PARTS {
            let velocity = self.velocity(float(part) / float(PARTS));
            // A tangent is a little more than its angle, and costs less.
            let (across, along) = (before.cross(velocity).abs(), before.dot(velocity));
            most = most.max(if across < along { across / along } else { before.angle_to(velocity) });
            before = velocity;
        }
        most * float(PARTS)
    }

    fn velocity(&self, u: f64) -> Vec2 {
        let v = 1.0 - u;
        (self.to - self.from) * (6.0 * u * v) + self.leave * (v * (1.0 - 3.0 * u)) + self.arrive * (u * (3.0 * u - 2.0))
    }

    fn direction(&self, u: f64) -> Vec2 {
        let direction = self.velocity(u).unit().or_else(|| (self.to - self.from).unit());
        direction.unwrap_or(Vec2::new(1.0, 0.0))
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 1..=4096")]
fn steps(quotient: f64) -> usize {
    quotient.ceil().clamp(1.0, 4096.0) as usize
}
