//! A row of pixels as runs of dark and light, eight pixels at a time.

use super::threshold::BLOCK;

const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
const ONES: u64 = 0x0101_0101_0101_0101;
/// Gathers the lowest bits of eight bytes into the highest byte, first byte lowest.
const GATHER: u64 = 0x0102_0408_1020_4080;

/// Fills `edges` with the places at which dark and light change, 0 and the row's length included; `true` if the row starts
/// dark.
pub(crate) fn edges(row: &[u8], thresholds: &[u8], edges: &mut Vec<u16>) -> bool {
    edges.clear();
    edges.push(0);
    let starts_dark = row.first().zip(thresholds.first()).is_some_and(|(pixel, threshold)| pixel < threshold);
    let mut last = u32::from(starts_dark);
    let mut x = 0_u16;
    for (block, &threshold) in row.chunks(BLOCK).zip(thresholds) {
        let (dark, length) = dark_bits(block, threshold);
        // A bit is set where a pixel differs from the one before it.
        let mut changes = (dark ^ (dark << 1 | last)) & ((1 << length) - 1);
        while changes != 0 {
            let at = x + low_u16(changes.trailing_zeros());
            if at > 0 {
                edges.push(at);
            }
            changes &= changes - 1;
        }
        last = dark >> (length - 1) & 1;
        x += low_u16(length);
    }
    edges.push(x);
    starts_dark
}

#[expect(clippy::cast_possible_truncation, reason = "at most 8")]
const fn low_u16(value: u32) -> u16 {
    value as u16
}

/// One bit for each pixel of a block, first pixel lowest, 1 for dark; and how many there are.
#[expect(clippy::cast_possible_truncation, reason = "eight bits and at most eight pixels")]
fn dark_bits(block: &[u8], threshold: u8) -> (u32, u32) {
    if let Ok(pixels) = <[u8; BLOCK]>::try_from(block) {
        let pixels = u64::from_le_bytes(pixels);
        let threshold = u64::from(threshold) * ONES;
        // Bytewise comparison without carries between bytes: first the lower seven bits, then the highest.
        let low_not_below = (pixels | HIGH_BITS) - (threshold & !HIGH_BITS);
        let not_below = (pixels & !threshold) | (!(pixels ^ threshold) & low_not_below);
        let below = (!not_below & HIGH_BITS) >> 7;
        return ((below.wrapping_mul(GATHER) >> 56) as u32, BLOCK as u32);
    }
    let bits = block.iter().rev().fold(0, |bits, &pixel| bits << 1 | u32::from(pixel < threshold));
    (bits, block.len() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn edges_are_where_the_comparison_changes(
            row in prop::collection::vec(any::<u8>(), 1..90),
            thresholds in prop::collection::vec(any::<u8>(), 12),
        ) {
            let mut found = Vec::new();
            let starts_dark = edges(&row, &thresholds, &mut found);
            let dark: Vec<bool> = row.iter().zip(0..).map(|(&pixel, x): (_, usize)| pixel < thresholds[x / 8]).collect();
            let mut expected = vec![0];
            expected.extend((1..row.len()).filter(|&x| dark[x] != dark[x - 1]));
            expected.push(row.len());
            prop_assert_eq!(starts_dark, dark[0]);
            prop_assert_eq!(found.into_iter().map(usize::from).collect::<Vec<_>>(), expected);
        }
    }
}
