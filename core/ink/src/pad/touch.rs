//! Who may draw: one pointer at a time, no palms.

use crate::{InkError, Sample, Tool};

/// A contact of a finger at least this large across, mm, is a palm: finger pads leave 6 to 14 mm.
pub const LEAST_PALM_MM: f64 = 20.0;
/// For so long after a pen has lifted, ms, fingers do not draw: the hand that holds it rests on the pad.
pub const PEN_GUARD_MS: f64 = 500.0;

/// The platform's number for a finger, pen or mouse, for as long as it touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct PointerId(pub u64);

/// A pointer that touches the pad.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Contact {
    /// Which.
    pub pointer: PointerId,
    /// What it is.
    pub tool: Tool,
    /// How large the contact is across its longer axis, mm, where the platform tells.
    pub contact_mm: Option<f64>,
    /// Time of the event, ms, as in [`Sample::t_ms`]; without it, fingers are not held off after a pen.
    pub t_ms: Option<f64>,
}

/// What a touch did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touched {
    /// The pointer draws.
    Started,
    /// The pointer, a pen, draws, and what a finger or palm had begun to draw is gone.
    TookOver,
}

/// What became of a batch of samples.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Batch {
    /// How many are in the log now.
    pub taken: usize,
    /// Those that are not, in their order.
    pub refused: Vec<Refused>,
}

/// A sample that was left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    /// Its place in the batch, from 0.
    pub index: usize,
    /// [`InkError::OutOfRange`], [`InkError::TimeBack`], [`InkError::Glitch`], [`InkError::SecondPointer`],
    /// [`InkError::NotTouching`], [`InkError::TooManyPoints`], [`InkError::TooManyStrokes`].
    pub why: InkError,
}

/// Keeps palms out.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Guard {
    /// When a pen last lifted, ms.
    pub(super) pen_lifted_ms: Option<f64>,
}

impl Guard {
    /// Refuses what is a palm.
    pub(super) fn admit(&self, contact: &Contact) -> Result<(), InkError> {
        let since_pen = contact.t_ms.zip(self.pen_lifted_ms).map(|(now, lifted)| now - lifted);
        if contact.tool == Tool::Finger && since_pen.is_some_and(|since| (0.0..PEN_GUARD_MS).contains(&since)) {
            return Err(InkError::Palm { contact_mm: contact.contact_mm });
        }
        Self::palm(contact)
    }

    /// Refuses what is as large as a palm.
    pub(super) fn palm(contact: &Contact) -> Result<(), InkError> {
        match contact.contact_mm {
            Some(contact_mm) if contact.tool == Tool::Finger && contact_mm >= LEAST_PALM_MM => {
                Err(InkError::Palm { contact_mm: Some(contact_mm) })
            }
            _ => Ok(()),
        }
    }

    /// A pointer has lifted after this sample.
    pub(super) fn lifted(&mut self, tool: Tool, last: Option<&Sample>) {
        if tool == Tool::Pen {
            self.pen_lifted_ms = last.map(|last| last.t_ms).or(self.pen_lifted_ms);
        }
    }
}
