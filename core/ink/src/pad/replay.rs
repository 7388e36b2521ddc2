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
    cursor: ReplayCursor,
}

impl<'a> Replay<'a> {
    /// From the beginning.
    #[must_use]
    pub fn of(ink: &'a Ink) -> Self {
        Self { ink, cursor: ReplayCursor::default() }
    }

    /// From first to last sample, ms.
    #[must_use]
    pub fn duration_ms(&self) -> f64 {
        ReplayCursor::duration_ms(self.ink)
    }

    /// When the next event is due, ms from the beginning; nothing if it is over.
    #[must_use]
    pub fn next_ms(&self) -> Option<f64> {
        self.cursor.next_ms(self.ink)
    }

    /// What happens until `elapsed_ms` from the beginning and has not been handed out before. Multiply the elapsed time to
    /// play faster.
    pub fn up_to(&mut self, elapsed_ms: f64) -> impl Iterator<Item = ReplayEvent> {
        std::iter::from_fn(move || if self.next_ms()? <= elapsed_ms { self.next() } else { None })
    }
}

/// Every event, without waiting.
impl Iterator for Replay<'_> {
    type Item = ReplayEvent;

    fn next(&mut self) -> Option<ReplayEvent> {
        self.cursor.step(self.ink)
    }
}

/// How far an ink has been played; always asked about the same ink.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ReplayCursor {
    stroke: usize,
    sample: usize,
}

impl ReplayCursor {
    pub(crate) fn duration_ms(ink: &Ink) -> f64 {
        ink.last().map_or(0.0, |last| last.t_ms - start_ms(ink))
    }

    pub(crate) fn next_ms(self, ink: &Ink) -> Option<f64> {
        let samples = ink.strokes().get(self.stroke)?.samples();
        // A pen lifts when its last sample is drawn.
        let sample = samples.get(self.sample).or(samples.last())?;
        Some(sample.t_ms - start_ms(ink))
    }

    pub(crate) fn step(&mut self, ink: &Ink) -> Option<ReplayEvent> {
        let stroke = ink.strokes().get(self.stroke)?;
        let Some(sample) = stroke.samples().get(self.sample) else {
            self.stroke += 1;
            self.sample = 0;
            return Some(ReplayEvent::Up);
        };
        self.sample += 1;
        Some(if self.sample == 1 { ReplayEvent::Down(stroke.tool(), *sample) } else { ReplayEvent::Move(*sample) })
    }
}

fn start_ms(ink: &Ink) -> f64 {
    ink.samples().next().map_or(0.0, |first| first.t_ms)
}
