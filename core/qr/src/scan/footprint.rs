//! What each module explains of a picture, kept: the passes over all modules need it again and again.

use super::draw::{Area, Kernel, Spot};

/// Weights that are kept at most, one byte each: more passes than a symbol of so many would get are not paid for anyway.
const MOST_WEIGHTS: usize = 1 << 21;
/// What a byte counts.
const STEP: f32 = 1.0 / 255.0;

/// The pixels that a module shows in, with how much.
struct Footprint {
    /// Of the first pixel, in the picture.
    pixel: usize,
    /// Of the first weight.
    weight: usize,
    columns: usize,
    rows: usize,
    /// Sum of the weights' squares.
    square: f32,
}

/// The footprints of some modules, in their order.
pub(super) struct Footprints {
    /// Pixels of a row of the picture.
    width: usize,
    weights: Vec<u8>,
    each: Vec<Footprint>,
    /// One row, used again and again.
    sums: Vec<f32>,
}

impl Footprints {
    /// `None` where that would be too much to keep.
    pub(super) fn new<'s>(area: Area, spots: impl Iterator<Item = &'s Spot>, kernel: &Kernel) -> Option<Self> {
        let (mut weights, mut each, mut widest) = (Vec::new(), Vec::new(), 0);
        for spot in spots {
            let [columns, rows] = area.span(spot, kernel);
            let start = weights.len();
            area.each(spot, kernel, |_, weight| weights.push(byte(weight)));
            if weights.len() > MOST_WEIGHTS {
                return None;
            }
            let square = weights[start..].iter().map(|&weight| f32::from(weight) * f32::from(weight)).sum::<f32>();
            widest = widest.max(columns.len());
            each.push(Footprint {
                pixel: rows.start * area.width + columns.start,
                weight: start,
                columns: columns.len(),
                rows: rows.len(),
                square: square * STEP * STEP,
            });
        }
        Some(Self { width: area.width, weights, each, sums: vec![0.0; widest] })
    }

    /// What the module at a place still explains of what is left, and the sum of its weights' squares.
    pub(super) fn explained(&mut self, at: usize, rest: &[f32]) -> (f32, f32) {
        let Self { width, weights, each, sums } = self;
        let footprint = &each[at];
        let sums = &mut sums[..footprint.columns];
        sums.fill(0.0);
        // Columns side by side become vectors; one sum would wait for itself.
        for (weights, start) in footprint.lines(weights, *width) {
            for ((sum, &weight), pixel) in sums.iter_mut().zip(weights).zip(&rest[start..]) {
                *sum += f32::from(weight) * pixel;
            }
        }
        (sums.iter().sum::<f32>() * STEP, footprint.square)
    }

    /// Takes a change of the module at a place off what is left.
    pub(super) fn take(&self, at: usize, change: f32, rest: &mut [f32]) {
        let change = change * STEP;
        for (weights, start) in self.each[at].lines(&self.weights, self.width) {
            for (&weight, pixel) in weights.iter().zip(&mut rest[start..]) {
                *pixel -= f32::from(weight) * change;
            }
        }
    }
}

impl Footprint {
    /// The weights of each row, and where its pixels start.
    fn lines<'w>(&self, weights: &'w [u8], width: usize) -> impl Iterator<Item = (&'w [u8], usize)> {
        let (pixel, rows) = (self.pixel, self.rows);
        let weights = &weights[self.weight..self.weight + self.columns * rows];
        weights.chunks_exact(self.columns.max(1)).zip((0..rows).map(move |row| pixel + row * width))
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1")]
fn byte(weight: f32) -> u8 {
    (weight / STEP + 0.5) as u8
}
