//! Reads a file of recorded strokes.

use serde::Deserialize;

use crate::{Ink, InkError, MAX_SAMPLES, MAX_STROKES, Sample};

/// The longest text [`Ink::from_json`] reads, bytes.
pub const MAX_JSON_BYTES: usize = 4 << 20;

/// Millimetres in a density-independent pixel, 1/160 inch.
const MM_PER_DP: f64 = 25.4 / 160.0;

#[derive(Deserialize)]
struct Record {
    unit: Unit,
    fields: Vec<Field>,
    strokes: Vec<Vec<Vec<f64>>>,
}

#[derive(Deserialize, Clone, Copy)]
enum Unit {
    #[serde(rename = "mm,ms")]
    Millimetre,
    #[serde(rename = "dp(1/160in),ms")]
    DensityIndependentPixel,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
enum Field {
    #[serde(rename = "x")]
    X,
    #[serde(rename = "y")]
    Y,
    #[serde(rename = "t")]
    Time,
    #[serde(rename = "p")]
    Force,
    #[serde(rename = "p_raw")]
    RawForce,
}

impl Ink {
    /// Reads one record of strokes:
    ///
    /// ```json
    /// {"unit": "mm,ms", "fields": ["x", "y", "t", "p"], "strokes": [[[12.5, 8.25, 0.0, 0.4], [12.75, 8.5, 8.33, 0.5]]]}
    /// ```
    ///
    /// `unit` is `mm,ms` or `dp(1/160in),ms`; `fields` is `x`, `y`, `t` and, if recorded, `p` (force 0 to 1) or `p_raw`
    /// (force in the digitiser's units, scaled here by the record's largest); other members are left aside. Jumps
    /// that only a faulty digitiser makes, and strokes without samples, are left out.
    ///
    /// # Errors
    /// [`InkError::Json`] if the text is over [`MAX_JSON_BYTES`] or no such record; [`InkError::OutOfRange`],
    /// [`InkError::TooManyPoints`], [`InkError::TooManyStrokes`] for what it says.
    pub fn from_json(json: &str) -> Result<Self, InkError> {
        if json.len() > MAX_JSON_BYTES {
            return Err(refused(format!("{} bytes, at most {MAX_JSON_BYTES} are read", json.len())));
        }
        let record: Record = serde_json::from_str(json).map_err(|error| refused(error.to_string()))?;
        let scale = match record.unit {
            Unit::Millimetre => 1.0,
            Unit::DensityIndependentPixel => MM_PER_DP,
        };
        let largest_force = match record.fields.as_slice() {
            [Field::X, Field::Y, Field::Time] => None,
            [Field::X, Field::Y, Field::Time, Field::Force] => Some(1.0),
            [Field::X, Field::Y, Field::Time, Field::RawForce] => Some(largest(&record.strokes)),
            _ => return Err(refused("fields must be x, y, t and at most one of p, p_raw".to_owned())),
        };
        if record.strokes.len() > MAX_STROKES {
            return Err(InkError::TooManyStrokes);
        }
        if record.strokes.iter().map(Vec::len).sum::<usize>() > MAX_SAMPLES {
            return Err(InkError::TooManyPoints);
        }
        let mut ink = Self::default();
        for (index, stroke) in record.strokes.iter().enumerate() {
            let mut first = true;
            for row in stroke {
                let sample = sample(row, scale, largest_force)
                    .ok_or_else(|| refused(format!("a sample of stroke {index} has not one value per field")))?;
                match if first { ink.start(sample) } else { ink.extend(sample) } {
                    Ok(()) | Err(InkError::Glitch { .. }) => first = false,
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(ink)
    }
}

fn refused(detail: String) -> InkError {
    InkError::Json { detail }
}

/// The largest raw force of the record, and 1 where none is positive.
fn largest(strokes: &[Vec<Vec<f64>>]) -> f64 {
    let forces = strokes.iter().flatten().filter_map(|row| row.get(3).copied());
    let largest = forces.fold(0.0, f64::max);
    if largest > 0.0 { largest } else { 1.0 }
}

fn sample(row: &[f64], scale: f64, largest_force: Option<f64>) -> Option<Sample> {
    let (&[x, y, t], force) = (row.first_chunk::<3>()?, row.get(3).copied());
    if row.len() != 3 + usize::from(largest_force.is_some()) {
        return None;
    }
    let force = force.zip(largest_force).map(|(force, largest)| single(force / largest));
    Some(Sample { x_mm: x * scale, y_mm: y * scale, t_ms: t, force })
}

#[expect(clippy::cast_possible_truncation, reason = "a force needs no more than the precision of f32")]
fn single(value: f64) -> f32 {
    value as f32
}
