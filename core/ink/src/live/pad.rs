//! A pad that says after each event what to paint.

use eseal_face::Path;

use super::changes::hull;
use super::{Ahead, AreaMm, Changes, LiveReplay, LiveStroke};
use crate::geometry::Bounds;
use crate::{Contact, InkError, InkPad, Pen, PointerId, Refused, Sample, outline};

/// What a surface has to do after an event of the pad or a step of a replay. Paths are closed outlines in the pad's
/// millimetres, each filled by itself by the non-zero rule.
///
/// A surface keeps a layer. If `layer` says so it wipes it; it paints `stable` into it, once; then, within `dirty`, it shows
/// the layer with `tail` and, faded, `predicted` over it. Tail and prediction belong to one answer only.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Repaint {
    /// What becomes of what the layer holds.
    pub layer: LayerChange,
    /// What will not change until the layer is wiped.
    pub stable: Vec<Path>,
    /// The end of the growing stroke, as far as is known now.
    pub tail: Path,
    /// Where the pen will be in a moment.
    pub predicted: Path,
    /// Where the pad looks different now; nothing if it does not.
    pub dirty: Option<AreaMm>,
    /// What of the event was left out.
    pub refused: Vec<Refused>,
}

/// What becomes of the layer of stable parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LayerChange {
    /// It stays, and more is painted over it.
    #[default]
    Extended,
    /// It is wiped, and painted from the beginning.
    StartedOver,
}

impl Repaint {
    /// One answer for several of one stroke, or of strokes that follow each other.
    pub(super) fn then(&mut self, next: Changes) {
        self.stable.extend(Some(next.stable).filter(|path| !path.contours.is_empty()));
        (self.tail, self.predicted) = (next.tail, next.predicted);
        self.dirty = AreaMm::around_all([self.dirty, next.dirty]);
    }

    fn of(changes: Changes) -> Self {
        let mut repaint = Self::default();
        repaint.then(changes);
        repaint
    }

    fn refusing(mut self, why: InkError) -> Self {
        self.refused.push(Refused { index: 0, why });
        self
    }
}

/// An [`InkPad`] and its picture: events go in as they come from the platform, each is answered by what to paint. What is
/// painted is what [`crate::render`] draws at natural size.
///
/// An event that is refused (a second finger, a palm) is no failure: the answer says so in `refused`, by index 0.
#[derive(Debug, Clone, Default)]
pub struct LivePad {
    pad: InkPad,
    pen: Pen,
    growing: Option<LiveStroke>,
    /// Around all that was painted since the layer was last wiped.
    painted: Option<AreaMm>,
}

impl LivePad {
    /// A pad that goes on where this one is. A surface asks for [`LivePad::repaint`] first.
    #[must_use]
    pub fn new(pad: InkPad, pen: Pen) -> Self {
        Self { pad, pen, ..Self::default() }
    }

    /// The pad below: what was drawn, what can be undone, its bytes.
    #[must_use]
    pub const fn pad(&self) -> &InkPad {
        &self.pad
    }

    /// The pen that all strokes are shown with.
    #[must_use]
    pub const fn pen(&self) -> Pen {
        self.pen
    }

    /// Everything drawn so far, for a surface that shows nothing yet.
    pub fn repaint(&mut self) -> Repaint {
        self.growing = None;
        let strokes = self.pad.ink().strokes();
        let (done, growing) = match strokes.split_last() {
            Some((growing, done)) if self.pad.is_drawing() => (done, Some(growing)),
            _ => (strokes, None),
        };
        let mut repaint = Repaint {
            layer: LayerChange::StartedOver,
            stable: done.iter().map(|stroke| outline(stroke, self.pen)).collect(),
            ..Repaint::default()
        };
        let shown = repaint.stable.iter().map(hull).fold(Bounds::EMPTY, Bounds::union);
        repaint.dirty = AreaMm::around(shown);
        if let Some(stroke) = growing {
            repaint.then(self.growing.insert(LiveStroke::new(self.pen)).follow(stroke, Ahead::Nothing));
        }
        let before = std::mem::replace(&mut self.painted, repaint.dirty);
        repaint.dirty = AreaMm::around_all([before, repaint.dirty]);
        repaint
    }

    /// Shows all strokes with another pen.
    pub fn use_pen(&mut self, pen: Pen) -> Repaint {
        self.pen = pen;
        self.repaint()
    }

    /// A pointer touches: [`InkPad::down`].
    pub fn down(&mut self, contact: Contact) -> Repaint {
        let strokes = self.pad.ink().strokes().len();
        match self.pad.down(contact) {
            Err(why) => self.unchanged().refusing(why),
            // A pen takes over: what a finger had begun is gone.
            Ok(_) if self.pad.ink().strokes().len() < strokes => self.repaint(),
            // The platform may have lost the end of a stroke.
            Ok(_) => self.lift(),
        }
    }

    /// Samples of a pointer, oldest first: [`InkPad::add`]. `ahead` is what to show beyond the last of them.
    pub fn add(&mut self, pointer: PointerId, samples: &[Sample], ahead: Ahead<'_>) -> Repaint {
        let batch = self.pad.add(pointer, samples);
        let mut repaint = match self.pad.ink().strokes().last() {
            // Without samples, only what lies ahead is asked for.
            Some(stroke) if batch.taken > 0 || self.growing.is_some() && samples.is_empty() => {
                let growing = self.growing.get_or_insert_with(|| LiveStroke::new(self.pen));
                Repaint::of(growing.follow(stroke, ahead))
            }
            _ => self.unchanged(),
        };
        self.remember(&repaint);
        repaint.refused = batch.refused;
        repaint
    }

    /// How large the contact of a pointer is now: [`InkPad::contact_changed`].
    pub fn contact_changed(&mut self, pointer: PointerId, contact_mm: f64) -> Repaint {
        match self.pad.contact_changed(pointer, contact_mm) {
            Ok(()) => self.unchanged(),
            Err(why) => self.repaint().refusing(why),
        }
    }

    /// The pointer leaves: [`InkPad::up`].
    pub fn up(&mut self, pointer: PointerId) -> Repaint {
        self.pad.up(pointer);
        if self.pad.is_drawing() { self.unchanged() } else { self.lift() }
    }

    /// The platform takes the touch back: [`InkPad::cancel`].
    pub fn cancel(&mut self, pointer: PointerId) -> Repaint {
        self.pad.cancel(pointer);
        if self.pad.is_drawing() || self.growing.is_none() { self.unchanged() } else { self.repaint() }
    }

    /// Takes the last stroke, or the last clearing, back: [`InkPad::undo`].
    pub fn undo(&mut self) -> Repaint {
        self.pad.undo();
        self.repaint()
    }

    /// Does it again: [`InkPad::redo`].
    pub fn redo(&mut self) -> Repaint {
        self.pad.redo();
        self.repaint()
    }

    /// Takes everything away: [`InkPad::clear`].
    pub fn clear(&mut self) -> Repaint {
        self.pad.clear();
        self.repaint()
    }

    /// What is on the pad, to be played again with its pen.
    #[must_use]
    pub fn replay(&self) -> LiveReplay {
        LiveReplay::new(self.pad.ink().clone(), self.pen)
    }

    fn lift(&mut self) -> Repaint {
        let repaint = self.growing.take().map_or_else(Repaint::default, |stroke| Repaint::of(stroke.lift()));
        self.remember(&repaint);
        repaint
    }

    /// What an event is answered by that changes nothing: the tail is shown again.
    fn unchanged(&mut self) -> Repaint {
        self.growing.as_mut().map_or_else(Repaint::default, |stroke| Repaint::of(stroke.extend(&[], Ahead::Nothing)))
    }

    fn remember(&mut self, repaint: &Repaint) {
        self.painted = AreaMm::around_all([self.painted, repaint.dirty]);
    }
}
