//! A finder pattern that rows do not show, where two others say that it must be: damaged, or lost in blur.

use super::align::sign;
use super::budget::{Budget, Exhausted};
use super::finder::Finder;
use super::geometry::Point;
use super::locate::{Triple, corners_of};
use crate::frame::Plane;

/// With more patterns than these, guessing from pairs of them leads nowhere.
const MAX_FINDERS: usize = 6;
/// Likeness at which a pattern counts as found; 1 is black on white without blur.
const FOUND: f32 = 0.45;
/// Likeness of the middle alone below which the rest is not looked at.
const PROMISING: f32 = 0.3;
/// Work of one position.
const UNITS: usize = 3;

/// Triples of two patterns that were found and one that is looked for.
pub(crate) fn complete(
    plane: &Plane<'_>,
    finders: &[Finder],
    budget: &mut Budget<'_>,
) -> Result<Vec<Triple>, Exhausted> {
    let mut triples = Vec::new();
    if finders.len() > MAX_FINDERS {
        return Ok(triples);
    }
    for (at, a) in finders.iter().enumerate() {
        for b in &finders[at + 1..] {
            for (guess, axes) in guesses(a, b) {
                let Some(third) = search(plane, guess, axes, [a, b], budget)? else { continue };
                let is_new = |other: &Finder| other.center.distance(third.center) > 2.0 * third.module;
                if finders.iter().all(is_new) {
                    triples.extend(corners_of([a, b, &third]));
                }
            }
        }
    }
    Ok(triples)
}

/// Where the third pattern of a square may be, with the axes of a module there: two corners are a side or a diagonal.
fn guesses(a: &Finder, b: &Finder) -> Vec<(Point, [Point; 2])> {
    let side = b.center - a.center;
    let module = f32::midpoint(a.module, b.module);
    let apart = side.length() / module;
    let is_plausible =
        a.polarity == b.polarity && (0.7..1.43).contains(&(a.module / b.module)) && (12.0..250.0).contains(&apart);
    if !is_plausible {
        return Vec::new();
    }
    let across = Point::new(-side.y, side.x);
    let unit = 1.0 / apart;
    let along_side = [side * unit, across * unit];
    let slanted = std::f32::consts::FRAC_1_SQRT_2 * unit;
    let along_diagonal = [(side + across) * slanted, (across - side) * slanted];
    let middle = (a.center + b.center) * 0.5;
    vec![
        (a.center + across, along_side),
        (b.center + across, along_side),
        (a.center - across, along_side),
        (b.center - across, along_side),
        (middle + across * 0.5, along_diagonal),
        (middle - across * 0.5, along_diagonal),
    ]
}

/// The best place around a guess, if it is good.
fn search(
    plane: &Plane<'_>,
    guess: Point,
    axes: [Point; 2],
    [a, b]: [&Finder; 2],
    budget: &mut Budget<'_>,
) -> Result<Option<Finder>, Exhausted> {
    if plane.pixel(guess).is_none() {
        return Ok(None);
    }
    let module = f32::midpoint(a.module, b.module);
    let contrast = a.contrast.min(b.contrast).max(1.0);
    let span = contrast * sign(a.polarity);
    // The farther away, the more tilt and perspective may have moved it.
    let reach = (2.0 + a.center.distance(b.center) / module * 0.08).min(10.0);
    let mut best = (Point::default(), f32::MIN);
    let mut around = |center: Point, reach: f32, step: f32| {
        #[expect(clippy::cast_possible_truncation, reason = "a few dozen steps")]
        let steps = (reach / step) as i16;
        for row in -steps..=steps {
            for column in -steps..=steps {
                let off = center + Point::new(f32::from(column), f32::from(row)) * step;
                let score = likeness(plane, guess + axes[0] * off.x + axes[1] * off.y, axes, span);
                if score > best.1 {
                    best = (off, score);
                }
            }
        }
        best.0
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few dozen steps")]
    let positions = 4 * (reach / 0.5 + 1.0).powi(2) as usize + 50;
    budget.spend(positions * UNITS)?;
    let near = around(Point::default(), reach, 0.5);
    let near = around(near, 0.25, 0.25);
    around(near, 0.12, 0.12);
    let (off, score) = best;
    let center = guess + axes[0] * off.x + axes[1] * off.y;
    Ok((score >= FOUND).then_some(Finder { center, module, hits: 1, contrast, polarity: a.polarity }))
}

/// How much a finder pattern is here: mean of its light ring less mean of its dark modules, in parts of the contrast.
fn likeness(plane: &Plane<'_>, center: Point, [right, down]: [Point; 2], span: f32) -> f32 {
    let at = |u: f32, v: f32| plane.sample(center + right * u + down * v);
    let ring = |radius: f32| {
        [-radius, -radius / 3.0, radius / 3.0, radius]
            .into_iter()
            .map(|along| at(along, -radius) + at(along, radius) + at(-radius, along) + at(radius, along))
            .sum::<f32>()
            / 16.0
    };
    let light = (at(2.0, 0.0) + at(-2.0, 0.0) + at(0.0, 2.0) + at(0.0, -2.0)) / 4.0;
    let middle = at(0.0, 0.0);
    let promise = (light - middle) / span;
    if promise < PROMISING {
        return promise - 1.0;
    }
    let (inner, outer) = (ring(1.0), ring(3.0));
    (ring(2.0) - (middle + 4.0 * inner + 6.0 * outer) / 11.0) / span
}
