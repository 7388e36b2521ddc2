//! What a drawing surface feeds while a person draws.

mod clock;
mod history;
mod replay;
mod state;
mod touch;

pub use clock::CLOCK_RESTART_MS;
pub use history::MAX_CLEARED_SAMPLES;
pub(crate) use replay::ReplayCursor;
pub use replay::{Replay, ReplayEvent};
pub use touch::{Batch, Contact, LEAST_PALM_MM, PEN_GUARD_MS, PointerId, Refused, Touched};

use self::clock::Clock;
use self::history::History;
use self::touch::Guard;
use crate::log::glitch;
use crate::{Ink, InkError, Sample, Tool};

/// Collects strokes as they are drawn, and takes them back.
///
/// The platform's events go in as they come: [`InkPad::down`], [`InkPad::add`] with all the samples that an event carries
/// (coalesced, historical), [`InkPad::up`] or [`InkPad::cancel`], each with the pointer that it is about. One pointer draws
/// at a time; other fingers and palms are refused, and a sample that no hand makes is left out and reported. The cost of a
/// sample does not depend on how many there are.
///
/// [`InkPad::to_bytes`] is all of its state, also in the middle of a stroke: after a rotation or the death of the process,
/// [`InkPad::from_bytes`] goes on where it was.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InkPad {
    ink: Ink,
    history: History,
    pen: Pen,
    guard: Guard,
    clock: Clock,
}

/// What the pointer does that draws.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
enum Pen {
    #[default]
    Up,
    /// Down, and no sample yet.
    Touching(PointerId, Tool),
    /// Down, the last stroke of the ink is growing.
    Drawing(PointerId, Tool),
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
        Self { ink, ..Self::default() }
    }

    /// A pointer touches the pad and starts a stroke, unless another draws or it is a palm. A pen takes over from a finger
    /// or palm that touched before it: what that drew is taken away.
    ///
    /// # Errors
    /// [`InkError::SecondPointer`], [`InkError::Palm`]: this pointer draws nothing until it touches again.
    pub fn down(&mut self, contact: Contact) -> Result<Touched, InkError> {
        let drawing = match self.pen {
            // A platform that lost an "up" says "down" again for the same pointer.
            Pen::Touching(pointer, _) | Pen::Drawing(pointer, _) if pointer == contact.pointer => None,
            Pen::Touching(_, tool) | Pen::Drawing(_, tool) => Some(tool),
            Pen::Up => None,
        };
        if drawing.is_some_and(|tool| contact.tool != Tool::Pen || tool == Tool::Pen) {
            return Err(InkError::SecondPointer);
        }
        self.guard.admit(&Contact { t_ms: contact.t_ms.map(|t_ms| self.clock.log_ms(t_ms)), ..contact })?;
        let touched = if drawing.is_some() && self.withdraw() { Touched::TookOver } else { Touched::Started };
        self.pen = Pen::Touching(contact.pointer, contact.tool);
        Ok(touched)
    }

    /// Samples of a pointer, oldest first, with all that the platform held back since its last event.
    ///
    /// Each is taken or refused by itself; what is refused is reported with its place in the batch and the reason, and
    /// changes nothing. A finger that has become a palm since it touched loses its stroke.
    pub fn add(&mut self, pointer: PointerId, samples: &[Sample]) -> Batch {
        let mut batch = Batch::default();
        for (index, sample) in samples.iter().enumerate() {
            match self.add_one(pointer, sample) {
                Ok(()) => batch.taken += 1,
                Err(why) => batch.refused.push(Refused { index, why }),
            }
        }
        batch
    }

    fn add_one(&mut self, pointer: PointerId, sample: &Sample) -> Result<(), InkError> {
        let mut sample = *sample;
        match self.pen {
            Pen::Touching(own, tool) if own == pointer => {
                sample.t_ms = self.clock.first_ms(sample.t_ms, self.ink.last());
                self.ink.start(tool, &sample)?;
                self.history.drawn();
                self.pen = Pen::Drawing(own, tool);
            }
            Pen::Drawing(own, _) if own == pointer => {
                sample.t_ms = self.clock.log_ms(sample.t_ms);
                if let Some(glitch) = glitch(self.ink.last(), &sample) {
                    return Err(glitch);
                }
                self.ink.extend(&sample)?;
            }
            Pen::Up => return Err(InkError::NotTouching),
            Pen::Touching(..) | Pen::Drawing(..) => return Err(InkError::SecondPointer),
        }
        Ok(())
    }

    /// How large the contact of a pointer is now, mm across, where the platform tells: fingers roll into palms.
    ///
    /// # Errors
    /// [`InkError::Palm`]: its stroke is taken away.
    pub fn contact_changed(&mut self, pointer: PointerId, contact_mm: f64) -> Result<(), InkError> {
        match self.pen {
            Pen::Touching(own, tool) | Pen::Drawing(own, tool) if own == pointer => {
                let palm = Guard::palm(&Contact { pointer, tool, contact_mm: Some(contact_mm), t_ms: None });
                if palm.is_err() {
                    self.withdraw();
                }
                palm
            }
            Pen::Up | Pen::Touching(..) | Pen::Drawing(..) => Ok(()),
        }
    }

    /// The pointer leaves the pad: its stroke stays.
    pub fn up(&mut self, pointer: PointerId) {
        if let Pen::Touching(own, tool) | Pen::Drawing(own, tool) = self.pen
            && own == pointer
        {
            self.guard.lifted(tool, self.ink.last());
            self.pen = Pen::Up;
        }
    }

    /// The platform takes the touch back (a gesture of the system, its own palm rejection): its stroke goes.
    pub fn cancel(&mut self, pointer: PointerId) {
        if let Pen::Touching(own, _) | Pen::Drawing(own, _) = self.pen
            && own == pointer
        {
            self.withdraw();
        }
    }

    /// Whether a stroke is being drawn.
    #[must_use]
    pub const fn is_drawing(&self) -> bool {
        matches!(self.pen, Pen::Drawing(..))
    }

    /// Takes the last stroke back, also one still being drawn; or, if nothing has been drawn since, the last
    /// [`InkPad::clear`]. Whether there was anything to take back.
    pub fn undo(&mut self) -> bool {
        self.lift();
        self.history.undo(&mut self.ink)
    }

    /// Does again what was taken back last, as long as nothing has been drawn since. Whether there was anything.
    pub fn redo(&mut self) -> bool {
        self.lift();
        self.history.redo(&mut self.ink)
    }

    /// Takes everything away; [`InkPad::undo`] brings it back.
    pub fn clear(&mut self) {
        self.lift();
        self.history.clear(&mut self.ink);
    }

    /// Whether [`InkPad::undo`] would do anything.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.history.can_undo(&self.ink)
    }

    /// Whether [`InkPad::redo`] would do anything.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        self.history.can_redo()
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

    /// Ends the present stroke where it is.
    fn lift(&mut self) {
        if let Pen::Touching(pointer, _) | Pen::Drawing(pointer, _) = self.pen {
            self.up(pointer);
        }
    }

    /// Drops the present stroke as if it had never been; whether it had any ink.
    fn withdraw(&mut self) -> bool {
        let had_ink = matches!(std::mem::take(&mut self.pen), Pen::Drawing(..));
        if had_ink {
            self.ink.pop_stroke();
        }
        had_ink
    }
}
