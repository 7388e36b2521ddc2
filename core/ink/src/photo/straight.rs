//! A straight line through places, by least squares.

use super::grid::exact;

/// Where the line through (along, across) starts across, and its slope; nothing for fewer than two places along.
pub(super) fn through(places: impl Iterator<Item = (f64, f64)> + Clone) -> Option<(f64, f64)> {
    let count = exact(places.clone().count());
    let mean = places.clone().fold((0.0, 0.0), |sum, at| (sum.0 + at.0 / count, sum.1 + at.1 / count));
    let (square, both) = places.fold((0.0, 0.0), |(square, both), at| {
        (square + (at.0 - mean.0).powi(2), both + (at.0 - mean.0) * (at.1 - mean.1))
    });
    let slope = both / square;
    slope.is_finite().then_some((mean.1 - slope * mean.0, slope))
}
