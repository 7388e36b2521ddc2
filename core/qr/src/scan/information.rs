//! Format information: short BCH words, looked up by likeness (ISO/IEC 18004 §7.9).
//!
//! Version information is not read: the grid that fits best has told the version before.

use super::soft::Modules;
use super::symbol::{Protection, format_places};

const FORMAT_GENERATOR: u32 = 0x537;
const FORMAT_MASK: u32 = 0x5412;

/// What the format information says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Format {
    pub(crate) protection: Protection,
    /// Data mask pattern, 0 to 7.
    pub(crate) mask: u8,
}

/// A reading and how much of it agrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Likely<T> {
    pub(crate) value: T,
    /// Sum over all bits of both copies, each between −1 and 1, of how far the modules speak for this word.
    pub(crate) agreement: f32,
    /// Bits of both copies that are read otherwise.
    pub(crate) wrong_bits: u32,
}

/// `data` followed by its remainder.
const fn bch(data: u32, data_bits: u32, generator: u32) -> u32 {
    let parity_bits = generator.ilog2();
    let mut remainder = data << parity_bits;
    let mut bit = data_bits;
    while bit > 0 {
        bit -= 1;
        if remainder >> (bit + parity_bits) & 1 == 1 {
            remainder ^= generator << bit;
        }
    }
    data << parity_bits | remainder
}

impl Format {
    /// All 32, by their five data bits.
    fn all() -> impl Iterator<Item = (u32, Self)> {
        (0..32_u8).map(|data| {
            let protection = match data >> 3 {
                0 => Protection::M,
                1 => Protection::L,
                2 => Protection::H,
                _ => Protection::Q,
            };
            (bch(u32::from(data), 5, FORMAT_GENERATOR) ^ FORMAT_MASK, Self { protection, mask: data & 7 })
        })
    }

    /// All formats, the likeliest first.
    pub(crate) fn rank(modules: &Modules) -> Vec<Likely<Self>> {
        let mut likely: Vec<_> =
            Self::all().map(|(word, value)| compare(modules, &format_places(modules.side), word, value)).collect();
        likely.sort_by(|a, b| b.agreement.total_cmp(&a.agreement));
        likely
    }

    /// Whether the mask turns this module over (table 10).
    pub(crate) const fn is_masked(self, column: usize, row: usize) -> bool {
        let (i, j) = (row, column);
        0 == match self.mask {
            0 => (i + j) % 2,
            1 => i % 2,
            2 => j % 3,
            3 => (i + j) % 3,
            4 => (i / 2 + j / 3) % 2,
            5 => i * j % 2 + i * j % 3,
            6 => (i * j % 2 + i * j % 3) % 2,
            _ => ((i + j) % 2 + i * j % 3) % 2,
        }
    }
}

fn compare<T, const N: usize>(modules: &Modules, copies: &[[(usize, usize); N]; 2], word: u32, value: T) -> Likely<T> {
    let (mut agreement, mut wrong_bits) = (0.0, 0);
    for copy in copies {
        for (bit, &(column, row)) in copy.iter().enumerate() {
            let dark = modules.at(column, row);
            let speaks_for = if word >> bit & 1 == 1 { dark } else { -dark };
            agreement += speaks_for.clamp(-1.0, 1.0);
            wrong_bits += u32::from(speaks_for < 0.0);
        }
    }
    Likely { value, agreement, wrong_bits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_standards_tables() {
        // Table C.1: 00101 becomes 0x40CE after masking.
        let words: Vec<u32> = Format::all().map(|(word, _)| word).collect();
        assert_eq!((words[0], words[5], words[31]), (0x5412, 0x40CE, 0x2BED));
    }
}
