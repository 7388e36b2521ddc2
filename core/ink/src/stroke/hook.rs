//! The little hooks a pen leaves where it touches down and lifts while it already moves elsewhere.

use crate::geometry::Vec2;
use crate::stroke::clock::Moment;
use crate::stroke::{End, slide};

/// The longest hook, mm along the stroke. The shortest hook that is meant (钩) is twice as long.
const LONGEST_HOOK_MM: f64 = 0.6;
/// A hook turns at least this far from the stroke: 75°.
const LEAST_TURN: f64 = 1.309;
/// Only strokes at least this many hooks long lose them.
const LEAST_STROKE: f64 = 6.0;
/// A pen that moves has left its hook behind within this time, ms, and this many samples.
const START_MS: f64 = 250.0;
const END_MS: f64 = 100.0;
const MOST_SAMPLES: usize = 64;
/// How far back from the end of a stroke is looked for where it came from, mm along the stroke.
const SEEN_MM: f64 = 4.0 * LONGEST_HOOK_MM;

/// Lets pass what belongs to the stroke. Waits until the start is known, and keeps back what may yet be a hook at the end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hooks {
    /// The latest moments, each with its distance along the stroke.
    recent: Vec<(Moment, f64)>,
    /// How many of them have passed.
    passed: usize,
    start_is_known: bool,
}

impl Hooks {
    pub(crate) fn take_over(&mut self, other: &Self) {
        self.recent.clone_from(&other.recent);
        (self.passed, self.start_is_known) = (other.passed, other.start_is_known);
    }

    pub(crate) fn push(&mut self, moment: Moment, out: &mut Vec<Moment>) {
        let along = self.recent.last().map_or(0.0, |(last, along)| along + last.at.distance(moment.at));
        self.recent.push((moment, along));
        if !self.start_is_known {
            self.look_at_start(along);
        }
        if self.start_is_known {
            self.pass(
                |(held, at), behind| {
                    along - at > LONGEST_HOOK_MM || moment.t_ms - held.t_ms > END_MS || behind > MOST_SAMPLES
                },
                out,
            );
            let seen = self.recent.partition_point(|(_, at)| along - at > SEEN_MM);
            let seen = seen.max(self.recent.len().saturating_sub(2 * MOST_SAMPLES));
            self.passed -= slide(&mut self.recent, seen.min(self.passed));
        }
    }

    pub(crate) fn end(&mut self, end: End, out: &mut Vec<Moment>) {
        if end == End::Lifted && self.is_long() {
            let hook = hook(&self.recent.iter().rev().map(|(moment, _)| moment.at));
            self.recent.truncate(self.recent.len().saturating_sub(hook).max(self.passed));
        }
        self.pass(|_, _| true, out);
    }

    fn is_long(&self) -> bool {
        self.recent.last().is_some_and(|(_, along)| *along >= LEAST_STROKE * LONGEST_HOOK_MM)
    }

    fn look_at_start(&mut self, along: f64) {
        let (Some((first, _)), Some((last, _))) = (self.recent.first(), self.recent.last()) else { return };
        if along >= LEAST_STROKE * LONGEST_HOOK_MM {
            let hook = hook(&self.recent.iter().map(|(moment, _)| moment.at));
            self.recent.drain(..hook);
            self.start_is_known = true;
        } else if last.t_ms - first.t_ms > START_MS || self.recent.len() > MOST_SAMPLES {
            self.start_is_known = true;
        }
    }

    fn pass(&mut self, is_past: impl Fn(&(Moment, f64), usize) -> bool, out: &mut Vec<Moment>) {
        while let Some(next) = self.recent.get(self.passed) {
            if !is_past(next, self.recent.len() - self.passed) {
                break;
            }
            out.push(next.0);
            self.passed += 1;
        }
    }
}

/// How many of the first points belong to a hook.
fn hook(points: &(impl Iterator<Item = Vec2> + Clone)) -> usize {
    let Some(start) = points.clone().next() else { return 0 };
    let (mut joint, mut most_turn, mut length, mut last) = (0, 0.0_f64, 0.0, start);
    for (i, point) in points.clone().enumerate().skip(1) {
        length += last.distance(point);
        last = point;
        if length > LONGEST_HOOK_MM {
            break;
        }
        let beyond = points.clone().skip(i).find(|next| next.distance(point) >= LONGEST_HOOK_MM);
        let turn = beyond.map_or(0.0, |beyond| (point - start).angle_to(beyond - point));
        // Of nearly equal turns the last is where hook and stroke meet.
        if turn > LEAST_TURN && turn > 0.85 * most_turn {
            joint = i;
        }
        most_turn = most_turn.max(turn);
    }
    joint
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(points: &[(f64, f64)]) -> usize {
        let mut hooks = Hooks::default();
        let mut left = Vec::new();
        for (&(x, y), nth) in points.iter().zip(0_u32..) {
            hooks.push(Moment { at: Vec2::new(x, y), t_ms: 8.0 * f64::from(nth), force: None }, &mut left);
        }
        hooks.end(End::Lifted, &mut left);
        left.len()
    }

    #[test]
    fn only_short_sharp_hooks_of_long_strokes_go() {
        let line = [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0), (4.0, 0.0), (5.0, 0.0)];
        assert_eq!(left(&line), 6);
        assert_eq!(left(&[&[(0.0, -0.4), (-0.05, -0.2)], &line[..]].concat()), 6);
        assert_eq!(left(&[&line[..], &[(5.05, 0.2), (4.9, 0.4)]].concat()), 6);
        // A hook that is meant, a gentle bend, and a short stroke stay.
        assert_eq!(left(&[&line[..], &[(4.8, -0.5), (4.5, -1.2)]].concat()), 8);
        assert_eq!(left(&[&line[..], &[(5.3, 0.2), (5.5, 0.4)]].concat()), 8);
        assert_eq!(left(&[(0.0, 0.0), (1.0, 0.0), (1.0, 0.3)]), 3);
    }

    #[test]
    fn little_is_kept_back_however_long_the_pen_rests() {
        let (mut hooks, mut left) = (Hooks::default(), Vec::new());
        for nth in 0..10_000_u32 {
            let at = Vec2::new(0.01 * f64::from(nth / 5_000 * (nth % 3)), 0.0);
            hooks.push(Moment { at, t_ms: f64::from(nth), force: None }, &mut left);
            assert!(hooks.recent.len() < 200, "{} at {nth}", hooks.recent.len());
        }
    }
}
