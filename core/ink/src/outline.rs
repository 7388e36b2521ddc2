//! From the middle of a stroke and its width to closed outlines.
//!
//! The outline is the envelope of discs that roll along the stroke. Where the stroke bends tighter than it is wide, the
//! inner envelope runs backwards; there the outline keeps to the middle instead, and discs fill the bend. So no part is
//! swept against the direction of the rest, contours may overlap, and the non-zero rule never leaves a hole.

use eseal_face::{Contour, Path, Segment};

use crate::curve::{Curve, Node};
use crate::fit::{Dart, follow, point};
use crate::geometry::{Bounds, Vec2};

/// The envelope must advance by at least this share of the step, or the stretch counts as too tight.
const LEAST_ADVANCE: f64 = 0.1;
/// Discs in a tight bend are this share of their radius apart.
const DISC_SPACING: f64 = 0.7;
/// The most the radius may change per mm: the envelope of discs that change faster does not touch them all.
const MOST_RADIUS_SLOPE: f64 = 0.7;

/// One stroke's filled shape and the box around it.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) path: Path,
    pub(crate) bounds: Bounds,
}

impl Shape {
    /// A round dot.
    pub(crate) fn dot(center: Vec2, diameter: f64) -> Self {
        let mut bounds = Bounds::EMPTY;
        bounds.include(center, diameter / 2.0);
        Self { path: Path { contours: vec![Contour::circle(point(center), diameter / 2.0)] }, bounds }
    }

    /// The outline of a curve that has at least one run.
    pub(crate) fn of(curve: &Curve) -> Self {
        let mut contours = Vec::new();
        let last_run = curve.runs.len().saturating_sub(1);
        for (nth, run) in curve.runs.iter().enumerate() {
            let rails = rails(&curve.nodes[run.clone()]);
            let ends = Ends { start: end(nth == 0), end: end(nth == last_run) };
            outline_run(&rails, ends, &mut contours);
            if nth != last_run {
                contours.extend(rails.last().map(Rail::disc));
            }
        }
        let mut bounds = Bounds::EMPTY;
        for node in &curve.nodes {
            bounds.include(node.at, node.width / 2.0);
        }
        Self { path: Path { contours }, bounds }
    }
}

/// How a piece of outline ends.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    /// The stroke ends here: with a half disc.
    Round,
    /// The stroke goes on, and a disc covers the seam.
    Butt,
}

#[derive(Debug, Clone, Copy)]
struct Ends {
    start: End,
    end: End,
}

fn end(of_stroke: bool) -> End {
    if of_stroke { End::Round } else { End::Butt }
}

/// A node with its disc and where the envelope touches it.
#[derive(Debug, Clone, Copy)]
struct Rail {
    at: Vec2,
    radius: f64,
    left: Dart,
    right: Dart,
}

impl Rail {
    fn disc(&self) -> Contour {
        Contour::circle(point(self.at), self.radius)
    }
}

fn rails(nodes: &[Node]) -> Vec<Rail> {
    (0..nodes.len())
        .map(|i| {
            let (before, after) = (nodes[i.saturating_sub(1)], nodes[(i + 1).min(nodes.len() - 1)]);
            let run = (after.along - before.along).max(1e-9);
            let slope = ((after.width - before.width) / 2.0 / run).clamp(-MOST_RADIUS_SLOPE, MOST_RADIUS_SLOPE);
            rail(nodes[i], slope)
        })
        .collect()
}

/// Discs whose radius grows by `slope` per mm touch their envelope a little behind the widest place.
fn rail(node: Node, slope: f64) -> Rail {
    let (tangent, normal, radius) = (node.tangent, node.tangent.turned(), node.width / 2.0);
    let across = (1.0 - slope * slope).sqrt();
    let dart = |side: f64| Dart {
        at: node.at + (tangent * -slope + normal * (side * across)) * radius,
        along: tangent * across + normal * (side * slope),
    };
    Rail { at: node.at, radius, left: dart(-1.0), right: dart(1.0) }
}

/// Which of the two sides of the envelope.
#[derive(Debug, Clone, Copy)]
enum Side {
    Left,
    Right,
}

impl Rail {
    fn dart(&self, side: Side) -> Dart {
        match side {
            Side::Left => self.left,
            Side::Right => self.right,
        }
    }
}

/// For each step, whether this side of the envelope falls behind: the stroke bends tighter there than it is wide.
fn tight_steps(rails: &[Rail], side: Side) -> Vec<bool> {
    let is_tight = |from: &Rail, to: &Rail| {
        let step = to.at - from.at;
        (to.dart(side).at - from.dart(side).at).dot(step) <= LEAST_ADVANCE * step.dot(step)
    };
    rails.windows(2).map(|pair| is_tight(&pair[0], &pair[1])).collect()
}

fn outline_run(rails: &[Rail], ends: Ends, contours: &mut Vec<Contour>) {
    let (left, right) = (tight_steps(rails, Side::Left), tight_steps(rails, Side::Right));
    let mut segments = Vec::new();
    let forward: Vec<Dart> = rails.iter().map(|rail| rail.left).collect();
    let back: Vec<Dart> = rails.iter().rev().map(|rail| rail.right.reversed()).collect();
    let middle: Vec<Vec2> = rails.iter().map(|rail| rail.at).collect();
    follow_side(&forward, &middle, &left, &mut segments);
    if let Some(last) = rails.last() {
        close(last, last.left.at, last.right.at, ends.end, &mut segments);
    }
    let turned = |list: &[bool]| list.iter().rev().copied().collect::<Vec<_>>();
    let middle: Vec<Vec2> = middle.into_iter().rev().collect();
    follow_side(&back, &middle, &turned(&right), &mut segments);
    if let Some(first) = rails.first() {
        if ends.start == End::Round {
            close(first, first.right.at, first.left.at, End::Round, &mut segments);
        }
        contours.push(Contour { start: point(first.left.at), segments });
    }
    let tight: Vec<bool> = left.iter().zip(&right).map(|(left, right)| *left || *right).collect();
    fill_bends(rails, &tight, contours);
}

/// One side of the envelope; where it is tight, the middle of the stroke instead.
fn follow_side(side: &[Dart], middle: &[Vec2], tight: &[bool], segments: &mut Vec<Segment>) {
    let mut from = 0;
    for stretch in tight.chunk_by(|one, next| one == next) {
        let to = from + stretch.len();
        if stretch[0] {
            let through = [middle[from], middle[usize::midpoint(from, to)], middle[to], side[to].at];
            segments.extend(through.map(|at| Segment::Line(point(at))));
        } else {
            follow(&side[from..=to], segments);
        }
        from = to;
    }
}

/// Discs over the tight bends, near enough together to hold all that lies between the bend and where its sides cross.
fn fill_bends(rails: &[Rail], tight: &[bool], contours: &mut Vec<Contour>) {
    let mut from = 0;
    for stretch in tight.chunk_by(|one, next| one == next) {
        let to = from + stretch.len();
        if stretch[0] {
            let quarter = stretch.len() / 4;
            let mut since = f64::INFINITY;
            for pair in rails[from + quarter..=to - quarter].windows(2) {
                if since > pair[0].radius * DISC_SPACING {
                    contours.push(pair[0].disc());
                    since = 0.0;
                }
                since += pair[0].at.distance(pair[1].at);
            }
        }
        from = to;
    }
}

/// From one side to the other, clockwise as seen around the rail's disc, or straight.
fn close(rail: &Rail, from: Vec2, to: Vec2, end: End, segments: &mut Vec<Segment>) {
    if end == End::Butt || rail.radius < 1e-6 {
        segments.push(Segment::Line(point(to)));
        return;
    }
    let (start, stop) = (from - rail.at, to - rail.at);
    let sweep = start.cross(stop).atan2(start.dot(stop)).rem_euclid(std::f64::consts::TAU);
    let pieces = if sweep > std::f64::consts::PI { 3 } else { 2 };
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
    fn curve(turns: &[f64], widths: &[f64], spacing: f64) -> Curve {
        let knot = |at, is_corner| crate::smooth::Knot { at, t_ms: 0.0, speed: 0.0, force: None, is_corner };
        let (mut at, mut heading) = (Vec2::default(), 0.0_f64);
        let mut knots = vec![knot(at, false)];
        for turn in turns {
            heading += turn;
            at = at + Vec2::new(heading.cos(), heading.sin()) * spacing;
            knots.push(knot(at, turn.abs() > 1.4));
        }
        let widths: Vec<f64> = (0..knots.len()).map(|i| widths[i % widths.len()]).collect();
        let mut curve = Curve::through(&knots, &widths, 1.0, 0.08);
        crate::width::shape(&mut curve.nodes, &knots, &crate::Pen::Fountain.nib());
        curve
    }

    fn around(center: Vec2, radius: f64) -> impl Iterator<Item = Vec2> {
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
            let curve = curve(&turns, &widths, spacing);
            let shape = Shape::of(&curve);
            for node in &curve.nodes {
                for place in around(node.at, node.width / 2.0 * 0.9 - 0.02) {
                    prop_assert!(winding(&shape.path, place) != 0, "a hole at {place:?}, beside {node:?}");
                }
                for place in around(node.at, node.width / 2.0 + 0.03) {
                    let covered = curve.nodes.iter().any(|node| node.at.distance(place) < node.width / 2.0 + 0.025);
                    prop_assert!(covered || winding(&shape.path, place) == 0, "ink at {place:?}, beside {node:?}");
                }
            }
        }
    }
}
