//! Data codewords to text: the segments of ISO/IEC 18004 §7.4.

use super::bits::Bits;
use super::charset::{Charset, to_text};
use super::symbol::Version;

/// One symbol of several that belong together (structured append, §8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Place among the symbols, from 0.
    pub index: u8,
    /// How many symbols there are, 1 to 16.
    pub total: u8,
    /// XOR of all bytes of the whole message: the same in every part.
    pub parity: u8,
}

/// What the codewords say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) text: String,
    pub(crate) part: Option<Part>,
}

/// Bytes and what they are encoded in.
#[derive(Debug)]
pub(crate) struct Piece {
    pub(crate) charset: Charset,
    pub(crate) bytes: Vec<u8>,
}

const ALPHANUMERIC: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
/// What separates the fields of GS1 data where FNC1 stands for it.
const GROUP_SEPARATOR: u8 = 0x1D;

/// Bits of a character count indicator (table 3), by the width of the version.
#[derive(Clone, Copy)]
struct CountBits {
    numeric: usize,
    alphanumeric: usize,
    byte: usize,
    kanji: usize,
}

impl CountBits {
    const fn of(version: Version) -> Self {
        match version.number() {
            1..=9 => Self { numeric: 10, alphanumeric: 9, byte: 8, kanji: 8 },
            10..=26 => Self { numeric: 12, alphanumeric: 11, byte: 16, kanji: 10 },
            _ => Self { numeric: 14, alphanumeric: 13, byte: 16, kanji: 12 },
        }
    }
}

/// Reads all segments. `None` when they break the standard's grammar, which noise that passed the correction nearly always
/// does.
pub(crate) fn read(data: &[u8], version: Version) -> Option<Message> {
    let (mut bits, counts) = (Bits::new(data), CountBits::of(version));
    let (mut pieces, mut part, mut charset) = (Vec::<Piece>::new(), None, Charset::Unknown);
    let mut has_fnc1 = false;
    // A symbol that is full to the last bits ends without a terminator.
    while bits.left() >= 4 {
        let mode = bits.take(4)?;
        let (charset, bytes) = match mode {
            0b0000 => break,
            0b0001 => (Charset::Unknown, numeric(&mut bits, counts.numeric)?),
            0b0010 => (Charset::Unknown, alphanumeric(&mut bits, counts.alphanumeric, has_fnc1)?),
            0b0100 => (charset, bytes(&mut bits, counts.byte)?),
            0b1000 => (Charset::SHIFT_JIS, kanji(&mut bits, counts.kanji)?),
            // GB/T 18284: one subset, then as kanji.
            0b1101 => (Charset::GB18030, hanzi(&mut bits, counts.kanji)?),
            0b0111 => {
                charset = Charset::eci(designator(&mut bits)?)?;
                continue;
            }
            0b0011 => {
                part = Some(append(&mut bits)?);
                continue;
            }
            0b0101 => {
                has_fnc1 = true;
                continue;
            }
            0b1001 => {
                has_fnc1 = true;
                bits.take(8)?;
                continue;
            }
            _ => return None,
        };
        match pieces.last_mut() {
            Some(last) if last.charset == charset => last.bytes.extend(bytes),
            _ => pieces.push(Piece { charset, bytes }),
        }
    }
    let text = to_text(&pieces);
    (!text.is_empty() || part.is_some()).then_some(Message { text, part })
}

fn numeric(bits: &mut Bits<'_>, count_bits: usize) -> Option<Vec<u8>> {
    let mut left = bits.take(count_bits)?;
    let mut digits = Vec::new();
    while left > 0 {
        let (width, group) = match left {
            1 => (4, 1),
            2 => (7, 2),
            _ => (10, 3),
        };
        let value = bits.take(width)?;
        if value >= 10_u32.pow(group) {
            return None;
        }
        digits.extend((0..group).rev().filter_map(|place| {
            let digit = value / 10_u32.pow(place) % 10;
            u8::try_from(digit).ok().map(|digit| b'0' + digit)
        }));
        left -= group;
    }
    Some(digits)
}

fn alphanumeric(bits: &mut Bits<'_>, count_bits: usize, has_fnc1: bool) -> Option<Vec<u8>> {
    let count = bits.take(count_bits)?;
    let mut text = Vec::new();
    for _ in 0..count / 2 {
        let pair = bits.take(11)?;
        text.push(*ALPHANUMERIC.get(pair as usize / 45)?);
        text.push(*ALPHANUMERIC.get(pair as usize % 45)?);
    }
    if count % 2 == 1 {
        text.push(*ALPHANUMERIC.get(bits.take(6)? as usize)?);
    }
    if !has_fnc1 {
        return Some(text);
    }
    // §7.4.8.2: under FNC1 a doubled % is one, a single one is the separator.
    let mut separated = Vec::with_capacity(text.len());
    let mut characters = text.into_iter().peekable();
    while let Some(character) = characters.next() {
        separated.push(match character {
            b'%' if characters.next_if_eq(&b'%').is_none() => GROUP_SEPARATOR,
            other => other,
        });
    }
    Some(separated)
}

fn bytes(bits: &mut Bits<'_>, count_bits: usize) -> Option<Vec<u8>> {
    let count = bits.take(count_bits)? as usize;
    if count * 8 > bits.left() {
        return None;
    }
    (0..count).map(|_| bits.take_byte()).collect()
}

/// §7.4.6: two rows of Shift JIS squeezed into 13 bits.
fn kanji(bits: &mut Bits<'_>, count_bits: usize) -> Option<Vec<u8>> {
    double_bytes(bits, count_bits, |value| {
        let value = ((value / 0xC0) << 8) | (value % 0xC0);
        value + if value < 0x1F00 { 0x8140 } else { 0xC140 }
    })
}

fn hanzi(bits: &mut Bits<'_>, count_bits: usize) -> Option<Vec<u8>> {
    // Subset 1 (GB 2312) is the only one that is defined.
    if bits.take(4)? != 1 {
        return None;
    }
    double_bytes(bits, count_bits, |value| {
        let value = ((value / 0x60) << 8) | (value % 0x60);
        value + if value < 0xA00 { 0xA1A1 } else { 0xA6A1 }
    })
}

fn double_bytes(bits: &mut Bits<'_>, count_bits: usize, unsqueeze: impl Fn(u32) -> u32) -> Option<Vec<u8>> {
    let count = bits.take(count_bits)? as usize;
    if count * 13 > bits.left() {
        return None;
    }
    let mut bytes = Vec::with_capacity(2 * count);
    for _ in 0..count {
        bytes.extend(u16::try_from(unsqueeze(bits.take(13)?)).ok()?.to_be_bytes());
    }
    Some(bytes)
}

/// An ECI designator of one to three bytes (table 4).
fn designator(bits: &mut Bits<'_>) -> Option<u32> {
    let first = bits.take(8)?;
    match first {
        0..=0x7F => Some(first),
        0x80..=0xBF => Some((first & 0x3F) << 8 | bits.take(8)?),
        0xC0..=0xDF => Some((first & 0x1F) << 16 | bits.take(16)?),
        _ => None,
    }
}

fn append(bits: &mut Bits<'_>) -> Option<Part> {
    let (index, last) = (bits.take(4)?, bits.take(4)?);
    let parity = bits.take_byte()?;
    let total = u8::try_from(last + 1).ok()?;
    let index = u8::try_from(index).ok().filter(|&index| index < total)?;
    Some(Part { index, total, parity })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fields of (value, bits), packed and filled up with the terminator.
    fn packed(fields: &[(u32, usize)]) -> Vec<u8> {
        let bits: Vec<u8> =
            fields.iter().flat_map(|&(value, bits)| (0..bits).rev().map(move |bit| (value >> bit & 1) as u8)).collect();
        bits.chunks(8).map(|bits| (0..8).fold(0, |byte, at| byte << 1 | bits.get(at).copied().unwrap_or(0))).collect()
    }

    fn text(fields: &[(u32, usize)]) -> Option<String> {
        Some(read(&packed(fields), Version::new(1)?)?.text)
    }

    fn in_bytes(eci: Option<u32>, bytes: &[u8]) -> Option<String> {
        let mut fields: Vec<(u32, usize)> = eci.into_iter().flat_map(|number| [(0b0111, 4), (number, 8)]).collect();
        fields.extend([(0b0100, 4), (u32::try_from(bytes.len()).unwrap(), 8)]);
        fields.extend(bytes.iter().map(|&byte| (u32::from(byte), 8)));
        text(&fields)
    }

    /// The examples of ISO/IEC 18004 §7.4.4, §7.4.5 and §7.4.7.
    #[test]
    fn the_standards_own_examples() {
        let numeric = [(1, 4), (8, 10), (0b00_0000_1100, 10), (0b01_0101_1001, 10), (0b100_0011, 7)];
        assert_eq!(text(&numeric).unwrap(), "01234567");
        let alphanumeric = [(2, 4), (5, 9), (0b001_1100_1110, 11), (0b111_0011_1001, 11), (0b00_0010, 6), (0, 4)];
        assert_eq!(text(&alphanumeric).unwrap(), "AC-42");
        assert_eq!(text(&[(8, 4), (2, 8), (0x0D9F, 13), (0x1AAA, 13), (0, 4)]).unwrap(), "点茗");
    }

    #[test]
    fn character_sets_that_are_said() {
        assert_eq!(in_bytes(Some(26), "赣服通".as_bytes()).unwrap(), "赣服通");
        assert_eq!(in_bytes(Some(29), &[0xB8, 0xD3, 0xB7, 0xFE, 0xCD, 0xA8]).unwrap(), "赣服通");
        assert_eq!(in_bytes(Some(20), &[0x93, 0x5F, 0xE4, 0xAA]).unwrap(), "点茗");
        assert_eq!(in_bytes(Some(9), &[0xA1, 0xA2, 0xA3]).unwrap(), "‘’£");
        assert_eq!(in_bytes(Some(7), &[0xDF]).unwrap(), "п".to_uppercase().replace('П', "п"));
        assert_eq!(in_bytes(Some(99), b"A"), None);
    }

    #[test]
    fn character_sets_that_are_guessed() {
        assert_eq!(in_bytes(None, "电子印章".as_bytes()).unwrap(), "电子印章");
        assert_eq!(in_bytes(None, &[0xB8, 0xD3, 0xB7, 0xFE, 0xCD, 0xA8]).unwrap(), "赣服通");
        assert_eq!(in_bytes(None, &[0x93, 0xFA, 0x96, 0x7B, 0x8C, 0xEA]).unwrap(), "日本語");
        assert_eq!(in_bytes(None, b"caf\xE9 cr\xE8me").unwrap(), "café crème");
    }

    #[test]
    fn hanzi_of_gb_18284() {
        // 0xB0A1 and 0xA1A1 + 1, squeezed as the standard says.
        let squeezed = |word: u32, base: u32| {
            let off = word - base;
            (off >> 8) * 0x60 + (off & 0xFF)
        };
        let fields = [(13, 4), (1, 4), (2, 8), (squeezed(0xB0A1, 0xA6A1), 13), (squeezed(0xA1A3, 0xA1A1), 13), (0, 4)];
        assert_eq!(text(&fields).unwrap(), "啊。");
    }

    #[test]
    fn fnc1_makes_separators() {
        // 01%%A% with FNC1 in first position: a doubled percent sign is one, a single one separates.
        let pair = |a: u32, b: u32| (a * 45 + b, 11);
        let fields = [(5, 4), (2, 4), (6, 9), pair(0, 1), pair(38, 38), pair(10, 38), (0, 4)];
        assert_eq!(text(&fields).unwrap(), "01%A\u{1D}");
    }

    #[test]
    fn structured_append_says_which_part() {
        let fields = [(3, 4), (1, 4), (2, 4), (0xA5, 8), (2, 4), (1, 9), (10, 6), (0, 4)];
        let message = read(&packed(&fields), Version::new(1).unwrap()).unwrap();
        assert_eq!(message.part, Some(Part { index: 1, total: 3, parity: 0xA5 }));
        assert_eq!(message.text, "A");
        assert!(text(&[(3, 4), (5, 4), (2, 4), (0, 8), (2, 4), (1, 9), (10, 6)]).is_none());
    }

    #[test]
    fn grammar_that_is_broken() {
        assert_eq!(text(&[(6, 4), (0, 20)]), None);
        assert_eq!(text(&[(1, 4), (3, 10), (1000, 10), (0, 4)]), None);
        assert_eq!(text(&[(4, 4), (200, 8), (65, 8)]), None);
        assert_eq!(text(&[(2, 4), (2, 9), (2025, 11), (0, 4)]), None);
        assert_eq!(text(&[(0, 4), (0xEC11, 16)]), None);
    }
}
