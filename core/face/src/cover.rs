//! How much of each pixel a path covers: exact areas of the flattened outline, summed over the pixels that it passes
//! through (as font rasterisers do); what lies between them on a line of pixels is filled as one run.
//!
//! Contours that run the same way may overlap; the winding numbers add up, and any that is not zero is ink.

use crate::{Path, Point, Segment};

/// The farthest a straight piece may pass from the curve that it stands for, pixels.
const FLATNESS: f64 = 0.05;

/// Coverage of each pixel, 0 to 255, line by line from the top.
pub(crate) struct Coverage {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// A pixel that an outline passes through.
#[derive(Clone, Copy, Default)]
struct Cell {
    x: usize,
    /// How far the outline goes down in this pixel, in pixels; up is negative.
    down: f32,
    /// What of that, spread to the right, falls into this pixel.
    area: f32,
}

impl Coverage {
    pub(crate) fn new(width: usize, height: usize) -> Self {
        Self { width, height, pixels: vec![0; width * height] }
    }

    pub(crate) fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Adds a path, its coordinates multiplied by `scale`; where ink is already, the two cover together.
    pub(crate) fn add(&mut self, path: &Path, scale: f64) {
        let mut edges = Edges { width: self.width, height: self.height, cells: Vec::new() };
        let pixel = |point: Point| (point.x * scale, point.y * scale);
        for contour in &path.contours {
            let start = pixel(contour.start);
            let mut from = start;
            for segment in &contour.segments {
                match *segment {
                    Segment::Line(to) => edges.line(from, pixel(to)),
                    Segment::Cubic(first, second, to) => edges.cubic(from, pixel(first), pixel(second), pixel(to)),
                }
                from = pixel(segment.end());
            }
            edges.line(from, start);
        }
        self.fill(&edges.cells);
    }

    fn fill(&mut self, cells: &[(usize, Cell)]) {
        let (mut ends, mut sorted) = (vec![0_usize; self.height + 1], vec![Cell::default(); cells.len()]);
        for (row, _) in cells {
            ends[row + 1] += 1;
        }
        for row in 0..self.height {
            ends[row + 1] += ends[row];
        }
        let starts = ends.clone();
        for (row, cell) in cells {
            sorted[ends[*row]] = *cell;
            ends[*row] += 1;
        }
        if self.width == 0 {
            return;
        }
        for (row, line) in self.pixels.chunks_exact_mut(self.width).enumerate() {
            let cells = &mut sorted[starts[row]..ends[row]];
            cells.sort_unstable_by_key(|cell| cell.x);
            fill_line(line, cells);
        }
    }
}

fn fill_line(line: &mut [u8], cells: &[Cell]) {
    let (mut winding, mut next) = (0.0_f32, 0);
    for pixel in cells.chunk_by(|one, next| one.x == next.x) {
        let Some(x) = pixel.first().map(|cell| cell.x) else { continue };
        if x > next {
            cover(&mut line[next..x], winding);
        }
        if let Some(target) = line.get_mut(x..=x) {
            cover(target, winding + pixel.iter().map(|cell| cell.area).sum::<f32>());
        }
        winding += pixel.iter().map(|cell| cell.down).sum::<f32>();
        next = (x + 1).min(line.len());
    }
}

/// Ink over ink: what the first leaves free is covered by the second in the same measure.
fn cover(pixels: &mut [u8], winding: f32) {
    match share(winding) {
        0 => {}
        255 => pixels.fill(255),
        more => {
            for pixel in pixels {
                let free = u16::from(255 - *pixel);
                *pixel += u8::try_from((free * u16::from(more) + 127) / 255).unwrap_or(0);
            }
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=255")]
fn share(winding: f32) -> u8 {
    winding.abs().mul_add(255.0, 0.5).clamp(0.0, 255.0) as u8
}

/// The pixels that outlines pass through, with their line.
struct Edges {
    width: usize,
    height: usize,
    cells: Vec<(usize, Cell)>,
}

impl Edges {
    fn cubic(&mut self, p0: (f64, f64), p1: (f64, f64), p2: (f64, f64), p3: (f64, f64)) {
        let bend = |a: (f64, f64), b: (f64, f64), c: (f64, f64)| (a.0 - 2.0 * b.0 + c.0).hypot(a.1 - 2.0 * b.1 + c.1);
        // The chord of an n-th of the curve is off by at most 3/4 of this over n².
        let pieces = count((0.75 * bend(p0, p1, p2).max(bend(p1, p2, p3)) / FLATNESS).sqrt());
        let mut from = p0;
        for nth in 1..=pieces {
            let share = f64::from(nth) / f64::from(pieces);
            let to = if nth == pieces { p3 } else { place([p0, p1, p2, p3], share) };
            self.line(from, to);
            from = to;
        }
    }

    fn line(&mut self, from: (f64, f64), to: (f64, f64)) {
        let (top, bottom, sign) = if from.1 <= to.1 { (from, to, 1.0) } else { (to, from, -1.0) };
        let height = bottom.1 - top.1;
        let (first, last) = (top.1.max(0.0), bottom.1.min(whole(self.height)));
        if height <= 0.0 || first >= last {
            return;
        }
        let slope = (bottom.0 - top.0) / height;
        let x_at = |y: f64| if y >= bottom.1 { bottom.0 } else { top.0 + (y - top.1) * slope };
        let (mut y, mut row) = (first, floor(first));
        while y < last {
            let end = whole(row + 1).min(last);
            self.piece(row, x_at(y), x_at(end), (end - y) * sign);
            (y, row) = (end, row + 1);
        }
    }

    /// A piece of an edge within one line of pixels, which goes `down` so far.
    fn piece(&mut self, row: usize, from: f64, to: f64, down: f64) {
        let most = whole(self.width);
        let (left, right) = if from <= to { (from, to) } else { (to, from) };
        let (left_in, right_in) = (left.clamp(0.0, most), right.clamp(0.0, most));
        let width = right - left;
        if floor(left_in) == floor(right_in) {
            self.cell(row, left_in, right_in, down);
            return;
        }
        let rate = down / width;
        if left < left_in {
            self.cell(row, 0.0, 0.0, (left_in - left) * rate);
        }
        let mut x = left_in;
        while x < right_in {
            let end = whole(floor(x) + 1).min(right_in);
            self.cell(row, x, end, (end - x) * rate);
            x = end;
        }
        if right > right_in {
            self.cell(row, most, most, (right - right_in) * rate);
        }
    }

    fn cell(&mut self, row: usize, from: f64, to: f64, down: f64) {
        let x = floor(from);
        let left_free = f64::midpoint(from, to) - whole(x);
        let cell = Cell { x, down: crate::grid::single(down), area: crate::grid::single(down * (1.0 - left_free)) };
        self.cells.push((row, cell));
    }
}

/// A place on a cubic curve.
fn place(curve: [(f64, f64); 4], share: f64) -> (f64, f64) {
    let rest = 1.0 - share;
    let weights = [rest * rest * rest, 3.0 * share * rest * rest, 3.0 * share * share * rest, share * share * share];
    curve.iter().zip(weights).fold((0.0, 0.0), |sum, (at, weight)| (sum.0 + weight * at.0, sum.1 + weight * at.1))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to some ten thousand pixels")]
fn floor(value: f64) -> usize {
    value as usize
}

#[expect(clippy::cast_precision_loss, reason = "some ten thousand pixels")]
fn whole(value: usize) -> f64 {
    value as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 1..=1000")]
fn count(value: f64) -> u32 {
    value.ceil().clamp(1.0, 1000.0) as u32
}
