//! One report of the digitiser, and the grid it is kept on.

use super::{MAX_COORDINATE_MM, MAX_TIME_MS};
use crate::InkError;

/// Places are kept in steps of this many to the millimetre (0.004 mm): finer than any digitiser tells, and binary, so that
/// moving the ink by whole millimetres changes nothing else.
pub const PLACES_A_MM: u32 = 256;
/// Times are kept in steps of this many to the millisecond (0.0625 ms), so that a digitiser of 240 Hz keeps its even pace.
pub const TIMES_A_MS: u32 = 16;
/// Forces are kept in steps of this many from none to full.
pub const FORCES: u16 = 1024;
/// Angles are kept in steps of this many to the degree.
pub const ANGLES_A_DEGREE: u8 = 8;

/// What touches the pad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tool {
    /// A finger, or a pen that the screen takes for one.
    #[default]
    Finger,
    /// A pen that the digitiser knows as one.
    Pen,
    /// A mouse or touchpad.
    Mouse,
}

/// How the pen leans.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tilt {
    /// From the pad's plane, degrees: 0 lies flat, 90 stands upright.
    pub altitude_deg: f32,
    /// Where its upper end points, degrees, 0 to 360: 0 is right, 90 down (towards the writer), as in W3C Pointer Events.
    pub azimuth_deg: f32,
}

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
    /// How the pen leans, where the device knows.
    pub tilt: Option<Tilt>,
}

impl Sample {
    /// A sample without force and tilt.
    #[must_use]
    pub const fn new(x_mm: f64, y_mm: f64, t_ms: f64) -> Self {
        Self { x_mm, y_mm, t_ms, force: None, tilt: None }
    }

    pub(crate) fn distance(&self, other: &Self) -> f64 {
        (self.x_mm - other.x_mm).hypot(self.y_mm - other.y_mm)
    }

    /// The sample on the grid, if it is within the limits.
    pub(crate) fn kept(&self) -> Result<Self, InkError> {
        within("x", self.x_mm, -MAX_COORDINATE_MM, MAX_COORDINATE_MM)?;
        within("y", self.y_mm, -MAX_COORDINATE_MM, MAX_COORDINATE_MM)?;
        within("t", self.t_ms, -MAX_TIME_MS, MAX_TIME_MS)?;
        within("force", self.force.map_or(0.0, f64::from), 0.0, 1.0)?;
        if let Some(tilt) = self.tilt {
            within("altitude", f64::from(tilt.altitude_deg), 0.0, 90.0)?;
            within("azimuth", f64::from(tilt.azimuth_deg), 0.0, 360.0)?;
        }
        Ok(Steps::of(self).sample())
    }
}

fn within(field: &'static str, value: f64, least: f64, most: f64) -> Result<(), InkError> {
    // A comparison with NaN is false, so what is not a number is out of range.
    if value >= least && value <= most { Ok(()) } else { Err(InkError::OutOfRange { field, value, least, most }) }
}

/// A sample in whole steps of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Steps {
    pub(crate) x: i64,
    pub(crate) y: i64,
    pub(crate) t: i64,
    pub(crate) force: Option<i64>,
    pub(crate) altitude: Option<i64>,
    pub(crate) azimuth: Option<i64>,
}

impl Steps {
    /// The nearest steps; the sample is within the limits.
    pub(crate) fn of(sample: &Sample) -> Self {
        let angle = |degrees: f32| nearest(f64::from(degrees) * f64::from(ANGLES_A_DEGREE));
        Self {
            x: nearest(sample.x_mm * f64::from(PLACES_A_MM)),
            y: nearest(sample.y_mm * f64::from(PLACES_A_MM)),
            t: nearest(sample.t_ms * f64::from(TIMES_A_MS)),
            force: sample.force.map(|force| nearest(f64::from(force) * f64::from(FORCES))),
            altitude: sample.tilt.map(|tilt| angle(tilt.altitude_deg)),
            azimuth: sample.tilt.map(|tilt| angle(tilt.azimuth_deg) % (360 * i64::from(ANGLES_A_DEGREE))),
        }
    }

    /// The sample at these steps, which may be beyond the limits.
    pub(crate) fn sample(&self) -> Sample {
        let angle = |steps: i64| single(float(steps) / f64::from(ANGLES_A_DEGREE));
        Sample {
            x_mm: float(self.x) / f64::from(PLACES_A_MM),
            y_mm: float(self.y) / f64::from(PLACES_A_MM),
            t_ms: float(self.t) / f64::from(TIMES_A_MS),
            force: self.force.map(|steps| single(float(steps) / f64::from(FORCES))),
            tilt: self
                .altitude
                .zip(self.azimuth)
                .map(|(altitude, azimuth)| Tilt { altitude_deg: angle(altitude), azimuth_deg: angle(azimuth) }),
        }
    }
}

/// Halves go up, also below zero: rounding must not depend on where the origin lies.
#[expect(clippy::cast_possible_truncation, reason = "within the limits, below 2^53")]
fn nearest(value: f64) -> i64 {
    (value + 0.5).floor() as i64
}

#[expect(clippy::cast_precision_loss, reason = "within the limits, below 2^53; beyond, it is refused as too large")]
fn float(steps: i64) -> f64 {
    steps as f64
}

#[expect(clippy::cast_possible_truncation, reason = "a force or angle needs no more than the precision of f32")]
pub(super) fn single(value: f64) -> f32 {
    value as f32
}
