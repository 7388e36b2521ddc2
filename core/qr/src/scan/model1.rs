//! QR Code Model 1, the symbol of 1994 (AIM ITS 97-001, ISO/IEC 18004:2000 annex M): versions 1 to 14 without alignment
//! patterns, whole codewords as blocks of modules, other tables. Finder patterns, timing, format and masks are the same.

use super::symbol::{Protection, Version};

/// The modules of a codeword as (column, row), highest bit first.
pub(crate) type Cells = [(usize, usize); 8];

/// Parity codewords of a block, and blocks, by level and version (annex M, table M.4).
const PARITY: [[u8; 14]; 4] = [
    [7, 10, 15, 20, 26, 34, 42, 24, 30, 34, 40, 46, 36, 40],
    [10, 16, 28, 40, 52, 32, 40, 48, 60, 68, 40, 46, 52, 60],
    [13, 22, 36, 50, 66, 42, 52, 64, 50, 58, 52, 58, 66, 60],
    [17, 30, 48, 66, 44, 56, 46, 56, 68, 58, 54, 62, 58, 66],
];
const BLOCKS: [[u8; 14]; 4] = [
    [1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3],
    [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 4, 4, 4, 4],
    [1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 4, 5],
    [1, 1, 1, 1, 2, 2, 3, 3, 3, 4, 5, 5, 6, 6],
];

/// The half of the first codeword that the extension pattern in the corner takes; it reads as 0.
pub(crate) const FIRST_CODEWORD: u8 = 0x0F;

/// Whether there is a Model 1 symbol of this version.
pub(crate) const fn has(version: Version) -> bool {
    version.number() as usize <= PARITY[0].len()
}

/// Blocks, all of one length, and parity codewords of each. `None` for versions that Model 1 does not have.
pub(crate) fn blocks(version: Version, protection: Protection) -> Option<(usize, usize)> {
    let (level, at) = (protection as usize, usize::from(version.number()) - 1);
    Some((usize::from(*BLOCKS[level].get(at)?), usize::from(PARITY[level][at])))
}

/// Where the codewords are, in their order: strips from the right, each upwards. The two strips at the right and the four
/// at the left are two modules wide and hold codewords four modules tall; those between are four wide and hold codewords
/// two tall.
pub(crate) fn placement(version: Version) -> Vec<Cells> {
    let (side, number) = (version.side(), usize::from(version.number()));
    let last = side - 1;
    let mut codewords = Vec::new();
    for step in 0..number + 2 {
        // Every other place at the edge is an extension pattern, but for those next to the corners.
        if step % 2 == 1 || step == 0 || step == number + 1 {
            codewords.push(cells::<2>(last, last - 4 * step));
        }
    }
    codewords.extend((0..number + 2).map(|step| cells::<2>(last - 2, last - 4 * step)));
    for strip in 0..=number {
        let right = last - 4 - 4 * strip;
        // The first one ends below a finder pattern, the others go on above the timing pattern, at row 6.
        let below = (0..2 * number + 4 + usize::from(strip > 0)).map(|step| last - 2 * step);
        let above = [5, 3, 1].into_iter().filter(|_| strip > 0);
        let extension = usize::from(strip % 2 == 1 && strip != number);
        codewords.extend(below.chain(above).skip(extension).map(|bottom| cells::<4>(right, bottom)));
    }
    // The vertical timing pattern lies between the first of these strips and the others.
    for right in [8, 5, 3, 1] {
        codewords.extend((0..number).map(|step| cells::<2>(right, last - 8 - 4 * step)));
    }
    codewords
}

/// The cells of a codeword `WIDE` modules wide: from its bottom right to the left, then upwards.
fn cells<const WIDE: usize>(right: usize, bottom: usize) -> Cells {
    std::array::from_fn(|bit| (right - bit % WIDE, bottom - bit / WIDE))
}

/// The data without the filler of four bits before the first mode indicator.
pub(crate) fn without_filler(data: &[u8]) -> Vec<u8> {
    let next = data.iter().skip(1).chain(&[0]);
    data.iter().zip(next).map(|(&here, &next)| here << 4 | next >> 4).collect()
}

#[cfg(test)]
mod tests {
    use super::super::codewords::Kept;
    use super::super::information::Format;
    use super::super::read::{Trouble, decode};
    use super::super::reed_solomon::tests::protected;
    use super::super::soft::Modules;
    use super::super::symbol::{Layout, Module, format_places};
    use super::*;

    const LEVELS: [Protection; 4] = [Protection::L, Protection::M, Protection::Q, Protection::H];

    fn versions() -> impl Iterator<Item = Version> {
        (1..=14).filter_map(Version::new)
    }

    #[test]
    fn as_many_codewords_as_fit() {
        let expected = [26, 46, 72, 100, 134, 170, 212, 256, 306, 358, 416, 476, 542, 610];
        for (version, codewords) in versions().zip(expected) {
            assert_eq!(placement(version).len(), codewords, "{version:?}");
            for protection in LEVELS {
                let (blocks, parity) = blocks(version, protection).unwrap();
                assert!(codewords / blocks > parity && codewords / blocks <= 255);
            }
        }
        assert!(blocks(Version::new(15).unwrap(), Protection::L).is_none());
    }

    /// What annex M draws: patterns first, and then whatever codeword finds eight free modules.
    fn drawn(version: Version) -> Vec<Cells> {
        let (side, number) = (version.side(), usize::from(version.number()));
        let mut free = vec![true; side * side];
        let mut take = |columns: std::ops::Range<usize>, rows: std::ops::Range<usize>| {
            for row in rows {
                free[row * side..][columns.clone()].fill(false);
            }
        };
        // Finder patterns with separators and format, and timing.
        take(0..9, 0..9);
        take(side - 8..side, 0..9);
        take(0..9, side - 8..side);
        take(0..side, 6..7);
        take(6..7, 0..side);
        // Extension patterns, eight modules apart.
        for at in (0..side).rev().skip(8).step_by(8).filter(|&at| at >= 16) {
            take(side - 2..side, at - 3..at + 1);
            take(at - 3..at + 1, side - 2..side);
        }
        let mut found = Vec::new();
        let strips = [(2, side - 2), (2, side - 4)].into_iter();
        let strips = strips.chain((0..=number).map(|at| (4, side - 8 - 4 * at)));
        for (wide, left) in strips.chain([(2, 7), (2, 4), (2, 2), (2, 0)]) {
            let mut bottom = side;
            while bottom >= 8 / wide {
                let tall = 8 / wide;
                let cells: Cells = std::array::from_fn(|bit| (left + wide - 1 - bit % wide, bottom - 1 - bit / wide));
                if cells.iter().all(|&(column, row)| free[row * side + column]) {
                    found.push(cells);
                    bottom -= tall;
                } else {
                    bottom -= if bottom == 7 { 1 } else { tall.min(bottom) };
                }
            }
        }
        found
    }

    #[test]
    fn codewords_are_where_patterns_leave_room() {
        for version in versions() {
            assert_eq!(placement(version), drawn(version), "{version:?}");
        }
    }

    /// A symbol with a text in byte mode; `word` is the format as table C.1 gives it for Model 2.
    fn symbol(version: Version, format: Format, word: u32, text: &str) -> Modules {
        let codewords = drawn(version);
        let (blocks, parity) = blocks(version, format.protection).unwrap();
        let each = codewords.len() / blocks - parity;
        // A count of eight bits, from version 10 on of sixteen.
        let wide = vec![0; if version.number() < 10 { 0 } else { 2 }];
        let nibbles = [0, 0b0100].into_iter().chain(wide).chain([text.len() >> 4, text.len() & 15]);
        let nibbles = nibbles.chain(text.bytes().flat_map(|byte| [usize::from(byte >> 4), usize::from(byte & 15)]));
        let mut nibbles: Vec<usize> = nibbles.collect();
        nibbles.resize(2 * each * blocks, 0);
        let data: Vec<u8> = nibbles.chunks(2).map(|pair| u8::try_from(pair[0] << 4 | pair[1]).unwrap()).collect();
        let parities = data.chunks(each).flat_map(|block| protected(block, parity)[each..].to_vec());
        let sent: Vec<u8> = data.iter().copied().chain(parities).collect();
        let layout = Layout::new(version);
        let side = layout.side;
        let sign = |is_dark: bool| if is_dark { 1.0 } else { -1.0 };
        let mut values: Vec<f32> =
            (0..side * side).map(|at| sign(layout.at(at % side, at / side) == Module::Dark)).collect();
        for (cells, value) in codewords.iter().zip(sent) {
            for (bit, &(column, row)) in cells.iter().enumerate() {
                let is_dark = (value << bit & 0x80 != 0) != format.is_masked(column, row);
                values[row * side + column] = sign(is_dark);
            }
        }
        for (bit, places) in (0..15).flat_map(|bit| format_places(side).map(|copy| (bit, copy[bit]))) {
            values[places.1 * side + places.0] = sign((word ^ 0x5412 ^ 0x2825) >> bit & 1 == 1);
        }
        // The corner is an extension pattern, dark whatever the mask.
        for (column, row) in &codewords[0][..4] {
            values[row * side + column] = 1.0;
        }
        Modules { side, values }
    }

    #[test]
    fn symbols_are_read() {
        let formats = [(Protection::M, 5, 0x40CE), (Protection::H, 3, 0x19D0), (Protection::L, 0, 0x77C4)];
        for version in versions() {
            for (protection, mask, word) in formats {
                let modules = symbol(version, Format { protection, mask }, word, "MODEL1");
                let message = decode(&modules, &Layout::new(version), Trouble::Little, &mut Kept::default()).unwrap();
                assert_eq!(message.text, "MODEL1", "{version:?} {protection:?}");
                let mirrored =
                    decode(&modules.transposed(), &Layout::new(version), Trouble::Little, &mut Kept::default());
                assert_eq!(mirrored, Some(message));
            }
        }
    }
}
