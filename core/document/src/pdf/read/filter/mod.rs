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
    Ok(decode_and_look(raw, filters, parameters)?.0)
}

/// The same, and whether the data end as the standard wants it: with a mark where they are text, after a whole row where rows
/// are predicted.
pub(crate) fn decode_and_look(
    raw: Vec<u8>,
    filters: &[Value],
    parameters: &[Value],
) -> Result<(Vec<u8>, bool), PdfError> {
    if filters.len() > MAX_FILTERS {
        return Err(PdfError::LimitExceeded { what: "filters of a stream" });
    }
    let mut data = raw;
    let mut is_ended = true;
    for (index, filter) in filters.iter().enumerate() {
        let parameters = parameters.get(index);
        let is_this_ended;
        (data, is_this_ended) = match filter.name().as_deref() {
            Some(b"FlateDecode" | b"Fl") => predictor::undo(inflate(&data)?, parameters)?,
            Some(b"LZWDecode" | b"LZW") => predictor::undo(lzw::decode(&data, parameters)?, parameters)?,
            Some(b"ASCIIHexDecode" | b"AHx") => (ascii::decode_hex(&data), data.contains(&b'>')),
            Some(b"ASCII85Decode" | b"A85") => (ascii::decode_85(&data), data.contains(&b'~')),
            Some(b"RunLengthDecode" | b"RL") => (ascii::decode_runs(&data)?, true),
            // Undone with the encryption, before all others.
            Some(b"Crypt") => (data, true),
            _ => return Err(PdfError::UnsupportedFilter),
        };
        is_ended &= is_this_ended;
    }
    Ok((data, is_ended))
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
    fn data_end_with_a_mark_or_a_whole_row() {
        let rows = |bytes| deflate(&vec![0; bytes]);
        let predicted = "[<</Predictor 12 /Columns 4>>]";
        for (raw, filter, parameters, is_ended) in [
            (b"01 05>".to_vec(), "[/AHx]", "[]", true),
            (b"01 05".to_vec(), "[/ASCIIHexDecode]", "[]", false),
            (b"87cUR~>".to_vec(), "[/A85]", "[]", true),
            (b"87cUR".to_vec(), "[/A85]", "[]", false),
            (b"01".to_vec(), "[]", "[]", true),
            (rows(10), "[/Fl]", predicted, true),
            (rows(11), "[/Fl]", predicted, false),
            (rows(11), "[/Fl]", "[]", true),
        ] {
            let (_, seen) = decode_and_look(raw, &filters(filter), &filters(parameters)).unwrap();
            assert_eq!(seen, is_ended, "{filter} {parameters}");
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
