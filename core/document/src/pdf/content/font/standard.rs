//! The fonts that need not be described (ISO 32000-2, 9.6.2.2), and what stands in for fonts that are not.

use crate::pdf::content::font::Owned;
use crate::pdf::content::font::encoding::Encoding;
use crate::pdf::content::font::metrics::Metrics;
use crate::pdf::content::font::tables::{LATIN_WIDTHS, SYMBOL_WIDTHS, ZAPF_DINGBATS_WIDTHS};

/// The standard font that a name stands for, or that looks most like it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standard {
    /// The column of the table of widths.
    Helvetica(usize),
    Times(usize),
    Courier,
    Symbol,
    ZapfDingbats,
}

impl Standard {
    pub(crate) fn named(name: &[u8]) -> Self {
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        // A subset has a tag of six letters before its name.
        let name = name.split_once('+').map_or(name.as_str(), |(_, rest)| rest);
        let bold = usize::from(name.contains("bold"));
        let italic = usize::from(name.contains("italic") || name.contains("oblique"));
        match name {
            _ if name.starts_with("symbol") => Self::Symbol,
            _ if name.starts_with("zapfdingbats") => Self::ZapfDingbats,
            _ if name.contains("courier") || name.contains("mono") => Self::Courier,
            _ if name.contains("times") || name.contains("serif") && !name.contains("sans") => {
                Self::Times(2 + bold + 2 * italic)
            }
            _ => Self::Helvetica(bold),
        }
    }

    /// The encoding that only this font has.
    pub(crate) fn encoding(self) -> Option<Encoding> {
        match self {
            Self::Symbol => Some(Encoding::Symbol),
            Self::ZapfDingbats => Some(Encoding::ZapfDingbats),
            _ => None,
        }
    }

    pub(crate) fn metrics(self) -> Metrics {
        let (ascent, descent) = match self {
            Self::Helvetica(_) => (0.718, -0.207),
            Self::Times(_) => (0.683, -0.217),
            Self::Courier => (0.629, -0.157),
            Self::Symbol => (0.8, -0.2),
            Self::ZapfDingbats => (0.82, -0.143),
        };
        Metrics { ascent, descent, em: 1.0 }
    }

    /// In units of the font size.
    pub(crate) fn width(self, code: usize, text: Option<&Owned>) -> f64 {
        let latin = |column: usize| {
            let character = match text {
                None => return 0,
                Some(Owned::Several(_)) => return 500,
                Some(Owned::Char(character)) => character,
            };
            let unit = u16::try_from(u32::from(*character)).unwrap_or(0);
            let found = LATIN_WIDTHS.binary_search_by_key(&unit, |(listed, _)| *listed);
            found.map_or(500, |at| LATIN_WIDTHS[at].1[column])
        };
        let width = match self {
            Self::Helvetica(column) | Self::Times(column) => latin(column),
            Self::Courier => 600,
            Self::Symbol => SYMBOL_WIDTHS[code & 0xff],
            Self::ZapfDingbats => ZAPF_DINGBATS_WIDTHS[code & 0xff],
        };
        f64::from(width) / 1_000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_the_font_that_looks_most_alike() {
        let cases: [(&str, Standard); 9] = [
            ("Helvetica", Standard::Helvetica(0)),
            ("ABCDEF+Arial,Bold", Standard::Helvetica(1)),
            ("Times-Roman", Standard::Times(2)),
            ("TimesNewRomanPS-BoldItalicMT", Standard::Times(5)),
            ("CourierNew", Standard::Courier),
            ("DejaVuSansMono", Standard::Courier),
            ("Symbol", Standard::Symbol),
            ("ZapfDingbats", Standard::ZapfDingbats),
            ("SimSun", Standard::Helvetica(0)),
        ];
        for (name, expected) in cases {
            assert_eq!(Standard::named(name.as_bytes()), expected, "{name}");
        }
    }

    #[test]
    fn widths_are_those_of_the_published_metrics() {
        let width =
            |font: &str, character| Standard::named(font.as_bytes()).width(0, Some(&Owned::Char(character))) * 1_000.0;
        let cases = [
            ("Helvetica", 'A', 667.0),
            ("Helvetica-Bold", 'i', 278.0),
            ("Times-Roman", 'm', 778.0),
            ("Courier", 'x', 600.0),
        ];
        for (font, character, expected) in cases {
            assert!((width(font, character) - expected).abs() < 1e-9, "{font} {character}");
        }
        assert!((Standard::Symbol.width(0x61, None) - 0.631).abs() < 1e-9);
    }
}
