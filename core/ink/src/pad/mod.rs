//! Collects strokes as they are drawn.

use crate::{Ink, InkError, Sample};

/// What a drawing surface feeds while a person draws.
///
/// A refused sample changes nothing: the pad goes on with the next one.
#[derive(Debug, Clone, Default)]
pub struct InkPad {
    ink: Ink,
    pen: Pen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Pen {
    #[default]
    Up,
    /// Down, and no sample yet.
    Touching,
    /// Down, the last stroke of the ink is growing.
    Drawing,
}

impl InkPad {
    /// An empty pad.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A pad that goes on from this ink.
    #[must_use]
    pub fn with_ink(ink: Ink) -> Self {
        Self { ink, pen: Pen::Up }
    }

    /// The pen touches the pad.
    pub fn begin_stroke(&mut self) {
        self.pen = Pen::Touching;
    }

    /// One report of the digitiser. While the pen is up (hovering) it is left out.
    ///
    /// # Errors
    /// [`InkError::OutOfRange`], [`InkError::Glitch`], [`InkError::TooManyPoints`], [`InkError::TooManyStrokes`]; the
    /// sample is then not in the log.
    pub fn add(&mut self, sample: Sample) -> Result<(), InkError> {
        match self.pen {
            Pen::Up => Ok(()),
            Pen::Touching => {
                self.ink.start(sample)?;
                self.pen = Pen::Drawing;
                Ok(())
            }
            Pen::Drawing => self.ink.extend(sample),
        }
    }

    /// The pen leaves the pad.
    pub fn end_stroke(&mut self) {
        self.pen = Pen::Up;
    }

    /// Takes the last stroke back, also one still being drawn. Without a stroke, nothing happens.
    pub fn undo(&mut self) {
        if self.pen == Pen::Touching {
            self.pen = Pen::Up;
            return;
        }
        self.pen = Pen::Up;
        self.ink.pop_stroke();
    }

    /// Takes everything back.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// What has been drawn so far.
    #[must_use]
    pub const fn ink(&self) -> &Ink {
        &self.ink
    }

    /// What has been drawn.
    #[must_use]
    pub fn into_ink(self) -> Ink {
        self.ink
    }
}
