//! The log played again at the speed it was recorded.

use crate::{Ink, Sample, Tool};

/// What happens next in a replay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ReplayEvent {
    /// A stroke starts here.
    Down(Tool, Sample),
    /// It goes on to here.
    Move(Sample),
    /// It is over.
    Up,
}

/// Plays an ink. There is no clock inside: the caller says how much time has passed, and gets what has happened since.
///
/// ```
/// # use eseal_ink::{Ink, Replay, ReplayEvent};
/// # let ink = Ink::from_json(r#"{"unit": "mm,ms", "fields": ["x", "y", "t"], "strokes": [[[0, 0, 50], [1, 0, 60]]]}"#).unwrap();
/// let mut replay = Replay::of(&ink);
/// let at_once = replay.up_to(0.0).count();
/// let rest = replay.up_to(replay.duration_ms()).count();
/// assert_eq!((at_once, rest), (1, 2));
/// ```
#[derive(Debug, Clone)]
pub struct Replay<'a> {
    ink: &'a Ink,
    stroke: usize,
    sample: usize,
}

impl<'a> Replay<'a> {
    /// From the beginning.
    #[must_use]
    pub const fn of(ink: &'a Ink) -> Self {
        Self { ink, stroke: 0, sample: 0 }
    }

    /// From first to last sample, ms.
    #[must_use]
    pub fn duration_ms(&self) -> f64 {
        self.ink.last().map_or(0.0, |last| last.t_ms - self.start_ms())
    }

    /// When the next event is due, ms from the beginning; nothing if it is over.
    #[must_use]
    pub fn next_ms(&self) -> Option<f64> {
        let samples = self.ink.strokes().get(self.stroke)?.samples();
        // A pen lifts when its last sample is drawn.
        let sample = samples.get(self.sample).or(samples.last())?;
        Some(sample.t_ms - self.start_ms())
    }

    /// What happens until `elapsed_ms` from the beginning and has not been handed out before. Multiply the elapsed time to
    /// play faster.
    pub fn up_to(&mut self, elapsed_ms: f64) -> impl Iterator<Item = ReplayEvent> {
        std::iter::from_fn(move || if self.next_ms()? <= elapsed_ms { self.step() } else { None })
    }

    fn step(&mut self) -> Option<ReplayEvent> {
        let stroke = self.ink.strokes().get(self.stroke)?;
        let Some(sample) = stroke.samples().get(self.sample) else {
            self.stroke += 1;
            self.sample = 0;
            return Some(ReplayEvent::Up);
        };
        self.sample += 1;
        Some(if self.sample == 1 { ReplayEvent::Down(stroke.tool(), *sample) } else { ReplayEvent::Move(*sample) })
    }

    fn start_ms(&self) -> f64 {
        self.ink.samples().next().map_or(0.0, |first| first.t_ms)
    }
}

/// Every event, without waiting.
impl Iterator for Replay<'_> {
    type Item = ReplayEvent;

    fn next(&mut self) -> Option<ReplayEvent> {
        self.step()
    }
}
