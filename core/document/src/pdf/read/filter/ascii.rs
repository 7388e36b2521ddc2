//! ASCII hexadecimal, ASCII base 85 and run lengths (ISO 32000-2, 7.4.2, 7.4.3 and 7.4.5).

use super::TOO_LONG;
use crate::pdf::error::PdfError;
use crate::pdf::limits::MAX_STREAM_BYTES;

/// Up to `>`; what is no digit is passed over.
pub(super) fn decode_hex(data: &[u8]) -> Vec<u8> {
    let digits = data.iter().take_while(|byte| **byte != b'>');
    let digits = digits.filter_map(|byte| char::from(*byte).to_digit(16)).filter_map(|digit| u8::try_from(digit).ok());
    let digits: Vec<u8> = digits.collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
}

/// Up to `~`; what is no digit is passed over.
pub(super) fn decode_85(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len() / 5 * 4);
    let mut group = Vec::with_capacity(5);
    for byte in data.iter().copied().take_while(|byte| *byte != b'~') {
        match byte {
            b'z' if group.is_empty() => out.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => group.push(byte - b'!'),
            _ => {}
        }
        if group.len() == 5 {
            out.extend_from_slice(&whole_group(&group));
            group.clear();
        }
    }
    if group.len() > 1 {
        let bytes = group.len() - 1;
        group.resize(5, 84);
        out.extend_from_slice(&whole_group(&group)[..bytes]);
    }
    out
}

fn whole_group(group: &[u8]) -> [u8; 4] {
    group.iter().fold(0_u32, |value, digit| value.wrapping_mul(85).wrapping_add(u32::from(*digit))).to_be_bytes()
}

pub(super) fn decode_runs(data: &[u8]) -> Result<Vec<u8>, PdfError> {
    let mut out = Vec::new();
    let mut rest = data;
    while let [length, tail @ ..] = rest {
        let length = usize::from(*length);
        match length {
            0..=127 => {
                let (run, behind) = tail.split_at(tail.len().min(length + 1));
                out.extend_from_slice(run);
                rest = behind;
            }
            129..=255 => {
                let Some((byte, behind)) = tail.split_first() else { break };
                out.resize(out.len() + 257 - length, *byte);
                rest = behind;
            }
            _ => break,
        }
        if out.len() > MAX_STREAM_BYTES {
            return Err(TOO_LONG);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_is_read_up_to_its_end() {
        assert_eq!(decode_hex(b"48 65\n6C6c 6F7> 00"), b"Hellop");
    }

    #[test]
    fn base_85_is_read_up_to_its_end() {
        assert_eq!(decode_85(b"87cURD]i,\"Ebo80~>zz"), b"Hello World!");
        assert_eq!(decode_85(b"z 87 cUR\nDZ~>"), b"\0\0\0\0Hello");
        assert_eq!(decode_85(b"uuuuu!~>").len(), 4);
    }

    #[test]
    fn runs_are_unrolled() {
        assert_eq!(decode_runs(b"\x02abc\xfed\x80xyz").unwrap(), b"abcddd");
        assert_eq!(decode_runs(b"\x05ab").unwrap(), b"ab");
        let bomb = b"\x81x".repeat(MAX_STREAM_BYTES / 128 + 1);
        assert_eq!(decode_runs(&bomb).unwrap_err().code(), "pdf.limit-exceeded");
    }
}
