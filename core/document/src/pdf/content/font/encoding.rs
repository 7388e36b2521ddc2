//! Encodings of simple fonts (ISO 32000-2, 9.6.5 and annex D).

use crate::pdf::content::font::tables::{MAC_EXPERT, STANDARD, SYMBOL, ZAPF_DINGBATS};

/// An encoding with a name of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Standard,
    WinAnsi,
    MacRoman,
    MacExpert,
    Symbol,
    ZapfDingbats,
}

impl Encoding {
    pub(crate) fn named(name: &[u8]) -> Option<Self> {
        match name {
            b"StandardEncoding" => Some(Self::Standard),
            b"WinAnsiEncoding" => Some(Self::WinAnsi),
            b"MacRomanEncoding" => Some(Self::MacRoman),
            b"MacExpertEncoding" => Some(Self::MacExpert),
            _ => None,
        }
    }

    pub(crate) fn char(self, code: u8) -> Option<char> {
        let listed = |table: &[u16; 256]| char::from_u32(u32::from(table[usize::from(code)]));
        let found = match self {
            Self::Standard => listed(&STANDARD),
            Self::MacExpert => listed(&MAC_EXPERT),
            Self::Symbol => listed(&SYMBOL),
            Self::ZapfDingbats => listed(&ZAPF_DINGBATS),
            // Hard spaces and hyphens are shown as plain ones, unused codes as bullets (annex D.2, footnotes).
            Self::WinAnsi if code == 0xa0 => Some(' '),
            Self::WinAnsi if code == 0xad => Some('-'),
            Self::WinAnsi if matches!(code, 0x7f | 0x81 | 0x8d | 0x8f | 0x90 | 0x9d) => Some('\u{2022}'),
            Self::WinAnsi => single_byte(encoding_rs::WINDOWS_1252, code),
            Self::MacRoman if code == 0xca => Some(' '),
            Self::MacRoman if code == 0xdb => Some('\u{a4}'),
            Self::MacRoman => single_byte(encoding_rs::MACINTOSH, code),
        };
        found.filter(|character| *character >= ' ')
    }
}

fn single_byte(encoding: &'static encoding_rs::Encoding, code: u8) -> Option<char> {
    encoding.decode_without_bom_handling_and_without_replacement(&[code])?.chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_has_its_own_characters() {
        let cases = [
            (Encoding::Standard, 0xae, Some('\u{fb01}')),
            (Encoding::Standard, 0x27, Some('\u{2019}')),
            (Encoding::Standard, 0x80, None),
            (Encoding::WinAnsi, 0x80, Some('€')),
            (Encoding::WinAnsi, 0x41, Some('A')),
            (Encoding::WinAnsi, 0x0a, None),
            (Encoding::MacRoman, 0x8a, Some('ä')),
            (Encoding::Symbol, 0x61, Some('α')),
            (Encoding::ZapfDingbats, 0x34, Some('✔')),
            (Encoding::MacExpert, 0x61, Some('A')),
        ];
        for (encoding, code, expected) in cases {
            assert_eq!(encoding.char(code), expected, "{encoding:?} {code:#x}");
        }
    }
}
