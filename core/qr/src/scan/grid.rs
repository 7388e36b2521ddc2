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

    /// Luminance of the modules of the first columns and rows, row by row.
    pub(crate) fn sample(&self, plane: &Plane<'_>, columns: usize, rows: usize) -> Vec<f32> {
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
        let mut values = Vec::with_capacity(columns * rows);
        for row in 0..rows {
            let [mut right, mut down] = [Point::default(); 2];
            for column in 0..columns {
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

/// Modules between the nodes of a smooth lattice, at most.
const FINE: f32 = 7.0;

impl Warp {
    /// The smooth surface through offsets at some nodes, as a lattice so fine that lines between its nodes are as good, and
    /// as wide as the symbol.
    pub(crate) fn through(coarse: &[f32], offsets: &[Point], extent: f32) -> Self {
        let mut nodes = vec![0.0];
        for pair in coarse.windows(2) {
            let parts = ((pair[1] - pair[0]) / FINE).ceil();
            let part = (pair[1] - pair[0]) / parts;
            nodes.extend((0_u8..).map(f32::from).take_while(|&at| at < parts).map(|at| pair[0] + at * part));
        }
        nodes.extend(coarse.last().copied().into_iter().chain([extent]));
        let rows: Vec<Vec<Point>> = offsets
            .chunks_exact(coarse.len())
            .map(|row| nodes.iter().map(|&at| smooth(coarse, row, at)).collect())
            .collect();
        let columns: Vec<Vec<Point>> =
            (0..nodes.len()).map(|column| rows.iter().map(|row| row[column]).collect()).collect();
        let offsets = nodes.iter().flat_map(|&at| columns.iter().map(move |column| smooth(coarse, column, at)));
        Self { offsets: offsets.collect(), nodes }
    }

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
        let cell = self.nodes[1..=last].partition_point(|&node| node <= at);
        let (start, end) = (self.nodes[cell], self.nodes[cell + 1]);
        (cell, ((at - start) / (end - start)).clamp(-0.5, 1.5))
    }
}

/// The cubic curve through values at nodes, with the slopes of parabolas through three each; straight beyond the ends.
fn smooth(nodes: &[f32], values: &[Point], at: f32) -> Point {
    let last = nodes.len() - 1;
    let rise = |gap: usize| (values[gap + 1] - values[gap]) * (1.0 / (nodes[gap + 1] - nodes[gap]));
    let inner = |node: usize| {
        let (before, after) = (nodes[node] - nodes[node - 1], nodes[node + 1] - nodes[node]);
        (rise(node - 1) * after + rise(node) * before) * (1.0 / (before + after))
    };
    let slope = |node: usize| match node {
        0 => rise(0) * 2.0 - inner(1),
        node if node == last => rise(last - 1) * 2.0 - inner(last - 1),
        node => inner(node),
    };
    if at <= nodes[0] {
        return values[0] + slope(0) * (at - nodes[0]);
    }
    if at >= nodes[last] {
        return values[last] + slope(last) * (at - nodes[last]);
    }
    let gap = nodes[1..last].partition_point(|&node| node <= at);
    let wide = nodes[gap + 1] - nodes[gap];
    let t = (at - nodes[gap]) / wide;
    // Hermite's basis.
    let (square, cube) = (t * t, t * t * t);
    values[gap] * (2.0 * cube - 3.0 * square + 1.0)
        + values[gap + 1] * (3.0 * square - 2.0 * cube)
        + (slope(gap) * (cube - 2.0 * square + t) + slope(gap + 1) * (cube - square)) * wide
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parabolas_are_met_between_nodes_too() {
        let coarse = [6.5, 34.5, 60.5, 86.5, 112.5];
        let bent = |x: f32, y: f32| Point::new(0.002 * x * x - 0.1 * y, 0.05 * x + 0.001 * y * y);
        let offsets: Vec<Point> = coarse.iter().flat_map(|&y| coarse.iter().map(move |&x| bent(x, y))).collect();
        let warp = Warp::through(&coarse, &offsets, 119.0);
        for (x, y) in [(6.5, 6.5), (20.0, 50.0), (73.0, 98.0), (112.5, 34.5)] {
            assert!(warp.at(Point::new(x, y)).distance(bent(x, y)) < 0.05, "{x}, {y}");
        }
        // Straight on to the edges.
        assert!(warp.at(Point::new(118.5, 60.5)).distance(bent(118.5, 60.5)) < 0.15);
    }
}
