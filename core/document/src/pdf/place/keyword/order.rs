//! The orders in which a page's glyphs are read: as they are drawn, and as they lie.

use crate::pdf::content::text::{Glyph, PageText};

/// How a glyph continues the text before it. Later ones are the looser ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Join {
    /// On the same line, close by.
    Near,
    /// On the line below.
    NextLine,
    /// Elsewhere.
    Apart,
}

/// A glyph with text, in an order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    /// Its index on the page.
    pub(super) glyph: usize,
    /// To the step before.
    pub(super) join: Join,
}

/// Across a line, in units of the letters' size: what is closer lies on the same line.
const SAME_LINE: f32 = 0.5;
/// Between lines: what is farther is no continuation.
const NEXT_LINE: f32 = 3.0;
/// Along a line: a wider gap, without white space drawn in it, separates columns.
const COLUMN_GAP: f32 = 3.0;
/// Along a line, backwards: kerning and overlapping letters.
const OVERLAP: f32 = 0.7;
/// The same letter drawn again this close is shadow or fake bold.
const DOUBLE: f32 = 0.15;
/// The cosine of the angle between lines of one direction.
const PARALLEL: f32 = 0.94;

/// In the order of the content stream.
pub(super) fn by_content(text: &PageText) -> Vec<Step> {
    steps(text, 0..text.glyphs.len())
}

/// Line by line and along each line; lines of each direction by themselves.
pub(super) fn by_position(text: &PageText) -> Vec<Step> {
    let mut placed: Vec<Placed> = Vec::with_capacity(text.glyphs.len());
    let mut last = [1.0, 0.0];
    for (index, glyph) in text.glyphs.iter().enumerate() {
        last = direction(glyph).unwrap_or(last);
        placed.push(Placed::new(index, glyph, last));
    }
    placed.sort_by(|one, other| one.degrees.cmp(&other.degrees).then(one.down.total_cmp(&other.down)));
    let mut line: Option<Placed> = None;
    let mut number = 0_usize;
    for glyph in &mut placed {
        let continues = line.is_some_and(|first| {
            first.degrees == glyph.degrees && glyph.down - first.down <= SAME_LINE * first.em.max(glyph.em)
        });
        if !continues {
            number += 1;
            line = Some(*glyph);
        }
        glyph.line = number;
    }
    placed.sort_by(|one, other| one.line.cmp(&other.line).then(one.along.total_cmp(&other.along)));
    steps(text, placed.into_iter().map(|glyph| glyph.index))
}

#[derive(Debug, Clone, Copy)]
struct Placed {
    index: usize,
    /// The direction of its line.
    degrees: i32,
    along: f32,
    down: f32,
    em: f32,
    line: usize,
}

impl Placed {
    #[expect(clippy::cast_possible_truncation, reason = "an angle in degrees")]
    fn new(index: usize, glyph: &Glyph, [x, y]: [f32; 2]) -> Self {
        let rounded = y.atan2(x).to_degrees().round();
        let degrees = rounded as i32;
        let (sin, cos) = rounded.to_radians().sin_cos();
        let [start_x, start_y] = glyph.start;
        Self {
            index,
            degrees: if degrees == -180 { 180 } else { degrees },
            along: start_x * cos + start_y * sin,
            down: start_x * sin - start_y * cos,
            em: glyph.em,
            line: 0,
        }
    }
}

/// Only glyphs with text are kept; white space between them bridges gaps.
fn steps(text: &PageText, order: impl Iterator<Item = usize>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut before: Option<&Glyph> = None;
    let mut join = Join::Near;
    for index in order {
        let glyph = &text.glyphs[index];
        let own = text.of(glyph);
        if !own.is_empty() && steps.iter().rev().take(2).any(|step| is_double(text, &text.glyphs[step.glyph], glyph)) {
            continue;
        }
        join = join.max(before.map_or(Join::Apart, |before| between(before, glyph)));
        before = Some(glyph);
        if !own.is_empty() {
            steps.push(Step { glyph: index, join });
            join = Join::Near;
        }
    }
    steps
}

fn is_double(text: &PageText, one: &Glyph, other: &Glyph) -> bool {
    let distance = (one.start[0] - other.start[0]).hypot(one.start[1] - other.start[1]);
    distance <= DOUBLE * one.em && text.of(one) == text.of(other)
}

/// The unit vector along a glyph's line; `None` if it takes no room there.
fn direction(glyph: &Glyph) -> Option<[f32; 2]> {
    let (x, y) = (glyph.end[0] - glyph.start[0], glyph.end[1] - glyph.start[1]);
    let length = x.hypot(y);
    (length > 1e-6 * glyph.em.max(1e-6)).then(|| [x / length, y / length])
}

fn between(before: &Glyph, glyph: &Glyph) -> Join {
    let (one, other) = (direction(before), direction(glyph));
    let [x, y] = one.or(other).unwrap_or([1.0, 0.0]);
    if let (Some(one), Some(other)) = (one, other)
        && one[0] * other[0] + one[1] * other[1] < PARALLEL
    {
        return Join::Apart;
    }
    let em = before.em.max(glyph.em).max(f32::MIN_POSITIVE);
    let delta = [glyph.start[0] - before.end[0], glyph.start[1] - before.end[1]];
    let along = (delta[0] * x + delta[1] * y) / em;
    let up = (delta[1] * x - delta[0] * y) / em;
    if up.abs() <= SAME_LINE {
        if (-OVERLAP..=COLUMN_GAP).contains(&along) { Join::Near } else { Join::Apart }
    } else if (-NEXT_LINE..0.0).contains(&up) && along <= SAME_LINE {
        Join::NextLine
    } else {
        Join::Apart
    }
}
