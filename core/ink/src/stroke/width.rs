//! How wide the stroke is: slow and hard is wide, fast and light is thin.

use crate::pen::Nib;
use crate::stroke::smooth::Knot;

/// By how much no force and all force multiply the width.
pub(crate) const FORCE_FACTOR: (f64, f64) = (0.6, 1.4);

/// The width the hand asks for at a knot: at once, for speed is smoothed already.
pub(crate) fn width(knot: &Knot, nib: &Nib) -> f64 {
    let by_speed = nib.thinnest + (nib.thickest - nib.thinnest) / (1.0 + (knot.speed / nib.half_speed).powf(1.5));
    by_speed * knot.force.map_or(1.0, |force| FORCE_FACTOR.0 + (FORCE_FACTOR.1 - FORCE_FACTOR.0) * force)
}
