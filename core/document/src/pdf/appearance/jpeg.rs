//! What a PDF has to say of a JPEG that it holds (ITU-T T.81, annex B; ISO 32000-2, 7.4.8).

use crate::pdf::appearance::image::Channels;
use crate::pdf::error::PdfError;

/// Read from the frame header.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) channels: Channels,
}

/// Baseline, extended sequential and progressive frames, Huffman coded.
const FRAMES: [u8; 3] = [0xc0, 0xc1, 0xc2];
/// Frames that PDF viewers do not read: lossless, differential, arithmetic.
const OTHER_FRAMES: [u8; 10] = [0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];
const START_OF_SCAN: u8 = 0xda;
const END_OF_IMAGE: [u8; 2] = [0xff, 0xd9];

/// The header of a JPEG file that begins as one.
pub(super) fn header(file: &[u8]) -> Result<Header, PdfError> {
    let damaged = PdfError::BadPicture { what: "a damaged JPEG" };
    if !file.windows(2).rev().take(1 << 10).any(|pair| pair == END_OF_IMAGE) {
        return Err(damaged);
    }
    let mut rest = file.get(2..).unwrap_or_default();
    while let [0xff, tail @ ..] = rest {
        let (&marker, tail) = tail.split_first().ok_or(PdfError::BadPicture { what: "a damaged JPEG" })?;
        // A marker may be filled up, and some have nothing behind them.
        if marker == 0xff {
            rest = &rest[1..];
            continue;
        }
        if marker == 0x01 || (0xd0..=0xd7).contains(&marker) {
            rest = tail;
            continue;
        }
        let [high, low, ..] = *tail else { break };
        let Some(segment) = tail.get(2..usize::from(u16::from_be_bytes([high, low]))) else { break };
        if FRAMES.contains(&marker) {
            return frame(segment);
        }
        if OTHER_FRAMES.contains(&marker) {
            return Err(PdfError::UnsupportedPicture);
        }
        if marker == START_OF_SCAN {
            break;
        }
        rest = &tail[2 + segment.len()..];
    }
    Err(damaged)
}

fn frame(segment: &[u8]) -> Result<Header, PdfError> {
    let &[precision, height_high, height_low, width_high, width_low, components, ..] = segment else {
        return Err(PdfError::BadPicture { what: "a damaged JPEG" });
    };
    let channels = match (precision, components) {
        (8, 1) => Channels::Gray,
        (8, 3) => Channels::Rgb,
        _ => return Err(PdfError::UnsupportedPicture),
    };
    let pair = |high, low| u32::from(u16::from_be_bytes([high, low]));
    Ok(Header { width: pair(width_high, width_low), height: pair(height_high, height_low), channels })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A comment, a frame header, a scan without data.
    fn file(frame: u8, precision: u8, components: u8) -> Vec<u8> {
        let mut file = vec![0xff, 0xd8, 0xff, 0xfe, 0, 4, 1, 2, 0xff, 0xff, frame, 0, 8 + 3 * components];
        file.extend_from_slice(&[precision, 0, 30, 1, 0, components]);
        file.extend(std::iter::repeat_n(0, 3 * usize::from(components)));
        file.extend_from_slice(&[0xff, 0xda, 0, 2, 0xff, 0xd9]);
        file
    }

    #[test]
    fn size_and_channels_are_read() {
        for frame in FRAMES {
            let gray = header(&file(frame, 8, 1)).unwrap();
            assert_eq!(gray, Header { width: 256, height: 30, channels: Channels::Gray });
            assert_eq!(header(&file(frame, 8, 3)).unwrap().channels, Channels::Rgb);
        }
    }

    #[test]
    fn what_viewers_would_show_wrong_is_refused() {
        for (frame, precision, components) in [(0xc0, 8, 4), (0xc0, 12, 3), (0xc3, 8, 3), (0xc9, 8, 3)] {
            let refused = header(&file(frame, precision, components)).unwrap_err();
            assert_eq!(refused.code(), "pdf.unsupported-picture");
        }
    }

    #[test]
    fn every_cut_is_noticed_or_leaves_the_header() {
        let whole = file(0xc0, 8, 3);
        for end in 2..whole.len() {
            assert_eq!(header(&whole[..end]).unwrap_err().code(), "pdf.bad-picture", "{end}");
        }
    }
}
