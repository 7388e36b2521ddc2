//! All steps from samples to nodes, for a stroke that may still be growing.

use crate::Sample;
use crate::geometry::{Bounds, Vec2};
use crate::pen::Nib;
use crate::stroke::clock::{Clock, Moment};
use crate::stroke::corner::{Corners, Marked};
use crate::stroke::curve::{Curve, Node};
use crate::stroke::hook::Hooks;
use crate::stroke::shape::Shaper;
use crate::stroke::smooth::{Knot, Smoother};
use crate::stroke::width::width;
use crate::stroke::{End, Plane, slide};

/// A stroke whose box is smaller than this share of the pen's width is a dot.
const DOT_SHARE: f64 = 0.5;
/// A longer stroke is none, mm: it is drawn before the pen leaves.
const MOST_DOT_PATH_MM: f64 = 4.0;
/// How long before the end the lift-off speed is measured, ms, and in how many knots at most.
const LIFT_WINDOW_MS: f64 = 40.0;
const MOST_LIFT_KNOTS: usize = 48;

/// What a stroke is drawn as.
#[derive(Debug)]
pub(crate) enum Drawn<'a> {
    /// A disc.
    Dot { center: Vec2, diameter: f64 },
    /// The middle of the stroke: at least two nodes.
    Line(&'a [Node]),
}

/// Samples in, nodes out. How samples are grouped into calls makes no difference.
#[derive(Debug, Clone)]
pub(crate) struct Flow {
    clock: Clock,
    hooks: Hooks,
    corners: Corners,
    smoother: Smoother,
    curve: Curve,
    shaper: Shaper,
    nib: Nib,
    scale: f64,
    /// The last knots, for the speed at lift-off.
    knots: Vec<Knot>,
    /// Around all knots.
    bounds: Bounds,
    pipes: Pipes,
}

/// What flows between the steps; empty between calls.
#[derive(Debug, Default)]
struct Pipes {
    moments: Vec<Moment>,
    kept: Vec<Moment>,
    marked: Vec<Marked>,
    knots: Vec<Knot>,
    nodes: Vec<Node>,
}

impl Clone for Pipes {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Flow {
    pub(crate) fn new(plane: Plane, nib: Nib) -> Self {
        Self {
            clock: Clock::new(plane),
            hooks: Hooks::default(),
            corners: Corners::default(),
            smoother: Smoother::default(),
            curve: Curve::new(plane),
            shaper: Shaper::new(nib),
            nib,
            scale: plane.scale,
            knots: Vec::new(),
            bounds: Bounds::EMPTY,
            pipes: Pipes::default(),
        }
    }

    /// Becomes the same as another flow, in the memory it has.
    pub(crate) fn take_over(&mut self, other: &Self) {
        self.clock.clone_from(&other.clock);
        self.hooks.take_over(&other.hooks);
        self.corners.take_over(&other.corners);
        self.smoother.take_over(&other.smoother);
        self.curve.clone_from(&other.curve);
        self.shaper.take_over(&other.shaper);
        (self.nib, self.scale, self.bounds) = (other.nib, other.scale, other.bounds);
        self.knots.clone_from(&other.knots);
    }

    pub(crate) fn push(&mut self, samples: &[Sample]) {
        for sample in samples {
            self.clock.push(*sample, &mut self.pipes.moments);
        }
        self.run(None);
    }

    /// Draws all there is.
    pub(crate) fn end(&mut self, end: End) -> Drawn<'_> {
        self.clock.end(&mut self.pipes.moments);
        self.run(Some(end));
        let is_small = self.bounds.diagonal() < DOT_SHARE * self.nib.thickest;
        if self.shaper.length() < if is_small { MOST_DOT_PATH_MM } else { f64::MIN_POSITIVE } {
            let center = self.bounds.min.lerp(self.bounds.max, 0.5);
            return Drawn::Dot { center, diameter: self.nib.dot };
        }
        let speed = self.lift_speed();
        Drawn::Line(self.shaper.shaped(end, speed))
    }

    /// How many of the nodes that are kept will never change. From the first call on, the stroke is no dot.
    pub(crate) fn settled(&mut self) -> usize {
        self.shaper.settled()
    }

    /// Forgets what is no longer needed to draw the nodes from this one on; says how many nodes went.
    pub(crate) fn drop_before(&mut self, node: usize) -> usize {
        self.shaper.drop_before(node)
    }

    fn run(&mut self, end: Option<End>) {
        let Pipes { moments, kept, marked, knots, nodes } = &mut self.pipes;
        for moment in moments.drain(..) {
            self.hooks.push(moment, kept);
        }
        if let Some(end) = end {
            self.hooks.end(end, kept);
        }
        for moment in kept.drain(..) {
            self.corners.push(moment, marked);
        }
        if end.is_some() {
            self.corners.end(marked);
        }
        for marked in marked.drain(..) {
            self.smoother.push(marked, knots);
        }
        if end.is_some() {
            self.smoother.end(knots);
        }
        for knot in knots.drain(..) {
            self.bounds.include(knot.at * self.scale, 0.0);
            self.curve.push(&knot, width(&knot, &self.nib), nodes);
            self.knots.push(knot);
        }
        if let (Some(_), Some(last)) = (end, self.knots.last()) {
            self.curve.end(last.at, nodes);
        }
        for node in nodes.drain(..) {
            self.shaper.push(node);
        }
        let old = self.knots.len().saturating_sub(MOST_LIFT_KNOTS);
        slide(&mut self.knots, old);
    }

    /// The speed with which the pen left, mm/ms.
    fn lift_speed(&self) -> f64 {
        let Some(last) = self.knots.last() else { return 0.0 };
        let (mut path, mut since) = (0.0, last.t_ms);
        for pair in self.knots.windows(2).rev() {
            if last.t_ms - pair[0].t_ms > LIFT_WINDOW_MS && path > 0.0 {
                break;
            }
            path += pair[0].at.distance(pair[1].at);
            since = pair[0].t_ms;
        }
        path / (last.t_ms - since).max(1.0)
    }
}
