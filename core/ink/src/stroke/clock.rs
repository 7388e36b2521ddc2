//! Times that strictly grow.

use crate::Sample;
use crate::geometry::Vec2;
use crate::stroke::{Plane, float};

/// Samples at a single time are spread this far apart where nothing else is known, ms.
const ASSUMED_GAP_MS: f64 = 8.0;
/// Samples nearer together than this have one time stamp, ms.
const LEAST_GAP_MS: f64 = 1e-3;
/// The most samples under one time stamp that are spread together.
const MOST_TOGETHER: usize = 32;

/// Where the pen was at one time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) at: Vec2,
    /// From the first time stamp of the stroke.
    pub(crate) t_ms: f64,
    /// 0 to 1.
    pub(crate) force: Option<f64>,
}

/// Spreads samples that were reported together under one time stamp evenly since the stamp before.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    plane: Plane,
    origin: Option<f64>,
    before: Option<f64>,
    together: Vec<Sample>,
}

impl Clock {
    pub(crate) fn new(plane: Plane) -> Self {
        Self { plane, origin: None, before: None, together: Vec::new() }
    }

    pub(crate) fn push(&mut self, sample: Sample, out: &mut Vec<Moment>) {
        let is_later = self.together.last().is_some_and(|last| sample.t_ms - last.t_ms >= LEAST_GAP_MS);
        if is_later || self.together.len() == MOST_TOGETHER {
            self.end(out);
        }
        self.together.push(sample);
    }

    pub(crate) fn end(&mut self, out: &mut Vec<Moment>) {
        let Some(last) = self.together.last() else { return };
        let origin = *self.origin.get_or_insert(last.t_ms);
        let count = float(self.together.len());
        let earliest = self.before.map_or(f64::NEG_INFINITY, |before| before + LEAST_GAP_MS * count);
        let stamp = (last.t_ms - origin).max(earliest);
        let start = self.before.unwrap_or(stamp - ASSUMED_GAP_MS * count);
        for (nth, sample) in (1..).zip(self.together.drain(..)) {
            out.push(Moment {
                at: self.plane.place((&sample).into()),
                t_ms: start + (stamp - start) * float(nth) / count,
                force: sample.force.map(f64::from),
            });
        }
        self.before = Some(stamp);
    }
}
