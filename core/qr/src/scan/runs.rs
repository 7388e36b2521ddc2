//! Rows of pixels as runs of dark and light.

use super::threshold::BLOCK;

/// Turns rows into runs, with room that is used again from row to row.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    /// The threshold of every pixel of a row.
    thresholds: Vec<u8>,
    /// 1 where a pixel is dark, with a light one before the first.
    dark: Vec<u8>,
    /// 1 where dark and light change.
    changes: Vec<u8>,
    edges: Vec<u16>,
}

impl Runs {
    /// The thresholds of the blocks along the rows that follow.
    pub(crate) fn set_thresholds(&mut self, blocks: &[u8], width: usize) {
        self.thresholds.clear();
        self.thresholds.extend(blocks.iter().flat_map(|&threshold| [threshold; BLOCK]));
        self.thresholds.truncate(width);
        self.dark.resize(width + 1, 0);
        self.changes.resize(width.next_multiple_of(BLOCK), 0);
    }

    /// The places at which dark and light change, 0 and the row's length included; and whether the row starts dark.
    pub(crate) fn edges(&mut self, row: &[u8]) -> (&[u16], bool) {
        // Comparisons without branches become vectors.
        for ((dark, &pixel), &threshold) in self.dark[1..].iter_mut().zip(row).zip(&self.thresholds) {
            *dark = u8::from(pixel < threshold);
        }
        for ((change, &before), &here) in self.changes.iter_mut().zip(&self.dark).zip(&self.dark[1..]) {
            *change = before ^ here;
        }
        let starts_dark = self.dark.get(1) == Some(&1);
        self.edges.clear();
        self.edges.push(0);
        let mut start = 0_u16;
        for &eight in self.changes.as_chunks::<BLOCK>().0 {
            let mut changes = u64::from_le_bytes(eight);
            while changes != 0 {
                let at = start + low_u16(changes.trailing_zeros() / 8);
                if at > 0 {
                    self.edges.push(at);
                }
                changes &= changes - 1;
            }
            start = start.wrapping_add(BLOCK_U16);
        }
        self.edges.push(u16::try_from(row.len()).unwrap_or(u16::MAX));
        (&self.edges, starts_dark)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "8")]
const BLOCK_U16: u16 = BLOCK as u16;

#[expect(clippy::cast_possible_truncation, reason = "at most 8")]
const fn low_u16(value: u32) -> u16 {
    value as u16
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
            let mut runs = Runs::default();
            runs.set_thresholds(&thresholds, row.len());
            // What a row leaves behind must not show in the next.
            runs.edges(&vec![128; row.len()]);
            let (found, starts_dark) = runs.edges(&row);
            let dark: Vec<bool> = row.iter().zip(0..).map(|(&pixel, x): (_, usize)| pixel < thresholds[x / 8]).collect();
            let mut expected = vec![0];
            expected.extend((1..row.len()).filter(|&x| dark[x] != dark[x - 1]));
            expected.push(row.len());
            prop_assert_eq!(starts_dark, dark[0]);
            prop_assert_eq!(found.iter().map(|&at| usize::from(at)).collect::<Vec<_>>(), expected);
        }
    }
}
