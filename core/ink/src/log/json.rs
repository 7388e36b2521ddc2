//! The log as JSON: what people and scripts read.

use serde::{Deserialize, Serialize};

use super::sample::single;
use super::{Gathered, Tilt};
use crate::{Ink, InkError, MAX_SAMPLES, MAX_STROKES, Sample, Tool};

/// The longest text [`Ink::from_json`] reads, bytes.
pub const MAX_JSON_BYTES: usize = 4 << 20;

/// Millimetres in a density-independent pixel, 1/160 inch.
const MM_PER_DP: f64 = 25.4 / 160.0;

#[derive(Serialize, Deserialize)]
struct Record {
    unit: Unit,
    fields: Vec<Field>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tools: Vec<ToolName>,
    strokes: Vec<Vec<Vec<Option<f64>>>>,
}

#[derive(Serialize, Deserialize, Clone, Copy)]
enum Unit {
    #[serde(rename = "mm,ms")]
    Millimetre,
    #[serde(rename = "dp(1/160in),ms")]
    DensityIndependentPixel,
}

#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq)]
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
    #[serde(rename = "altitude")]
    Altitude,
    #[serde(rename = "azimuth")]
    Azimuth,
}

#[derive(Serialize, Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum ToolName {
    Finger,
    Pen,
    Mouse,
}

impl From<Tool> for ToolName {
    fn from(tool: Tool) -> Self {
        match tool {
            Tool::Finger => Self::Finger,
            Tool::Pen => Self::Pen,
            Tool::Mouse => Self::Mouse,
        }
    }
}

impl From<ToolName> for Tool {
    fn from(name: ToolName) -> Self {
        match name {
            ToolName::Finger => Self::Finger,
            ToolName::Pen => Self::Pen,
            ToolName::Mouse => Self::Mouse,
        }
    }
}

impl Ink {
    /// Reads one record of strokes:
    ///
    /// ```json
    /// {"unit": "mm,ms", "fields": ["x", "y", "t", "p"], "tools": ["pen"],
    ///  "strokes": [[[12.5, 8.25, 0.0, 0.4], [12.75, 8.5, 8.33, 0.5]]]}
    /// ```
    ///
    /// `unit` is `mm,ms` or `dp(1/160in),ms`; `fields` is `x`, `y`, `t` and, if recorded, `p` (force 0 to 1) or `p_raw`
    /// (force in the digitiser's units, scaled here by the record's largest), then `altitude` and `azimuth` (degrees, see
    /// [`Tilt`]), each of which may be `null` in a sample; `tools`, if there, names the tool of each stroke (`finger`,
    /// `pen`, `mouse`); other members are left aside. Jumps that only a faulty digitiser makes, and strokes without
    /// samples, are left out.
    ///
    /// # Errors
    /// [`InkError::Json`] if the text is over [`MAX_JSON_BYTES`] or no such record; [`InkError::OutOfRange`],
    /// [`InkError::TimeBack`], [`InkError::TooManyPoints`], [`InkError::TooManyStrokes`] for what it says.
    pub fn from_json(json: &str) -> Result<Self, InkError> {
        if json.len() > MAX_JSON_BYTES {
            return Err(refused(format!("{} bytes, at most {MAX_JSON_BYTES} are read", json.len())));
        }
        let record: Record = serde_json::from_str(json).map_err(|error| refused(error.to_string()))?;
        if record.strokes.len() > MAX_STROKES {
            return Err(InkError::TooManyStrokes);
        }
        if record.strokes.iter().map(Vec::len).sum::<usize>() > MAX_SAMPLES {
            return Err(InkError::TooManyPoints);
        }
        let layout = Layout::of(&record)?;
        let mut gathered = Gathered::default();
        for (index, stroke) in record.strokes.iter().enumerate() {
            gathered.next_stroke();
            let tool = record.tools.get(index).map_or(Tool::default(), |&name| name.into());
            for row in stroke {
                let sample = layout
                    .sample(row)
                    .ok_or_else(|| refused(format!("a sample of stroke {index} has not one value per field")))?;
                gathered.add(tool, &sample)?;
            }
        }
        Ok(gathered.ink)
    }

    /// The ink as [`Ink::from_json`] reads it, with the fewest digits that give the same ink back.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut fields = vec![Field::X, Field::Y, Field::Time];
        if self.samples().any(|sample| sample.force.is_some()) {
            fields.push(Field::Force);
        }
        if self.samples().any(|sample| sample.tilt.is_some()) {
            fields.extend([Field::Altitude, Field::Azimuth]);
        }
        let row = |sample: &Sample| fields.iter().map(|&field| value(sample, field)).collect();
        let tools: Vec<ToolName> = self.strokes().iter().map(|stroke| stroke.tool().into()).collect();
        let strokes = self.strokes().iter().map(|stroke| stroke.samples().iter().map(row).collect()).collect();
        let record = Record { unit: Unit::Millimetre, fields: fields.clone(), tools, strokes };
        // Numbers, names and lists: nothing that could fail to be written.
        serde_json::to_string(&record).unwrap_or_default()
    }
}

fn value(sample: &Sample, field: Field) -> Option<f64> {
    let tilt = |of: fn(&Tilt) -> f32| sample.tilt.as_ref().map(|tilt| rounded(of(tilt).into(), 1e2));
    match field {
        Field::X => Some(rounded(sample.x_mm, 1e3)),
        Field::Y => Some(rounded(sample.y_mm, 1e3)),
        Field::Time => Some(rounded(sample.t_ms, 1e2)),
        Field::Force | Field::RawForce => sample.force.map(|force| rounded(force.into(), 1e4)),
        Field::Altitude => tilt(|tilt| tilt.altitude_deg),
        Field::Azimuth => tilt(|tilt| tilt.azimuth_deg),
    }
}

/// To so many parts of one, which is less than half a step of the grid away.
fn rounded(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}

fn refused(detail: String) -> InkError {
    InkError::Json { detail }
}

/// Where in a row what is found, and in which unit.
struct Layout {
    length: usize,
    mm: f64,
    /// The largest force.
    force: Option<f64>,
    has_tilt: bool,
}

impl Layout {
    fn of(record: &Record) -> Result<Self, InkError> {
        let mm = match record.unit {
            Unit::Millimetre => 1.0,
            Unit::DensityIndependentPixel => MM_PER_DP,
        };
        let wrong = || refused("fields must be x, y, t, at most one of p, p_raw, then altitude and azimuth".to_owned());
        let rest = record.fields.strip_prefix([Field::X, Field::Y, Field::Time].as_slice()).ok_or_else(wrong)?;
        let (force, rest) = match rest {
            [Field::Force, rest @ ..] => (Some(1.0), rest),
            [Field::RawForce, rest @ ..] => (Some(largest(&record.strokes)), rest),
            rest => (None, rest),
        };
        let has_tilt = match rest {
            [] => false,
            [Field::Altitude, Field::Azimuth] => true,
            _ => return Err(wrong()),
        };
        Ok(Self { length: record.fields.len(), mm, force, has_tilt })
    }

    fn sample(&self, row: &[Option<f64>]) -> Option<Sample> {
        let (&[x, y, t], rest) = row.split_first_chunk::<3>()?;
        if row.len() != self.length {
            return None;
        }
        let force = self.force.and_then(|largest| rest.first().copied()?.map(|force| single(force / largest)));
        let tilt = rest.last_chunk::<2>().filter(|_| self.has_tilt).and_then(|&[altitude, azimuth]| {
            Some(Tilt { altitude_deg: single(altitude?), azimuth_deg: single(azimuth?) })
        });
        Some(Sample { x_mm: x? * self.mm, y_mm: y? * self.mm, t_ms: t?, force, tilt })
    }
}

/// The largest raw force of the record, and 1 where none is positive.
fn largest(strokes: &[Vec<Vec<Option<f64>>>]) -> f64 {
    let forces = strokes.iter().flatten().filter_map(|row| row.get(3).copied().flatten());
    let largest = forces.fold(0.0, f64::max);
    if largest > 0.0 { largest } else { 1.0 }
}
