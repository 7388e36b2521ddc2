//! Where a stroke turns sharply: a corner, not a curve.

use crate::geometry::Vec2;
use crate::stroke::clock::Moment;
use crate::stroke::slide;

/// A sharper turn than this is a corner, not a curve: 75°.
const CORNER_TURN: f64 = 1.309;
/// How far before and after a sample the turn is measured, mm.
const CORNER_REACH_MM: f64 = 0.5;
/// A corner must turn as far within this smaller reach, mm; the smallest loops a hand makes do not.
const CORNER_CORE_MM: f64 = 0.2;
/// A pen that takes more samples to get so far has rested; its samples hold the corner by themselves.
const MOST_SAMPLES: usize = 24;

/// A moment, and whether the stroke has a corner there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Marked {
    pub(crate) moment: Moment,
    pub(crate) is_corner: bool,
}

/// Marks the samples where the stroke turns sharply. The first and the last are never corners.
#[derive(Debug, Clone, Default)]
pub(crate) struct Corners {
    recent: Vec<Moment>,
    /// How far the stroke turns at each of the first of them; 0 where it is no corner anyway.
    turns: Vec<f64>,
    /// How many have been marked.
    marked: usize,
}

/// Whether more of the stroke may come.
#[derive(Clone, Copy, PartialEq)]
enum More {
    Comes,
    Ends,
}

impl Corners {
    pub(crate) fn take_over(&mut self, other: &Self) {
        self.recent.clone_from(&other.recent);
        self.turns.clone_from(&other.turns);
        self.marked = other.marked;
    }

    pub(crate) fn push(&mut self, moment: Moment, out: &mut Vec<Marked>) {
        self.recent.push(moment);
        self.mark(More::Comes, out);
        let kept = self.marked.saturating_sub(MOST_SAMPLES);
        let slid = slide(&mut self.recent, kept);
        self.turns.drain(..slid);
        self.marked -= slid;
    }

    pub(crate) fn end(&mut self, out: &mut Vec<Marked>) {
        self.mark(More::Ends, out);
    }

    fn mark(&mut self, more: More, out: &mut Vec<Marked>) {
        while self.turns.len() < self.recent.len() {
            match self.turn(self.turns.len(), more) {
                Some(turn) => self.turns.push(turn),
                None => break,
            }
        }
        while let Some(is_corner) = self.is_corner(self.marked, more) {
            out.push(Marked { moment: self.recent[self.marked], is_corner });
            self.marked += 1;
        }
    }

    /// The turn at a sample, if enough of the stroke is known.
    fn turn(&self, i: usize, more: More) -> Option<f64> {
        let after = self.recent[i..].iter().take(MOST_SAMPLES);
        let has_come = self.recent.len() - i >= MOST_SAMPLES;
        let wide_after = walk(after.clone(), CORNER_REACH_MM);
        if wide_after.is_none() && !has_come && more == More::Comes {
            return None;
        }
        let before = self.recent[..=i].iter().rev().take(MOST_SAMPLES);
        let at = self.recent[i].at;
        let turn = |before: Option<Vec2>, after: Option<Vec2>| match (before, after) {
            (Some(before), Some(after)) => (at - before).angle_to(after - at),
            _ => 0.0,
        };
        let wide = turn(walk(before.clone(), CORNER_REACH_MM), wide_after);
        if wide <= CORNER_TURN || turn(walk(before, CORNER_CORE_MM), walk(after, CORNER_CORE_MM)) <= CORNER_TURN {
            return Some(0.0);
        }
        Some(wide)
    }

    /// Whether a sample is a corner, if it is known: no sample nearby turns farther.
    fn is_corner(&self, i: usize, more: More) -> Option<bool> {
        let turn = *self.turns.get(i)?;
        if turn <= 0.0 {
            return Some(false);
        }
        let near = |j: &usize| self.recent[*j].at.distance(self.recent[i].at) < CORNER_REACH_MM;
        let before = (0..i).rev().take(MOST_SAMPLES).take_while(near).all(|j| self.turns[j] < turn);
        if !before {
            return Some(false);
        }
        for j in (i + 1..self.recent.len()).take(MOST_SAMPLES).take_while(near) {
            match self.turns.get(j) {
                Some(&other) if other > turn => return Some(false),
                None if more == More::Comes => return None,
                _ => {}
            }
        }
        Some(true)
    }
}

/// The first place at `reach` mm, straight, from the first of the moments.
fn walk<'a>(mut moments: impl Iterator<Item = &'a Moment>, reach: f64) -> Option<Vec2> {
    let start = moments.next()?.at;
    let mut last = start;
    for moment in moments {
        let away = moment.at - start;
        if away.dot(away) >= reach * reach {
            let (near, far) = (last.distance(start), away.length());
            return Some(last.lerp(moment.at, (reach - near) / (far - near).max(1e-12)));
        }
        last = moment.at;
    }
    None
}
