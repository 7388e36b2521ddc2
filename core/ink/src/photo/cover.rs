//! How much of each pixel is ink.

use eseal_face::Color;

use super::background;
use super::blobs::Blobs;
use super::grid::{Grid, count, exact, number, single};
use super::levels::Levels;
use super::light;
use super::survey::{STRONG, WEAK, is_stroke, window};

/// Coverage reaches this many pixels beyond where a stroke is found.
const SKIRT: usize = 2;
/// Of the dark pixels, this share is not as dark as full ink.
const CORE_SHARE: f32 = 0.75;

/// Ink on paper, at the size it was looked at.
pub(super) struct Cover {
    /// Share of ink in each pixel; exactly 0 away from strokes. It may pass 1 by noise.
    pub(super) coverage: Grid<f32>,
    /// The ink's own colour on white paper.
    pub(super) color: Color,
    /// Mean width of the strokes, pixels.
    pub(super) stroke: f64,
}

impl Cover {
    /// Ink in these channels of light, with strokes of about this width; nothing if there is none.
    pub(super) fn of(channels: &[Grid<f32>], stroke: f64) -> Option<Self> {
        let darkness: Vec<Grid<f32>> =
            channels.iter().map(|channel| background::darkness(channel, window(stroke))).collect();
        let mixed = mixed(&darkness, &vec![1.0 / number(darkness.len()); darkness.len()]);
        let levels = Levels::of(&mixed);
        if !levels.has_ink() {
            return None;
        }
        let ink = core(&darkness, &mixed, STRONG * levels.ink);
        let length: f32 = ink.iter().map(|dark| dark * dark).sum();
        let weights: Vec<f32> = ink.iter().map(|dark| dark / length).collect();
        let mut coverage = self::mixed(&darkness, &weights);
        let found = Blobs::above(&coverage, WEAK.max(levels.candidate / levels.ink), STRONG);
        let wanted = |blob: &super::blobs::Blob| is_stroke(blob, stroke);
        let (area, width) = found.blobs().iter().filter(|blob| wanted(blob)).fold((0.0, 0.0), |(area, sum), blob| {
            (area + exact(blob.area), sum + exact(blob.area) * blob.stroke_width())
        });
        if area == 0.0 {
            return None;
        }
        keep_near(&mut coverage, found.runs(wanted));
        Some(Self { coverage, color: on_white(&ink), stroke: width / area })
    }
}

/// Sum of the planes, weighed.
fn mixed(planes: &[Grid<f32>], weights: &[f32]) -> Grid<f32> {
    let mut out = Grid::filled(planes[0].width(), planes[0].height(), 0.0);
    for (plane, &weight) in planes.iter().zip(weights) {
        for (sum, &value) in out.values_mut().iter_mut().zip(plane.values()) {
            *sum += weight * value;
        }
    }
    out
}

/// Darkness of full ink in each channel: the mean where strokes are darkest once noise is averaged away.
fn core(planes: &[Grid<f32>], mixed: &Grid<f32>, strong: f32) -> Vec<f32> {
    let calm = calmed(mixed);
    let mut values: Vec<f32> = calm.values().iter().copied().filter(|&value| value > strong).collect();
    let least = quantile(&mut values, CORE_SHARE).unwrap_or(strong);
    let (mut count, mut sums) = (0.0_f64, vec![0.0_f64; planes.len()]);
    for (at, _) in calm.values().iter().enumerate().filter(|(_, value)| **value >= least) {
        count += 1.0;
        for (sum, plane) in sums.iter_mut().zip(planes) {
            *sum += f64::from(plane.values()[at]);
        }
    }
    sums.iter().map(|sum| single(sum / count.max(1.0))).collect()
}

fn quantile(values: &mut [f32], share: f32) -> Option<f32> {
    let at = count(number(values.len()) * share).min(values.len().checked_sub(1)?);
    Some(*values.select_nth_unstable_by(at, f32::total_cmp).1)
}

/// Each pixel averaged with its eight neighbours; pixels at the border are 0.
fn calmed(grid: &Grid<f32>) -> Grid<f32> {
    let (width, height) = (grid.width(), grid.height());
    let mut out = Grid::filled(width, height, 0.0);
    for y in 1..height.max(2) - 1 {
        let line: Vec<f32> = grid
            .row(y - 1)
            .iter()
            .zip(grid.row(y))
            .zip(grid.row(y + 1))
            .map(|((above, here), below)| above + here + below)
            .collect();
        for (value, three) in out.row_mut(y)[1..].iter_mut().zip(line.windows(3)) {
            *value = (three[0] + three[1] + three[2]) / 9.0;
        }
    }
    out
}

/// Sets everything to 0 but the runs and [`SKIRT`] pixels around them.
fn keep_near(coverage: &mut Grid<f32>, runs: impl Iterator<Item = super::blobs::Run>) {
    let (width, height) = (coverage.width(), coverage.height());
    let mut kept = Grid::filled(width, height, 0.0);
    for run in runs {
        let (from, to) = (run.from.saturating_sub(SKIRT), (run.to + SKIRT).min(width));
        for y in run.y.saturating_sub(SKIRT)..(run.y + SKIRT + 1).min(height) {
            kept.row_mut(y)[from..to].copy_from_slice(&coverage.row(y)[from..to]);
        }
    }
    *coverage = kept;
}

/// The ink's colour as if the paper were white.
fn on_white(ink: &[f32]) -> Color {
    let channel = |index: usize| light::encode(1.0 - ink.get(index).or(ink.first()).copied().unwrap_or(1.0));
    Color::rgb(channel(0), channel(1), channel(2))
}
