//! Text strings (ISO 32000-2, 7.9.2.2) and dates (7.9.4).

use std::fmt::Write as _;

use eseal_crypto::cert::UnixTime;

use crate::pdf::error::PdfError;
use crate::pdf::limits::MAX_TEXT_CHARS;
use crate::pdf::write::revision::hex;

/// A moment and the local time zone that is shown with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SigningTime {
    /// Seconds since 1970, UTC.
    pub at: UnixTime,
    /// Local time minus UTC, minutes (China: 480).
    pub offset_minutes: i16,
}

const MINUTES_PER_DAY: u16 = 24 * 60;
const SECONDS_PER_DAY: i64 = 86_400;

impl SigningTime {
    /// As a PDF date, `(D:20261122153000+08'00')`.
    pub(crate) fn to_pdf(self) -> Result<String, PdfError> {
        let out_of_range = PdfError::TimeOutOfRange;
        if self.offset_minutes.unsigned_abs() >= MINUTES_PER_DAY {
            return Err(out_of_range);
        }
        let utc = i64::try_from(self.at.0).map_err(|_| PdfError::TimeOutOfRange)?;
        let local = utc.checked_add(i64::from(self.offset_minutes) * 60).ok_or(PdfError::TimeOutOfRange)?;
        let (days, seconds) = (local.div_euclid(SECONDS_PER_DAY), local.rem_euclid(SECONDS_PER_DAY));
        let (year, month, day) = civil_from_days(days);
        if !(0..=9_999).contains(&year) {
            return Err(out_of_range);
        }
        let (sign, offset) = (if self.offset_minutes < 0 { '-' } else { '+' }, self.offset_minutes.unsigned_abs());
        let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        Ok(format!(
            "(D:{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}{sign}{:02}'{:02}')",
            offset / 60,
            offset % 60
        ))
    }
}

/// A PDF date as a moment; what is missing at the end is as the standard says, a missing zone is taken for UTC.
pub(crate) fn parse_date(text: &[u8]) -> Option<UnixTime> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let text = text.strip_prefix("D:").unwrap_or(text);
    let digits_end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, zone) = text.split_at(digits_end);
    let field = |from: usize, to: usize, default: i64| match digits.get(from..to) {
        Some(part) => part.parse().ok(),
        None if digits.len() <= from => Some(default),
        None => None,
    };
    let year: i64 = digits.get(..4)?.parse().ok()?;
    let (month, day) = (field(4, 6, 1)?, field(6, 8, 1)?);
    let (hour, minute, second) = (field(8, 10, 0)?, field(10, 12, 0)?, field(12, 14, 0)?);
    let in_range = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 61;
    if !in_range {
        return None;
    }
    let zone_minutes = match zone.as_bytes().first() {
        Some(sign @ (b'+' | b'-')) => {
            let mut parts = zone[1..].split('\'').filter(|part| !part.is_empty());
            let hours: i64 = parts.next()?.parse().ok()?;
            let minutes: i64 = parts.next().map_or(Some(0), |part| part.parse().ok())?;
            let total = (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)?;
            if *sign == b'-' { -total } else { total }
        }
        _ => 0,
    };
    let seconds = days_from_civil(year, month, day) * SECONDS_PER_DAY + hour * 3_600 + minute * 60 + second;
    u64::try_from(seconds - zone_minutes * 60).ok().map(UnixTime)
}

/// Howard Hinnant's `civil_from_days`: days since 1970-01-01 to year, month, day of the Gregorian calendar.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The way back.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// A text as a string token: printable ASCII as it is, anything else as UTF-16.
pub(crate) fn text_string(text: &str, what: &'static str) -> Result<String, PdfError> {
    if text.chars().count() > MAX_TEXT_CHARS {
        return Err(PdfError::TooLong { what });
    }
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        let mut out = String::from("(");
        for character in text.chars() {
            if matches!(character, '(' | ')' | '\\') {
                out.push('\\');
            }
            out.push(character);
        }
        out.push(')');
        return Ok(out);
    }
    let mut out = String::from("<FEFF");
    for unit in text.encode_utf16() {
        let _ = write!(out, "{unit:04X}");
    }
    out.push('>');
    Ok(out)
}

/// `PDFDocEncoding` where it is not Latin-1 (ISO 32000-2, annex D.2): 0x18 to 0x1F, then 0x80 to 0xA0.
const LOW: [char; 8] = ['\u{2d8}', '\u{2c7}', '\u{2c6}', '\u{2d9}', '\u{2dd}', '\u{2db}', '\u{2da}', '\u{2dc}'];
const HIGH: [char; 33] = [
    '\u{2022}', '\u{2020}', '\u{2021}', '\u{2026}', '\u{2014}', '\u{2013}', '\u{192}', '\u{2044}', '\u{2039}',
    '\u{203a}', '\u{2212}', '\u{2030}', '\u{201e}', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}', '\u{201a}',
    '\u{2122}', '\u{fb01}', '\u{fb02}', '\u{141}', '\u{152}', '\u{160}', '\u{178}', '\u{17d}', '\u{131}', '\u{142}',
    '\u{153}', '\u{161}', '\u{17e}', '\u{fffd}', '\u{20ac}',
];

/// The text that a text string's bytes stand for.
pub(crate) fn decode_text(bytes: &[u8]) -> String {
    if let Some(utf16) = bytes.strip_prefix(b"\xfe\xff") {
        let units = utf16.chunks(2).map(|pair| u16::from(pair[0]) << 8 | u16::from(pair.get(1).copied().unwrap_or(0)));
        return char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    }
    if let Some(utf8) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return String::from_utf8_lossy(utf8).into_owned();
    }
    let character = |byte: &u8| match *byte {
        low @ 0x18..=0x1f => LOW[usize::from(low - 0x18)],
        high @ 0x80..=0xa0 => HIGH[usize::from(high - 0x80)],
        other => char::from(other),
    };
    bytes.iter().map(character).collect()
}

/// Bytes as a hexadecimal string token.
pub(crate) fn byte_string(bytes: &[u8], limit: usize, what: &'static str) -> Result<String, PdfError> {
    if bytes.len() > limit { Err(PdfError::TooLong { what }) } else { Ok(hex(bytes)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_in_local_time_and_read_back() {
        let time = SigningTime { at: UnixTime(1_795_332_600), offset_minutes: 480 };
        assert_eq!(time.to_pdf().unwrap(), "(D:20261122153000+08'00')");
        for (seconds, offset_minutes) in [(0, 0), (951_782_400, -210), (4_107_542_399, 845), (68_169_600, -1)] {
            let text = SigningTime { at: UnixTime(seconds), offset_minutes }.to_pdf().unwrap_or_default();
            let read = parse_date(text.trim_matches(['(', ')']).as_bytes());
            assert_eq!(read, Some(UnixTime(seconds)), "{text}");
        }
    }

    #[test]
    fn dates_may_be_short_and_must_make_sense() {
        assert_eq!(parse_date(b"D:1970"), Some(UnixTime(0)));
        assert_eq!(parse_date(b"D:19700102Z"), Some(UnixTime(86_400)));
        assert_eq!(parse_date(b"19700101000000+00'30"), None, "before 1970");
        assert_eq!(parse_date(b"19700101010000+00'30"), Some(UnixTime(1_800)));
        for bad in ["", "D:", "D:19701301", "D:1970010125", "D:19700101000000+99'00'", "D:197", "D:19700", "x"] {
            assert_eq!(parse_date(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn impossible_times_are_refused() {
        for (seconds, offset_minutes) in [(u64::MAX, 0), (0, 1_440), (253_402_300_800, 0)] {
            let refused = SigningTime { at: UnixTime(seconds), offset_minutes }.to_pdf().unwrap_err();
            assert_eq!(refused.code(), "pdf.time-out-of-range");
        }
    }

    #[test]
    fn texts_go_there_and_back() {
        for text in ["plain", "paren(the)sis \\", "合同专用章", "𠮷 é", ""] {
            let token = text_string(text, "text").unwrap();
            let object = crate::pdf::syntax::object::Object::parse(token.into_bytes(), 0).unwrap();
            assert_eq!(decode_text(&std::sync::Arc::new(object).root().string().unwrap()), text);
        }
        assert_eq!(text_string(&"x".repeat(MAX_TEXT_CHARS + 1), "text").unwrap_err().code(), "pdf.too-long");
        assert_eq!(decode_text(b"\x80\xa0\xe9\x18"), "\u{2022}\u{20ac}\u{e9}\u{2d8}");
        assert_eq!(decode_text(b"\xef\xbb\xbf\xe5\x8d\xb0"), "印");
    }
}
