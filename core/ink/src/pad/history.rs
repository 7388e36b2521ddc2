//! What can be taken back and done again.

use crate::log::{BitReader, BitWriter, read_ink, write_ink};
use crate::{Ink, InkError, MAX_SAMPLES};

/// What has been cleared is kept for undoing up to this many samples; the oldest goes first.
pub const MAX_CLEARED_SAMPLES: usize = 10_000;
/// More clears than this are not kept.
const MAX_CLEARED: usize = 64;
/// What is cleared and undone together: the last cleared ink is kept however long, and what was undone was an ink, too.
const MAX_KEPT_SAMPLES: usize = 2 * MAX_SAMPLES + MAX_CLEARED_SAMPLES;

/// Strokes of the ink and what was cleared before it are undone one by one, the last first.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct History {
    /// Inks that were cleared, oldest first.
    cleared: Vec<Ink>,
    /// What was undone, last undone last.
    undone: Vec<Undone>,
}

#[derive(Debug, Clone, PartialEq)]
enum Undone {
    /// An ink of this one stroke.
    Stroke(Ink),
    Clear,
}

impl History {
    /// A new stroke has begun.
    pub(super) fn drawn(&mut self) {
        self.undone.clear();
    }

    pub(super) fn clear(&mut self, ink: &mut Ink) {
        if ink.strokes().is_empty() {
            return;
        }
        self.undone.clear();
        self.cleared.push(std::mem::take(ink));
        let mut kept: usize = self.cleared.iter().map(Ink::sample_count).sum();
        while self.cleared.len() > 1 && (kept > MAX_CLEARED_SAMPLES || self.cleared.len() > MAX_CLEARED) {
            kept -= self.cleared.remove(0).sample_count();
        }
    }

    pub(super) fn undo(&mut self, ink: &mut Ink) -> bool {
        if let Some(stroke) = ink.pop_stroke() {
            let mut alone = Ink::default();
            alone.push_stroke(stroke);
            self.undone.push(Undone::Stroke(alone));
        } else if let Some(before) = self.cleared.pop() {
            *ink = before;
            self.undone.push(Undone::Clear);
        } else {
            return false;
        }
        true
    }

    pub(super) fn redo(&mut self, ink: &mut Ink) -> bool {
        match self.undone.pop() {
            Some(Undone::Stroke(mut alone)) => {
                if let Some(stroke) = alone.pop_stroke() {
                    ink.push_stroke(stroke);
                }
            }
            Some(Undone::Clear) => self.cleared.push(std::mem::take(ink)),
            None => return false,
        }
        true
    }

    pub(super) fn can_undo(&self, ink: &Ink) -> bool {
        !(ink.strokes().is_empty() && self.cleared.is_empty())
    }

    pub(super) fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    pub(super) fn write(&self, writer: &mut BitWriter) {
        let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
        writer.golomb(count(self.cleared.len()), 0);
        for ink in &self.cleared {
            write_ink(writer, ink);
        }
        writer.golomb(count(self.undone.len()), 0);
        for undone in &self.undone {
            match undone {
                Undone::Stroke(alone) => {
                    writer.bit(true);
                    write_ink(writer, alone);
                }
                Undone::Clear => writer.bit(false),
            }
        }
    }

    pub(super) fn read(reader: &mut BitReader<'_>) -> Result<Self, InkError> {
        let mut history = Self::default();
        let mut kept = 0;
        for _ in 0..reader.count(0, MAX_CLEARED)? {
            let ink = read_ink(reader)?;
            kept += ink.sample_count();
            if kept > MAX_KEPT_SAMPLES {
                return Err(InkError::TooManyPoints);
            }
            history.cleared.push(ink);
        }
        for _ in 0..reader.count(0, MAX_KEPT_SAMPLES)? {
            let undone = if reader.bit()? { Undone::Stroke(read_ink(reader)?) } else { Undone::Clear };
            if let Undone::Stroke(alone) = &undone {
                kept += alone.sample_count();
                if kept > MAX_KEPT_SAMPLES {
                    return Err(InkError::TooManyPoints);
                }
                if alone.strokes().len() != 1 {
                    return Err(reader.wrong("one stroke that was undone"));
                }
            }
            history.undone.push(undone);
        }
        Ok(history)
    }
}
