//! Moves the grid to where the modules are most clearly dark or light.

use std::ops::Range;

use super::budget::{Budget, Exhausted};
use super::geometry::{Homography, Point};
use super::grid::{Grid, Warp};
use super::soft::Levels;
use super::symbol::{Layout, Module};
use crate::frame::Plane;

/// What the grid is fitted to: every module, with the value it must have where that is known.
pub(crate) struct Target<'a> {
    plane: &'a Plane<'a>,
    side: usize,
    wanted: Vec<Wanted>,
}

/// What is wanted of a module.
#[derive(Clone, Copy)]
struct Wanted {
    middle: f32,
    /// Signed, so that what is wanted is positive: one over half the contrast.
    gain: f32,
    is_known: bool,
}

/// Data speak for a place only by being clearly one or the other, which the wrong place can be too.
const DATA_WEIGHT: f32 = 0.6;
/// Modules that are looked at for each move of the projection: so many known ones, and as many others.
const MAX_WITNESSES: usize = 250;
/// Modules between the nodes of the lattice.
const CELL: usize = 6;

impl<'a> Target<'a> {
    /// `luma` are the samples of the grid as it is; they give the levels. `sign` is −1 for light ink on dark ground.
    pub(crate) fn new(plane: &'a Plane<'a>, layout: &Layout, luma: &[f32], sign: f32) -> Self {
        let side = layout.side;
        let levels = Levels::extremes(luma, side, 3);
        let wanted = (0..side * side).map(|at| {
            let module = layout.at(at % side, at / side);
            let is_known = matches!(module, Module::Dark | Module::Light);
            let gain = if module == Module::Light { -sign } else { sign } / levels.half[at];
            Wanted { middle: levels.middle[at], gain, is_known }
        });
        Self { plane, side, wanted: wanted.collect() }
    }

    /// How clearly a module is what it should be when it is looked for at a point of the picture.
    fn clarity(&self, module: usize, at: Point) -> f32 {
        let Wanted { middle, gain, is_known } = self.wanted[module];
        let clear = ((middle - self.plane.sample(at)) * gain).clamp(-1.0, 1.0);
        if is_known { clear } else { DATA_WEIGHT * clear.abs() }
    }

    /// Clarity of these modules.
    fn total(&self, grid: &Grid, modules: &[(usize, Point)]) -> f32 {
        modules.iter().map(|&(module, center)| self.clarity(module, grid.at(center))).sum()
    }

    /// The modules whose value is known, and some of the others.
    fn witnesses(&self) -> Vec<(usize, Point)> {
        let is_known = |&at: &usize| self.wanted[at].is_known;
        let modules = self.side * self.side;
        let known = (0..modules).filter(is_known).count();
        // Odd steps, so that no pattern of the symbol is in step with them.
        let every = |count: usize| (count / MAX_WITNESSES).max(1) | 1;
        let known = (0..modules).filter(is_known).step_by(every(known));
        known
            .chain((0..modules).filter(|at| !is_known(at)).step_by(every(modules)))
            .map(|at| (at, middle(at % self.side, at / self.side)))
            .collect()
    }

    /// Moves the four corners of the projection, the far one first.
    pub(crate) fn project(&self, grid: &mut Grid, budget: &mut Budget<'_>) -> Result<(), Exhausted> {
        let far = grid.extent() - 3.5;
        let places = [(3.5, 3.5), (far, 3.5), (3.5, far), (far, far)].map(|(x, y)| Point::new(x, y));
        let mut corners = places.map(|place| grid.map.map(place));
        let module = grid.module();
        let witnesses = self.witnesses();
        let mut best = self.total(grid, &witnesses);
        let rounds: [(f32, &[usize]); 6] = [
            (1.0, &[3]),
            (0.5, &[3]),
            (0.5, &[3, 0, 1, 2]),
            (0.25, &[3, 0, 1, 2]),
            (0.25, &[3, 0, 1, 2]),
            (0.12, &[3, 0, 1, 2]),
        ];
        for (step, moved) in rounds {
            for &corner in moved {
                for (x, y) in [(step, 0.0), (-step, 0.0), (0.0, step), (0.0, -step)] {
                    // As far as it helps, but not around the block.
                    for _ in 0..3 {
                        budget.spend(witnesses.len() * 2)?;
                        let mut tried = corners;
                        tried[corner] = tried[corner] + Point::new(x, y) * module;
                        let pairs: [(Point, Point); 4] = std::array::from_fn(|at| (places[at], tried[at]));
                        let Some(map) = Homography::fit(&pairs) else { break };
                        let candidate = Grid { version: grid.version, map, warp: grid.warp.clone() };
                        let score = self.total(&candidate, &witnesses);
                        if score <= best {
                            break;
                        }
                        (best, corners, *grid) = (score, tried, candidate);
                    }
                }
            }
        }
        Ok(())
    }

    /// Lets the grid follow paper and cloth: each node of a lattice goes where the modules around it are clearest.
    pub(crate) fn warp(&self, grid: &mut Grid, budget: &mut Budget<'_>) -> Result<(), Exhausted> {
        let side = self.side;
        let cells = (side / CELL).max(3);
        #[expect(clippy::cast_precision_loss, reason = "at most 177")]
        let nodes: Vec<f32> = (0..=cells).map(|node| (node * side) as f32 / cells as f32).collect();
        let count = nodes.len();
        let start: Vec<Point> = nodes
            .iter()
            .flat_map(|&y| nodes.iter().map(move |&x| Point::new(x, y)))
            .map(|node| grid.at(node) - grid.map.map(node))
            .collect();
        let mut warp = Warp { nodes, offsets: start.clone() };
        let module = grid.module();
        let flat: Vec<Point> = (0..side * side).map(|at| grid.map.map(middle(at % side, at / side))).collect();
        for step in [0.3, 0.3, 0.15, 0.1] {
            // Outwards from the finder patterns, so that each node starts where its neighbours went.
            for at in order(count) {
                budget.spend(9 * 100)?;
                let (column, row) = (at % count, at / count);
                let area = self.area(&warp, column, row);
                let start = warp.offsets[at];
                let mut best = (f32::MIN, start);
                for (x, y) in MOVES {
                    let offset = start + Point::new(x, y) * (step * module);
                    let score = self.around(&flat, &area, offset) - 0.3 * (x.abs() + y.abs());
                    if score > best.0 {
                        best = (score, offset);
                    }
                }
                warp.offsets[at] = best.1;
            }
            smooth(&mut warp.offsets, &start, count);
        }
        grid.warp = Some(warp);
        Ok(())
    }

    /// The modules around a node.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 177")]
    fn area(&self, warp: &Warp, column: usize, row: usize) -> [Range<usize>; 2] {
        let around = |node: f32| (node as usize).saturating_sub(CELL - 1)..(node as usize + CELL - 1).min(self.side);
        [around(warp.nodes[column]), around(warp.nodes[row])]
    }

    /// Clarity of the modules of an area if all of them had this offset.
    fn around(&self, flat: &[Point], [columns, rows]: &[Range<usize>; 2], offset: Point) -> f32 {
        let mut sum = 0.0;
        for row in rows.clone() {
            let modules = row * self.side + columns.start..row * self.side + columns.end;
            sum +=
                modules.clone().zip(&flat[modules]).map(|(at, &place)| self.clarity(at, place + offset)).sum::<f32>();
        }
        sum
    }
}

const MOVES: [(f32, f32); 9] =
    [(0.0, 0.0), (1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)];

/// Nodes by their distance from the nearest of the three corners that hold finder patterns.
fn order(count: usize) -> Vec<usize> {
    let last = count - 1;
    let mut order: Vec<usize> = (0..count * count).collect();
    order.sort_by_key(|&at| {
        let (column, row) = (at % count, at / count);
        (column + row).min(last - column + row).min(column + last - row)
    });
    order
}

/// Pulls the move of each node a little towards those of its neighbours.
fn smooth(offsets: &mut [Point], start: &[Point], count: usize) {
    let before: Vec<Point> = offsets.iter().zip(start).map(|(&offset, &start)| offset - start).collect();
    for (at, offset) in offsets.iter_mut().enumerate() {
        let (column, row) = (at % count, at / count);
        let steps = [(-1, 0), (1, 0), (0, -1), (0, 1)];
        let around: Vec<Point> = steps
            .into_iter()
            .filter_map(|(right, down)| column.checked_add_signed(right).zip(row.checked_add_signed(down)))
            .filter(|&(column, row)| column < count && row < count)
            .map(|(column, row)| before[row * count + column])
            .collect();
        #[expect(clippy::cast_precision_loss, reason = "two to four")]
        let mean = around.iter().fold(Point::default(), |sum, &point| sum + point) * (1.0 / around.len() as f32);
        *offset = start[at] + before[at] * 0.75 + mean * 0.25;
    }
}

#[expect(clippy::cast_precision_loss, reason = "at most 177")]
fn middle(column: usize, row: usize) -> Point {
    Point::new(column as f32 + 0.5, row as f32 + 0.5)
}
