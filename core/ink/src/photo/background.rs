//! The light that falls on the paper: shadow, lamp, vignette, the paper's own colour.
//!
//! A morphological closing whose window is wider than any stroke follows a shadow's edge to the pixel and passes over
//! ink; where the photograph is bare, the paper itself is then averaged, so that noise does not lift the estimate.

use super::grid::{Grid, number};

/// Pixels along the side of a cell that the light is estimated in.
pub(super) const CELL: usize = 4;
/// A cell darker than this share of the closing is not bare paper.
const BARE: f32 = 0.9;

/// How much darker than the paper each pixel is: 0 as bright as the paper, 1 black. Slightly negative where brighter.
pub(super) fn darkness(plane: &Grid<f32>, window: usize) -> Grid<f32> {
    let paper = paper(plane, window);
    let mut out = Grid::filled(plane.width(), plane.height(), 0.0);
    let mut line = vec![0.0; plane.width()];
    for (y, (dark, light)) in out.rows_mut().zip(plane.rows()).enumerate() {
        widen(&paper, y, &mut line);
        for ((dark, &light), &paper) in dark.iter_mut().zip(light).zip(&line) {
            *dark = 1.0 - light / paper;
        }
    }
    out
}

/// Bare paper in cells of [`CELL`] pixels. `window` is in pixels.
fn paper(plane: &Grid<f32>, window: usize) -> Grid<f32> {
    let cells = cells(plane);
    let reach = (window / CELL).div_ceil(2).max(1);
    let closed = eroded(&dilated(&cells, reach), reach);
    let bare = |x: usize, y: usize| cells.at(x, y) >= BARE * closed.at(x, y);
    let mut paper = closed.clone();
    let (width, height) = (cells.width(), cells.height());
    for y in 0..height {
        for x in 0..width {
            let (mut sum, mut count) = (0.0, 0.0);
            for v in y.saturating_sub(1)..(y + 2).min(height) {
                for u in x.saturating_sub(1)..(x + 2).min(width) {
                    if bare(u, v) {
                        sum += cells.at(u, v);
                        count += 1.0;
                    }
                }
            }
            if count > 0.0 {
                paper.row_mut(y)[x] = sum / count;
            }
        }
    }
    let lift = lift(&closed, &paper, bare);
    // Under ink there is only the closing, less what noise lifts it by elsewhere.
    for y in 0..height {
        for x in 0..width {
            if !bare(x, y) {
                paper.row_mut(y)[x] = closed.at(x, y) * lift;
            }
        }
    }
    let mut smooth = smoothed(&paper);
    smooth.values_mut().iter_mut().for_each(|light| *light = light.max(1e-4));
    smooth
}

/// By how much averaged paper lies below the closing, as a factor.
fn lift(closed: &Grid<f32>, paper: &Grid<f32>, bare: impl Fn(usize, usize) -> bool) -> f32 {
    let (mut above, mut below) = (0.0_f32, 0.0_f32);
    for y in 0..closed.height() {
        for x in 0..closed.width() {
            if bare(x, y) {
                above += closed.at(x, y);
                below += paper.at(x, y);
            }
        }
    }
    if above > 0.0 { below / above } else { 1.0 }
}

/// Mean of each cell; cells at the right and lower edge may be smaller.
fn cells(plane: &Grid<f32>) -> Grid<f32> {
    let (width, height) = (plane.width().div_ceil(CELL), plane.height().div_ceil(CELL));
    let mut out = Grid::filled(width, height, 0.0);
    for (y, line) in out.rows_mut().enumerate() {
        let band = (plane.height() - y * CELL).min(CELL);
        for v in 0..band {
            for (sum, cell) in line.iter_mut().zip(plane.row(y * CELL + v).chunks(CELL)) {
                *sum += cell.iter().sum::<f32>() / number(cell.len() * band);
            }
        }
    }
    out
}

fn dilated(grid: &Grid<f32>, reach: usize) -> Grid<f32> {
    ranked(grid, reach, f32::max)
}

fn eroded(grid: &Grid<f32>, reach: usize) -> Grid<f32> {
    ranked(grid, reach, f32::min)
}

/// The extreme of the square of `2 * reach + 1` cells around each cell, clipped at the border.
fn ranked(grid: &Grid<f32>, reach: usize, pick: fn(f32, f32) -> f32) -> Grid<f32> {
    let mut across = grid.clone();
    for (out, row) in across.rows_mut().zip(grid.rows()) {
        slide(row.len(), reach, |to, from, length| {
            for (value, &other) in out[to..to + length].iter_mut().zip(&row[from..from + length]) {
                *value = pick(*value, other);
            }
        });
    }
    let mut out = across.clone();
    let width = grid.width();
    slide(grid.height(), reach, |to, from, length| {
        let (to, from, length) = (to * width, from * width, length * width);
        let source = &across.values()[from..from + length];
        for (value, &other) in out.values_mut()[to..to + length].iter_mut().zip(source) {
            *value = pick(*value, other);
        }
    });
    out
}

/// Calls with where to write, where to read and how much, for each shift of a line by up to `reach` either way.
fn slide(length: usize, reach: usize, mut each: impl FnMut(usize, usize, usize)) {
    for shift in 1..=reach.min(length.saturating_sub(1)) {
        each(0, shift, length - shift);
        each(shift, 0, length - shift);
    }
}

/// Each cell with its neighbours, 1 2 1 both ways.
fn smoothed(grid: &Grid<f32>) -> Grid<f32> {
    let (width, height) = (grid.width(), grid.height());
    let mut out = grid.clone();
    for y in 0..height {
        let (above, below) = (y.saturating_sub(1), (y + 1).min(height - 1));
        for x in 0..width {
            let (left, right) = (x.saturating_sub(1), (x + 1).min(width - 1));
            let line = |y: usize| grid.at(left, y) + 2.0 * grid.at(x, y) + grid.at(right, y);
            out.row_mut(y)[x] = (line(above) + 2.0 * line(y) + line(below)) / 16.0;
        }
    }
    out
}

/// One row of pixels between the middles of the cells. A pixel's place in its cell is one of [`CELL`].
fn widen(cells: &Grid<f32>, y: usize, out: &mut [f32]) {
    /// How far a pixel's middle lies from its cell's, in cells.
    const AWAY: [f32; CELL] = [-0.375, -0.125, 0.125, 0.375];
    let away = AWAY[y % CELL];
    let row = y / CELL;
    let other = if away < 0.0 { row.saturating_sub(1) } else { (row + 1).min(cells.height() - 1) };
    let mix: Vec<f32> =
        cells.row(row).iter().zip(cells.row(other)).map(|(here, there)| here + (there - here) * away.abs()).collect();
    for (x, pixels) in out.chunks_mut(CELL).enumerate() {
        let here = mix[x];
        let (left, right) = (mix[x.saturating_sub(1)] - here, mix[(x + 1).min(mix.len() - 1)] - here);
        for (pixel, away) in pixels.iter_mut().zip(AWAY) {
            *pixel = here + if away < 0.0 { left * -away } else { right * away };
        }
    }
}
