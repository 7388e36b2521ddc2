//! The point log: what the digitiser said, checked sample by sample, on a grid that every stored form keeps exactly.

mod binary;
mod bits;
mod inkml;
mod inkml_read;
mod json;
mod sample;

pub use binary::MAX_BINARY_BYTES;
pub(crate) use binary::{read_ink, read_tool, write_ink, write_tool};
pub(crate) use bits::{BitReader, BitWriter};
pub use inkml_read::MAX_INKML_BYTES;
pub use json::MAX_JSON_BYTES;
pub(crate) use sample::Steps;
pub use sample::{ANGLES_A_DEGREE, FORCES, PLACES_A_MM, Sample, TIMES_A_MS, Tilt, Tool};

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

/// From pen down to pen up: at least one sample.
#[derive(Clone, PartialEq)]
pub struct Stroke {
    tool: Tool,
    samples: Vec<Sample>,
}

impl std::fmt::Debug for Stroke {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stroke").field("tool", &self.tool).field("samples", &self.samples.len()).finish()
    }
}

impl Stroke {
    /// What it was drawn with.
    #[must_use]
    pub const fn tool(&self) -> Tool {
        self.tool
    }

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

/// Everything drawn on a pad, in the order of time. Every sample in it is finite, within the limits above, and on the grid
/// of [`PLACES_A_MM`], [`TIMES_A_MS`], [`FORCES`] and [`ANGLES_A_DEGREE`], so that every stored form gives the same ink back.
///
/// How somebody moves the pen is biometric data: keep the log where it was made, hand out the face.
#[derive(Clone, PartialEq, Default)]
pub struct Ink {
    strokes: Vec<Stroke>,
    /// In all strokes; counted as they come, so that a sample costs the same however many there are.
    samples: usize,
}

impl std::fmt::Debug for Ink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ink").field("strokes", &self.strokes.len()).field("samples", &self.samples).finish()
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
    pub const fn sample_count(&self) -> usize {
        self.samples
    }

    /// All samples, in the order of time.
    pub(crate) fn samples(&self) -> impl Iterator<Item = &Sample> {
        self.strokes.iter().flat_map(|stroke| &stroke.samples)
    }

    /// The last sample of all.
    pub(crate) fn last(&self) -> Option<&Sample> {
        self.strokes.last().and_then(|stroke| stroke.samples.last())
    }

    /// Starts a stroke with its first sample.
    pub(crate) fn start(&mut self, tool: Tool, sample: &Sample) -> Result<(), InkError> {
        if self.strokes.len() == MAX_STROKES {
            return Err(InkError::TooManyStrokes);
        }
        let sample = self.admit(sample)?;
        self.strokes.push(Stroke { tool, samples: vec![sample] });
        self.samples += 1;
        Ok(())
    }

    /// Adds a sample to the last stroke, if there is one.
    pub(crate) fn extend(&mut self, sample: &Sample) -> Result<(), InkError> {
        let sample = self.admit(sample)?;
        let Some(stroke) = self.strokes.last_mut() else { return Err(InkError::NotTouching) };
        stroke.samples.push(sample);
        self.samples += 1;
        Ok(())
    }

    pub(crate) fn push_stroke(&mut self, stroke: Stroke) {
        self.samples += stroke.samples.len();
        self.strokes.push(stroke);
    }

    pub(crate) fn pop_stroke(&mut self) -> Option<Stroke> {
        let stroke = self.strokes.pop()?;
        self.samples -= stroke.samples.len();
        Some(stroke)
    }

    fn admit(&self, sample: &Sample) -> Result<Sample, InkError> {
        if self.samples >= MAX_SAMPLES {
            return Err(InkError::TooManyPoints);
        }
        let sample = sample.kept()?;
        match self.last() {
            Some(last) if sample.t_ms < last.t_ms => Err(InkError::TimeBack { t_ms: sample.t_ms, last_ms: last.t_ms }),
            _ => Ok(sample),
        }
    }
}

/// Collects what a file says, stroke by stroke, and leaves out what only a faulty digitiser says.
#[derive(Default)]
struct Gathered {
    ink: Ink,
    is_down: bool,
}

impl Gathered {
    fn next_stroke(&mut self) {
        self.is_down = false;
    }

    fn add(&mut self, tool: Tool, sample: &Sample) -> Result<(), InkError> {
        if !self.is_down {
            self.ink.start(tool, sample)?;
            self.is_down = true;
        } else if glitch(self.ink.last(), sample).is_none() {
            self.ink.extend(sample)?;
        }
        Ok(())
    }
}

/// A jump that no hand makes, from the last sample to this. Both are looked at as they are kept: a form that writes numbers
/// shorter must not change what is a jump.
pub(crate) fn glitch(last: Option<&Sample>, sample: &Sample) -> Option<InkError> {
    let (last, sample) = (last?, sample.kept().ok()?);
    let (jump_mm, gap_ms) = (last.distance(&sample), sample.t_ms - last.t_ms);
    (jump_mm > GLITCH_JUMP_MM && (0.0..GLITCH_GAP_MS).contains(&gap_ms)).then_some(InkError::Glitch { jump_mm, gap_ms })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_at_one_time_is_a_glitch_however_the_time_is_rounded() {
        for t_ms in [1.0, 0.98, 0.96, 0.941] {
            let mut ink = Ink::default();
            ink.start(Tool::Finger, &Sample::new(0.0, 0.0, t_ms)).unwrap();
            assert!(glitch(ink.last(), &Sample::new(900.0, 0.0, t_ms)).is_some(), "at {t_ms} ms");
        }
    }

    #[test]
    fn every_form_leaves_out_the_same_jumps() {
        // Found by fuzzing: written to hundredths, 19.995 ms may round to either side of the limit.
        let mut ink = Ink::default();
        for (x, t) in [(7.640_625, -37.625), (353.359_375, -31.125), (109.265_625, -17.625), (-390.644_531, -0.125)] {
            let sample = Sample::new(x, 4.25, t);
            if ink.strokes().is_empty() { ink.start(Tool::Finger, &sample) } else { ink.extend(&sample) }.unwrap();
        }
        let json = Ink::from_json(&ink.to_json()).unwrap();
        assert_eq!(json, Ink::from_inkml(&ink.to_inkml()).unwrap());
        assert_eq!(json.sample_count(), 2);
    }
}
