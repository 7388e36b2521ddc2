//! Rectangular fields of numbers, and the only conversions between counts of pixels and floats.

/// Values on a grid, row by row.
#[derive(Debug, Clone)]
pub(super) struct Grid<T> {
    width: usize,
    values: Vec<T>,
}

impl<T: Copy> Grid<T> {
    pub(super) fn filled(width: usize, height: usize, value: T) -> Self {
        Self { width, values: vec![value; width * height] }
    }

    pub(super) const fn width(&self) -> usize {
        self.width
    }

    pub(super) fn height(&self) -> usize {
        self.values.len().checked_div(self.width).unwrap_or(0)
    }

    pub(super) fn values(&self) -> &[T] {
        &self.values
    }

    pub(super) fn values_mut(&mut self) -> &mut [T] {
        &mut self.values
    }

    pub(super) fn row(&self, y: usize) -> &[T] {
        &self.values[y * self.width..(y + 1) * self.width]
    }

    pub(super) fn row_mut(&mut self, y: usize) -> &mut [T] {
        &mut self.values[y * self.width..(y + 1) * self.width]
    }

    pub(super) fn rows(&self) -> impl DoubleEndedIterator<Item = &[T]> + ExactSizeIterator {
        self.values.chunks_exact(self.width.max(1))
    }

    pub(super) fn rows_mut(&mut self) -> impl Iterator<Item = &mut [T]> {
        self.values.chunks_exact_mut(self.width.max(1))
    }

    pub(super) fn at(&self, x: usize, y: usize) -> T {
        self.values[y * self.width + x]
    }
}

/// A count as a number. Pictures have at most 2^26 pixels, so sides are exact and areas off by a millionth.
#[expect(clippy::cast_precision_loss, reason = "counts of pixels; what f32 loses is beyond any use here")]
pub(super) const fn number(count: usize) -> f32 {
    count as f32
}

/// A count as a number, exact.
#[expect(clippy::cast_precision_loss, reason = "counts of pixels, far below 2^52")]
pub(super) const fn exact(count: usize) -> f64 {
    count as f64
}

/// Rounds down to a count; what is negative or not a number is 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, which is what is wanted")]
pub(super) const fn count(value: f32) -> usize {
    value as usize
}

/// A share of 1 as a byte.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped; `as` saturates")]
pub(super) fn byte(share: f32) -> u8 {
    (share * 255.0 + 0.5) as u8
}

/// Single precision, for pixels.
#[expect(clippy::cast_possible_truncation, reason = "pixels are kept in f32")]
pub(super) const fn single(value: f64) -> f32 {
    value as f32
}
