//! Stream filters (ISO 32000-2, 7.4), without those of images.

mod ascii;
mod lzw;
mod predictor;

use std::io::Read as _;

use crate::pdf::error::PdfError;
use crate::pdf::limits::{MAX_FILTERS, MAX_STREAM_BYTES};
use crate::pdf::syntax::object::Value;

const TOO_LONG: PdfError = PdfError::LimitExceeded { what: "size of a decompressed stream" };

/// Undoes the filters of a stream; `parameters` are those of the filter at the same place.
pub(crate) fn decode(raw: Vec<u8>, filters: &[Value], parameters: &[Value]) -> Result<Vec<u8>, PdfError> {
    if filters.len() > MAX_FILTERS {
        return Err(PdfError::LimitExceeded { what: "filters of a stream" });
    }
    let mut data = raw;
    for (index, filter) in filters.iter().enumerate() {
        let parameters = parameters.get(index);
        data = match filter.name().as_deref() {
            Some(b"FlateDecode" | b"Fl") => predictor::undo(inflate(&data)?, parameters)?,
            Some(b"LZWDecode" | b"LZW") => predictor::undo(lzw::decode(&data, parameters)?, parameters)?,
            Some(b"ASCIIHexDecode" | b"AHx") => ascii::decode_hex(&data),
            Some(b"ASCII85Decode" | b"A85") => ascii::decode_85(&data),
            Some(b"RunLengthDecode" | b"RL") => ascii::decode_runs(&data)?,
            // Undone with the encryption, before all others.
            Some(b"Crypt") => data,
            _ => return Err(PdfError::UnsupportedFilter),
        };
    }
    Ok(data)
}

/// Whether the outermost filter's data have the mark at their end that the standard wants of them.
pub(crate) fn is_closed(raw: &[u8], filters: &[Value]) -> bool {
    match filters.first().and_then(Value::name).as_deref() {
        Some(b"ASCIIHexDecode" | b"AHx") => raw.contains(&b'>'),
        Some(b"ASCII85Decode" | b"A85") => raw.contains(&b'~'),
        _ => true,
    }
}

fn inflate(data: &[u8]) -> Result<Vec<u8>, PdfError> {
    let mut out = Vec::new();
    let limit = u64::try_from(MAX_STREAM_BYTES).unwrap_or(u64::MAX);
    // What was decompressed before damage is kept: a missing checksum is common, and the reader of the data checks it.
    let outcome = flate2::read::ZlibDecoder::new(data).take(limit + 1).read_to_end(&mut out);
    if out.len() > MAX_STREAM_BYTES {
        return Err(PdfError::LimitExceeded { what: "size of a decompressed stream" });
    }
    match outcome {
        Err(_) if out.is_empty() => Err(PdfError::DamagedObject { offset: 0, what: "a stream does not decompress" }),
        _ => Ok(out),
    }
}

/// Data compressed with Flate, as the streams written here are.
pub(crate) fn deflate(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    // The best level takes twice as long for 2 % less of a drawn name. Reading from memory does not fail.
    let _ = flate2::read::ZlibEncoder::new(data, flate2::Compression::default()).read_to_end(&mut out);
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::pdf::syntax::object::Object;

    fn filters(text: &str) -> Vec<Value> {
        value(text).elements()
    }

    fn value(text: &str) -> Value {
        Arc::new(Object::parse(text.as_bytes().to_vec(), 0).unwrap()).root()
    }

    #[test]
    fn flate_goes_there_and_back() {
        let data = b"seal ".repeat(1000);
        let packed = deflate(&data);
        assert!(packed.len() < 100);
        assert_eq!(decode(packed, &filters("[/FlateDecode]"), &[]).unwrap(), data);
    }

    #[test]
    fn text_has_a_mark_at_its_end() {
        for (raw, filter, is_closed) in [
            ("01 05>", "[/AHx]", true),
            ("01 05", "[/ASCIIHexDecode]", false),
            ("87cUR~>", "[/A85 /Fl]", true),
            ("87cUR", "[/A85]", false),
            ("01", "[/Fl /AHx]", true),
            ("01", "[]", true),
        ] {
            assert_eq!(super::is_closed(raw.as_bytes(), &filters(filter)), is_closed, "{raw} {filter}");
        }
    }

    #[test]
    fn a_decompression_bomb_is_refused() {
        let packed = deflate(&vec![0; MAX_STREAM_BYTES + 1]);
        let refused = decode(packed, &filters("[/FlateDecode]"), &[]).unwrap_err();
        assert_eq!(refused.code(), "pdf.limit-exceeded");
    }

    #[test]
    fn other_filters_and_garbage_are_refused() {
        assert_eq!(decode(vec![1], &filters("[/DCTDecode]"), &[]).unwrap_err().code(), "pdf.unsupported-filter");
        assert_eq!(decode(vec![1, 2, 3], &filters("[/Fl]"), &[]).unwrap_err().code(), "pdf.damaged-object");
        let many = filters("[/Fl /Fl /Fl /Fl /Fl]");
        assert_eq!(decode(vec![1], &many, &[]).unwrap_err().code(), "pdf.limit-exceeded");
    }

    #[test]
    fn filters_follow_each_other() {
        let packed = b"789c4b4c4a4e010003d8018b>".to_vec();
        assert_eq!(decode(packed, &filters("[/AHx /Crypt /Fl]"), &[]).unwrap(), b"abcd");
    }
}
