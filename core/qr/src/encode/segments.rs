//! Which runs of a text are written in which mode, so that the whole takes the fewest bits.

use qrcode::Version;
use qrcode::bits::Bits;
use qrcode::types::QrError as EncoderError;

/// ECI assignment number of UTF-8 (AIM ECI part 3).
const ECI_UTF_8: u32 = 26;
/// Bits of a mode indicator (ISO/IEC 18004 table 2).
const MODE_BITS: u32 = 4;
/// Bits of the ECI mode indicator and the one-byte designator.
const ECI_BITS: u32 = 12;
/// Costs are counted in sixths of a bit: a digit takes 3⅓ bits, a character of the alphanumeric set 5½.
const SIXTHS: u32 = 6;

/// How a run of bytes is written (ISO/IEC 18004 §7.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Numeric,
    Alphanumeric,
    Byte,
}

/// The versions that write character counts with the same number of bits (ISO/IEC 18004 table 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Band {
    UpTo9,
    UpTo26,
    UpTo40,
}

/// A run of bytes in one mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) mode: Mode,
    pub(super) length: usize,
}

/// A text cut into segments, for the versions of one band.
#[derive(Debug)]
pub(super) struct Plan<'t> {
    text: &'t str,
    segments: Vec<Segment>,
    /// Data bits without terminator and padding.
    pub(super) bits: u32,
}

impl Mode {
    const ALL: [Self; 3] = [Self::Numeric, Self::Alphanumeric, Self::Byte];

    const fn count_bits(self, band: Band) -> u32 {
        match (self, band) {
            (Self::Numeric, Band::UpTo9) => 10,
            (Self::Numeric, Band::UpTo26) => 12,
            (Self::Numeric, Band::UpTo40) => 14,
            (Self::Alphanumeric, Band::UpTo9) => 9,
            (Self::Alphanumeric, Band::UpTo26) => 11,
            (Self::Alphanumeric, Band::UpTo40) => 13,
            (Self::Byte, Band::UpTo9) => 8,
            (Self::Byte, Band::UpTo26 | Band::UpTo40) => 16,
        }
    }

    /// Sixths of a bit that this byte takes in this mode, where the mode has it.
    const fn cost(self, byte: u8) -> Option<u32> {
        match self {
            Self::Numeric if byte.is_ascii_digit() => Some(20),
            Self::Alphanumeric
                if byte.is_ascii_digit()
                    || byte.is_ascii_uppercase()
                    || matches!(byte, b' ' | b'$' | b'%' | b'*' | b'+' | b'-' | b'.' | b'/' | b':') =>
            {
                Some(33)
            }
            Self::Byte => Some(8 * SIXTHS),
            Self::Numeric | Self::Alphanumeric => None,
        }
    }
}

impl Band {
    /// The band of a version, 1 to 40.
    pub(super) const fn of(version: i16) -> Self {
        match version {
            ..=9 => Self::UpTo9,
            10..=26 => Self::UpTo26,
            _ => Self::UpTo40,
        }
    }
}

/// The cheapest way to stand behind a byte in some mode.
#[derive(Clone, Copy)]
struct Step {
    sixths: u32,
    /// The mode of the byte before, as a place in [`Mode::ALL`].
    came_from: usize,
}

impl<'t> Plan<'t> {
    /// The cut with the fewest bits: the cheapest path through the bytes, each of which may stay in the mode of the one
    /// before or pay the head of a new segment. What is not ASCII is written as UTF-8 bytes and says so (ECI 26).
    pub(super) fn cheapest(text: &'t str, band: Band) -> Self {
        let head = |mode: Mode| SIXTHS * (MODE_BITS + mode.count_bits(band));
        let mut costs: [Option<u32>; 3] = Mode::ALL.map(|_| None);
        let mut steps: Vec<[Option<Step>; 3]> = Vec::with_capacity(text.len());
        for &byte in text.as_bytes() {
            // A segment ends on a whole bit.
            let ended =
                costs.iter().enumerate().filter_map(|(at, cost)| Some((cost.as_ref()?.next_multiple_of(SIXTHS), at)));
            let cheapest_end = if steps.is_empty() { Some((0, 0)) } else { ended.min() };
            let row = [0, 1, 2].map(|at| {
                let mode = Mode::ALL[at];
                let byte_cost = mode.cost(byte)?;
                let begun =
                    cheapest_end.map(|(cost, before)| Step { sixths: cost + head(mode), came_from: before + BEGUN });
                let kept = costs[at].map(|sixths| Step { sixths, came_from: at });
                // Of two equal ways the one with fewer segments.
                let step = [kept, begun].into_iter().flatten().min_by_key(|step| step.sixths)?;
                Some(Step { sixths: step.sixths + byte_cost, ..step })
            });
            costs = row.map(|step| step.map(|step| step.sixths));
            steps.push(row);
        }
        let eci = if text.is_ascii() { 0 } else { ECI_BITS };
        let last = costs.iter().enumerate().filter_map(|(at, cost)| Some((cost.as_ref()?.div_ceil(SIXTHS), at))).min();
        let (bits, last) = last.unwrap_or_default();
        Self { text, segments: walk_back(&steps, last), bits: bits + eci }
    }

    /// The data bits in this version of the plan's band, without terminator.
    pub(super) fn write(&self, version: i16) -> Result<Bits, EncoderError> {
        let mut bits = Bits::new(Version::Normal(version));
        if !self.text.is_ascii() {
            bits.push_eci_designator(ECI_UTF_8)?;
        }
        let mut rest = self.text.as_bytes();
        for segment in &self.segments {
            let (run, after) = rest.split_at_checked(segment.length).unwrap_or((rest, &[]));
            match segment.mode {
                Mode::Numeric => bits.push_numeric_data(run)?,
                Mode::Alphanumeric => bits.push_alphanumeric_data(run)?,
                Mode::Byte => bits.push_byte_data(run)?,
            }
            rest = after;
        }
        Ok(bits)
    }
}

/// Added to [`Step::came_from`] where a new segment begins, also one of the same mode.
const BEGUN: usize = Mode::ALL.len();

fn walk_back(steps: &[[Option<Step>; 3]], last: usize) -> Vec<Segment> {
    let (mut segments, mut at, mut length) = (Vec::new(), last, 0);
    for row in steps.iter().rev() {
        length += 1;
        let came_from = row[at].map_or(BEGUN, |step| step.came_from);
        if came_from >= BEGUN {
            segments.push(Segment { mode: Mode::ALL[at], length });
            length = 0;
        }
        at = came_from % BEGUN;
    }
    segments.reverse();
    segments
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn modes(text: &str) -> Vec<(Mode, usize)> {
        Plan::cheapest(text, Band::UpTo9).segments.iter().map(|s| (s.mode, s.length)).collect()
    }

    /// Bits of every possible cut, tried one by one.
    fn least_of_all_cuts(text: &[u8], band: Band) -> u32 {
        fn rest(text: &[u8], band: Band, known: &mut Vec<Option<u32>>) -> u32 {
            if text.is_empty() {
                return 0;
            }
            if let Some(bits) = known[text.len()] {
                return bits;
            }
            let mut least = u32::MAX;
            for length in 1..=text.len() {
                for mode in Mode::ALL {
                    let costs: Option<Vec<u32>> = text[..length].iter().map(|&byte| mode.cost(byte)).collect();
                    if let Some(costs) = costs {
                        let data = costs.iter().sum::<u32>().div_ceil(SIXTHS);
                        let bits = MODE_BITS + mode.count_bits(band) + data + rest(&text[length..], band, known);
                        least = least.min(bits);
                    }
                }
            }
            known[text.len()] = Some(least);
            least
        }
        rest(text, band, &mut vec![None; text.len() + 1])
    }

    #[test]
    fn a_link_with_digits_changes_mode_where_it_pays() {
        assert_eq!(modes("HTTPS://A.EXAMPLE/C/1/K7"), [(Mode::Alphanumeric, 24)]);
        assert_eq!(modes("https://a.example/#12345678901234567890"), [(Mode::Byte, 19), (Mode::Numeric, 20)]);
        assert_eq!(modes("abc12def"), [(Mode::Byte, 8)]);
        assert_eq!(modes("章ABCDEFGHIJKLMNOP"), [(Mode::Byte, 3), (Mode::Alphanumeric, 16)]);
    }

    proptest! {
        #[test]
        fn no_cut_is_cheaper(text in "[0-9A-Za-z:/é章]{1,24}", band in prop::sample::select(vec![1_i16, 15, 33])) {
            let plan = Plan::cheapest(&text, Band::of(band));
            let eci = if text.is_ascii() { 0 } else { ECI_BITS };
            prop_assert_eq!(plan.bits, least_of_all_cuts(text.as_bytes(), Band::of(band)) + eci);
            prop_assert_eq!(plan.segments.iter().map(|segment| segment.length).sum::<usize>(), text.len());
            prop_assert_eq!(plan.write(band).unwrap().len(), plan.bits as usize);
        }
    }
}
