//! Where the pen will be in a moment.

use crate::Sample;
use crate::geometry::Vec2;
use crate::polynomial::Sums;

/// How far ahead a guess is worth showing, ms.
pub const AHEAD_MS: f64 = 16.0;
/// Samples farther back than this tell nothing, ms.
pub(crate) const WINDOW_MS: f64 = 84.0;
/// Time is counted in this unit, ms; a sample so old counts e³ times less.
const UNIT_MS: f64 = 40.0;
const FADING: f64 = 3.0;
/// A hand rather goes straight on than accelerates: how much that counts. Without it, corners throw the guess far out.
const RESTRAINT: [f64; 4] = [0.0, 0.0, 1e-3, 0.0];

/// Where the pen will be `ahead_ms` after the last of these samples of one stroke, which are in the order of time: by
/// least squares, for which the last samples count most. `None` if they are too few to tell, or `ahead_ms` is over
/// [`AHEAD_MS`] or no number. A guess is for the eye: it belongs into no log.
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

/// A cubic through the last samples in the mean.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Course {
    origin: Vec2,
    terms: [Vec2; 4],
}

impl Course {
    /// Of samples that are all recent.
    pub(crate) fn of(samples: &[Sample]) -> Option<Self> {
        let last = samples.last()?;
        let origin = Vec2::from(last);
        let mut sums = Sums::default();
        for sample in samples {
            let time = (sample.t_ms - last.t_ms) / UNIT_MS;
            sums.add_weighted(time, Vec2::from(sample) - origin, (FADING * time).exp());
        }
        let cubic = || sums.restrained_fit(RESTRAINT).map(|fit| fit.terms);
        let line = || sums.fit::<2>().map(|fit| [fit.terms[0], fit.terms[1], Vec2::default(), Vec2::default()]);
        let terms = Some(samples.len()).filter(|count| *count > RESTRAINT.len()).and_then(|_| cubic()).or_else(line)?;
        Some(Self { origin, terms })
    }

    pub(crate) fn at(&self, ahead_ms: f64) -> Vec2 {
        let time = ahead_ms / UNIT_MS;
        self.origin + self.terms.iter().rev().fold(Vec2::default(), |sum, term| sum * time + *term)
    }
}
