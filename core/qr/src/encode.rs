//! Text to module matrix.

use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, Version};

use crate::QrError;

/// ECI assignment number of UTF-8 (AIM ECI part 3).
const ECI_UTF_8: u32 = 26;
/// The largest QR code has version 40.
const VERSIONS: std::ops::RangeInclusive<i16> = 1..=40;

/// Error correction level (ISO/IEC 18004 §7.5.1).
///
/// There is one on purpose: `Q` and `H` cost one to three versions, and so smaller modules, for damage that a screen does
/// not have; `L` gains one version that glare eats again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Level {
    /// About 15 % of the codewords can be restored.
    #[default]
    M,
}

impl Level {
    const fn ec(self) -> EcLevel {
        match self {
            Self::M => EcLevel::M,
        }
    }
}

/// A QR code as a square of dark and light modules, without its quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrCode {
    side: u32,
    dark: Vec<bool>,
}

/// Encodes a text into the smallest QR code that holds it.
///
/// ASCII is split into the numeric, alphanumeric and byte segments that take the fewest bits, so an upper-case
/// `HTTPS://HOST/C/1/…` takes 5½ bits a character. Anything else is written as UTF-8 bytes and says so (ECI 26): without
/// it, readers guess the character set.
///
/// # Errors
/// [`QrError::TextEmpty`], [`QrError::TextTooLong`].
pub fn encode(text: &str, level: Level) -> Result<QrCode, QrError> {
    if text.is_empty() {
        return Err(QrError::TextEmpty);
    }
    let bits = if text.is_ascii() {
        qrcode::bits::encode_auto(text.as_bytes(), level.ec()).ok()
    } else {
        VERSIONS.map(Version::Normal).find_map(|version| utf8_bits(text, version, level.ec()))
    };
    let code = bits.and_then(|bits| qrcode::QrCode::with_bits(bits, level.ec()).ok());
    let code = code.ok_or(QrError::TextTooLong { length: text.len() })?;
    let dark: Vec<bool> = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
    Ok(QrCode { side: u32::try_from(code.width()).unwrap_or_default(), dark })
}

/// The text as one byte segment of this version, if it fits.
fn utf8_bits(text: &str, version: Version, level: EcLevel) -> Option<Bits> {
    let mut bits = Bits::new(version);
    bits.push_eci_designator(ECI_UTF_8).ok()?;
    bits.push_byte_data(text.as_bytes()).ok()?;
    bits.push_terminator(level).ok()?;
    Some(bits)
}

impl QrCode {
    /// Modules along one side: 21 for version 1, 4 more for each further version. The quiet zone is not counted.
    #[must_use]
    pub const fn side(&self) -> u32 {
        self.side
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
