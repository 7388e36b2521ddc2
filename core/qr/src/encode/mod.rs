//! Text to module matrix.

mod screen;
mod segments;

use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, Version};

pub use screen::{LEAST_CAMERA_PX_PER_MODULE, Screen};
use segments::{Band, Plan};

use crate::QrError;

/// The largest QR code has version 40.
const VERSIONS: std::ops::RangeInclusive<i16> = 1..=40;

/// Error correction level (ISO/IEC 18004 §7.5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Level {
    /// About 7 % of the codewords can be restored: one version less where the screen is small, and glare eats it again.
    L,
    /// About 15 %: what a screen wants, which has glare and no dirt.
    #[default]
    M,
    /// About 25 %.
    Q,
    /// About 30 %.
    H,
}

impl Level {
    const ALL: [Self; 4] = [Self::L, Self::M, Self::Q, Self::H];

    const fn ec(self) -> EcLevel {
        match self {
            Self::L => EcLevel::L,
            Self::M => EcLevel::M,
            Self::Q => EcLevel::Q,
            Self::H => EcLevel::H,
        }
    }
}

/// A QR code as a square of dark and light modules, without its quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrCode {
    side: u32,
    level: Level,
    dark: Vec<bool>,
}

/// Encodes a text into the smallest QR code that holds it at this level, and then at the highest level that the size
/// gives away for nothing.
///
/// The text is cut into the numeric, alphanumeric and byte segments that take the fewest bits, so an upper-case
/// `HTTPS://HOST/C/1/…` takes 5½ bits a character. What is not ASCII is written as UTF-8 bytes and says so (ECI 26):
/// without it, readers guess the character set.
///
/// # Errors
/// [`QrError::TextEmpty`], [`QrError::TextTooLong`].
pub fn encode(text: &str, least: Level) -> Result<QrCode, QrError> {
    if text.is_empty() {
        return Err(QrError::TextEmpty);
    }
    let too_long = QrError::TextTooLong { length: text.len() };
    if text.len() > MOST_DIGITS {
        return Err(too_long);
    }
    let mut plan: Option<(Band, Plan<'_>)> = None;
    for version in VERSIONS {
        let band = Band::of(version);
        if plan.as_ref().is_none_or(|(planned, _)| *planned != band) {
            plan = Some((band, Plan::cheapest(text, band)));
        }
        let Some((_, plan)) = &plan else { continue };
        let Some(level) = highest(plan, version, least) else { continue };
        return build(plan, version, level).ok_or(too_long);
    }
    Err(too_long)
}

/// Digits that version 40-L holds, and no text can be longer (ISO/IEC 18004 table 7).
const MOST_DIGITS: usize = 7089;

/// The highest level at which this version holds the plan.
fn highest(plan: &Plan<'_>, version: i16, least: Level) -> Option<Level> {
    let empty = Bits::new(Version::Normal(version));
    let holds = |level: &Level| empty.max_len(level.ec()).is_ok_and(|most| plan.bits as usize <= most);
    Level::ALL.into_iter().rev().filter(|level| *level >= least).find(holds)
}

fn build(plan: &Plan<'_>, version: i16, level: Level) -> Option<QrCode> {
    let mut bits = plan.write(version).ok()?;
    bits.push_terminator(level.ec()).ok()?;
    let code = qrcode::QrCode::with_bits(bits, level.ec()).ok()?;
    let dark: Vec<bool> = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
    Some(QrCode { side: u32::try_from(code.width()).ok()?, level, dark })
}

impl QrCode {
    /// Modules along one side: 21 for version 1, 4 more for each further version. The quiet zone is not counted.
    #[must_use]
    pub const fn side(&self) -> u32 {
        self.side
    }

    /// The error correction level it was written at.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.level
    }

    /// Whether the module in this column and row is dark, both counted from the top left; outside of the code, none is.
    #[must_use]
    pub fn is_dark(&self, column: u32, row: u32) -> bool {
        self.row(row).is_some_and(|modules| modules.get(column as usize).copied().unwrap_or_default())
    }

    /// One row of modules, `true` for dark.
    pub(crate) fn row(&self, row: u32) -> Option<&[bool]> {
        self.dark.chunks_exact(self.side as usize).nth(row as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(text: &str) -> u32 {
        encode(text, Level::M).unwrap().side()
    }

    #[test]
    fn an_upper_case_link_takes_alphanumeric_mode() {
        // Version 3-M holds 61 alphanumeric characters but 42 bytes, version 4-M 62 bytes (ISO/IEC 18004 table 7).
        let link = format!("HTTPS://SEAL.EXAMPLE.GOV.CN/C/1/{}", "A".repeat(29));
        assert_eq!(link.len(), 61);
        assert_eq!(side(&link), 29);
        assert_eq!(side(&link.to_lowercase()), 33);
    }

    #[test]
    fn digits_after_a_link_take_numeric_mode() {
        let host = "https://seal.example.gov.cn/q#";
        assert!(side(&format!("{host}{}", "7".repeat(60))) < side(&format!("{host}{}", "x".repeat(60))));
    }

    #[test]
    fn grows_by_four_modules_a_version_up_to_the_last() {
        assert_eq!(side("1"), 21);
        assert_eq!(side(&"a".repeat(2331)), 177);
        assert_eq!(encode(&"a".repeat(2332), Level::M).unwrap_err(), QrError::TextTooLong { length: 2332 });
        assert_eq!(encode(&"章".repeat(1000), Level::M).unwrap_err().code(), "qr.text-too-long");
    }

    #[test]
    fn takes_the_level_that_costs_no_version() {
        // Version 1 holds 25, 20, 16 and 10 alphanumeric characters at L, M, Q and H (ISO/IEC 18004 table 7).
        for (length, level) in [(10, Level::H), (11, Level::Q), (16, Level::Q), (17, Level::M), (20, Level::M)] {
            let code = encode(&"A".repeat(length), Level::M).unwrap();
            assert_eq!((code.side(), code.level()), (21, level), "{length} characters");
        }
        assert_eq!(encode(&"A".repeat(25), Level::L).unwrap().level(), Level::L);
        assert_eq!(encode(&"A".repeat(25), Level::M).unwrap().side(), 25);
        assert_eq!(encode(&"1".repeat(MOST_DIGITS), Level::L).unwrap().side(), 177);
        assert_eq!(encode(&"1".repeat(MOST_DIGITS + 1), Level::L).unwrap_err().code(), "qr.text-too-long");
    }

    #[test]
    fn refuses_an_empty_text() {
        assert_eq!(encode("", Level::M).unwrap_err().code(), "qr.text-empty");
    }

    #[test]
    fn has_its_finder_patterns_and_nothing_outside() {
        let code = encode("HTTPS://SEAL.EXAMPLE/C/1/A", Level::M).unwrap();
        let last = code.side() - 1;
        for (column, row) in [(0, 0), (last, 0), (0, last), (3, 3), (last - 3, 3), (3, last - 3)] {
            assert!(code.is_dark(column, row));
        }
        assert!(!code.is_dark(1, 1));
        assert!(!code.is_dark(code.side(), 0));
        assert!(!code.is_dark(0, code.side()));
    }
}
