//! A name from its characters, each drawn in a box of its own.
//!
//! Hands draw one character larger than the next and not in the middle of the box. Sizes are drawn half-way towards the
//! middle one, measured so that a flat or narrow character (一, 卜) is as large as its longer side says and is not blown
//! up; centres come to lie on one line; and gaps are between inks, not between boxes.

use crate::check::Direction;
use crate::geometry::{Bounds, Vec2};
use crate::{Ink, InkError, Sample};

/// How far a size may be corrected, least and most.
const SCALE: (f64, f64) = (0.8, 1.25);
/// How much of a size is the longer side; the rest is the geometric mean of both.
const LONG_SIDE: f64 = 0.7;
/// Between two inks, as a share of the middle size.
const GAP: f64 = 0.18;
/// A narrow character takes at least this share of the middle size.
const LEAST_ADVANCE: f64 = 0.4;
/// How much the weight of the ink, beside its box, says where its centre is.
const WEIGHT: f64 = 0.3;
/// From one character to the next, ms: when they were really drawn is not known, or in another order.
const PAUSE_MS: f64 = 300.0;

impl Ink {
    /// One ink of these characters, in the order of the name, in a row or a column; its top-left corner is the origin,
    /// its first sample at time 0. Force, tilt, tools and the time within a character stay.
    ///
    /// # Errors
    /// [`InkError::Empty`] without a character or with one that has no stroke; [`InkError::TooManyStrokes`],
    /// [`InkError::TooManyPoints`], [`InkError::OutOfRange`] if they are too much for one ink.
    pub fn composed(characters: &[Self], direction: Direction) -> Result<Self, InkError> {
        let measured = characters.iter().map(Measured::of).collect::<Option<Vec<_>>>().ok_or(InkError::Empty)?;
        let mut sizes: Vec<f64> = measured.iter().map(|one| one.size).collect();
        let middle = sizes.len() / 2;
        if sizes.is_empty() {
            return Err(InkError::Empty);
        }
        let em = *sizes.select_nth_unstable_by(middle, f64::total_cmp).1;
        let mut places = Vec::with_capacity(measured.len());
        let mut cursor = 0.0;
        for one in &measured {
            let scale = (em / one.size).sqrt().clamp(SCALE.0, SCALE.1);
            let along = match direction {
                Direction::Row => one.bounds.width(),
                Direction::Column => one.bounds.height(),
            };
            let advance = (along * scale).max(LEAST_ADVANCE * em);
            let center = match direction {
                Direction::Row => Vec2::new(cursor + advance / 2.0, 0.0),
                Direction::Column => Vec2::new(0.0, cursor + advance / 2.0),
            };
            places.push(Place { from: one.anchor(direction), to: center, scale });
            cursor += advance + GAP * em;
        }
        let corner = measured.iter().zip(&places).map(|(one, place)| place.of(one.bounds.min));
        let corner = Bounds::of(corner).min;
        let mut composed = Self::default();
        for (character, place) in characters.iter().zip(&places) {
            composed.append(character, |at| place.of(at) - corner)?;
        }
        Ok(composed)
    }

    fn append(&mut self, character: &Self, place: impl Fn(Vec2) -> Vec2) -> Result<(), InkError> {
        let start = character.samples().next().map_or(0.0, |first| first.t_ms);
        let since = self.last().map_or(0.0, |last| last.t_ms + PAUSE_MS);
        for stroke in character.strokes() {
            for (nth, sample) in stroke.samples().iter().enumerate() {
                let at = place(sample.into());
                let sample = Sample { x_mm: at.x, y_mm: at.y, t_ms: sample.t_ms - start + since, ..*sample };
                if nth == 0 { self.start(stroke.tool(), &sample) } else { self.extend(&sample) }?;
            }
        }
        Ok(())
    }
}

struct Measured {
    bounds: Bounds,
    size: f64,
    /// The middle of the line that was drawn.
    weight: Vec2,
}

impl Measured {
    fn of(character: &Ink) -> Option<Self> {
        let bounds = Bounds::of(character.samples().map(Into::into));
        let (width, height) = (bounds.width(), bounds.height());
        let size = (LONG_SIDE * width.max(height) + (1.0 - LONG_SIDE) * (width * height).sqrt()).max(1e-3);
        let (mut sum, mut length) = (Vec2::default(), 0.0);
        for stroke in character.strokes() {
            for pair in stroke.samples().windows(2) {
                let (from, to) = (Vec2::from(&pair[0]), Vec2::from(&pair[1]));
                sum = sum + from.lerp(to, 0.5) * from.distance(to);
                length += from.distance(to);
            }
        }
        let center = bounds.min.lerp(bounds.max, 0.5);
        let weight = if length > 0.0 { sum * (1.0 / length) } else { center };
        (!character.strokes().is_empty()).then_some(Self { bounds, size, weight })
    }

    /// What comes to lie on the line of the name: along it the middle of the box, across it more of the weight.
    fn anchor(&self, direction: Direction) -> Vec2 {
        let center = self.bounds.min.lerp(self.bounds.max, 0.5);
        let across = center.lerp(self.weight, WEIGHT);
        match direction {
            Direction::Row => Vec2::new(center.x, across.y),
            Direction::Column => Vec2::new(across.x, center.y),
        }
    }
}

/// From a character's own box to the name.
struct Place {
    from: Vec2,
    to: Vec2,
    scale: f64,
}

impl Place {
    fn of(&self, at: Vec2) -> Vec2 {
        self.to + (at - self.from) * self.scale
    }
}
