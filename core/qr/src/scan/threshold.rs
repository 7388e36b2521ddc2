//! Where dark ends and light begins, for every block of 8 × 8 pixels.

use crate::frame::Plane;

/// Pixels along a block.
pub(crate) const BLOCK: usize = 8;

/// Mean, least and greatest luminance of the blocks of a plane.
#[derive(Debug)]
pub(crate) struct Blocks {
    columns: usize,
    rows: usize,
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
    #[expect(clippy::cast_possible_truncation, reason = "means of bytes are bytes")]
    pub(crate) fn of(plane: &Plane<'_>) -> Self {
        let (width, height) = (plane.width as usize, plane.height as usize);
        let (columns, rows) = (width.div_ceil(BLOCK), height.div_ceil(BLOCK));
        let mut blocks = Self {
            columns,
            rows,
            means: Vec::with_capacity(columns * rows),
            lows: Vec::with_capacity(columns * rows),
            highs: Vec::with_capacity(columns * rows),
        };
        let (mut sums, mut lows, mut highs) = (vec![0_u16; width], vec![0_u8; width], vec![0_u8; width]);
        for band in plane.luma.chunks(width * BLOCK) {
            sums.fill(0);
            lows.fill(u8::MAX);
            highs.fill(0);
            for row in band.chunks_exact(width) {
                for (((sum, low), high), &pixel) in sums.iter_mut().zip(&mut lows).zip(&mut highs).zip(row) {
                    *sum += u16::from(pixel);
                    *low = pixel.min(*low);
                    *high = pixel.max(*high);
                }
            }
            let tall = (band.len() / width) as u32;
            blocks.means.extend(sums.chunks(BLOCK).map(|block| {
                (block.iter().map(|&sum| u32::from(sum)).sum::<u32>() / (tall * block.len() as u32)) as u8
            }));
            blocks.lows.extend(lows.chunks(BLOCK).map(|block| block.iter().copied().min().unwrap_or(0)));
            blocks.highs.extend(highs.chunks(BLOCK).map(|block| block.iter().copied().max().unwrap_or(0)));
        }
        blocks
    }

    /// Blocks along the longer side.
    pub(crate) fn longest(&self) -> usize {
        self.columns.max(self.rows)
    }

    pub(crate) fn threshold(&self, method: Method) -> Threshold {
        let grid = |values: &[u8]| Grid { columns: self.columns, values: values.to_vec() };
        let values = match method {
            Method::Mean { radius } => {
                let lows = grid(&self.lows).extreme(1, u8::min).values;
                let highs = grid(&self.highs).extreme(1, u8::max).values;
                let thresholds = grid(&self.means).box_mean(radius).values.into_iter().map(scaled);
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
                let lows = grid(&self.lows).extreme(radius, u8::min);
                let highs = grid(&self.highs).extreme(radius, u8::max);
                let middles = lows
                    .values
                    .iter()
                    .zip(&highs.values)
                    .map(|(&low, &high)| if high - low < PLAIN { 0 } else { low + (high - low) / 2 });
                Grid { columns: self.columns, values: middles.collect() }.box_mean(radius / 2).values
            }
        };
        Threshold { columns: self.columns, values }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a part of a byte")]
const fn scaled(mean: u8) -> u8 {
    (mean as u32 * MEAN_PARTS / 256) as u8
}

/// One value for each block.
struct Grid {
    columns: usize,
    values: Vec<u8>,
}

impl Grid {
    /// Mean over a square, as far as it lies inside; rows first, then columns.
    fn box_mean(self, radius: usize) -> Self {
        self.rows(|row| running_mean(row, radius)).transposed().rows(|row| running_mean(row, radius)).transposed()
    }

    /// Least or greatest over a square.
    fn extreme(self, radius: usize, pick: fn(u8, u8) -> u8) -> Self {
        self.rows(|row| running_extreme(row, radius, pick))
            .transposed()
            .rows(|row| running_extreme(row, radius, pick))
            .transposed()
    }

    fn rows(self, filter: impl Fn(&[u8]) -> Vec<u8>) -> Self {
        Self { columns: self.columns, values: self.values.chunks(self.columns).flat_map(filter).collect() }
    }

    fn transposed(self) -> Self {
        let rows = self.values.len() / self.columns;
        let places = (0..self.columns).flat_map(|column| (0..rows).map(move |row| row * self.columns + column));
        Self { columns: rows, values: places.map(|place| self.values[place]).collect() }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "means of bytes are bytes")]
fn running_mean(row: &[u8], radius: usize) -> Vec<u8> {
    let mut sum: u32 = row.iter().take(radius).map(|&value| u32::from(value)).sum();
    let mut count = row.len().min(radius) as u32;
    (0..row.len())
        .map(|at| {
            if let Some(&entering) = row.get(at + radius) {
                sum += u32::from(entering);
                count += 1;
            }
            if let Some(leaving) = at.checked_sub(radius + 1) {
                sum -= u32::from(row[leaving]);
                count -= 1;
            }
            (sum / count) as u8
        })
        .collect()
}

fn running_extreme(row: &[u8], radius: usize, pick: fn(u8, u8) -> u8) -> Vec<u8> {
    (0..row.len())
        .map(|at| {
            let window = &row[at.saturating_sub(radius)..(at + radius + 1).min(row.len())];
            window.iter().copied().reduce(pick).unwrap_or(0)
        })
        .collect()
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
