//! The point log: what the digitiser said, checked sample by sample.

mod json;

pub use json::MAX_JSON_BYTES;

use crate::InkError;

/// The most samples an ink may have: minutes of writing at 240 Hz.
pub const MAX_SAMPLES: usize = 50_000;
/// The most strokes an ink may have.
pub const MAX_STROKES: usize = 1_000;
/// The farthest a coordinate may lie from the origin, mm: larger than any pad.
pub const MAX_COORDINATE_MM: f64 = 1_000.0;
/// The farthest a time may lie from its origin, ms: any epoch in use.
pub const MAX_TIME_MS: f64 = 1e14;
/// A jump farther than this, mm, in less than [`GLITCH_GAP_MS`] is left out.
pub const GLITCH_JUMP_MM: f64 = 60.0;
/// See [`GLITCH_JUMP_MM`]; ms.
pub const GLITCH_GAP_MS: f64 = 20.0;

/// One report of the digitiser.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// To the right, mm.
    pub x_mm: f64,
    /// Downwards, mm.
    pub y_mm: f64,
    /// Time of the event, ms, from any fixed origin, never going back.
    pub t_ms: f64,
    /// How hard the pen presses, 0 to 1, where the device knows. Leave it out for fingers: what screens report there is
    /// no force.
    pub force: Option<f32>,
}

impl Sample {
    fn distance(&self, other: &Self) -> f64 {
        (self.x_mm - other.x_mm).hypot(self.y_mm - other.y_mm)
    }
}

/// From pen down to pen up: at least one sample.
#[derive(Clone, PartialEq)]
pub struct Stroke {
    samples: Vec<Sample>,
}

impl std::fmt::Debug for Stroke {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stroke").field("samples", &self.samples.len()).finish()
    }
}

impl Stroke {
    /// The samples, in the order of time.
    #[must_use]
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// Length along the samples, mm.
    #[must_use]
    pub fn path_mm(&self) -> f64 {
        self.samples.iter().zip(self.samples.iter().skip(1)).map(|(from, to)| from.distance(to)).sum()
    }
}

/// Everything drawn on a pad, in the order of time. Every sample in it is finite and within the limits above.
///
/// How somebody moves the pen is biometric data: keep the log where it was made, hand out the face.
#[derive(Clone, PartialEq, Default)]
pub struct Ink {
    strokes: Vec<Stroke>,
}

impl std::fmt::Debug for Ink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ink").field("strokes", &self.strokes.len()).field("samples", &self.sample_count()).finish()
    }
}

impl Ink {
    /// The strokes, first drawn first.
    #[must_use]
    pub fn strokes(&self) -> &[Stroke] {
        &self.strokes
    }

    /// Number of samples in all strokes.
    #[must_use]
    pub fn sample_count(&self) -> usize {
        self.strokes.iter().map(|stroke| stroke.samples.len()).sum()
    }

    /// All samples, in the order of time.
    pub(crate) fn samples(&self) -> impl Iterator<Item = &Sample> {
        self.strokes.iter().flat_map(|stroke| &stroke.samples)
    }

    /// Starts a stroke with its first sample.
    pub(crate) fn start(&mut self, sample: Sample) -> Result<(), InkError> {
        if self.strokes.len() == MAX_STROKES {
            return Err(InkError::TooManyStrokes);
        }
        self.admit(&sample)?;
        self.strokes.push(Stroke { samples: vec![sample] });
        Ok(())
    }

    /// Adds a sample to the last stroke; starts one if there is none.
    pub(crate) fn extend(&mut self, sample: Sample) -> Result<(), InkError> {
        self.admit(&sample)?;
        let Some(stroke) = self.strokes.last_mut() else { return self.start(sample) };
        if let Some(last) = stroke.samples.last() {
            let (jump_mm, gap_ms) = (last.distance(&sample), sample.t_ms - last.t_ms);
            if jump_mm > GLITCH_JUMP_MM && gap_ms < GLITCH_GAP_MS {
                return Err(InkError::Glitch { jump_mm, gap_ms });
            }
        }
        stroke.samples.push(sample);
        Ok(())
    }

    pub(crate) fn pop_stroke(&mut self) -> Option<Stroke> {
        self.strokes.pop()
    }

    fn admit(&self, sample: &Sample) -> Result<(), InkError> {
        if self.sample_count() >= MAX_SAMPLES {
            return Err(InkError::TooManyPoints);
        }
        let last = self.strokes.last().and_then(|stroke| stroke.samples.last());
        let least_time = last.map_or(-MAX_TIME_MS, |last| last.t_ms);
        within("x", sample.x_mm, -MAX_COORDINATE_MM, MAX_COORDINATE_MM)?;
        within("y", sample.y_mm, -MAX_COORDINATE_MM, MAX_COORDINATE_MM)?;
        within("t", sample.t_ms, least_time, MAX_TIME_MS)?;
        within("force", sample.force.map_or(0.0, f64::from), 0.0, 1.0)
    }
}

fn within(field: &'static str, value: f64, least: f64, most: f64) -> Result<(), InkError> {
    // A comparison with NaN is false, so what is not a number is out of range.
    if value >= least && value <= most { Ok(()) } else { Err(InkError::OutOfRange { field, value, least, most }) }
}
