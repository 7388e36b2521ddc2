//! Format and version information: short BCH words, looked up by likeness (ISO/IEC 18004 §7.9 and §7.10).

use super::model1;
use super::regular::surprise;
use super::soft::Modules;
use super::symbol::{Protection, Version, format_places};

const FORMAT_GENERATOR: u32 = 0x537;
const VERSION_GENERATOR: u32 = 0x1F25;
const FORMAT_MASK: u32 = 0x5412;
/// ISO/IEC 18004:2000 annex M.
const MODEL_1_FORMAT_MASK: u32 = 0x2825;

/// Which of the two layouts a symbol has. They differ in the mask of the format, which is how they are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Model {
    /// Of 1994.
    One,
    /// What QR codes have been since 1997.
    Two,
}

/// What the format information says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Format {
    pub(crate) protection: Protection,
    /// Data mask pattern, 0 to 7.
    pub(crate) mask: u8,
}

/// A format and what speaks for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Likely {
    pub(crate) model: Model,
    pub(crate) format: Format,
    /// How far the modules agree, in the copy or the two copies that agree most: up to 15 for one, 21 for two.
    pub(crate) agreement: f32,
    /// Bits by which they differ from chance.
    pub(crate) evidence: f32,
}

/// Bits that go into the choice of one of 32 formats, masked or not, of either copy or both.
const CHOICES: f32 = 7.5;

/// Bits of a version's mark.
pub(crate) const MARK_BITS: usize = 18;
/// Bits that go into the choice of one of 34 versions, of either copy or both.
const VERSION_CHOICES: f32 = 6.7;

/// The version whose mark agrees most with what two copies show (positive speaks for dark, lowest bit first), and bits of
/// evidence for it.
pub(crate) fn marked(copies: &[[f32; MARK_BITS]; 2]) -> Option<(Version, f32)> {
    let versions = (7..=Version::MAX).filter_map(Version::new);
    let wrong = |copy: &[f32; MARK_BITS], word: u32| -> u32 {
        copy.iter().enumerate().map(|(bit, &dark)| u32::from((word >> bit & 1 == 1) != (dark > 0.0))).sum()
    };
    let evidence = |version: Version| {
        let word = bch(u32::from(version.number()), 6, VERSION_GENERATOR);
        let [one, other] = [&copies[0], &copies[1]].map(|copy| wrong(copy, word));
        surprise(18, one.min(other)).max(surprise(36, one + other)) - VERSION_CHOICES
    };
    versions.map(|version| (version, evidence(version))).max_by(|a, b| a.1.total_cmp(&b.1))
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
            (bch(u32::from(data), 5, FORMAT_GENERATOR), Self { protection, mask: data & 7 })
        })
    }

    /// The two likeliest formats of the models that there are at this version, the likelier one first.
    pub(crate) fn rank(modules: &Modules, version: Version) -> Vec<Likely> {
        let copies =
            format_places(modules.side).map(|copy| copy.map(|(column, row)| modules.at(column, row).clamp(-1.0, 1.0)));
        let one = model1::has(version).then_some((Model::One, MODEL_1_FORMAT_MASK));
        // Some encoders forget the mask of the format.
        let masks = [(Model::Two, FORMAT_MASK), (Model::Two, 0)].into_iter().chain(one);
        let mut ranked: Vec<(f32, u32, Model, Self)> = masks
            .flat_map(|(model, mask)| Self::all().map(move |(word, format)| (word ^ mask, model, format)))
            .map(|(word, model, format)| (agreement(&copies, word), word, model, format))
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        ranked.truncate(2);
        let likely =
            |(agreement, word, model, format)| Likely { model, format, agreement, evidence: evidence(&copies, word) };
        ranked.into_iter().map(likely).collect()
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

/// How far copies agree with a word, in the one or the two that agree most.
fn agreement(copies: &[[f32; 15]; 2], word: u32) -> f32 {
    let [one, other] = copies.map(|copy| {
        let speaks_for = copy.iter().enumerate().map(|(bit, &dark)| if word >> bit & 1 == 1 { dark } else { -dark });
        speaks_for.sum::<f32>()
    });
    // One copy may be under a thumb. Noise of two adds up to the root of two.
    one.max(other).max((one + other) * std::f32::consts::FRAC_1_SQRT_2)
}

/// Bits by which copies of a word differ from chance.
fn evidence(copies: &[[f32; 15]; 2], word: u32) -> f32 {
    let [one, other] = copies.map(|copy| {
        let is_wrong = |(bit, dark): (usize, f32)| if word >> bit & 1 == 1 { dark < 0.0 } else { dark > 0.0 };
        copy.into_iter().enumerate().map(|bit| u32::from(is_wrong(bit))).sum::<u32>()
    });
    surprise(15, one.min(other)).max(surprise(30, one + other)) - CHOICES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_standards_tables() {
        // Table C.1: 00101 becomes 0x40CE after masking.
        let words: Vec<u32> = Format::all().map(|(word, _)| word).collect();
        let masked = |word: usize| words[word] ^ FORMAT_MASK;
        assert_eq!((masked(0), masked(5), masked(31)), (0x5412, 0x40CE, 0x2BED));
    }

    #[test]
    fn marks_of_the_standards_table() {
        // Table D.1: version 7 is 0x07C94, version 40 is 0x28C69.
        for (number, word) in [(7, 0x07C94_u32), (40, 0x28C69)] {
            let copy: [f32; MARK_BITS] = std::array::from_fn(|bit| if word >> bit & 1 == 1 { 1.0 } else { -1.0 });
            let mut damaged = copy;
            damaged[3] = -damaged[3];
            let (version, evidence) = marked(&[damaged, copy.map(|_| 1.0)]).unwrap();
            assert!(version.number() == number && evidence > 6.0);
            assert!(marked(&[copy, copy]).unwrap().1 > 25.0);
        }
    }
}
