//! LZW (ISO 32000-2, 7.4.4.2).

use super::TOO_LONG;
use crate::pdf::error::PdfError;
use crate::pdf::limits::MAX_STREAM_BYTES;
use crate::pdf::syntax::object::Value;

const CLEAR: usize = 256;
const END: usize = 257;
const MAX_CODES: usize = 4_096;

/// A sequence as the one before it and a last byte; the first 256 are single bytes.
#[derive(Clone, Copy)]
struct Sequence {
    before: usize,
    last: u8,
    length: usize,
}

pub(super) fn decode(data: &[u8], parameters: Option<&Value>) -> Result<Vec<u8>, PdfError> {
    let early = parameters.and_then(|parameters| parameters.get("EarlyChange")).and_then(|early| early.integer());
    let early = usize::from(early != Some(0));
    let single = |byte: u8| Sequence { before: CLEAR, last: byte, length: 1 };
    let nothing = Sequence { before: CLEAR, last: 0, length: 0 };
    let mut table: Vec<Sequence> = (0..=u8::MAX).map(single).chain([nothing; 2]).collect();
    let mut out: Vec<u8> = Vec::new();
    let mut previous: Option<usize> = None;
    let (mut bits, mut count, mut width) = (0_u32, 0_u32, 9_u32);
    for byte in data {
        bits = bits << 8 | u32::from(*byte);
        count += 8;
        if count < width {
            continue;
        }
        count -= width;
        let code = (bits >> count) as usize & ((1 << width) - 1);
        match code {
            END => break,
            CLEAR => {
                table.truncate(END + 1);
                (previous, width) = (None, 9);
                continue;
            }
            _ => {}
        }
        // A code that is just being defined ends with the byte it begins with.
        let known = if code < table.len() { Some(code) } else { previous };
        let Some(known) = known.filter(|_| code <= table.len()) else { break };
        let start = out.len();
        write(&table, known, &mut out);
        let first = out[start];
        if code == table.len() {
            out.push(first);
        }
        if let Some(before) = previous.filter(|_| table.len() < MAX_CODES) {
            table.push(Sequence { before, last: first, length: table[before].length + 1 });
        }
        previous = Some(code);
        width = match table.len() + early {
            0..512 => 9,
            512..1_024 => 10,
            1_024..2_048 => 11,
            _ => 12,
        };
        if out.len() > MAX_STREAM_BYTES {
            return Err(TOO_LONG);
        }
    }
    Ok(out)
}

fn write(table: &[Sequence], code: usize, out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + table[code].length, 0);
    let mut at = code;
    for place in out[start..].iter_mut().rev() {
        *place = table[at].last;
        at = table[at].before;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::pdf::syntax::object::Object;

    /// Bits that are put together, the highest first.
    #[derive(Default)]
    struct Bits(Vec<bool>);

    impl Bits {
        fn push(&mut self, code: usize, width: usize) {
            self.0.extend((0..width).rev().map(|bit| code >> bit & 1 == 1));
        }

        fn bytes(&self) -> Vec<u8> {
            let byte =
                |bits: &[bool]| bits.iter().enumerate().fold(0, |sum, (at, bit)| sum | u8::from(*bit) << (7 - at));
            self.0.chunks(8).map(byte).collect()
        }
    }

    /// Codes of 9 bits.
    fn packed(codes: &[usize]) -> Vec<u8> {
        let mut bits = Bits::default();
        for code in codes {
            bits.push(*code, 9);
        }
        bits.bytes()
    }

    #[test]
    fn the_example_of_the_standard_is_read() {
        let codes = packed(&[256, 45, 258, 258, 65, 259, 66, 257]);
        assert_eq!(codes, [0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01]);
        assert_eq!(decode(&codes, None).unwrap(), [45, 45, 45, 45, 45, 65, 45, 45, 45, 66]);
    }

    #[test]
    fn codes_grow_with_the_table() {
        // Every byte once, then what was learnt: enough to need ten bits, early or not.
        for early in [0, 1] {
            let (mut bits, mut width, mut learnt) = (Bits::default(), 9, END + 1);
            bits.push(CLEAR, width);
            let mut expected = Vec::new();
            for byte in (0..=u8::MAX).chain(0..=u8::MAX) {
                bits.push(usize::from(byte), width);
                expected.push(byte);
                learnt += usize::from(expected.len() > 1);
                if learnt + early >= 1 << width {
                    width += 1;
                }
            }
            bits.push(END, width);
            let parameters = Object::parse(format!("<</EarlyChange {early}>>").into_bytes(), 0).unwrap();
            assert_eq!(decode(&bits.bytes(), Some(&Arc::new(parameters).root())).unwrap(), expected, "{early}");
        }
    }

    #[test]
    fn codes_that_mean_nothing_end_the_data() {
        assert_eq!(decode(&packed(&[256, 300]), None).unwrap(), b"");
        assert_eq!(decode(&packed(&[256, 65, 400]), None).unwrap(), b"A");
        assert_eq!(decode(b"", None).unwrap(), b"");
    }
}
