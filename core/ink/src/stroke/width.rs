//! How wide the stroke is: slow and hard is wide, fast and light is thin.

use crate::pen::Nib;
use crate::stroke::smooth::Knot;

/// How long the width takes to follow the hand, ms.
const RESPONSE_MS: f64 = 25.0;
/// By how much no force and all force multiply the width.
pub(crate) const FORCE_FACTOR: (f64, f64) = (0.6, 1.4);

/// The width the hand asks for at each knot, following speed and force with a short delay.
#[derive(Debug, Clone)]
pub(crate) struct Widths {
    nib: Nib,
    /// Time and width at the knot before.
    before: Option<(f64, f64)>,
}

impl Widths {
    pub(crate) fn new(nib: Nib) -> Self {
        Self { nib, before: None }
    }

    pub(crate) fn next(&mut self, knot: &Knot) -> f64 {
        let target = target(knot, &self.nib);
        let width = self.before.map_or(target, |(t_ms, width)| {
            width + (1.0 - (-(knot.t_ms - t_ms) / RESPONSE_MS).exp()) * (target - width)
        });
        self.before = Some((knot.t_ms, width));
        width
    }
}

fn target(knot: &Knot, nib: &Nib) -> f64 {
    let by_speed = nib.thinnest + (nib.thickest - nib.thinnest) / (1.0 + (knot.speed / nib.half_speed).powf(1.5));
    by_speed * knot.force.map_or(1.0, |force| FORCE_FACTOR.0 + (FORCE_FACTOR.1 - FORCE_FACTOR.0) * force)
}
