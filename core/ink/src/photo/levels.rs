//! How dark ink is on this photograph, and how dark noise alone.

use super::blobs::{Blob, Blobs};
use super::grid::{Grid, count, exact, number};

/// Ink is at least this much darker than the paper.
const LEAST_INK: f32 = 0.06;
/// A pixel this many standard deviations of the noise darker than the paper is no noise.
const OUT_OF_NOISE: f32 = 6.0;
/// Of the pixels that are no noise, this share is not as dark as ink: ruled lines, bleed-through, edges of strokes.
const BELOW_INK: f32 = 0.985;
/// Wider than this share of the picture's longer side is no stroke.
const WIDEST_STROKE: f64 = 1.0 / 12.0;
/// Wider than this and cut by the border is a thing that lies on the paper, or the table below it.
const WIDEST_CUT: f64 = 1.0 / 50.0;
/// Steps between 0 and 1 in a count of darknesses.
const STEPS: usize = 512;

/// Thresholds derived from a picture of darkness.
#[derive(Debug, Clone, Copy)]
pub(super) struct Levels {
    /// What is darker may be ink.
    pub(super) candidate: f32,
    /// Full ink.
    pub(super) ink: f32,
}

impl Levels {
    pub(super) fn of(darkness: &Grid<f32>) -> Self {
        let candidate = LEAST_INK.max(OUT_OF_NOISE * noise(darkness));
        let candidates = Blobs::above(darkness, candidate, 1.0);
        let mut counts = [0_usize; STEPS];
        let (width, height) = (darkness.width(), darkness.height());
        for run in candidates.runs(|blob| is_drawn(blob, width, height)) {
            for &value in &darkness.row(run.y)[run.from..run.to] {
                counts[count(value * number(STEPS)).min(STEPS - 1)] += 1;
            }
        }
        Self { candidate, ink: quantile(&counts, BELOW_INK) }
    }

    pub(super) fn has_ink(self) -> bool {
        self.ink > self.candidate
    }
}

/// Whether an area may have been drawn with a pen: not wide, not a thing that lies across the border.
pub(super) fn is_drawn(blob: &Blob, width: usize, height: usize) -> bool {
    let side = exact(width.max(height));
    let is_cut = blob.left == 0 || blob.top == 0 || blob.right == width || blob.bottom == height;
    blob.stroke_width() < side * if is_cut { WIDEST_CUT } else { WIDEST_STROKE }
}

/// Standard deviation of the noise, from the median of the absolute values: most of a photograph is bare paper.
fn noise(darkness: &Grid<f32>) -> f32 {
    const SAMPLES: usize = 1 << 15;
    let step = (darkness.values().len() / SAMPLES).max(1) | 1;
    let mut counts = [0_usize; STEPS];
    for value in darkness.values().iter().step_by(step) {
        counts[count(value.abs() * number(STEPS)).min(STEPS - 1)] += 1;
    }
    1.4826 * quantile(&counts, 0.5)
}

fn quantile(counts: &[usize; STEPS], share: f32) -> f32 {
    let wanted = count(number(counts.iter().sum()) * share);
    let mut below = 0;
    for (step, count) in counts.iter().enumerate() {
        below += count;
        if below > wanted {
            return (number(step) + 0.5) / number(STEPS);
        }
    }
    0.0
}
