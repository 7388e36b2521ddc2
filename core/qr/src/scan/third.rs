//! A finder pattern that rows do not show, where two others say that it must be: damaged, or lost in blur.

use super::align::sign;
use super::budget::{Budget, Exhausted};
use super::finder::Finder;
use super::geometry::Point;
use super::lattice::{Lattice, Module};
use super::locate::{Triple, corners_of};
use crate::frame::Plane;

/// With more patterns than these, guessing from pairs of them leads nowhere.
const MAX_FINDERS: usize = 6;
/// Likeness at which a pattern counts as found; 1 is black on white without blur.
const FOUND: f32 = 0.45;
/// Likeness of the middle alone below which the rest is not looked at.
const PROMISING: f32 = 0.3;
/// Modules from the middle to the light ring.
const RING: u8 = 2;
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
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few dozen steps")]
    let positions = 4 * (reach / 0.5 + 1.0).powi(2) as usize + 50;
    budget.spend(positions * UNITS)?;
    let spot = |off: Point| guess + axes[0] * off.x + axes[1] * off.y;
    let luma = |off: Point| plane.sample(spot(off));
    let lattice = Lattice::new(luma, reach, RING);
    let mut best = lattice.places().fold((Point::default(), f32::MIN), |best, (off, node)| {
        let promise = promise(|module| lattice.beside(node, module), span);
        if promise < PROMISING { best } else { better(best, (off, likeness(|at| luma(off + at), span))) }
    });
    for step in [Lattice::STEP / 2.0, Lattice::STEP / 4.0] {
        let center = best.0;
        for (right, down) in AROUND {
            let off = center + Point::new(f32::from(right), f32::from(down)) * step;
            best = better(best, (off, likeness(|at| luma(off + at), span)));
        }
    }
    let (off, score) = best;
    Ok((score >= FOUND).then_some(Finder { center: spot(off), module, hits: 1, contrast, polarity: a.polarity }))
}

const AROUND: [Module; 8] = [(-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1)];

/// The more likely of two places.
fn better(best: (Point, f32), other: (Point, f32)) -> (Point, f32) {
    if other.1 > best.1 { other } else { best }
}

/// How much the middle of a finder pattern is here: its light ring less its heart, in parts of the contrast.
fn promise(luma: impl Fn(Module) -> f32, span: f32) -> f32 {
    let far = RING.cast_signed();
    let light = (luma((far, 0)) + luma((-far, 0)) + luma((0, far)) + luma((0, -far))) / 4.0;
    (light - luma((0, 0))) / span
}

/// How much a finder pattern is here: mean of its light ring less mean of its dark modules, in parts of the contrast.
fn likeness(luma: impl Fn(Point) -> f32, span: f32) -> f32 {
    let ring = |radius: f32| {
        [-radius, -radius / 3.0, radius / 3.0, radius]
            .into_iter()
            .flat_map(|along| [(along, -radius), (along, radius), (-radius, along), (radius, along)])
            .map(|(u, v)| luma(Point::new(u, v)))
            .sum::<f32>()
            / 16.0
    };
    (ring(2.0) - (luma(Point::default()) + 4.0 * ring(1.0) + 6.0 * ring(3.0)) / 11.0) / span
}
