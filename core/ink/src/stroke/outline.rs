//! From the middle of a stroke and its width to closed outlines.
//!
//! The outline is the envelope of discs that roll along the stroke. Where the stroke bends tighter than it is wide, the
//! inner envelope runs backwards: there the outline cuts across where the sides before and after the bend meet, or keeps
//! to the middle while discs fill the bend. So nothing is swept against the direction of the rest, contours may overlap,
//! and the non-zero rule never leaves a hole.

use eseal_face::{Contour, Path, Segment};

use crate::geometry::Vec2;
use crate::stroke::curve::Node;
use crate::stroke::fit::{Dart, connect, follow, point};
use crate::stroke::rail::{Rail, Side, Step, rails, steps};

/// Discs in a tight bend are this share of their radius apart.
const DISC_SPACING: f64 = 1.0;
/// Discs of a stroke that is no longer than it is wide are this share of their radius apart.
const SHORT_SPACING: f64 = 0.3;
/// The sides of a bend longer than this share of the radius meet too far from its middle.
const MITRED_SHARE: f64 = 0.75;
/// Where it has no mitre, a bend's middle is drawn by places this share of the radius apart.
const MIDDLE_SPACING: f64 = 0.3;
/// A bend that turns farther than this, radians, has no place where its sides meet.
const MOST_MITRED_TURN: f64 = 2.6;
/// Half discs sweep about π; an arc that sweeps more than this, radians, is a rounding error around zero.
const MOST_SWEEP: f64 = 5.0;

/// The outline of a whole stroke, of at least two nodes, in few cubic curves.
pub(crate) fn outline_of(nodes: &[Node]) -> Path {
    let rails = rails(nodes);
    let mut contours = contours(&rails, [Cap::Round; 2], follow);
    fill_short(&rails, &mut contours);
    Path { contours }
}

/// The outline of a part of a stroke, in straight pieces between rails.
pub(crate) fn part(rails: &[Rail], caps: [Cap; 2]) -> Path {
    let mut contours = contours(rails, caps, connect);
    if caps == [Cap::Round; 2] {
        fill_short(rails, &mut contours);
    }
    Path { contours }
}

/// How the outline ends where the stroke does, or where another part of it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cap {
    Round,
    Butt,
}

/// Draws through darts that go forward.
type Draw = fn(&[Dart], &mut Vec<Segment>);

fn contours(rails: &[Rail], caps: [Cap; 2], draw: Draw) -> Vec<Contour> {
    let (left, right) = (steps(rails, Side::Left), steps(rails, Side::Right));
    let mut contours = Vec::new();
    contours.extend(around(rails, &left, right.clone(), caps, draw));
    fill_bends(rails, &left, &right, &mut contours);
    contours
}

/// A stroke no longer than it is wide can bend so tightly that its sides never meet: it is covered by the discs themselves.
fn fill_short(rails: &[Rail], contours: &mut Vec<Contour>) {
    let (Some(first), Some(last)) = (rails.first(), rails.last()) else { return };
    let widest = rails.iter().map(|rail| rail.radius).fold(0.0, f64::max);
    if last.along - first.along > 2.0 * widest {
        return;
    }
    let mut covered = f64::NEG_INFINITY;
    for (nth, rail) in rails.iter().enumerate() {
        if rail.along - covered >= SHORT_SPACING * rail.radius || nth + 1 == rails.len() {
            contours.push(rail.disc());
            covered = rail.along;
        }
    }
}

/// Forward along the left, around the end, back along the right, around the start: clockwise as seen.
fn around(rails: &[Rail], left: &[Step], mut right: Vec<Step>, caps: [Cap; 2], draw: Draw) -> Option<Contour> {
    let (first, last) = (rails.first()?, rails.last()?);
    let [start, end] = [first, last].map(|rail| (rail.dart(Side::Left).at, rail.dart(Side::Right).at));
    let mut segments = Vec::with_capacity(2 * rails.len() + 8);
    let forward: Vec<Post> = rails.iter().map(|rail| Post::new(rail, Side::Left)).collect();
    trace(&forward, left, draw, &mut segments);
    cap(caps[1], last, end, &mut segments);
    let back: Vec<Post> = rails.iter().rev().map(|rail| Post::new(rail, Side::Right).reversed()).collect();
    right.reverse();
    trace(&back, &right, draw, &mut segments);
    cap(caps[0], first, (start.1, start.0), &mut segments);
    Some(Contour { start: point(start.0), segments })
}

fn cap(cap: Cap, rail: &Rail, (from, to): (Vec2, Vec2), segments: &mut Vec<Segment>) {
    match cap {
        Cap::Round => arc(rail, from, to, segments),
        Cap::Butt => segments.push(Segment::Line(point(to))),
    }
}

/// One rail as a walk along one side sees it.
struct Post<'a> {
    rail: &'a Rail,
    dart: Dart,
}

impl<'a> Post<'a> {
    fn new(rail: &'a Rail, side: Side) -> Self {
        Self { rail, dart: rail.dart(side) }
    }

    fn reversed(self) -> Self {
        Self { dart: self.dart.reversed(), ..self }
    }
}

fn trace(posts: &[Post<'_>], steps: &[Step], draw: Draw, segments: &mut Vec<Segment>) {
    let darts: Vec<Dart> = posts.iter().map(|post| post.dart).collect();
    let mut from = 0;
    for stretch in steps.chunk_by(|one, next| one == next) {
        let to = from + stretch.len();
        match stretch[0] {
            Step::Follow => draw(&darts[from..=to], segments),
            Step::Arc => arc(posts[from].rail, darts[from].at, darts[to].at, segments),
            Step::Bend => {
                let bend = &posts[from..=to];
                let through = mitre(bend).map_or_else(|| middle(bend), |at| vec![at]);
                segments.extend(through.into_iter().chain([darts[to].at]).map(|at| Segment::Line(point(at))));
            }
        }
        from = to;
    }
}

/// Where the spoke to this side at the start of a bend meets the spoke at its end.
fn mitre(bend: &[Post<'_>]) -> Option<Vec2> {
    let turn: f64 = bend.windows(2).map(|pair| pair[0].dart.along.angle_to(pair[1].dart.along)).sum();
    let (from, to) = (bend.first()?, bend.last()?);
    let (spoke, other) = (from.dart.at - from.rail.at, to.dart.at - to.rail.at);
    let (base, across) = (to.rail.at - from.rail.at, spoke.cross(other));
    if base.length() < 1e-9 {
        return Some(from.rail.at);
    }
    if turn > MOST_MITRED_TURN || across.abs() < 1e-9 {
        return None;
    }
    let (share, other_share) = (base.cross(other) / across, base.cross(spoke) / across);
    ((0.0..=1.0).contains(&share) && (0.0..=1.0).contains(&other_share)).then(|| from.rail.at + spoke * share)
}

/// The middle of the stroke through a bend, in few points.
fn middle(bend: &[Post<'_>]) -> Vec<Vec2> {
    let mut places: Vec<Vec2> = Vec::new();
    let last = bend.len().saturating_sub(1);
    for (i, post) in bend.iter().enumerate() {
        let is_far = places.last().is_none_or(|place| place.distance(post.rail.at) > post.rail.radius * MIDDLE_SPACING);
        if is_far || post.rail.is_at_corner() || i == last {
            places.push(post.rail.at);
        }
    }
    places
}

/// Discs over the bends that the outline leaves open: those without a mitre, and those so near to another bend that the
/// stroke between them does not reach over the whole inner side.
fn fill_bends(rails: &[Rail], left: &[Step], right: &[Step], contours: &mut Vec<Contour>) {
    let mut bends: Vec<Bend> = Vec::new();
    for (side, steps) in [(Side::Left, left), (Side::Right, right)] {
        let mut from = 0;
        for stretch in steps.chunk_by(|one, next| one == next) {
            let to = from + stretch.len();
            if stretch[0] == Step::Bend {
                let posts: Vec<Post> = rails[from..=to].iter().map(|rail| Post::new(rail, side)).collect();
                let length = rails[to].along - rails[from].along;
                let is_open = length > MITRED_SHARE * rails[from].radius || mitre(&posts).is_none();
                bends.push(Bend { side, from, to, is_open });
            }
            from = to;
        }
    }
    bends.sort_unstable_by_key(|bend| bend.from);
    for i in 1..bends.len() {
        let (before, after) = (rails[bends[i - 1].to], rails[bends[i].from]);
        let is_near = after.along - before.along < 2.0 * before.radius.max(after.radius);
        if is_near && bends[i - 1].side != bends[i].side {
            bends[i - 1].is_open = true;
            bends[i].is_open = true;
        }
    }
    for bend in bends.iter().filter(|bend| bend.is_open) {
        let inner = &rails[bend.from..=bend.to];
        let (Some(first), Some(last)) = (inner.first(), inner.last()) else { continue };
        let spacing = DISC_SPACING * first.radius.max(last.radius).max(1e-3);
        let mut next = first.along + (last.along - first.along).min(spacing) / 2.0;
        for rail in inner {
            if rail.along >= next {
                contours.push(rail.disc());
                next = rail.along + spacing;
            }
        }
    }
}

/// A stretch of steps that do not go forward on one side.
struct Bend {
    side: Side,
    from: usize,
    to: usize,
    is_open: bool,
}

/// From one place on the rail's disc to another, clockwise as seen.
fn arc(rail: &Rail, from: Vec2, to: Vec2, segments: &mut Vec<Segment>) {
    let (start, stop) = (from - rail.at, to - rail.at);
    let sweep = start.cross(stop).atan2(start.dot(stop)).rem_euclid(std::f64::consts::TAU);
    if rail.radius < 1e-6 || !(1e-3..MOST_SWEEP).contains(&sweep) {
        segments.push(Segment::Line(point(to)));
        return;
    }
    let pieces = (1..=3).find(|pieces| sweep / f64::from(*pieces) < 1.7).unwrap_or(3);
    let piece = sweep / f64::from(pieces);
    let handle = 4.0 / 3.0 * (piece / 4.0).tan();
    let (sin, cos) = piece.sin_cos();
    let mut spoke = start;
    for nth in 1..=pieces {
        let next = if nth == pieces { stop } else { spoke * cos + spoke.turned() * sin };
        segments.push(Segment::Cubic(
            point(rail.at + spoke + spoke.turned() * handle),
            point(rail.at + next - next.turned() * handle),
            point(rail.at + next),
        ));
        spoke = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eseal_face::Point;
    use proptest::prelude::*;

    use crate::stroke::curve::Curve;
    use crate::stroke::shape::Shaper;
    use crate::stroke::smooth::Knot;
    use crate::stroke::{End, Plane};

    /// How often the contours wind around a place.
    fn winding(path: &Path, at: Vec2) -> i32 {
        path.contours.iter().map(|contour| contour_winding(contour, at)).sum()
    }

    fn contour_winding(contour: &Contour, at: Vec2) -> i32 {
        let mut polygon = vec![contour.start];
        for segment in &contour.segments {
            let from = polygon[polygon.len() - 1];
            match *segment {
                Segment::Line(to) => polygon.push(to),
                Segment::Cubic(first, second, to) => polygon.extend((1..=12).map(|nth| {
                    let u = f64::from(nth) / 12.0;
                    let v = 1.0 - u;
                    let mix = |a: f64, b: f64, c: f64, d: f64| {
                        a * v * v * v + 3.0 * b * u * v * v + 3.0 * c * u * u * v + d * u * u * u
                    };
                    Point::new(mix(from.x, first.x, second.x, to.x), mix(from.y, first.y, second.y, to.y))
                })),
            }
        }
        polygon.push(contour.start);
        let crossing = |pair: &[Point]| {
            let (a, b) = (pair[0], pair[1]);
            let side = (b.x - a.x) * (at.y - a.y) - (at.x - a.x) * (b.y - a.y);
            i32::from(a.y <= at.y && b.y > at.y && side > 0.0) - i32::from(a.y > at.y && b.y <= at.y && side < 0.0)
        };
        polygon.windows(2).map(crossing).sum()
    }

    /// A stroke that turns and bends as a hand may, and tighter.
    fn curve(turns: &[f64], widths: &[f64], spacing: f64) -> Vec<Node> {
        let knot = |at, is_corner| Knot { at, t_ms: 0.0, speed: 0.0, force: None, is_corner };
        let (mut at, mut heading) = (Vec2::default(), 0.0_f64);
        let mut knots = vec![knot(at, false)];
        for turn in turns {
            heading += turn;
            at = at + Vec2::new(heading.cos(), heading.sin()) * spacing;
            knots.push(knot(at, turn.abs() > 1.4));
        }
        let (mut curve, mut nodes) = (Curve::new(Plane::PAD), Vec::new());
        for (i, knot) in knots.iter().enumerate() {
            curve.push(knot, widths[i % widths.len()], &mut nodes);
        }
        curve.end(at, &mut nodes);
        let mut shaper = Shaper::new(crate::Pen::Fountain.nib());
        for node in nodes {
            shaper.push(node);
        }
        shaper.shaped(End::Lifted, 0.05).to_vec()
    }

    fn circle(center: Vec2, radius: f64) -> impl Iterator<Item = Vec2> {
        (0..16).map(move |nth| {
            let (sin, cos) = (f64::from(nth) * std::f64::consts::TAU / 16.0).sin_cos();
            center + Vec2::new(cos, sin) * radius
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_outline_is_the_disc_rolled_along_the_stroke(
            turns in prop::collection::vec(-1.6_f64..1.6, 2..24),
            widths in prop::collection::vec(0.3_f64..1.8, 1..6),
            spacing in 0.15_f64..2.0,
        ) {
            let nodes = curve(&turns, &widths, spacing);
            prop_assume!(nodes.len() > 1);
            let path = outline_of(&nodes);
            for node in &nodes {
                for place in circle(node.at, node.width / 2.0 * 0.9 - 0.02) {
                    prop_assert!(winding(&path, place) != 0, "a hole at {place:?}, beside {node:?}");
                }
                for place in circle(node.at, node.width / 2.0 + 0.03) {
                    let covered = nodes.windows(2).any(|pair| (0..=4).any(|nth| {
                        let share = f64::from(nth) / 4.0;
                        let width = pair[0].width + (pair[1].width - pair[0].width) * share;
                        pair[0].at.lerp(pair[1].at, share).distance(place) < width / 2.0 + 0.025
                    }));
                    prop_assert!(covered || winding(&path, place) == 0, "ink at {place:?}, beside {node:?}");
                }
            }
        }
    }
}
