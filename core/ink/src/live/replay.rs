//! Strokes drawn again at the speed they were drawn with.

use super::{Ahead, LiveStroke, Repaint};
use crate::pad::ReplayCursor;
use crate::{Ink, Pen, ReplayEvent, Sample};

/// Plays an ink on a surface. There is no clock inside: the caller says how much time has passed, and gets what to paint
/// since the last answer, as from a [`super::LivePad`]. The surface is wiped before the first.
#[derive(Debug, Clone)]
pub struct LiveReplay {
    ink: Ink,
    pen: Pen,
    cursor: ReplayCursor,
    growing: Option<LiveStroke>,
}

impl LiveReplay {
    /// From the beginning.
    #[must_use]
    pub fn new(ink: Ink, pen: Pen) -> Self {
        Self { ink, pen, cursor: ReplayCursor::default(), growing: None }
    }

    /// From first to last sample, ms.
    #[must_use]
    pub fn duration_ms(&self) -> f64 {
        ReplayCursor::duration_ms(&self.ink)
    }

    /// When there is something to paint again, ms from the beginning; nothing if it is over.
    #[must_use]
    pub fn next_ms(&self) -> Option<f64> {
        self.cursor.next_ms(&self.ink)
    }

    /// What to paint for the time until `elapsed_ms` from the beginning. Multiply the elapsed time to play faster.
    pub fn up_to(&mut self, elapsed_ms: f64) -> Repaint {
        let mut repaint = Repaint::default();
        let mut batch: Vec<Sample> = Vec::new();
        while self.cursor.next_ms(&self.ink).is_some_and(|next_ms| next_ms <= elapsed_ms) {
            match self.cursor.step(&self.ink) {
                Some(ReplayEvent::Down(_, sample) | ReplayEvent::Move(sample)) => batch.push(sample),
                Some(ReplayEvent::Up) => {
                    let mut stroke = self.growing.take().unwrap_or_else(|| LiveStroke::new(self.pen));
                    repaint.then(stroke.extend(&batch, Ahead::Nothing));
                    repaint.then(stroke.lift());
                    batch.clear();
                }
                None => break,
            }
        }
        if !batch.is_empty() || self.growing.is_some() {
            let growing = self.growing.get_or_insert_with(|| LiveStroke::new(self.pen));
            repaint.then(growing.extend(&batch, Ahead::Nothing));
        }
        repaint
    }
}
