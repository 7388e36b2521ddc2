//! What makes a photograph useless, measured.

use super::PhotoError;
use super::cover::Cover;
use super::grid::{Grid, exact, number, single};

/// A stroke is at least this many times as wide as its edges are.
pub(super) const LEAST_SHARPNESS: f64 = 1.5;
/// Least mean width of a stroke, pixels of the photograph.
pub(super) const LEAST_STROKE_PX: f64 = 4.0;
/// Most of the paper around the ink that may be at the top of the scale, if the ink is light.
pub(super) const MOST_CLIPPED: f32 = 0.5;
/// From this light on a pixel is at the top of the scale.
const CLIPPED: f32 = 0.985;
/// Ink that takes at least this share of the light was exposed well enough, however white the paper is.
const DARK_INK: f32 = 0.75;

/// Refuses what cannot become a good face. `factor` is by how much the photograph was reduced.
pub(super) fn check(cover: &Cover, channels: &[Grid<f32>], factor: usize) -> Result<(), PhotoError> {
    let share = clipped(cover, channels);
    if share > MOST_CLIPPED && cover.darkness < DARK_INK {
        return Err(PhotoError::Overexposed { share });
    }
    let width_px = cover.stroke * exact(factor);
    if width_px < LEAST_STROKE_PX {
        return Err(PhotoError::TooSmall { width_px });
    }
    let sharpness = cover.stroke * f64::from(slope(&cover.coverage));
    if sharpness < LEAST_SHARPNESS {
        return Err(PhotoError::Blurred { sharpness });
    }
    Ok(())
}

/// Share of the bare paper that is at the top of the scale in all channels.
fn clipped(cover: &Cover, channels: &[Grid<f32>]) -> f32 {
    let bare = || cover.coverage.values().iter().enumerate().filter(|(_, share)| **share == 0.0).map(|(at, _)| at);
    let white = bare().filter(|&at| channels.iter().all(|channel| channel.values()[at] >= CLIPPED)).count();
    number(white) / number(bare().count().max(1))
}

/// How fast the coverage changes where it is half: mean over the strokes' edges, per pixel.
fn slope(coverage: &Grid<f32>) -> f32 {
    let (mut sum, mut found) = (0.0_f64, 0.0_f64);
    for y in 1..coverage.height().saturating_sub(1) {
        let (above, row, below) = (coverage.row(y - 1), coverage.row(y), coverage.row(y + 1));
        for x in 1..row.len().saturating_sub(1) {
            if (0.3..0.7).contains(&row[x]) {
                sum += f64::from((row[x + 1] - row[x - 1]).hypot(below[x] - above[x]) / 2.0);
                found += 1.0;
            }
        }
    }
    // Edges without a half covered pixel, as of a scan in black and white, could not be sharper.
    if found > 0.0 { single(sum / found) } else { 1.0 }
}
