//! Where on the photograph the ink is: a quick look at reduced size.

use super::background;
use super::blobs::{Blob, Blobs};
use super::grid::{Grid, count, exact, single};
use super::levels::{Levels, is_drawn};
use super::print::marks_in_rows;
use super::{PhotoError, PixelRect, Pixels, rules};

/// The look is taken at no more than about this many pixels.
const LOOK_PIXELS: f64 = 800_000.0;
/// Widest stroke that the first estimate of the light allows for, as a share of the longer side.
const FIRST_WINDOW: f64 = 1.0 / 10.0;
/// The light's window in widths of a stroke.
pub(super) const WINDOW_STROKES: f64 = 3.5;
/// Darker than this share of full ink belongs to a stroke,
pub(super) const WEAK: f32 = 0.33;
/// if some of it is darker than this share.
pub(super) const STRONG: f32 = 0.6;
/// How many such pixels a stroke has at least, as a share of the square of its width.
const LEAST_STRONG: f64 = 0.4;
/// Areas within this share of their height belong to one signature.
const REACH: f64 = 1.0;
/// Groups within this share of the higher one's height belong to one signature.
const GROUP_REACH: f64 = 0.6;
/// A group with less ink than this share of the largest is a mark beside it.
const LEAST_GROUP: f64 = 0.3;
/// Space left around a signature, as a share of its shorter side.
const AROUND: f64 = 0.12;
/// The most areas that are grouped; more is print or dirt, of which the largest are looked at.
const MOST_AREAS: usize = 1500;

/// What a look at a rectangle of the photograph found.
#[derive(Debug)]
pub(super) struct Survey {
    /// Mean width of the strokes, pixels of the photograph.
    pub(super) stroke_px: f64,
    /// Signatures, most ink first, each with some space around, inside the rectangle.
    pub(super) groups: Vec<PixelRect>,
    /// Marks in rows, as print has them, in or near the signatures.
    pub(super) print: usize,
}

impl Survey {
    pub(super) fn of(pixels: &Pixels<'_>, rect: PixelRect) -> Result<Self, PhotoError> {
        let area = f64::from(rect.width) * f64::from(rect.height);
        let factor = count(single((area / LOOK_PIXELS).sqrt().ceil())).max(1);
        // Red light passes seal paste and shows blue ink best; only what is written in red needs all of it.
        let red = pixels.red(rect, factor);
        let look = match Look::at(&red) {
            Err(PhotoError::NoInk { .. }) => Look::at(&pixels.luminance(rect, factor))?,
            look => look?,
        };
        let (groups, print) = look.groups(red.width(), red.height());
        let to_photo = |group: &Group| place(group, rect, factor);
        Ok(Self { stroke_px: look.stroke * exact(factor), groups: groups.iter().map(to_photo).collect(), print })
    }
}

/// The strokes at reduced size.
struct Look {
    /// Mean width of the strokes, pixels of the look.
    stroke: f64,
    strokes: Vec<Blob>,
}

impl Look {
    fn at(light: &Grid<f32>) -> Result<Self, PhotoError> {
        let side = exact(light.width().max(light.height()));
        let first = Self::with_window(light, side * FIRST_WINDOW)?;
        // Now that the strokes' width is known, a window that just passes over them follows shadows more closely.
        let window = first.stroke * WINDOW_STROKES;
        if window < side * FIRST_WINDOW / 2.0 { Self::with_window(light, window) } else { Ok(first) }
    }

    fn with_window(light: &Grid<f32>, window: f64) -> Result<Self, PhotoError> {
        let mut darkness = background::darkness(light, count(single(window)));
        let dark = WEAK * Levels::of(&darkness).ink;
        rules::erase(&mut darkness, dark);
        let levels = Levels::of(&darkness);
        let no_ink = PhotoError::NoInk { darkness: levels.ink, noise: levels.candidate };
        if !levels.has_ink() {
            return Err(no_ink);
        }
        let weak = levels.candidate.max(WEAK * levels.ink);
        let found = Blobs::above(&darkness, weak, STRONG * levels.ink);
        let mut strokes: Vec<Blob> = found.blobs().to_vec();
        strokes.retain(|blob| blob.strong > 0 && is_drawn(blob, light.width(), light.height()));
        let stroke = typical(&strokes, Blob::stroke_width).ok_or(no_ink.clone())?;
        strokes.retain(|blob| is_stroke(blob, stroke));
        if strokes.is_empty() { Err(no_ink) } else { Ok(Self { stroke, strokes }) }
    }

    /// The signatures, and how many marks of print are left if nothing else is there, or are mixed with them.
    fn groups(&self, width: usize, height: usize) -> (Vec<Group>, usize) {
        let mut areas: Vec<Group> = self.strokes.iter().map(Group::from).collect();
        areas.sort_by(|one, other| other.ink.total_cmp(&one.ink));
        areas.truncate(MOST_AREAS);
        let tall = typical(&self.strokes, |blob| exact(blob.height().max(blob.width()))).unwrap_or(0.0);
        let mut groups = merged(areas, |_, _| tall * REACH);
        groups = merged(groups, |one, other| one.height().max(other.height()) * GROUP_REACH);
        let print =
            |group: &Group| marks_in_rows(&self.strokes.iter().filter(|blob| group.holds(blob)).collect::<Vec<_>>());
        let mut marks = 0;
        let is_handwriting = |group: &Group| {
            let in_rows = print(group);
            marks += in_rows;
            in_rows == 0
        };
        let written: Vec<Group> = groups.iter().copied().filter(is_handwriting).collect();
        if !written.is_empty() {
            (groups, marks) = (written, 0);
        }
        groups.sort_by(|one, other| other.ink.total_cmp(&one.ink));
        let most = groups.first().map_or(0.0, |group| group.ink);
        groups.retain(|group| group.ink >= most * LEAST_GROUP);
        for group in &mut groups {
            group.grow(exact(width), exact(height), self.stroke);
        }
        (groups, marks)
    }
}

/// Whether an area that holds dark pixels is a stroke and no speck.
pub(super) fn is_stroke(blob: &Blob, width: f64) -> bool {
    exact(blob.strong) >= (LEAST_STRONG * width * width).max(2.0)
}

/// The value that half of the ink is below.
fn typical(blobs: &[Blob], value: impl Fn(&Blob) -> f64) -> Option<f64> {
    let mut values: Vec<(f64, usize)> = blobs.iter().map(|blob| (value(blob), blob.strong)).collect();
    values.sort_by(|one, other| one.0.total_cmp(&other.0));
    let half = values.iter().map(|(_, ink)| ink).sum::<usize>() / 2;
    let mut below = 0;
    values
        .into_iter()
        .find(|(_, ink)| {
            below += ink;
            below > half
        })
        .map(|(value, _)| value)
}

/// Areas that belong together: their box, pixels of the look.
#[derive(Debug, Clone, Copy)]
struct Group {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
    ink: f64,
}

impl From<&Blob> for Group {
    fn from(blob: &Blob) -> Self {
        let [left, top, right, bottom] = [blob.left, blob.top, blob.right, blob.bottom].map(exact);
        Self { left, top, right, bottom, ink: exact(blob.strong) }
    }
}

impl Group {
    fn height(&self) -> f64 {
        self.bottom - self.top
    }

    fn holds(&self, blob: &Blob) -> bool {
        let inside = |value: usize, from: f64, to: f64| (from..=to).contains(&exact(value));
        inside(blob.left, self.left, self.right) && inside(blob.top, self.top, self.bottom)
    }

    fn gap(&self, other: &Self) -> f64 {
        let across = (other.left - self.right).max(self.left - other.right);
        let down = (other.top - self.bottom).max(self.top - other.bottom);
        across.max(down).max(0.0)
    }

    fn joined(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
            ink: self.ink + other.ink,
        }
    }

    fn grow(&mut self, width: f64, height: f64, stroke: f64) {
        let shorter = (self.right - self.left).min(self.height());
        let around = (shorter * AROUND).max(3.0 * stroke).max(4.0);
        self.left = (self.left - around).max(0.0);
        self.top = (self.top - around).max(0.0);
        self.right = (self.right + around).min(width);
        self.bottom = (self.bottom + around).min(height);
    }
}

/// Joins what is nearer than `reach` until nothing is.
fn merged(mut groups: Vec<Group>, reach: impl Fn(&Group, &Group) -> f64) -> Vec<Group> {
    let mut done: Vec<Group> = Vec::new();
    while let Some(mut group) = groups.pop() {
        while let Some(near) = done.iter().position(|other| group.gap(other) <= reach(&group, other)) {
            group = group.joined(done.swap_remove(near));
        }
        done.push(group);
    }
    done
}

fn place(group: &Group, rect: PixelRect, factor: usize) -> PixelRect {
    let pixels = |value: f64| u32::try_from(count(single(value)) * factor).unwrap_or(u32::MAX);
    let (left, top) = (pixels(group.left), pixels(group.top));
    let width = pixels((group.right - group.left).ceil()).max(super::LEAST_PHOTO_SIDE).min(rect.width - left);
    let height = pixels((group.bottom - group.top).ceil()).max(super::LEAST_PHOTO_SIDE).min(rect.height - top);
    PixelRect { left: rect.left + left, top: rect.top + top, width, height }
}

/// A window in pixels for strokes of that width.
pub(super) fn window(stroke: f64) -> usize {
    count(single(stroke * WINDOW_STROKES)).max(2 * background::CELL)
}
