//! How much of each pixel is ink.

use eseal_face::Color;

use super::background;
use super::blobs::Blobs;
use super::grid::{Grid, count, exact, number};
use super::levels::Levels;
use super::light;
use super::stamp::{self, Parted};
use super::survey::{STRONG, WEAK, is_stroke, window};
use super::{PhotoError, rules};

/// Coverage reaches this many pixels beyond where a stroke is found.
const SKIRT: usize = 2;
/// Full ink is looked for in about this many pixels.
const CORE_PIXELS: usize = 400_000;
/// Of the dark pixels, this share is not as dark as full ink.
const CORE_SHARE: f32 = 0.75;

/// Ink on paper, at the size it was looked at.
pub(super) struct Cover {
    /// Share of ink in each pixel; exactly 0 away from strokes. It may pass 1 by noise.
    pub(super) coverage: Grid<f32>,
    /// The ink's own colour on white paper.
    pub(super) color: Color,
    /// How much darker than the paper full ink is, 0 to 1.
    pub(super) darkness: f32,
    /// Mean width of the strokes, pixels.
    pub(super) stroke: f64,
}

impl Cover {
    /// Ink in these channels of light, with strokes of about this width.
    pub(super) fn of(channels: &[Grid<f32>], stroke: f64) -> Result<Self, PhotoError> {
        let darkness: Vec<Grid<f32>> =
            channels.iter().map(|channel| background::darkness(channel, window(stroke))).collect();
        let mixed = mixed(&darkness, &vec![1.0 / number(darkness.len()); darkness.len()]);
        let levels = Levels::of(&mixed);
        let no_ink = PhotoError::NoInk { darkness: levels.ink, noise: levels.candidate };
        if !levels.has_ink() {
            return Err(no_ink);
        }
        let strong = STRONG * levels.ink;
        let (ink, weights) = match stamp::ink_under(&darkness, &mixed, strong) {
            Some(Parted { ink, weights }) => (ink, weights),
            None => alone(core(&darkness, &mixed, strong)),
        };
        let mut coverage = self::mixed(&darkness, &weights);
        rules::erase(&mut coverage, WEAK);
        let found = Blobs::above(&coverage, WEAK.max(levels.candidate / levels.ink), STRONG);
        let wanted = |blob: &super::blobs::Blob| is_stroke(blob, stroke);
        let (area, width) = found.blobs().iter().filter(|blob| wanted(blob)).fold((0.0, 0.0), |(area, sum), blob| {
            (area + exact(blob.area), sum + exact(blob.area) * blob.stroke_width())
        });
        if area == 0.0 {
            return Err(no_ink);
        }
        keep_near(&mut coverage, found.runs(wanted));
        let darkness = ink.iter().sum::<f32>() / number(ink.len());
        Ok(Self { coverage, color: on_white(&ink), darkness, stroke: width / area })
    }
}

/// The weights that take full ink, and nothing else is known of, to 1.
fn alone(ink: Vec<f32>) -> (Vec<f32>, Vec<f32>) {
    let length: f32 = ink.iter().map(|dark| dark * dark).sum();
    let weights = ink.iter().map(|dark| dark / length).collect();
    (ink, weights)
}

/// Sum of the planes, weighed.
fn mixed(planes: &[Grid<f32>], weights: &[f32]) -> Grid<f32> {
    let mut out = planes[0].clone();
    let [first, rest @ ..] = weights else { return out };
    for value in out.values_mut() {
        *value *= first;
    }
    for (plane, &weight) in planes[1..].iter().zip(rest) {
        for (sum, &value) in out.values_mut().iter_mut().zip(plane.values()) {
            *sum += weight * value;
        }
    }
    out
}

/// Darkness of full ink in each channel: the mean where strokes are darkest once noise is averaged away.
fn core(planes: &[Grid<f32>], mixed: &Grid<f32>, strong: f32) -> Vec<f32> {
    let step = (mixed.values().len() / CORE_PIXELS).max(1);
    let mut found: Vec<(f32, usize)> = Vec::new();
    for y in (1..mixed.height().saturating_sub(1)).step_by(step) {
        let (above, here, below) = (mixed.row(y - 1), mixed.row(y), mixed.row(y + 1));
        for x in 1..mixed.width() - 1 {
            if here[x] > strong {
                let calm = [above, here, below].iter().map(|row| row[x - 1] + row[x] + row[x + 1]).sum::<f32>() / 9.0;
                found.push((calm, y * mixed.width() + x));
            }
        }
    }
    let from = count(number(found.len()) * CORE_SHARE).min(found.len().saturating_sub(1));
    found.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
    let darkest = &found[from..];
    let mean = |plane: &Grid<f32>| {
        darkest.iter().map(|&(_, at)| plane.values()[at]).sum::<f32>() / number(darkest.len().max(1))
    };
    planes.iter().map(mean).collect()
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
