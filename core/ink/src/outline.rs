//! From the middle of a stroke and its width to closed outlines.
//!
//! The outline is the envelope of discs that roll along the stroke. Where the stroke bends tighter than it is wide, the
//! inner envelope runs backwards; such a stretch is drawn by its outer side and by discs. So every contour turns the
//! same way, contours may overlap, and the non-zero rule never leaves a hole.

use eseal_face::{Contour, Path, Point, Segment};

use crate::curve::{Curve, Node};
use crate::fit::{Dart, follow, point};
use crate::geometry::{Bounds, Vec2};

/// The envelope must advance by at least this share of the step, or the stretch counts as too tight.
const LEAST_ADVANCE: f64 = 0.1;
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

/// Which sides of the envelope move forward between two neighbouring rails.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Advance {
    Both,
    Left,
    Right,
    Neither,
}

fn advance(from: &Rail, to: &Rail) -> Advance {
    let step = to.at - from.at;
    let forward = |from: Dart, to: Dart| (to.at - from.at).dot(step) > LEAST_ADVANCE * step.dot(step);
    match (forward(from.left, to.left), forward(from.right, to.right)) {
        (true, true) => Advance::Both,
        (true, false) => Advance::Left,
        (false, true) => Advance::Right,
        (false, false) => Advance::Neither,
    }
}

fn outline_run(rails: &[Rail], ends: Ends, contours: &mut Vec<Contour>) {
    let advances: Vec<Advance> = rails.windows(2).map(|pair| advance(&pair[0], &pair[1])).collect();
    let mut from = 0;
    for stretch in advances.chunk_by(|one, next| one == next) {
        let to = from + stretch.len();
        let part = &rails[from..=to];
        match stretch[0] {
            Advance::Both => {
                let start = if from == 0 { ends.start } else { End::Butt };
                let end = if to + 1 == rails.len() { ends.end } else { End::Butt };
                contours.push(body(part, Ends { start, end }));
            }
            Advance::Left => contours.push(half(part.iter().map(|rail| rail.left), part.iter().rev())),
            Advance::Right => contours.push(half(part.iter().rev().map(|rail| rail.right.reversed()), part.iter())),
            Advance::Neither => contours.extend(part.iter().map(Rail::disc)),
        }
        if matches!(stretch[0], Advance::Left | Advance::Right) {
            contours
                .extend([part.first(), part.get(part.len() / 2), part.last()].into_iter().flatten().map(Rail::disc));
        }
        from = to;
    }
}

/// Both sides and the ends.
fn body(rails: &[Rail], ends: Ends) -> Contour {
    let left: Vec<Dart> = rails.iter().map(|rail| rail.left).collect();
    let right: Vec<Dart> = rails.iter().rev().map(|rail| rail.right.reversed()).collect();
    let mut segments = Vec::new();
    follow(&left, &mut segments);
    if let Some(last) = rails.last() {
        close(last, last.left.at, last.right.at, ends.end, &mut segments);
    }
    follow(&right, &mut segments);
    if let Some(first) = rails.first()
        && ends.start == End::Round
    {
        close(first, first.right.at, first.left.at, End::Round, &mut segments);
    }
    Contour { start: left.first().map_or(Point::new(0.0, 0.0), |dart| point(dart.at)), segments }
}

/// One side, and back along the middle.
fn half<'a>(side: impl Iterator<Item = Dart>, middle: impl Iterator<Item = &'a Rail>) -> Contour {
    let side: Vec<Dart> = side.collect();
    let mut segments = Vec::new();
    follow(&side, &mut segments);
    segments.extend(middle.map(|rail| Segment::Line(point(rail.at))));
    Contour { start: side.first().map_or(Point::new(0.0, 0.0), |dart| point(dart.at)), segments }
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
