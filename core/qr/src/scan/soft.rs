//! Modules as evidence: not dark or light, but how surely.

/// One value for each module of a symbol, row by row: positive speaks for dark, negative for light, ±1 is sure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Modules {
    pub(crate) side: usize,
    pub(crate) values: Vec<f32>,
}

impl Modules {
    pub(crate) fn at(&self, column: usize, row: usize) -> f32 {
        self.values[row * self.side + column]
    }

    /// Rows become columns: what a mirrored symbol needs.
    pub(crate) fn transposed(&self) -> Self {
        let places = (0..self.side).flat_map(|row| (0..self.side).map(move |column| (row, column)));
        Self { side: self.side, values: places.map(|(column, row)| self.at(column, row)).collect() }
    }
}

/// What lies halfway between dark and light at each module, and how far both are from it.
#[derive(Debug, Clone)]
pub(crate) struct Levels {
    pub(crate) middle: Vec<f32>,
    pub(crate) half: Vec<f32>,
}

/// Luminance steps below which contrast is noise.
const LEAST_HALF: f32 = 2.0;

impl Levels {
    /// From the darkest and the lightest module around each.
    pub(crate) fn extremes(luma: &[f32], side: usize, radius: usize) -> Self {
        let lows = square(luma, side, radius, |window| window.iter().copied().fold(f32::MAX, f32::min));
        let highs = square(luma, side, radius, |window| window.iter().copied().fold(f32::MIN, f32::max));
        let (lows, highs) = (square(&lows, side, radius, mean), square(&highs, side, radius, mean));
        let middle = lows.iter().zip(&highs).map(|(low, high)| (low + high) / 2.0).collect();
        let half = lows.iter().zip(&highs).map(|(low, high)| ((high - low) / 2.0).max(LEAST_HALF)).collect();
        Self { middle, half }
    }

    /// From the mean around each: masks see to it that dark and light are about even.
    pub(crate) fn means(luma: &[f32], side: usize, radius: usize) -> Self {
        let middle = square(luma, side, radius, mean);
        let off: Vec<f32> = luma.iter().zip(&middle).map(|(value, middle)| (value - middle).abs()).collect();
        let half = square(&off, side, radius, mean).into_iter().map(|half| half.max(LEAST_HALF)).collect();
        Self { middle, half }
    }

    /// `sign` is −1 for light ink on dark ground.
    pub(crate) fn modules(&self, luma: &[f32], side: usize, sign: f32) -> Modules {
        let levels = self.middle.iter().zip(&self.half);
        let values =
            luma.iter().zip(levels).map(|(&value, (&middle, &half))| (sign * (middle - value) / half).clamp(-1.0, 1.0));
        Modules { side, values: values.collect() }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few dozen")]
fn mean(window: &[f32]) -> f32 {
    window.iter().sum::<f32>() / window.len() as f32
}

/// A separable filter over a square window: rows, then columns.
fn square(values: &[f32], side: usize, radius: usize, filter: impl Fn(&[f32]) -> f32) -> Vec<f32> {
    let pass = |values: &[f32]| -> Vec<f32> {
        let mut turned = vec![0.0; side * side];
        for (at, row) in values.chunks_exact(side).enumerate() {
            for place in 0..side {
                // Written as a column, so that two passes are the whole filter.
                turned[place * side + at] = filter(&row[place.saturating_sub(radius)..(place + radius + 1).min(side)]);
            }
        }
        turned
    };
    pass(&pass(values))
}
