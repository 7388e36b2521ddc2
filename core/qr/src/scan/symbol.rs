//! What a symbol of each version looks like before any data is in it (ISO/IEC 18004 §6.3 and §7).

/// Version 1 to 40.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(u8);

/// Error correction level, in the order of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protection {
    L,
    M,
    Q,
    H,
}

/// Parity codewords of a block, by level and version (ISO/IEC 18004 table 9).
const PARITY: [[u8; 40]; 4] = [
    [
        7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30,
        30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
    [
        10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28, 28, 28,
        28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    ],
    [
        13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30, 28, 30, 30,
        30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
    [
        17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, 30, 30, 30, 30, 30, 30,
        30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
];

/// Blocks of a symbol, by level and version (ISO/IEC 18004 table 9).
const BLOCKS: [[u8; 40]; 4] = [
    [
        1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18,
        19, 19, 20, 21, 22, 24, 25,
    ],
    [
        1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31,
        33, 35, 37, 38, 40, 43, 45, 47, 49,
    ],
    [
        1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35, 38, 40,
        43, 45, 48, 51, 53, 56, 59, 62, 65, 68,
    ],
    [
        1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42, 45, 48,
        51, 54, 57, 60, 63, 66, 70, 74, 77, 81,
    ],
];

impl Version {
    pub(crate) const MAX: u8 = 40;

    pub(crate) const fn new(number: u8) -> Option<Self> {
        if number >= 1 && number <= Self::MAX { Some(Self(number)) } else { None }
    }

    pub(crate) const fn number(self) -> u8 {
        self.0
    }

    /// Modules along a side.
    pub(crate) const fn side(self) -> usize {
        17 + 4 * self.0 as usize
    }

    /// Whether the version is written into the symbol (§7.10).
    pub(crate) const fn is_marked(self) -> bool {
        self.0 >= 7
    }

    /// Blocks, and parity codewords of each.
    pub(crate) fn blocks(self, protection: Protection) -> (usize, usize) {
        let (level, version) = (protection as usize, usize::from(self.0) - 1);
        (usize::from(BLOCKS[level][version]), usize::from(PARITY[level][version]))
    }

    /// Columns, which are the rows too, of the centres of alignment patterns (annex E).
    pub(crate) fn alignment(self) -> Vec<usize> {
        if self.0 == 1 {
            return Vec::new();
        }
        let count = usize::from(self.0) / 7 + 2;
        // The last ones lie at equal, even distances; what does not come out even is between the first two. Version 32 is
        // the one exception of the standard's table.
        let step = if self.0 == 32 { 26 } else { (usize::from(self.0) * 4 + 4).div_ceil(2 * count - 2) * 2 };
        let last = self.side() - 7;
        let mut columns: Vec<usize> = (0..count - 1).rev().map(|place| last - place * step).collect();
        columns.insert(0, 6);
        columns
    }
}

/// What a module is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Module {
    /// Part of a pattern that is the same in every symbol of the version.
    Dark,
    /// Likewise.
    Light,
    /// Format or version information.
    Information,
    /// A bit of a codeword, or one that is left over.
    Data,
}

/// The modules of a version, row by row.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) version: Version,
    pub(crate) side: usize,
    modules: Vec<Module>,
}

impl Layout {
    pub(crate) fn new(version: Version) -> Self {
        let side = version.side();
        let mut layout = Self { version, side, modules: vec![Module::Data; side * side] };
        layout.timing();
        let last = side - 4;
        for (column, row) in [(3, 3), (last, 3), (3, last)] {
            layout.finder(column, row);
        }
        layout.alignment();
        layout.information();
        layout
    }

    pub(crate) fn at(&self, column: usize, row: usize) -> Module {
        self.modules[row * self.side + column]
    }

    fn set(&mut self, column: usize, row: usize, is_dark: bool) {
        self.modules[row * self.side + column] = if is_dark { Module::Dark } else { Module::Light };
    }

    fn timing(&mut self) {
        for at in 0..self.side {
            self.set(at, 6, at % 2 == 0);
            self.set(6, at, at % 2 == 0);
        }
    }

    /// A finder pattern with its separator, around its centre.
    fn finder(&mut self, column: usize, row: usize) {
        for y in row.saturating_sub(4)..(row + 5).min(self.side) {
            for x in column.saturating_sub(4)..(column + 5).min(self.side) {
                let ring = x.abs_diff(column).max(y.abs_diff(row));
                self.set(x, y, ring != 2 && ring != 4);
            }
        }
    }

    fn alignment(&mut self) {
        for (column, row) in alignment_centres(self.version) {
            for y in row - 2..=row + 2 {
                for x in column - 2..=column + 2 {
                    self.set(x, y, x.abs_diff(column).max(y.abs_diff(row)) != 1);
                }
            }
        }
    }

    fn information(&mut self) {
        let last = self.side - 1;
        for (column, row) in format_places(self.side).into_iter().flatten() {
            self.modules[row * self.side + column] = Module::Information;
        }
        self.set(8, last - 7, true);
        if self.version.is_marked() {
            for (column, row) in version_places(self.side).into_iter().flatten() {
                self.modules[row * self.side + column] = Module::Information;
            }
        }
    }

    /// Data modules in the order in which they are filled: pairs of columns from the right, upwards first (§7.7.3).
    pub(crate) fn data(&self) -> impl Iterator<Item = (usize, usize)> {
        let side = self.side;
        // The vertical timing pattern has a column of its own, which the pairs skip.
        let pairs = (1..side).rev().step_by(2).map(|right| if right <= 6 { right - 1 } else { right });
        pairs
            .enumerate()
            .flat_map(move |(pair, right)| {
                (0..side).flat_map(move |step| {
                    let row = if pair % 2 == 0 { side - 1 - step } else { step };
                    [(right, row), (right - 1, row)]
                })
            })
            .filter(|&(column, row)| self.at(column, row) == Module::Data)
    }

    /// Codewords that fit.
    pub(crate) fn codewords(&self) -> usize {
        self.modules.iter().filter(|&&module| module == Module::Data).count() / 8
    }
}

/// Centres of all alignment patterns as (column, row).
pub(crate) fn alignment_centres(version: Version) -> Vec<(usize, usize)> {
    let columns = version.alignment();
    let last = version.side() - 7;
    let finders = [(6, 6), (last, 6), (6, last)];
    let all = columns.iter().flat_map(|&row| columns.iter().map(move |&column| (column, row)));
    all.filter(|center| !finders.contains(center)).collect()
}

/// Both places of the 15 bits of format information as (column, row), lowest bit first (§7.9).
pub(crate) fn format_places(side: usize) -> [[(usize, usize); 15]; 2] {
    let mut places = [[(0, 0); 15]; 2];
    let [corner, edges] = &mut places;
    for (bit, (first, second)) in corner.iter_mut().zip(edges).enumerate() {
        *first = match bit {
            0..=5 => (8, bit),
            6 | 7 => (8, bit + 1),
            8 => (7, 8),
            _ => (14 - bit, 8),
        };
        *second = if bit < 8 { (side - 1 - bit, 8) } else { (8, side - 15 + bit) };
    }
    places
}

/// Both places of the 18 bits of version information as (column, row), lowest bit first (§7.10).
pub(crate) fn version_places(side: usize) -> [[(usize, usize); 18]; 2] {
    let mut places = [[(0, 0); 18]; 2];
    let [right, below] = &mut places;
    for (bit, (first, second)) in right.iter_mut().zip(below).enumerate() {
        let (near, far) = (bit / 3, side - 11 + bit % 3);
        (*first, *second) = ((far, near), (near, far));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alignment_columns_of_annex_e() {
        let columns = |number| Version::new(number).unwrap().alignment();
        assert!(columns(1).is_empty());
        assert_eq!(columns(2), [6, 18]);
        assert_eq!(columns(7), [6, 22, 38]);
        assert_eq!(columns(15), [6, 26, 48, 70]);
        assert_eq!(columns(32), [6, 34, 60, 86, 112, 138]);
        assert_eq!(columns(36), [6, 24, 50, 76, 102, 128, 154]);
        assert_eq!(columns(40), [6, 30, 58, 86, 114, 142, 170]);
    }

    #[test]
    fn codewords_of_table_1() {
        for (number, codewords) in [(1, 26), (2, 44), (6, 172), (7, 196), (14, 581), (21, 1156), (32, 2465), (40, 3706)]
        {
            assert_eq!(Layout::new(Version::new(number).unwrap()).codewords(), codewords);
        }
    }

    #[test]
    fn every_level_leaves_room_for_data() {
        for version in (1..=Version::MAX).filter_map(Version::new) {
            for protection in [Protection::L, Protection::M, Protection::Q, Protection::H] {
                let (blocks, parity) = version.blocks(protection);
                let codewords = Layout::new(version).codewords();
                assert!(codewords / blocks > parity && codewords.div_ceil(blocks) <= 255);
            }
        }
    }
}
