//! How far light spreads: the finder patterns are drawn under each spread, and compared with the picture.

use super::draw::{FRAME, Kernel, Rest, Spot, cover};
use super::symbol::Module;
use crate::frame::Plane;

/// Spreads of light that are tried: standard deviations in modules.
const SPREADS: [f32; 8] = [0.12, 0.2, 0.28, 0.36, 0.45, 0.55, 0.65, 0.8];
/// Likenesses that differ by less say nothing.
const ALIKE: f32 = 0.015;
/// Steps of the kernel's table in half a finder pattern.
const PATTERN_STEPS: usize = 112;
/// Likeness of the drawn finder patterns to the picture below which nothing is to be had from it.
const LEAST_LIKENESS: f32 = 0.85;

/// How far light spreads, and by how much the contrast is larger than samples have it: from the finder patterns.
pub(super) fn spread(plane: &Plane<'_>, spots: &[Spot], side: usize, sign: f32) -> Option<(Kernel, f32)> {
    let (near, far) = (FRAME + 3, FRAME + side - 4);
    let patterns = [(near, near), (far, near), (near, far)].map(|middle| Pattern::new(plane, spots, side, middle));
    let fits = SPREADS.map(|spread| {
        let kernel = Kernel::new(spread);
        let fits = patterns.each_ref().map(|pattern| pattern.fit(&kernel));
        let mean = |of: fn(&Fit) -> f32| sign * fits.iter().map(of).sum::<f32>() / 3.0;
        (mean(|fit| fit.likeness), mean(|fit| fit.contrast), kernel)
    });
    let most = fits.iter().map(|(likeness, ..)| *likeness).fold(0.0, f32::max);
    // A grid that is a little off looks like a wider spread: of two alike, the narrower.
    let (likeness, contrast, kernel) = fits.into_iter().find(|(likeness, ..)| *likeness > most - ALIKE)?;
    (likeness >= LEAST_LIKENESS).then(|| (kernel, contrast.clamp(1.0, 1.25)))
}

/// A finder pattern and what is around it.
struct Pattern {
    middle: Spot,
    spots: Vec<Spot>,
    seen: Rest,
}

/// How a finder pattern as it is drawn goes with the picture.
struct Fit {
    /// Correlation.
    likeness: f32,
    /// That of the picture, over what samples of the grid have it.
    contrast: f32,
}

impl Pattern {
    fn new(plane: &Plane<'_>, spots: &[Spot], side: usize, (column, row): (usize, usize)) -> Self {
        let wide = side + 2 * FRAME;
        let around = |at: usize| at - 6..=at + 6;
        let near = around(row).flat_map(|row| around(column).map(move |column| spots[row * wide + column]));
        let near: Vec<Spot> = near.collect();
        Self { middle: spots[row * wide + column], seen: cover(plane, &near), spots: near }
    }

    fn fit(&self, kernel: &Kernel) -> Fit {
        let mut drawn = vec![0.0; self.seen.luma.len()];
        for spot in &self.spots {
            let tone = match spot.kind {
                Module::Dark => -1.0,
                Module::Light => 1.0,
                Module::Information | Module::Data => continue,
            };
            self.seen.area.each(spot, kernel, |pixel, weight| drawn[pixel] += weight * tone);
        }
        // Pixels of the pattern itself: beyond it, data shine in.
        let mut is_own = vec![0.0; self.seen.luma.len()];
        let flat = Kernel { reach: 3.5, table: vec![1.0; PATTERN_STEPS] };
        self.seen.area.each(&self.middle, &flat, |pixel, weight| is_own[pixel] = if weight > 0.0 { 1.0 } else { 0.0 });
        let mut sums = [0.0_f32; 6];
        for ((&x, &y), &own) in drawn.iter().zip(&self.seen.luma).zip(&is_own) {
            let y = y - self.middle.middle;
            for (sum, value) in sums.iter_mut().zip([1.0, x, y, x * x, x * y, y * y]) {
                *sum += own * value;
            }
        }
        let [count, x, y, xx, xy, yy] = sums;
        let count = count.max(1.0);
        let (variance, covariance, other) = (xx - x * x / count, xy - x * y / count, yy - y * y / count);
        Fit {
            likeness: covariance / (variance * other).max(f32::EPSILON).sqrt(),
            contrast: covariance / variance.max(f32::EPSILON) / self.middle.half,
        }
    }
}
