//! Modules from all pixels of a symbol at once: what lens and sensor mixed, a least-squares fit takes apart.
//!
//! Below three pixels a module, or out of focus, a sample in the middle of a module shows its neighbours too. Here the
//! picture is drawn from the modules as the camera would see them, and the modules are changed until it is the one that is
//! there. Those that are known (patterns, quiet zone) tell how far light spreads, and stay as they are.

use super::budget::{Budget, Exhausted};
use super::geometry::Point;
use super::grid::Grid;
use super::soft::{Levels, Modules};
use super::symbol::{Layout, Module};
use crate::frame::Plane;

/// Modules of quiet zone that are drawn too.
const MARGIN: i16 = 3;
const FRAME: usize = 3;
/// Spreads of light that are tried: standard deviations in modules.
const SPREADS: [f32; 8] = [0.12, 0.2, 0.28, 0.36, 0.45, 0.55, 0.65, 0.8];
/// A module is drawn as far as so many standard deviations beyond its edge.
const REACH: f32 = 2.0;
/// Steps of the kernel's table along a module.
const STEPS: f32 = 32.0;
/// Passes over all modules.
const PASSES: usize = 8;
/// Pull of each module towards its middle, in parts of its own weight: noise must not grow without end.
const CALM: f32 = 0.02;
/// How far beyond its levels a module may go.
const ROOM: f32 = 1.15;
/// Likenesses that differ by less say nothing.
const ALIKE: f32 = 0.015;
/// Steps of the kernel's table in half a finder pattern.
const PATTERN_STEPS: usize = 112;
/// Pixels that a symbol may cover.
const MOST_PIXELS: usize = 1 << 20;
/// Work of comparing the finder patterns under all spreads.
const FIT_UNITS: usize = 100_000;
/// Likeness of the drawn finder patterns to the picture below which nothing is to be had from it.
const LEAST_LIKENESS: f32 = 0.85;

/// A module of the symbol or of the quiet zone.
#[derive(Clone, Copy)]
struct Spot {
    center: Point,
    /// Pixels to modules, along a row and along a column.
    across: Point,
    down: Point,
    /// Pixels from the centre, for each module of reach.
    extent: Point,
    luma: f32,
    middle: f32,
    half: f32,
    kind: Module,
    /// In the symbol, not in the quiet zone.
    is_inside: bool,
}

/// How much of a module a point at a distance shows, along one axis, under one spread.
struct Kernel {
    reach: f32,
    table: Vec<f32>,
}

impl Kernel {
    fn new(spread: f32) -> Self {
        // The logistic curve is the normal distribution's to a hundredth.
        let below = |at: f32| 1.0 / (1.0 + (-1.702 * at / spread).exp());
        let reach = 0.5 + REACH * spread;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 100")]
        let steps = (reach * STEPS) as u8;
        let table = (0..=steps).map(|step| f32::from(step) / STEPS).map(|at| below(at + 0.5) - below(at - 0.5));
        Self { reach, table: table.collect() }
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index, beyond which all is 0")]
    fn at(&self, off: f32) -> f32 {
        self.table.get((off.abs() * STEPS + 0.5) as usize).copied().unwrap_or(0.0)
    }
}

/// The part of a plane that a symbol covers, and what is left of it when what its modules explain is taken off.
struct Rest {
    left: i32,
    top: i32,
    width: usize,
    luma: Vec<f32>,
}

impl Rest {
    /// The pixels that a spot shows in, with how much.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "inside of the plane"
    )]
    fn each(&mut self, spot: &Spot, kernel: &Kernel, mut visit: impl FnMut(&mut f32, f32)) {
        let reach = spot.extent * kernel.reach;
        let height = self.luma.len() / self.width;
        let span = |middle: f32, reach: f32, start: i32, length: usize| {
            let near = |at: f32| (at - start as f32).clamp(0.0, length as f32) as usize;
            let from = near((middle - reach - 0.5).ceil());
            from..near((middle + reach + 0.5).floor()).max(from)
        };
        let columns = span(spot.center.x, reach.x, self.left, self.width);
        for y in span(spot.center.y, reach.y, self.top, height) {
            let corner = Point::new(columns.start as f32 + self.left as f32, y as f32 + self.top as f32);
            let off = corner + Point::new(0.5, 0.5) - spot.center;
            let (mut u, mut v) = (spot.across.dot(off), spot.down.dot(off));
            for pixel in &mut self.luma[y * self.width..][columns.clone()] {
                let weight = kernel.at(u) * kernel.at(v);
                if weight > 0.0 {
                    visit(pixel, weight);
                }
                u += spot.across.x;
                v += spot.down.x;
            }
        }
    }
}

/// The modules as they have to be for the picture to look as it does. `luma` are the samples of the grid. `None` where
/// the finder patterns are not what they should be under any spread of light.
pub(crate) fn resolve(
    plane: &Plane<'_>,
    grid: &Grid,
    layout: &Layout,
    luma: &[f32],
    sign: f32,
    budget: &mut Budget<'_>,
) -> Result<Option<Modules>, Exhausted> {
    let side = layout.side;
    let mut spots = spots(grid, layout, luma);
    budget.spend(spots.len() * 20 + FIT_UNITS)?;
    let Some((kernel, gain)) = spread(plane, &spots, side, sign) else { return Ok(None) };
    let mut rest = cover(plane, &spots);
    if rest.luma.len() > MOST_PIXELS {
        return Ok(None);
    }
    budget.spend(rest.luma.len())?;
    for spot in &mut spots {
        spot.half *= gain;
        spot.luma = match spot.kind {
            Module::Dark => spot.middle - sign * spot.half,
            Module::Light => spot.middle + sign * spot.half,
            Module::Information | Module::Data => spot.luma,
        };
        rest.each(spot, &kernel, |pixel, weight| *pixel -= weight * spot.luma);
    }
    let area = 4.0 * kernel.reach * kernel.reach * grid.module() * grid.module();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred pixels")]
    let units = side * side * area as usize;
    for _ in 0..PASSES {
        budget.spend(units)?;
        for spot in spots.iter_mut().filter(|spot| matches!(spot.kind, Module::Information | Module::Data)) {
            let (mut explained, mut weights) = (0.0, 0.0);
            rest.each(spot, &kernel, |pixel, weight| {
                explained += weight * *pixel;
                weights += weight * weight;
            });
            let pull = CALM * weights * (spot.middle - spot.luma);
            let wanted = spot.luma + (explained + pull) / (weights * (1.0 + CALM)).max(f32::EPSILON);
            let most = ROOM * spot.half;
            let change = wanted.clamp(spot.middle - most, spot.middle + most) - spot.luma;
            if change.abs() > 0.3 {
                spot.luma += change;
                rest.each(spot, &kernel, |pixel, weight| *pixel -= weight * change);
            }
        }
    }
    let values = spots
        .iter()
        .filter(|spot| spot.is_inside)
        .map(|spot| (sign * (spot.middle - spot.luma) / spot.half).clamp(-1.0, 1.0));
    Ok(Some(Modules { side, values: values.collect() }))
}

/// The modules and the quiet zone around them, row by row.
fn spots(grid: &Grid, layout: &Layout, luma: &[f32]) -> Vec<Spot> {
    let levels = Levels::extremes(luma, layout.side, 3);
    let side = i16::try_from(layout.side).unwrap_or(i16::MAX);
    let mut spots = Vec::with_capacity(luma.len() + 4 * layout.side * usize::try_from(MARGIN).unwrap_or_default());
    for row in -MARGIN..side + MARGIN {
        for column in -MARGIN..side + MARGIN {
            let place = Point::new(f32::from(column) + 0.5, f32::from(row) + 0.5);
            let [right, down] = grid.axes(place);
            let area = right.cross(down);
            let inverse = if area.abs() > 1e-3 { 1.0 / area } else { 0.0 };
            let inside = |at: i16| usize::try_from(at.clamp(0, side - 1)).unwrap_or_default();
            let (nearest_column, nearest_row) = (inside(column), inside(row));
            let nearest = nearest_row * layout.side + nearest_column;
            let is_inside = (0..side).contains(&column) && (0..side).contains(&row);
            let kind = if is_inside { layout.at(nearest_column, nearest_row) } else { Module::Light };
            let (middle, half) = (levels.middle[nearest], levels.half[nearest]);
            spots.push(Spot {
                center: grid.at(place),
                across: Point::new(down.y, -down.x) * inverse,
                down: Point::new(-right.y, right.x) * inverse,
                extent: Point::new(right.x.abs() + down.x.abs(), right.y.abs() + down.y.abs()),
                luma: luma[nearest],
                middle,
                half,
                kind,
                is_inside,
            });
        }
    }
    spots
}

/// The pixels of a plane that spots may show in.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "clamped to the plane"
)]
fn cover(plane: &Plane<'_>, spots: &[Spot]) -> Rest {
    let (wide, tall) = (plane.width as usize, plane.height as usize);
    let bound = |along: fn(&Spot) -> f32, length: usize| {
        let least = (spots.iter().map(along).fold(f32::MAX, f32::min).max(0.0) as usize).min(length - 1);
        let most = spots.iter().map(along).fold(0.0, f32::max) as usize;
        least..most.clamp(least + 1, length)
    };
    let (columns, rows) = (bound(|spot| spot.center.x, wide), bound(|spot| spot.center.y, tall));
    let luma = rows.clone().flat_map(|y| &plane.luma[y * wide..][columns.clone()]).map(|&pixel| f32::from(pixel));
    Rest { luma: luma.collect(), left: columns.start as i32, top: rows.start as i32, width: columns.len() }
}

/// How far light spreads, and by how much the contrast is larger than samples have it: from the finder patterns.
fn spread(plane: &Plane<'_>, spots: &[Spot], side: usize, sign: f32) -> Option<(Kernel, f32)> {
    let (near, far) = (FRAME + 3, FRAME + side - 4);
    let patterns = [(near, near), (far, near), (near, far)].map(|middle| Pattern::new(plane, spots, side, middle));
    let fits = SPREADS.map(|spread| {
        let kernel = Kernel::new(spread);
        let fits = patterns.each_ref().map(|pattern| pattern.fit(&kernel));
        let mean = |of: fn(&Fit) -> f32| sign * fits.iter().map(of).sum::<f32>() / 3.0;
        (mean(|fit| fit.likeness), mean(|fit| fit.contrast), kernel)
    });
    let most = fits.iter().map(|(likeness, ..)| *likeness).fold(0.0, f32::max);
    // A grid that is a little off looks like a wider spread: of two alike, the narrower.
    let (likeness, contrast, kernel) = fits.into_iter().find(|(likeness, ..)| *likeness > most - ALIKE)?;
    (likeness >= LEAST_LIKENESS).then(|| (kernel, contrast.clamp(1.0, 1.25)))
}

/// A finder pattern and what is around it.
struct Pattern {
    middle: Spot,
    spots: Vec<Spot>,
    seen: Rest,
}

/// How a finder pattern as it is drawn goes with the picture.
struct Fit {
    /// Correlation.
    likeness: f32,
    /// That of the picture, over what samples of the grid have it.
    contrast: f32,
}

impl Pattern {
    fn new(plane: &Plane<'_>, spots: &[Spot], side: usize, (column, row): (usize, usize)) -> Self {
        let wide = side + 2 * FRAME;
        let around = |at: usize| at - 6..=at + 6;
        let near = around(row).flat_map(|row| around(column).map(move |column| spots[row * wide + column]));
        let near: Vec<Spot> = near.collect();
        Self { middle: spots[row * wide + column], seen: cover(plane, &near), spots: near }
    }

    fn fit(&self, kernel: &Kernel) -> Fit {
        let mut drawn = Rest { luma: vec![0.0; self.seen.luma.len()], ..self.seen };
        for spot in &self.spots {
            let tone = match spot.kind {
                Module::Dark => -1.0,
                Module::Light => 1.0,
                Module::Information | Module::Data => continue,
            };
            drawn.each(spot, kernel, |pixel, weight| *pixel += weight * tone);
        }
        // Pixels of the pattern itself: beyond it, data shine in.
        let mut is_own = Rest { luma: vec![0.0; self.seen.luma.len()], ..self.seen };
        let flat = Kernel { reach: 3.5, table: vec![1.0; PATTERN_STEPS] };
        is_own.each(&self.middle, &flat, |pixel, _| *pixel = 1.0);
        let mut sums = [0.0_f32; 6];
        for ((&x, &y), &own) in drawn.luma.iter().zip(&self.seen.luma).zip(&is_own.luma) {
            let y = y - self.middle.middle;
            for (sum, value) in sums.iter_mut().zip([1.0, x, y, x * x, x * y, y * y]) {
                *sum += own * value;
            }
        }
        let [count, x, y, xx, xy, yy] = sums;
        let count = count.max(1.0);
        let (variance, covariance, other) = (xx - x * x / count, xy - x * y / count, yy - y * y / count);
        Fit {
            likeness: covariance / (variance * other).max(f32::EPSILON).sqrt(),
            contrast: covariance / variance.max(f32::EPSILON) / self.middle.half,
        }
    }
}
