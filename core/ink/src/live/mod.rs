//! A stroke while it is drawn: what to paint after each batch of samples, and nothing else.

mod ahead;
mod changes;
mod pad;
mod replay;

pub use ahead::Ahead;
pub use changes::{AreaMm, Changes};
pub use pad::{LayerChange, LivePad, Repaint};
pub use replay::LiveReplay;

use eseal_face::{Contour, Path};

use crate::geometry::{Bounds, Vec2};
use crate::live::ahead::Trail;
use crate::stroke::fit::point;
use crate::stroke::flow::{Drawn, Flow};
use crate::stroke::outline::{Cap, part};
use crate::stroke::rail::{Rail, rails};
use crate::stroke::{End, Plane};
use crate::{Pen, Sample, Stroke};

/// Stable parts are at least so long, mm: where they overlap, edges are painted twice.
const LEAST_PART_MM: f64 = 0.5;
/// The stroke goes forward where it is cut, if such a place is found among so many nodes.
const MOST_WAIT: usize = 64;

/// One stroke from pen down to pen up, drawn as it comes.
///
/// It takes the samples of the log as they are admitted, in batches of any size, and answers each batch with what changed
/// on the pad. The work for a batch does not grow with the stroke. All that it ever called stable, together with what
/// [`LiveStroke::lift`] adds, covers what [`crate::outline`] draws from the whole stroke; how the samples were grouped
/// into batches makes no difference.
///
/// ```
/// use eseal_ink::{Ahead, LiveStroke, Pen, Sample};
/// let at = |n: i32| Sample::new(f64::from(n), 5.0, 8.0 * f64::from(n));
/// let mut stroke = LiveStroke::new(Pen::Fountain);
/// let changes = stroke.extend(&[at(0), at(1), at(2)], Ahead::Fitted);
/// assert!(changes.stable.contours.is_empty() && !changes.tail.contours.is_empty());
/// let changes = stroke.lift();
/// assert!(changes.tail.contours.is_empty() && !changes.stable.contours.is_empty());
/// ```
#[derive(Debug, Clone)]
pub struct LiveStroke {
    flow: Flow,
    /// A copy of it that is ended for each answer; what it holds between answers has no meaning.
    rest: Flow,
    trail: Trail,
    /// How many samples it has been given.
    seen: usize,
    /// The first of the flow's nodes that is not yet in a stable part.
    next: usize,
    has_stable: bool,
    /// What is to be wiped before the next tail is painted.
    painted: Bounds,
}

impl LiveStroke {
    /// A stroke of which nothing is drawn yet.
    #[must_use]
    pub fn new(pen: Pen) -> Self {
        let flow = Flow::new(Plane::PAD, pen.nib());
        Self {
            rest: flow.clone(),
            flow,
            trail: Trail::default(),
            seen: 0,
            next: 0,
            has_stable: false,
            painted: Bounds::EMPTY,
        }
    }

    /// Goes on with these samples, which the log has admitted, and says what to paint. `ahead` is what to show beyond the
    /// last of them.
    pub fn extend(&mut self, samples: &[Sample], ahead: Ahead<'_>) -> Changes {
        self.seen += samples.len();
        self.trail.extend(samples);
        self.flow.push(samples);
        let settled = self.flow.settled();
        self.rest.take_over(&self.flow);
        let mut changes = Changes::default();
        let mut bounds = Bounds::EMPTY;
        match self.rest.end(End::Open) {
            Drawn::Dot { center, diameter } => {
                (changes.tail, bounds) = dot(center, diameter);
            }
            Drawn::Line(nodes) => {
                // The first stable part starts with the stroke; others overlap the one before by a step.
                let first = self.next.saturating_sub(1);
                // A rail looks at the nodes beside it.
                let skipped = first.saturating_sub(1);
                let rails = rails(&nodes[skipped..]);
                let (first, next) = (first - skipped, self.next - skipped);
                let cut = cut(&rails, next, settled.saturating_sub(2).saturating_sub(skipped));
                bounds = rails[first..].iter().fold(bounds, |bounds, rail| rail.include_in(bounds));
                if let Some(last) = nodes.last() {
                    changes.predicted = self.trail.ahead(ahead, last);
                    bounds = bounds.union(changes::hull(&changes.predicted));
                }
                let mut cap = self.first_cap();
                if cut > next {
                    changes.stable = part(&rails[first..=cut], [cap, Cap::Butt]);
                    self.has_stable = true;
                    cap = Cap::Butt;
                }
                changes.tail = part(&rails[cut.saturating_sub(1)..], [cap, Cap::Round]);
                let cut = skipped + cut;
                self.next = cut - self.flow.drop_before(cut.saturating_sub(1));
            }
        }
        changes.dirty = AreaMm::around(self.painted.union(bounds));
        self.painted = bounds;
        changes
    }

    /// The same, with what the log's stroke holds beyond the samples given so far: after each batch that an
    /// [`InkPad`](crate::InkPad) took, with the last stroke of its ink.
    pub fn follow(&mut self, stroke: &Stroke, ahead: Ahead<'_>) -> Changes {
        self.extend(stroke.samples().get(self.seen..).unwrap_or_default(), ahead)
    }

    /// The pen has left: all that was unstable becomes stable, hooks go, the end tapers.
    #[must_use]
    pub fn lift(mut self) -> Changes {
        let cap = self.first_cap();
        let mut changes = Changes::default();
        let mut bounds = Bounds::EMPTY;
        match self.flow.end(End::Lifted) {
            Drawn::Dot { center, diameter } if self.trail.has_begun() => {
                (changes.stable, bounds) = dot(center, diameter);
            }
            Drawn::Dot { .. } => {}
            Drawn::Line(nodes) => {
                let rails = rails(nodes);
                let rest = &rails[self.next.saturating_sub(1)..];
                changes.stable = part(rest, [cap, Cap::Round]);
                bounds = rest.iter().fold(bounds, |bounds, rail| rail.include_in(bounds));
            }
        }
        changes.dirty = AreaMm::around(self.painted.union(bounds));
        changes
    }

    fn first_cap(&self) -> Cap {
        if self.has_stable { Cap::Butt } else { Cap::Round }
    }
}

/// Where the stable part from `next` on may end: at `last` or, if the stroke bends tightly there, a little before; at `next`
/// if that would be too short.
fn cut(rails: &[Rail], next: usize, last: usize) -> usize {
    let last = last.min(rails.len().saturating_sub(2));
    let shortest = rails.get(next).map_or(f64::INFINITY, |rail| rail.along + LEAST_PART_MM);
    let goes_forward = |i: &usize| rails[i - 1..=i + 1].windows(2).all(|pair| pair[0].goes_forward_to(&pair[1]));
    let mut long_enough = (next + 1..=last).rev().take_while(|&i| rails[i].along >= shortest);
    let found = long_enough.find(goes_forward);
    found.unwrap_or(if last > next + MOST_WAIT { last } else { next })
}

fn dot(center: Vec2, diameter: f64) -> (Path, Bounds) {
    let mut bounds = Bounds::EMPTY;
    bounds.include(center, diameter / 2.0);
    (Path { contours: vec![Contour::circle(point(center), diameter / 2.0)] }, bounds)
}
