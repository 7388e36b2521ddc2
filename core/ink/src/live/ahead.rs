//! The stroke beyond its last sample, so that the ink keeps up with the hand.

use eseal_face::Path;

use crate::Sample;
use crate::geometry::Vec2;
use crate::predict::{AHEAD_MS, Course, WINDOW_MS};
use crate::stroke::curve::Node;
use crate::stroke::outline::{Cap, part};
use crate::stroke::rail::rails;

/// How far apart predicted places are, ms.
const STEP_MS: f64 = 4.0;
/// How wide a predicted stroke ends, as a share of where it starts.
const END_SHARE: f64 = 0.6;
/// A shorter way ahead is not shown, mm.
const LEAST_MM: f64 = 0.15;
/// The most samples that are remembered.
const MOST_SAMPLES: usize = 32;

/// What to show beyond the last sample.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Ahead<'a> {
    /// Nothing.
    Nothing,
    /// Where the last samples lead to: [`crate::predict()`].
    #[default]
    Fitted,
    /// Samples that the system predicts, in the order of time: it knows its digitiser.
    Reported(&'a [Sample]),
}

/// The last samples of a stroke.
#[derive(Debug, Clone, Default)]
pub(super) struct Trail {
    samples: Vec<Sample>,
}

impl Trail {
    pub(super) fn has_begun(&self) -> bool {
        !self.samples.is_empty()
    }

    pub(super) fn extend(&mut self, samples: &[Sample]) {
        let few = samples.len().saturating_sub(MOST_SAMPLES);
        self.samples.extend(&samples[few..]);
        let Some(last) = self.samples.last() else { return };
        let since = last.t_ms - WINDOW_MS;
        let old = self.samples.partition_point(|sample| sample.t_ms < since);
        let old = old.max(self.samples.len().saturating_sub(MOST_SAMPLES)).min(self.samples.len() - 1);
        self.samples.drain(..old);
    }

    /// The stroke from its last node on.
    pub(super) fn ahead(&self, ahead: Ahead<'_>, last: &Node) -> Path {
        let places: Vec<Vec2> = match ahead {
            Ahead::Nothing => Vec::new(),
            Ahead::Reported(samples) => samples.iter().take(MOST_SAMPLES).map(Vec2::from).collect(),
            Ahead::Fitted => self.fitted(),
        };
        let mut nodes = vec![*last];
        for at in places {
            let Some(before) = nodes.last_mut() else { break };
            let way = at - before.at;
            let Some(tangent) = way.unit() else { continue };
            before.tangent = (before.tangent + tangent).unit().unwrap_or(tangent);
            let along = before.along + way.length();
            nodes.push(Node { at, tangent, along, is_after_corner: false, ..*last });
        }
        let length = nodes.last().map_or(0.0, |end| end.along - last.along);
        if !(length >= LEAST_MM && length.is_finite()) {
            return Path::default();
        }
        for node in &mut nodes {
            node.width *= 1.0 - (1.0 - END_SHARE) * (node.along - last.along) / length;
        }
        part(&rails(&nodes), [Cap::Butt, Cap::Round])
    }

    fn fitted(&self) -> Vec<Vec2> {
        let Some(course) = Course::of(&self.samples) else { return Vec::new() };
        let mut places = Vec::new();
        let mut ahead = STEP_MS;
        while ahead <= AHEAD_MS {
            places.push(course.at(ahead));
            ahead += STEP_MS;
        }
        places
    }
}
