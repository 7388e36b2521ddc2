//! Where dark ends and light begins, for every block of 8 × 8 pixels.

use crate::frame::Plane;

/// Pixels along a block.
pub(crate) const BLOCK: usize = 8;

/// Mean, least and greatest luminance of the blocks of a plane.
#[derive(Debug)]
pub(crate) struct Blocks {
    columns: usize,
    means: Vec<u8>,
    lows: Vec<u8>,
    highs: Vec<u8>,
}

/// A threshold for every block: below it a pixel is dark.
#[derive(Debug)]
pub(crate) struct Threshold {
    columns: usize,
    values: Vec<u8>,
}

/// How the threshold of a block comes from the blocks around it, up to `radius` blocks away.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Method {
    /// A part of the mean (Bradley and Roth): for text-like pictures, where dark and light are about even.
    Mean {
        /// Blocks to either side.
        radius: usize,
    },
    /// Halfway between the darkest and the lightest: for small codes on much white or black.
    Middle {
        /// Blocks to either side.
        radius: usize,
    },
}

/// The mean is lowered by so many of 256 parts, so that plain paper has no dark speckles.
const MEAN_PARTS: u32 = 240;
/// Luminance steps between darkest and lightest below which a neighbourhood is one plain surface.
const PLAIN: u8 = 24;

impl Blocks {
    #[expect(clippy::cast_possible_truncation, reason = "a block has at most 64 pixels, and means of bytes are bytes")]
    pub(crate) fn of(plane: &Plane<'_>) -> Self {
        let (width, height) = (plane.width as usize, plane.height as usize);
        let (columns, rows) = (width.div_ceil(BLOCK), height.div_ceil(BLOCK));
        let mut blocks = Self {
            columns,
            means: Vec::with_capacity(columns * rows),
            lows: Vec::with_capacity(columns * rows),
            highs: Vec::with_capacity(columns * rows),
        };
        let (mut sums, mut lows, mut highs) = (vec![0_u16; width], vec![0_u8; width], vec![0_u8; width]);
        for band in plane.luma.chunks(width * BLOCK) {
            sums.fill(0);
            lows.fill(u8::MAX);
            highs.fill(0);
            // One simple loop for each becomes vectors, one for all does not.
            for row in band.chunks_exact(width) {
                sums.iter_mut().zip(row).for_each(|(sum, &pixel)| *sum += u16::from(pixel));
                lows.iter_mut().zip(row).for_each(|(low, &pixel)| *low = pixel.min(*low));
                highs.iter_mut().zip(row).for_each(|(high, &pixel)| *high = pixel.max(*high));
            }
            let tall = band.len() / width;
            let mean = |block: &[u16]| (block.iter().sum::<u16>() / (tall * block.len()) as u16) as u8;
            blocks.means.extend(sums.chunks(BLOCK).map(mean));
            blocks.lows.extend(lows.chunks(BLOCK).map(|block| block.iter().copied().fold(u8::MAX, u8::min)));
            blocks.highs.extend(highs.chunks(BLOCK).map(|block| block.iter().copied().fold(0, u8::max)));
        }
        blocks
    }

    /// Blocks along the longer side.
    pub(crate) fn longest(&self) -> usize {
        self.columns.max(self.means.len() / self.columns)
    }

    pub(crate) fn threshold(&self, method: Method) -> Threshold {
        let columns = self.columns;
        let values = match method {
            Method::Mean { radius } => {
                let lows = extreme(&self.lows, columns, 1, u8::min);
                let highs = extreme(&self.highs, columns, 1, u8::max);
                let thresholds = box_mean(&self.means, columns, radius).into_iter().map(scaled);
                let blocks = thresholds.zip(&self.means).zip(lows.iter().zip(&highs));
                // A plain surface is all dark or all light, whatever its noise.
                let plain = |threshold: u8, mean: u8| if mean < threshold { u8::MAX } else { 0 };
                blocks
                    .map(
                        |((threshold, &mean), (&low, &high))| {
                            if high - low < PLAIN { plain(threshold, mean) } else { threshold }
                        },
                    )
                    .collect()
            }
            Method::Middle { radius } => {
                let lows = extreme(&self.lows, columns, radius, u8::min);
                let highs = extreme(&self.highs, columns, radius, u8::max);
                let middles = lows
                    .iter()
                    .zip(&highs)
                    .map(|(&low, &high)| if high - low < PLAIN { 0 } else { low + (high - low) / 2 });
                box_mean(&middles.collect::<Vec<u8>>(), columns, radius / 2)
            }
        };
        Threshold { columns, values }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a part of a byte")]
const fn scaled(mean: u8) -> u8 {
    (mean as u32 * MEAN_PARTS / 256) as u8
}

/// Mean over a square, as far as it lies inside: sums of columns, which move from row to row, and a sum along them.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "means of bytes are bytes, and a plane has less than 2¹⁸ blocks"
)]
fn box_mean(values: &[u8], columns: usize, radius: usize) -> Vec<u8> {
    let rows: Vec<&[u8]> = values.chunks_exact(columns).collect();
    // Entering rows and leaving ones, whole slices at a time.
    let mut sums = vec![0_u32; columns];
    let enter =
        |sums: &mut [u32], row: &[u8]| sums.iter_mut().zip(row).for_each(|(sum, &value)| *sum += u32::from(value));
    let leave =
        |sums: &mut [u32], row: &[u8]| sums.iter_mut().zip(row).for_each(|(sum, &value)| *sum -= u32::from(value));
    rows.iter().take(radius).for_each(|row| enter(&mut sums, row));
    let inside = |at: usize, length: usize| (at + radius + 1).min(length) - at.saturating_sub(radius);
    let shares: Vec<f32> = (0..columns).map(|column| 1.0 / inside(column, columns) as f32).collect();
    let mut means = Vec::with_capacity(values.len());
    for at in 0..rows.len() {
        if let Some(row) = rows.get(at + radius) {
            enter(&mut sums, row);
        }
        if let Some(past) = at.checked_sub(radius + 1) {
            leave(&mut sums, rows[past]);
        }
        let share = 1.0 / inside(at, rows.len()) as f32;
        let mut sum: u32 = sums.iter().take(radius).sum();
        for (column, beside) in shares.iter().enumerate() {
            sum += sums.get(column + radius).copied().unwrap_or(0);
            sum -= column.checked_sub(radius + 1).map_or(0, |past| sums[past]);
            means.push((sum as f32 * share * beside) as u8);
        }
    }
    means
}

/// Least or greatest over a square, as far as it lies inside: along rows, then along columns, whole slices at a time.
fn extreme(values: &[u8], columns: usize, radius: usize, pick: impl Fn(u8, u8) -> u8) -> Vec<u8> {
    let into = |picked: &mut [u8], others: &[u8]| {
        for (picked, &other) in picked.iter_mut().zip(others) {
            *picked = pick(*picked, other);
        }
    };
    let mut wide = values.to_vec();
    for (picked, row) in wide.chunks_exact_mut(columns).zip(values.chunks_exact(columns)) {
        for off in 1..=radius.min(columns - 1) {
            into(&mut picked[..columns - off], &row[off..]);
            into(&mut picked[off..], &row[..columns - off]);
        }
    }
    let mut square = wide.clone();
    let rows = values.len() / columns;
    for off in (1..=radius.min(rows - 1)).map(|off| off * columns) {
        let length = wide.len() - off;
        into(&mut square[..length], &wide[off..]);
        into(&mut square[off..], &wide[..length]);
    }
    square
}

impl Threshold {
    /// The threshold at a pixel.
    pub(crate) fn at(&self, x: usize, y: usize) -> u8 {
        self.values[y / BLOCK * self.columns + x / BLOCK]
    }

    /// The thresholds of the blocks along a row of pixels.
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        let start = y / BLOCK * self.columns;
        &self.values[start..start + self.columns]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::borrow::Cow;

    fn square(at: usize, columns: usize, rows: usize, radius: usize) -> Vec<usize> {
        let (x, y) = (at % columns, at / columns);
        let across = x.saturating_sub(radius)..(x + radius + 1).min(columns);
        let down = y.saturating_sub(radius)..(y + radius + 1).min(rows);
        down.flat_map(|row| across.clone().map(move |column| row * columns + column)).collect()
    }

    proptest! {
        #[test]
        fn windows_are_squares(
            values in prop::collection::vec(any::<u8>(), 1..200),
            columns in 1_usize..20,
            radius in 0_usize..9,
        ) {
            let rows = values.len() / columns;
            prop_assume!(rows > 0);
            let values = &values[..rows * columns];
            let (lows, means) = (extreme(values, columns, radius, u8::min), box_mean(values, columns, radius));
            for at in 0..values.len() {
                let window: Vec<u32> = square(at, columns, rows, radius).into_iter().map(|at| values[at].into()).collect();
                prop_assert_eq!(Some(u32::from(lows[at])), window.iter().min().copied());
                let mean = window.iter().sum::<u32>() as usize / window.len();
                prop_assert!(mean.abs_diff(means[at].into()) <= 1);
            }
        }

        #[test]
        fn blocks_end_with_the_plane(luma in prop::collection::vec(any::<u8>(), 1..400), width in 1_usize..40) {
            let height = luma.len() / width;
            prop_assume!(height > 0);
            let luma = &luma[..width * height];
            let plane = Plane {
                width: u32::try_from(width).unwrap(),
                height: u32::try_from(height).unwrap(),
                scale: 1,
                luma: Cow::Borrowed(luma),
            };
            let blocks = Blocks::of(&plane);
            let (right, below) = ((width - 1) / BLOCK * BLOCK, (height - 1) / BLOCK * BLOCK);
            let last: Vec<u8> = (below..height).flat_map(|y| (right..width).map(move |x| luma[y * width + x])).collect();
            prop_assert_eq!(blocks.lows.last(), last.iter().min());
            prop_assert_eq!(blocks.highs.last(), last.iter().max());
            let mean = last.iter().map(|&pixel| usize::from(pixel)).sum::<usize>() / last.len();
            prop_assert_eq!(blocks.means.last().map(|&mean| usize::from(mean)), Some(mean));
        }
    }
}
