//! Bytes to characters: what the symbol says they are encoded in, or what they look like.

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GB18030, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_5, ISO_8859_6, ISO_8859_7,
    ISO_8859_8, ISO_8859_10, ISO_8859_13, ISO_8859_14, ISO_8859_15, ISO_8859_16, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE,
    WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1254, WINDOWS_1256,
};

use super::segments::Piece;

/// What a run of bytes is encoded in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charset {
    /// The symbol does not say.
    Unknown,
    /// It does.
    Known(&'static Encoding),
}

impl Charset {
    pub(crate) const SHIFT_JIS: Self = Self::Known(SHIFT_JIS);
    pub(crate) const GB18030: Self = Self::Known(GB18030);

    /// An ECI assignment (AIM ECI part 3); `None` for a number that is not assigned.
    pub(crate) fn eci(number: u32) -> Option<Self> {
        Some(Self::Known(match number {
            // 0 and 2 are code page 437, whose letters are those of ASCII; 170 and 27 are ASCII.
            0..=3 | 23 | 27 | 170 => WINDOWS_1252,
            4 => ISO_8859_2,
            5 => ISO_8859_3,
            6 => ISO_8859_4,
            7 => ISO_8859_5,
            8 => ISO_8859_6,
            9 => ISO_8859_7,
            10 => ISO_8859_8,
            11 => WINDOWS_1254,
            12 => ISO_8859_10,
            13 => WINDOWS_874,
            15 => ISO_8859_13,
            16 => ISO_8859_14,
            17 => ISO_8859_15,
            18 => ISO_8859_16,
            20 => SHIFT_JIS,
            21 => WINDOWS_1250,
            22 => WINDOWS_1251,
            24 => WINDOWS_1256,
            25 => UTF_16BE,
            26 => UTF_8,
            28 => BIG5,
            29 | 31 | 32 => GB18030,
            30 => EUC_KR,
            33 => UTF_16LE,
            // Bytes that are no text: to be guessed at like any others.
            899 => return Some(Self::Unknown),
            _ => return None,
        }))
    }
}

/// All pieces as one text.
pub(crate) fn to_text(pieces: &[Piece]) -> String {
    let unknown: Vec<u8> = pieces
        .iter()
        .filter(|piece| piece.charset == Charset::Unknown)
        .flat_map(|piece| &piece.bytes)
        .copied()
        .collect();
    let says_shift_jis = pieces.iter().any(|piece| piece.charset == Charset::SHIFT_JIS);
    let guessed = if says_shift_jis && unknown.iter().any(|byte| !byte.is_ascii()) && is_valid(SHIFT_JIS, &unknown) {
        SHIFT_JIS
    } else {
        guess(&unknown)
    };
    let mut text = String::new();
    for piece in pieces {
        let encoding = match piece.charset {
            Charset::Unknown => guessed,
            Charset::Known(encoding) => encoding,
        };
        let (piece, _) = encoding.decode_without_bom_handling(skip_mark(encoding, &piece.bytes));
        text.push_str(&piece);
    }
    text
}

/// The mark at the start of UTF-16 says how to read the rest and is no character of it.
fn skip_mark<'b>(encoding: &'static Encoding, bytes: &'b [u8]) -> &'b [u8] {
    match bytes {
        [0xFE, 0xFF, rest @ ..] if encoding == UTF_16BE => rest,
        [0xFF, 0xFE, rest @ ..] if encoding == UTF_16LE => rest,
        _ => bytes,
    }
}

fn is_valid(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).is_some()
}

/// The likeliest encoding of bytes that do not say. The standard's default is ISO/IEC 8859-1, which phones write only for
/// western text; UTF-8 is what nearly all others write, Shift JIS old Japanese ones, GB 2312 old Chinese ones.
fn guess(bytes: &[u8]) -> &'static Encoding {
    match bytes {
        [0xFE, 0xFF, ..] => return UTF_16BE,
        [0xFF, 0xFE, ..] => return UTF_16LE,
        _ => {}
    }
    if is_valid(UTF_8, bytes) {
        UTF_8
    } else if is_gb2312(bytes) && !is_katakana(bytes) {
        GB18030
    } else if is_shift_jis(bytes) {
        SHIFT_JIS
    } else {
        WINDOWS_1252
    }
}

/// High bytes come in pairs only, each in a row of GB 2312 that holds characters, and most of them are hanzi. No text in
/// Shift JIS with kana or kanji passes: their first bytes lie below.
fn is_gb2312(bytes: &[u8]) -> bool {
    let (mut hanzi, mut others, mut at) = (0_usize, 0_usize, 0);
    while at < bytes.len() {
        if bytes[at].is_ascii() {
            at += 1;
            continue;
        }
        match (bytes[at], bytes.get(at + 1)) {
            (0xB0..=0xF7, Some(0xA1..=0xFE)) => hanzi += 1,
            (0xA1..=0xA9, Some(0xA1..=0xFE)) => others += 1,
            _ => return false,
        }
        at += 2;
    }
    hanzi > others
}

/// Half-width katakana with voice marks, all of them behind a kana that can have one. The same bytes are hanzi too, but
/// ones that hardly ever follow each other.
fn is_katakana(bytes: &[u8]) -> bool {
    let mut marks = 0_usize;
    for (place, &byte) in bytes.iter().enumerate().filter(|(_, byte)| !byte.is_ascii()) {
        let before = place.checked_sub(1).map_or(0, |before| bytes[before]);
        match (before, byte) {
            (0xB3 | 0xB6..=0xC4 | 0xCA..=0xCE, 0xDE) | (0xCA..=0xCE, 0xDF) => marks += 1,
            (_, 0xA1..=0xDD) => {}
            _ => return false,
        }
    }
    marks > 0
}

fn is_shift_jis(bytes: &[u8]) -> bool {
    let (mut pairs, mut singles, mut at) = (0_usize, 0_usize, 0);
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (0..=0x7F, _) => at += 1,
            (0xA1..=0xDF, _) => {
                singles += 1;
                at += 1;
            }
            (0x81..=0x9F | 0xE0..=0xFC, Some(0x40..=0x7E | 0x80..=0xFC)) => {
                pairs += 1;
                at += 2;
            }
            _ => return false,
        }
    }
    // A western letter with an accent looks like one half-width katakana, or like a pair with the letter behind it.
    is_valid(SHIFT_JIS, bytes) && (pairs >= 2 || singles >= 3 || (pairs == 1 && bytes.len() <= 4))
}
