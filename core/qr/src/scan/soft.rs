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
        let lows = mean(&around(luma, side, radius, f32::min), side, radius);
        let highs = mean(&around(luma, side, radius, f32::max), side, radius);
        let middle = lows.iter().zip(&highs).map(|(low, high)| f32::midpoint(*low, *high)).collect();
        let half = lows.iter().zip(&highs).map(|(low, high)| ((high - low) / 2.0).max(LEAST_HALF)).collect();
        Self { middle, half }
    }

    /// From the mean around each: masks see to it that dark and light are about even.
    pub(crate) fn means(luma: &[f32], side: usize, radius: usize) -> Self {
        let middle = mean(luma, side, radius);
        let off: Vec<f32> = luma.iter().zip(&middle).map(|(value, middle)| (value - middle).abs()).collect();
        let half = mean(&off, side, radius).into_iter().map(|half| half.max(LEAST_HALF)).collect();
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

/// Mean over a square window, as far as it lies inside.
#[expect(clippy::cast_precision_loss, reason = "at most 177")]
fn mean(values: &[f32], side: usize, radius: usize) -> Vec<f32> {
    let mut sums = around(values, side, radius, |a, b| a + b);
    let counts =
        |length: usize| (0..length).map(move |at| ((at + radius + 1).min(length) - at.saturating_sub(radius)) as f32);
    for (row, count) in sums.chunks_exact_mut(side).zip(counts(values.len() / side)) {
        for (sum, other) in row.iter_mut().zip(counts(side)) {
            *sum /= count * other;
        }
    }
    sums
}

/// Folds a square window into each value: along rows, then along columns, whole slices at a time.
fn around(values: &[f32], side: usize, radius: usize, fold: impl Fn(f32, f32) -> f32) -> Vec<f32> {
    let into = |sums: &mut [f32], others: &[f32]| {
        for (sum, &other) in sums.iter_mut().zip(others) {
            *sum = fold(*sum, other);
        }
    };
    let mut rows = values.to_vec();
    for (row, source) in rows.chunks_exact_mut(side).zip(values.chunks_exact(side)) {
        for off in 1..=radius.min(side - 1) {
            into(&mut row[..side - off], &source[off..]);
            into(&mut row[off..], &source[..side - off]);
        }
    }
    let mut columns = rows.clone();
    for off in (1..=radius.min(values.len() / side - 1)).map(|off| off * side) {
        let length = rows.len() - off;
        into(&mut columns[..length], &rows[off..]);
        into(&mut columns[off..], &rows[..length]);
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_end_at_the_symbol() {
        let luma: Vec<f32> = (0..25_u8).map(f32::from).collect();
        let lows = around(&luma, 5, 1, f32::min);
        assert_eq!((lows[0].to_bits(), lows[12].to_bits(), lows[24].to_bits()), (0, 6_f32.to_bits(), 18_f32.to_bits()));
        let means = mean(&luma, 5, 2);
        assert!((means[0] - 6.0).abs() < 1e-4 && (means[12] - 12.0).abs() < 1e-4 && (means[24] - 18.0).abs() < 1e-4);
    }
}
