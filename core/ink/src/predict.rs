//! Where the pen will be in a moment.

use crate::Sample;
use crate::geometry::Vec2;

/// The samples of so long, ms, tell where the pen goes.
pub const WINDOW_MS: f64 = 40.0;
/// How far ahead a guess is worth showing, ms.
pub const AHEAD_MS: f64 = 16.0;
/// The least samples that show more than a straight way.
const LEAST_FOR_BEND: usize = 4;

/// Where the pen will be `ahead_ms` after the last of these samples of one stroke, which are in the order of time: by
/// least squares over the last [`WINDOW_MS`]. `None` if they are too few to tell, or `ahead_ms` is over [`AHEAD_MS`] or no
/// number. A guess is for the eye: it belongs into no log.
#[must_use]
pub fn predict(samples: &[Sample], ahead_ms: f64) -> Option<Sample> {
    if !(0.0..=AHEAD_MS).contains(&ahead_ms) {
        return None;
    }
    let last = samples.last()?;
    let recent = samples.partition_point(|sample| sample.t_ms < last.t_ms - WINDOW_MS);
    let at = Course::of(&samples[recent..])?.at(ahead_ms);
    Some(Sample { x_mm: at.x, y_mm: at.y, t_ms: last.t_ms + ahead_ms, ..*last })
}

/// A parabola through the last samples in the mean, passing through the last of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Course {
    last: Vec2,
    velocity: Vec2,
    /// Half the acceleration.
    bend: Vec2,
}

impl Course {
    /// Of samples that are all recent.
    pub(crate) fn of(samples: &[Sample]) -> Option<Self> {
        let (first, last) = (samples.first()?, samples.last()?);
        let span = last.t_ms - first.t_ms;
        if samples.len() < 2 || span < 1e-3 {
            return None;
        }
        // With the last sample fixed: x = v·t + b·t², two unknowns.
        let origin = Vec2::from(last);
        let (mut tt, mut ttt, mut tttt) = (0.0, 0.0, 0.0);
        let (mut at, mut att) = (Vec2::default(), Vec2::default());
        for sample in samples {
            let t = (sample.t_ms - last.t_ms) / span;
            let away = Vec2::from(sample) - origin;
            tt += t * t;
            ttt += t * t * t;
            tttt += t * t * t * t;
            at = at + away * t;
            att = att + away * (t * t);
        }
        let determinant = tt * tttt - ttt * ttt;
        let (velocity, bend) = if samples.len() >= LEAST_FOR_BEND && determinant > 1e-6 {
            ((at * tttt - att * ttt) * (1.0 / determinant), (att * tt - at * ttt) * (1.0 / determinant))
        } else {
            (at * (1.0 / tt), Vec2::default())
        };
        Some(Self { last: origin, velocity: velocity * (1.0 / span), bend: bend * (1.0 / (span * span)) })
    }

    pub(crate) fn at(&self, ahead_ms: f64) -> Vec2 {
        self.last + self.velocity * ahead_ms + self.bend * (ahead_ms * ahead_ms)
    }
}
