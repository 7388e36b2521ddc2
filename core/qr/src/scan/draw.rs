//! Drawing a symbol from its modules, as a camera would see them.

use std::ops::Range;

use super::geometry::Point;
use super::grid::Grid;
use super::soft::Levels;
use super::symbol::{Layout, Module};
use crate::frame::Plane;

/// Modules of quiet zone that are drawn too.
const MARGIN: i16 = 3;
/// The same, to count with.
pub(super) const FRAME: usize = 3;
/// A module is drawn as far as so many standard deviations beyond its edge.
const REACH: f32 = 2.0;
/// Steps of the kernel's table along a module.
const STEPS: f32 = 32.0;

/// A module of the symbol or of the quiet zone.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    center: Point,
    /// Pixels to modules, along a row and along a column.
    across: Point,
    down: Point,
    /// Pixels from the centre, for each module of reach.
    extent: Point,
    pub(super) luma: f32,
    pub(super) middle: f32,
    pub(super) half: f32,
    pub(super) kind: Module,
    /// In the symbol, not in the quiet zone.
    pub(super) is_inside: bool,
}

/// How much of a module a point at a distance shows, along one axis, under one spread.
pub(super) struct Kernel {
    pub(super) reach: f32,
    pub(super) table: Vec<f32>,
}

impl Kernel {
    pub(super) fn new(spread: f32) -> Self {
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

/// The part of a plane that a symbol covers.
#[derive(Clone, Copy)]
pub(super) struct Area {
    left: i32,
    top: i32,
    pub(super) width: usize,
    height: usize,
}

/// What is left of its pixels when what its modules explain is taken off.
pub(super) struct Rest {
    pub(super) area: Area,
    pub(super) luma: Vec<f32>,
}

impl Area {
    /// The columns and rows of pixels that a spot may show in.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "inside of the plane"
    )]
    pub(super) fn span(self, spot: &Spot, kernel: &Kernel) -> [Range<usize>; 2] {
        let reach = spot.extent * kernel.reach;
        let span = |middle: f32, reach: f32, start: i32, length: usize| {
            let near = |at: f32| (at - start as f32).clamp(0.0, length as f32) as usize;
            let from = near((middle - reach - 0.5).ceil());
            from..near((middle + reach + 0.5).floor()).max(from)
        };
        [span(spot.center.x, reach.x, self.left, self.width), span(spot.center.y, reach.y, self.top, self.height)]
    }

    /// Visits those pixels, row by row, with how much of each the spot explains.
    #[expect(clippy::cast_precision_loss, reason = "inside of the plane")]
    pub(super) fn each(self, spot: &Spot, kernel: &Kernel, mut visit: impl FnMut(usize, f32)) {
        let [columns, rows] = self.span(spot, kernel);
        for y in rows {
            let corner = Point::new(columns.start as f32 + self.left as f32, y as f32 + self.top as f32);
            let off = corner + Point::new(0.5, 0.5) - spot.center;
            let (mut u, mut v) = (spot.across.dot(off), spot.down.dot(off));
            for x in columns.clone() {
                visit(y * self.width + x, kernel.at(u) * kernel.at(v));
                u += spot.across.x;
                v += spot.down.x;
            }
        }
    }
}

/// The modules and the quiet zone around them, row by row.
pub(super) fn spots(grid: &Grid, layout: &Layout, luma: &[f32]) -> Vec<Spot> {
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
pub(super) fn cover(plane: &Plane<'_>, spots: &[Spot]) -> Rest {
    let (wide, tall) = (plane.width as usize, plane.height as usize);
    let bound = |along: fn(&Spot) -> f32, length: usize| {
        let least = (spots.iter().map(along).fold(f32::MAX, f32::min).max(0.0) as usize).min(length - 1);
        let most = spots.iter().map(along).fold(0.0, f32::max) as usize;
        least..most.clamp(least + 1, length)
    };
    let (columns, rows) = (bound(|spot| spot.center.x, wide), bound(|spot| spot.center.y, tall));
    let luma = rows.clone().flat_map(|y| &plane.luma[y * wide..][columns.clone()]).map(|&pixel| f32::from(pixel));
    let (left, top) = (columns.start as i32, rows.start as i32);
    Rest { luma: luma.collect(), area: Area { left, top, width: columns.len(), height: rows.len() } }
}
