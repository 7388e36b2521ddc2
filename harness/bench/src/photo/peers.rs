//! The usual ways to tell ink from paper, over the same luminance. Each gives a mask, as large as the photograph.

/// 8-bit luminance.
pub(super) struct Luma {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<u8>,
}

/// A method's name and the method.
pub(super) type Method = (&'static str, fn(&Luma) -> Vec<bool>);

pub(super) const METHODS: [Method; 4] = [
    ("Otsu, whole picture", otsu),
    ("Bradley: mean of width/16, −15 %", bradley),
    ("Sauvola: k = 0.2, window 61, R = 128", sauvola),
    ("background division, then Otsu", divided),
];

fn otsu(luma: &Luma) -> Vec<bool> {
    let threshold = otsu_threshold(&luma.values);
    luma.values.iter().map(|value| *value <= threshold).collect()
}

/// The threshold that parts a histogram into two classes farthest apart (Otsu 1979).
fn otsu_threshold(values: &[u8]) -> u8 {
    let mut counts = [0.0_f64; 256];
    for value in values {
        counts[usize::from(*value)] += 1.0;
    }
    let total: f64 = counts.iter().sum();
    let sum: f64 = (0_u8..=255).map(|value| f64::from(value) * counts[usize::from(value)]).sum();
    let (mut below, mut sum_below, mut best) = (0.0, 0.0, (0.0, 0));
    for value in 0_u8..=255 {
        below += counts[usize::from(value)];
        sum_below += f64::from(value) * counts[usize::from(value)];
        let above = total - below;
        if below > 0.0 && above > 0.0 {
            let apart = sum_below / below - (sum - sum_below) / above;
            let between = below * above * apart * apart;
            if between > best.0 {
                best = (between, value);
            }
        }
    }
    best.1
}

/// Sums of the values and of their squares over all that is above and left.
struct Sums {
    width: usize,
    height: usize,
    values: Vec<(u64, u64)>,
}

impl Sums {
    fn of(luma: &Luma) -> Self {
        let stride = luma.width + 1;
        let mut values = vec![(0, 0); stride * (luma.height + 1)];
        for y in 0..luma.height {
            let mut row = (0_u64, 0_u64);
            for x in 0..luma.width {
                let value = u64::from(luma.values[y * luma.width + x]);
                row = (row.0 + value, row.1 + value * value);
                let above = values[y * stride + x + 1];
                values[(y + 1) * stride + x + 1] = (above.0 + row.0, above.1 + row.1);
            }
        }
        Self { width: luma.width, height: luma.height, values }
    }

    /// Mean and standard deviation of the square of `2 * reach + 1` pixels around a place.
    fn around(&self, x: usize, y: usize, reach: usize) -> (f64, f64) {
        let (left, right) = (x.saturating_sub(reach), (x + reach + 1).min(self.width));
        let (top, bottom) = (y.saturating_sub(reach), (y + reach + 1).min(self.height));
        let at = |x: usize, y: usize| self.values[y * (self.width + 1) + x];
        let plus = [at(right, bottom), at(left, top)];
        let minus = [at(right, top), at(left, bottom)];
        let count = number((right - left) * (bottom - top));
        let sum = |part: fn(&(u64, u64)) -> u64| {
            number64(plus.iter().map(part).sum::<u64>() - minus.iter().map(part).sum::<u64>()) / count
        };
        let (mean, square) = (sum(|sums| sums.0), sum(|sums| sums.1));
        (mean, (square - mean * mean).max(0.0).sqrt())
    }
}

fn local(luma: &Luma, reach: usize, threshold: impl Fn(f64, f64) -> f64) -> Vec<bool> {
    let sums = Sums::of(luma);
    let places = (0..luma.height).flat_map(|y| (0..luma.width).map(move |x| (x, y)));
    let is_ink = |((x, y), value): ((usize, usize), &u8)| {
        let (mean, deviation) = sums.around(x, y, reach);
        f64::from(*value) < threshold(mean, deviation)
    };
    places.zip(&luma.values).map(is_ink).collect()
}

fn bradley(luma: &Luma) -> Vec<bool> {
    local(luma, luma.width / 32, |mean, _| mean * 0.85)
}

fn sauvola(luma: &Luma) -> Vec<bool> {
    local(luma, 30, |mean, deviation| mean * (1.0 + 0.2 * (deviation / 128.0 - 1.0)))
}

/// Divided by the 80th percentile of blocks of 40 pixels, closed and smoothed, then Otsu.
fn divided(luma: &Luma) -> Vec<bool> {
    const BLOCK: usize = 40;
    let (across, down) = (luma.width.div_ceil(BLOCK), luma.height.div_ceil(BLOCK));
    let mut light = Vec::with_capacity(across * down);
    for v in 0..down {
        for u in 0..across {
            let mut block: Vec<u8> = (v * BLOCK..((v + 1) * BLOCK).min(luma.height))
                .flat_map(|y| {
                    &luma.values[y * luma.width + u * BLOCK..y * luma.width + ((u + 1) * BLOCK).min(luma.width)]
                })
                .copied()
                .collect();
            let at = block.len() * 4 / 5;
            light.push(f64::from(*block.select_nth_unstable(at).1));
        }
    }
    let around = |grid: &[f64], pick: fn(f64, f64) -> f64| -> Vec<f64> {
        let cell = |u: usize, v: usize| {
            let near = (v.saturating_sub(1)..(v + 2).min(down))
                .flat_map(|y| (u.saturating_sub(1)..(u + 2).min(across)).map(move |x| grid[y * across + x]));
            near.reduce(pick).unwrap_or(0.0)
        };
        (0..down).flat_map(|v| (0..across).map(move |u| (u, v))).map(|(u, v)| cell(u, v)).collect()
    };
    let closed = around(&around(&light, f64::max), f64::min);
    let place = |at: usize, most: usize| {
        let at = ((number(at) + 0.5) / number(BLOCK) - 0.5).clamp(0.0, number(most - 1));
        let low = (0..most).rev().find(|cell| number(*cell) <= at).unwrap_or(0);
        (low, (low + 1).min(most - 1), at - number(low))
    };
    let columns: Vec<_> = (0..luma.width).map(|x| place(x, across)).collect();
    let mut out = Vec::with_capacity(luma.values.len());
    for (y, row) in luma.values.chunks_exact(luma.width).enumerate() {
        let (above, below, share) = place(y, down);
        for (value, (left, right, along)) in row.iter().zip(&columns) {
            let line =
                |v: usize| closed[v * across + left] + (closed[v * across + right] - closed[v * across + left]) * along;
            let paper = line(above) + (line(below) - line(above)) * share;
            out.push(byte(f64::from(*value) / paper.max(1.0) * 235.0));
        }
    }
    otsu(&Luma { width: luma.width, height: luma.height, values: out })
}

#[expect(clippy::cast_precision_loss, reason = "counts of pixels")]
fn number(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss, reason = "sums over a window, far below 2^52")]
fn number64(sum: u64) -> f64 {
    sum as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates")]
fn byte(value: f64) -> u8 {
    value as u8
}
