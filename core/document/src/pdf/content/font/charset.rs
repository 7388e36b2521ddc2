//! Predefined `CMap`s whose codes are those of a character set (ISO 32000-2, table 116): the text comes from the code itself.

use encoding_rs::{BIG5, EUC_JP, EUC_KR, GB18030, SHIFT_JIS};

use crate::pdf::content::font::gb1;

/// How a predefined `CMap` reads codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Charset {
    codes: Codes,
    latin: Latin,
    collection: Collection,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Codes {
    Ucs2,
    Utf16,
    Utf8,
    Utf32,
    /// One byte, two, or four (GB 18030).
    Gb,
    /// ISO 2022, two bytes of seven bits: GB 2312 or KS X 1001 without their high bits.
    SevenBit(&'static encoding_rs::Encoding),
    /// One byte or two.
    Double {
        encoding: &'static encoding_rs::Encoding,
        kana: Kana,
    },
}

/// Whether single bytes from 0xA1 to 0xDF are half-width katakana, and not the first of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kana {
    Single,
    Absent,
}

/// The first CID of the Latin letters, from the exclamation mark on, and that of the space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Latin {
    exclamation: u32,
    space: u32,
}

const PROPORTIONAL: Latin = Latin { exclamation: 2, space: 1 };

/// A character collection, as far as its CIDs are known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Collection {
    Gb1,
    Other,
}

impl Charset {
    /// A predefined `CMap` by its name without `-H` or `-V`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let half = |exclamation, space| Latin { exclamation, space };
        let collection = match name {
            _ if name.starts_with("GB") || name.starts_with("UniGB") => Collection::Gb1,
            _ => Collection::Other,
        };
        let double = |encoding| Codes::Double { encoding, kana: Kana::Absent };
        let shift_jis = Codes::Double { encoding: SHIFT_JIS, kana: Kana::Single };
        let (codes, latin) = match name {
            "GBK-EUC" | "GB-EUC" => (Codes::Gb, half(814, 7_716)),
            "GBKp-EUC" | "GBK2K" | "GBpc-EUC" => (Codes::Gb, PROPORTIONAL),
            "GB" => (Codes::SevenBit(GB18030), PROPORTIONAL),
            "UniGB-UCS2" | "UniCNS-UCS2" | "UniJIS-UCS2" | "UniKS-UCS2" => (Codes::Ucs2, PROPORTIONAL),
            "UniJIS-UCS2-HW" => (Codes::Ucs2, half(232, 231)),
            "UniGB-UTF16" | "UniCNS-UTF16" | "UniJIS-UTF16" | "UniJIS2004-UTF16" | "UniKS-UTF16" => {
                (Codes::Utf16, PROPORTIONAL)
            }
            "UniGB-UTF8" | "UniCNS-UTF8" | "UniJIS-UTF8" | "UniKS-UTF8" => (Codes::Utf8, PROPORTIONAL),
            "UniGB-UTF32" | "UniCNS-UTF32" | "UniJIS-UTF32" | "UniKS-UTF32" => (Codes::Utf32, PROPORTIONAL),
            "ETen-B5" => (double(BIG5), half(13_649, 13_648)),
            "ETenms-B5" | "B5pc" | "HKscs-B5" => (double(BIG5), PROPORTIONAL),
            "90ms-RKSJ" | "Ext-RKSJ" | "RKSJ" => (shift_jis, half(232, 231)),
            "90msp-RKSJ" | "90pv-RKSJ" | "83pv-RKSJ" | "Add-RKSJ" => (shift_jis, PROPORTIONAL),
            "EUC" => (double(EUC_JP), half(232, 231)),
            "KSCms-UHC" | "KSCpc-EUC" => (double(EUC_KR), PROPORTIONAL),
            "KSC-EUC" | "KSCms-UHC-HW" => (double(EUC_KR), half(8_095, 8_094)),
            "KSC" => (Codes::SevenBit(EUC_KR), PROPORTIONAL),
            _ => return None,
        };
        Some(Self { codes, latin, collection })
    }

    /// How many bytes of a string, which is not empty, the first code takes.
    pub(crate) fn length(self, string: &[u8]) -> usize {
        let first = string.first().copied().unwrap_or(0);
        let length = match self.codes {
            Codes::Utf16 if matches!(first, 0xd8..=0xdb) => 4,
            Codes::Utf16 | Codes::Ucs2 | Codes::SevenBit(_) => 2,
            Codes::Utf32 => 4,
            Codes::Utf8 => match first {
                0xc0..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf7 => 4,
                _ => 1,
            },
            Codes::Gb if (0x81..=0xfe).contains(&first) => {
                if string.get(1).is_some_and(u8::is_ascii_digit) {
                    4
                } else {
                    2
                }
            }
            Codes::Gb => 1,
            Codes::Double { kana: Kana::Single, .. } if (0xa0..=0xdf).contains(&first) => 1,
            Codes::Double { .. } => 1 + usize::from((0x81..=0xfe).contains(&first)),
        };
        length.min(string.len())
    }

    /// The character of one code.
    pub(crate) fn character(self, code: &[u8]) -> Option<char> {
        let utf16 = |bytes: &[u8]| {
            let units = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).next()?.ok()
        };
        let decode = |encoding: &'static encoding_rs::Encoding, bytes: &[u8]| {
            encoding.decode_without_bom_handling_and_without_replacement(bytes)?.chars().next()
        };
        match self.codes {
            Codes::Ucs2 | Codes::Utf16 => utf16(code),
            Codes::Utf8 => std::str::from_utf8(code).ok()?.chars().next(),
            Codes::Utf32 => char::from_u32(u32::from_be_bytes(code.try_into().ok()?)),
            Codes::Gb => decode(GB18030, code),
            Codes::Double { encoding, .. } => decode(encoding, code),
            Codes::SevenBit(encoding) => {
                let high: Vec<u8> = code.iter().map(|byte| byte | 0x80).collect();
                decode(encoding, &high)
            }
        }
    }

    /// The CID of a character, where it is known; widths are by CID.
    pub(crate) fn cid(self, character: char) -> Option<u32> {
        match character {
            ' ' => Some(self.latin.space),
            '!'..='~' => Some(self.latin.exclamation + u32::from(character) - u32::from('!')),
            _ if self.collection == Collection::Gb1 => gb1::cid(character),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(name: &str, mut string: &[u8]) -> String {
        let charset = Charset::named(name).unwrap();
        let mut out = String::new();
        while !string.is_empty() {
            let (code, rest) = string.split_at(charset.length(string));
            out.push(charset.character(code).unwrap_or('?'));
            string = rest;
        }
        out
    }

    #[test]
    fn each_character_set_is_read() {
        let gbk = b"A\xba\xcf\xcd\xac\x81\x40";
        for name in ["GBK-EUC", "GBKp-EUC", "GBK2K"] {
            assert_eq!(decode(name, gbk), "A合同丂", "{name}");
        }
        assert_eq!(decode("GB-EUC", b"\xd7\xa8 \xd3\xc3"), "专 用");
        assert_eq!(decode("GBK2K", b"\x81\x39\xef\x30\xb0\xa1"), "\u{3401}啊");
        assert_eq!(decode("GB", b"\x3a\x4f"), "合");
        assert_eq!(
            decode("UniGB-UCS2", "合同A".encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>().as_slice()),
            "合同A"
        );
        assert_eq!(decode("UniGB-UTF16", b"\xd8\x42\xdf\xb7\x54\x08"), "𠮷合");
        assert_eq!(decode("UniGB-UTF8", "A合𠮷".as_bytes()), "A合𠮷");
        assert_eq!(decode("UniGB-UTF32", b"\x00\x02\x0b\xb7"), "𠮷");
        assert_eq!(decode("ETen-B5", b"\xa6\x58"), "合");
        assert_eq!(decode("90ms-RKSJ", b"\x8d\x87\xb1A"), "合ｱA");
        assert_eq!(decode("KSCms-UHC", b"\xb0\xa1"), "가");
        assert_eq!(Charset::named("Identity"), None);
    }

    #[test]
    fn what_is_cut_or_wrong_is_no_character() {
        assert_eq!(decode("GBK-EUC", b"\xba"), "?");
        assert_eq!(decode("UniGB-UTF16", b"\xd8\x42"), "?");
        assert_eq!(decode("UniGB-UTF8", b"\xff\xe5\x90"), "??");
        assert_eq!(decode("UniGB-UTF32", b"\xff\xff\xff\xff"), "?");
    }

    #[test]
    fn cids_are_those_of_the_cmap() {
        let cid = |name: &str, character| Charset::named(name).unwrap().cid(character);
        assert_eq!((cid("GBK-EUC", ' '), cid("GBK-EUC", 'A')), (Some(7_716), Some(846)));
        assert_eq!((cid("GBKp-EUC", ' '), cid("UniGB-UCS2", 'A')), (Some(1), Some(34)));
        assert_eq!(cid("GBK-EUC", '丂'), Some(10_072));
        assert_eq!(cid("ETen-B5", '合'), None);
    }
}
