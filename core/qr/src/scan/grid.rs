//! Where each module lies in the picture.

use super::geometry::{Homography, Point};
use super::symbol::Version;
use crate::frame::Plane;

/// The map from modules to pixels: a projection, and what paper adds by not being flat.
///
/// Modules are counted from the symbol's top left corner; the middle of the first one is at (½, ½).
#[derive(Debug, Clone)]
pub(crate) struct Grid {
    pub(crate) version: Version,
    pub(crate) map: Homography,
    pub(crate) warp: Option<Warp>,
}

/// Displacements at the nodes of a lattice, bilinear in between and beyond.
#[derive(Debug, Clone)]
pub(crate) struct Warp {
    /// Node positions along both axes, in modules.
    pub(crate) nodes: Vec<f32>,
    /// Displacements in pixels, row by row.
    pub(crate) offsets: Vec<Point>,
}

impl Grid {
    pub(crate) const fn new(version: Version, map: Homography) -> Self {
        Self { version, map, warp: None }
    }

    /// Modules along a side.
    #[expect(clippy::cast_precision_loss, reason = "at most 177")]
    pub(crate) fn extent(&self) -> f32 {
        self.version.side() as f32
    }

    pub(crate) fn at(&self, module: Point) -> Point {
        let flat = self.map.map(module);
        match &self.warp {
            Some(warp) => flat + warp.at(module),
            None => flat,
        }
    }

    /// One module to the right and one down, in pixels, around a point of the symbol.
    pub(crate) fn axes(&self, at: Point) -> [Point; 2] {
        let here = self.at(at);
        [self.at(at + Point::new(1.0, 0.0)) - here, self.at(at + Point::new(0.0, 1.0)) - here]
    }

    /// Pixels along a module, over the whole symbol.
    pub(crate) fn module(&self) -> f32 {
        let [a, b, c, d] = self.corners();
        let around = a.distance(b) + b.distance(c) + c.distance(d) + d.distance(a);
        around / (4.0 * self.extent())
    }

    /// Top left, top right, bottom right, bottom left.
    pub(crate) fn corners(&self) -> [Point; 4] {
        let far = self.extent();
        [(0.0, 0.0), (far, 0.0), (far, far), (0.0, far)].map(|(x, y)| self.at(Point::new(x, y)))
    }

    /// The same grid over a plane that is `factor` times as large.
    pub(crate) fn scaled(&self, factor: f32) -> Self {
        let warp = self.warp.as_ref().map(|warp| Warp {
            nodes: warp.nodes.clone(),
            offsets: warp.offsets.iter().map(|&offset| offset * factor).collect(),
        });
        Self { version: self.version, map: self.map.scaled(factor), warp }
    }

    /// Luminance of all modules, row by row.
    pub(crate) fn sample(&self, plane: &Plane<'_>) -> Vec<f32> {
        let side = self.version.side();
        // Below two and a half pixels a module, its neighbours are in all samples but the middle one.
        let taps: &[(f32, f32)] = if self.module() < 2.5 {
            &[(0.0, 0.0)]
        } else {
            &[(0.0, 0.0), (-0.2, -0.2), (0.2, -0.2), (-0.2, 0.2), (0.2, 0.2)]
        };
        #[expect(clippy::cast_precision_loss, reason = "at most 177")]
        let middle = |place: usize| place as f32 + 0.5;
        #[expect(clippy::cast_precision_loss, reason = "one or five")]
        let share = 1.0 / taps.len() as f32;
        let mut values = Vec::with_capacity(side * side);
        for row in 0..side {
            let [mut right, mut down] = [Point::default(); 2];
            for column in 0..side {
                let center = Point::new(middle(column), middle(row));
                let here = self.at(center);
                if column % 4 == 0 && taps.len() > 1 {
                    [right, down] = self.axes(center);
                }
                let sum: f32 = taps.iter().map(|&(u, v)| plane.sample(here + right * u + down * v)).sum();
                values.push(sum * share);
            }
        }
        values
    }
}

impl Warp {
    pub(crate) fn at(&self, module: Point) -> Point {
        let ((left, u), (above, v)) = (self.cell(module.x), self.cell(module.y));
        let node = |column: usize, row: usize| self.offsets[row * self.nodes.len() + column];
        let upper = node(left, above) * (1.0 - u) + node(left + 1, above) * u;
        let lower = node(left, above + 1) * (1.0 - u) + node(left + 1, above + 1) * u;
        upper * (1.0 - v) + lower * v
    }

    /// The cell that a coordinate falls into, and how far it lies in it; beyond the lattice the nearest cell goes on for a
    /// little.
    fn cell(&self, at: f32) -> (usize, f32) {
        let last = self.nodes.len() - 2;
        let cell = self.nodes[1..=last].iter().filter(|&&node| node <= at).count();
        let (start, end) = (self.nodes[cell], self.nodes[cell + 1]);
        (cell, ((at - start) / (end - start)).clamp(-0.5, 1.5))
    }
}
