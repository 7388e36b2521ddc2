//! Few cubic curves for many points of a smooth line.

use eseal_face::{Point, Segment};

use crate::geometry::Vec2;

/// The farthest a fitted curve may pass from a point, mm. Rounding to the face's grid adds under 0.001.
const TOLERANCE_MM: f64 = 0.0122;
/// How often a fit may be improved, and over how many tolerances it is not worth trying.
const ROUNDS: usize = 10;
const HOPELESS: f64 = 12.0;
/// A single cubic turns at most this far, radians: beyond, a fit may form a loop.
const MOST_TURN: f64 = 2.4;
/// Two directions that are nearer to each other than this, 0.2 radians, are joined by a straight piece where that will do.
const LEAST_STRAIGHT_COSINE: f64 = 0.98;
/// The most points one cubic stands for.
const LONGEST: usize = 96;

/// A point of a line and the line's direction there, of length 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dart {
    pub(crate) at: Vec2,
    pub(crate) along: Vec2,
}

impl Dart {
    pub(crate) fn reversed(self) -> Self {
        Self { at: self.at, along: -self.along }
    }
}

pub(crate) fn point(at: Vec2) -> Point {
    Point::new(at.x, at.y)
}

/// Appends cubics that follow the line from its first to its last point, with its direction wherever two meet.
pub(crate) fn follow(line: &[Dart], out: &mut Vec<Segment>) {
    let mut from = 0;
    let mut guess = 8;
    while from + 1 < line.len() {
        let (length, cubic) = longest(&line[from..], guess);
        out.push(cubic);
        from += length;
        guess = length;
    }
}

/// Appends a straight piece to each point of the line but the first, or a cubic where the line turns too far for that.
pub(crate) fn connect(line: &[Dart], out: &mut Vec<Segment>) {
    out.extend(line.windows(2).map(|pair| {
        let is_straight = pair[0].along.dot(pair[1].along) > LEAST_STRAIGHT_COSINE;
        if is_straight { Segment::Line(point(pair[1].at)) } else { chord(pair[0], pair[1]) }
    }));
}

/// The cubic that covers most points from the first on, and how many steps it covers (at least one).
fn longest(line: &[Dart], guess: usize) -> (usize, Segment) {
    let most = LONGEST.min(line.len() - 1).min(turn_limit(line));
    let mut best = (1, fit(&line[..2]).unwrap_or(chord(line[0], line[1])));
    let (mut fits, mut fails) = (1, most + 1);
    let mut next = guess.clamp(1, most);
    // The very longest is not worth the search: a sixth less is near enough.
    while fails - fits > 1 + fits / 6 {
        if let Some(cubic) = fit(&line[..=next]) {
            best = (next, cubic);
            fits = next;
        } else {
            fails = next;
        }
        next = if fails > most { (fits + fits / 2 + 1).min(most) } else { usize::midpoint(fits, fails) };
        if next == fits {
            break;
        }
    }
    best
}

/// How many steps the line goes before it has turned too far for one cubic.
fn turn_limit(line: &[Dart]) -> usize {
    let mut turned = 0.0;
    for (i, pair) in line.windows(2).enumerate().take(LONGEST) {
        turned += pair[0].along.angle_to(pair[1].along);
        if turned > MOST_TURN {
            return i.max(1);
        }
    }
    LONGEST
}

fn chord(from: Dart, to: Dart) -> Segment {
    let reach = from.at.distance(to.at) / 3.0;
    Segment::Cubic(point(from.at + from.along * reach), point(to.at - to.along * reach), point(to.at))
}

/// The cubic with the line's ends and end directions that passes all its points within the tolerance, if there is one:
/// least squares for the two handle lengths, with rounds of re-assigning points to places on the curve.
fn fit(line: &[Dart]) -> Option<Segment> {
    let (&from, &to) = (line.first()?, line.last()?);
    let mut places = chord_lengths(line)?;
    for _ in 0..ROUNDS {
        let handles = handles(line, &places);
        let bezier = [from.at, from.at + from.along * handles.0, to.at - to.along * handles.1, to.at];
        let mut error = 0.0_f64;
        for (dart, place) in line.iter().zip(&mut places) {
            *place = nearer(&bezier, dart.at, *place);
            error = error.max(bezier_at(&bezier, *place).distance(dart.at));
        }
        if error <= TOLERANCE_MM {
            return Some(Segment::Cubic(point(bezier[1]), point(bezier[2]), point(bezier[3])));
        }
        if error > HOPELESS * TOLERANCE_MM {
            return None;
        }
    }
    None
}

/// Each point's share of the line's length.
fn chord_lengths(line: &[Dart]) -> Option<Vec<f64>> {
    let mut length = 0.0;
    let mut places = vec![0.0];
    for pair in line.windows(2) {
        length += pair[0].at.distance(pair[1].at);
        places.push(length);
    }
    if length < 1e-9 {
        return None;
    }
    for place in &mut places {
        *place /= length;
    }
    Some(places)
}

fn handles(line: &[Dart], places: &[f64]) -> (f64, f64) {
    let (Some(from), Some(to)) = (line.first(), line.last()) else { return (0.0, 0.0) };
    let chord = from.at.distance(to.at);
    let (mut c00, mut c01, mut c11, mut x0, mut x1) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (dart, &u) in line.iter().zip(places) {
        let v = 1.0 - u;
        let (b0, b1, b2, b3) = (v * v * v, 3.0 * u * v * v, 3.0 * u * u * v, u * u * u);
        let (a0, a1) = (from.along * b1, to.along * -b2);
        let rest = dart.at - from.at * (b0 + b1) - to.at * (b2 + b3);
        c00 += a0.dot(a0);
        c01 += a0.dot(a1);
        c11 += a1.dot(a1);
        x0 += a0.dot(rest);
        x1 += a1.dot(rest);
    }
    let determinant = c00 * c11 - c01 * c01;
    let solved = (determinant.abs() > 1e-12)
        .then(|| ((x0 * c11 - x1 * c01) / determinant, (c00 * x1 - c01 * x0) / determinant))
        .filter(|(first, second)| {
            (chord * 0.02..chord * 3.0).contains(first) && (chord * 0.02..chord * 3.0).contains(second)
        });
    solved.unwrap_or((chord / 3.0, chord / 3.0))
}

fn bezier_at(bezier: &[Vec2; 4], u: f64) -> Vec2 {
    let v = 1.0 - u;
    bezier[0] * (v * v * v) + bezier[1] * (3.0 * u * v * v) + bezier[2] * (3.0 * u * u * v) + bezier[3] * (u * u * u)
}

/// One Newton step towards the place on the curve that is nearest to the point.
fn nearer(bezier: &[Vec2; 4], at: Vec2, u: f64) -> f64 {
    let v = 1.0 - u;
    let (d0, d1, d2) = (bezier[1] - bezier[0], bezier[2] - bezier[1], bezier[3] - bezier[2]);
    let velocity = (d0 * (v * v) + d1 * (2.0 * u * v) + d2 * (u * u)) * 3.0;
    let acceleration = ((d1 - d0) * v + (d2 - d1) * u) * 6.0;
    let away = bezier_at(bezier, u) - at;
    let slope = velocity.dot(velocity) + away.dot(acceleration);
    if slope.abs() < 1e-12 { u } else { (u - away.dot(velocity) / slope).clamp(0.0, 1.0) }
}
