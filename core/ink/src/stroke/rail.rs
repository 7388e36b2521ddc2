//! The envelope of discs that roll along a stroke: where it runs on either side.

use eseal_face::{Contour, Segment};

use crate::geometry::{Bounds, Vec2};
use crate::stroke::curve::Node;
use crate::stroke::fit::{Dart, point};

/// The envelope must advance by at least this share of the step, or the stretch counts as too tight.
const LEAST_ADVANCE: f64 = 0.1;
/// The most the radius may change per mm: the envelope of discs that change faster does not touch them all.
const MOST_RADIUS_SLOPE: f64 = 0.7;

/// Which of the two sides of the envelope, seen along the stroke.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// A node with its disc and where the envelope touches it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rail {
    pub(crate) at: Vec2,
    pub(crate) radius: f64,
    pub(crate) along: f64,
    left: Dart,
    right: Dart,
    tangent: Vec2,
    after_corner: bool,
}

/// How one side of the envelope gets from a rail to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Step {
    /// Forward.
    Follow,
    /// Around the outer side of a corner: both rails have the same disc.
    Arc,
    /// Not forward: the stroke bends tighter than it is wide, or this is the inner side of a corner.
    Bend,
}

impl Rail {
    pub(crate) fn dart(&self, side: Side) -> Dart {
        match side {
            Side::Left => self.left,
            Side::Right => self.right,
        }
    }

    /// The disc, by three cubics: off by 0.15 % of the radius at most, and a form stores a quarter less than with four.
    pub(crate) fn disc(&self) -> Contour {
        // 4/3 · tan(120° / 4)
        const HANDLE: f64 = 0.769_800_358_919_501;
        let (sin, cos) = (0.75_f64.sqrt(), -0.5);
        let mut spoke = Vec2::new(self.radius, 0.0);
        let start = point(self.at + spoke);
        let segments = (0..3).map(|_| {
            let next = spoke * cos + spoke.turned() * sin;
            let (first, second) = (spoke + spoke.turned() * HANDLE, next - next.turned() * HANDLE);
            spoke = next;
            Segment::Cubic(point(self.at + first), point(self.at + second), point(self.at + next))
        });
        Contour { start, segments: segments.collect() }
    }

    pub(crate) fn is_at_corner(&self) -> bool {
        self.after_corner
    }

    pub(crate) fn include_in(&self, mut bounds: Bounds) -> Bounds {
        bounds.include(self.at, self.radius);
        bounds
    }

    /// Whether both sides of the envelope go forward from here to the next rail.
    pub(crate) fn goes_forward_to(&self, next: &Self) -> bool {
        [Side::Left, Side::Right].into_iter().all(|side| step(self, next, side) == Step::Follow)
    }

    /// Discs whose radius grows by `slope` per mm touch their envelope a little behind the widest place.
    fn new(node: Node, slope: f64) -> Self {
        let (tangent, normal, radius) = (node.tangent, node.tangent.turned(), node.width / 2.0);
        let across = (1.0 - slope * slope).sqrt();
        let dart = |side: f64| Dart {
            at: node.at + (tangent * -slope + normal * (side * across)) * radius,
            along: tangent * across + normal * (side * slope),
        };
        Self {
            at: node.at,
            radius,
            along: node.along,
            left: dart(-1.0),
            right: dart(1.0),
            tangent,
            after_corner: node.is_after_corner,
        }
    }
}

/// The rails of a stroke, or of a part of one.
pub(crate) fn rails(nodes: &[Node]) -> Vec<Rail> {
    let rail = |(i, node): (usize, &Node)| {
        let before = i.checked_sub(1).filter(|_| !node.is_after_corner).map_or(*node, |before| nodes[before]);
        let after = nodes.get(i + 1).filter(|after| !after.is_after_corner).copied().unwrap_or(*node);
        let length = (after.along - before.along).max(1e-9);
        let slope = ((after.width - before.width) / 2.0 / length).clamp(-MOST_RADIUS_SLOPE, MOST_RADIUS_SLOPE);
        Rail::new(*node, slope)
    };
    nodes.iter().enumerate().map(rail).collect()
}

/// The steps of one side, one fewer than rails.
pub(crate) fn steps(rails: &[Rail], side: Side) -> Vec<Step> {
    rails.windows(2).map(|pair| step(&pair[0], &pair[1], side)).collect()
}

fn step(from: &Rail, to: &Rail, side: Side) -> Step {
    if to.after_corner {
        let outer = if from.tangent.cross(to.tangent) > 0.0 { Side::Left } else { Side::Right };
        // Where the width changes, the inner side of a blunt corner opens a little, too.
        let (spoke, next) = (from.dart(side).at - from.at, to.dart(side).at - to.at);
        let opening = if side == Side::Left { spoke.cross(next) } else { next.cross(spoke) };
        let is_open = opening > 0.0 && spoke.dot(next) > 0.0;
        return if side == outer || is_open { Step::Arc } else { Step::Bend };
    }
    let way = to.at - from.at;
    let advance = (to.dart(side).at - from.dart(side).at).dot(way);
    if advance > LEAST_ADVANCE * way.dot(way) { Step::Follow } else { Step::Bend }
}
