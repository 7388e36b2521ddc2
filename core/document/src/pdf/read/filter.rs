//! Stream filters as far as cross-reference and object streams use them: Flate with predictors (ISO 32000-2, 7.4.4).

use std::io::Read as _;

use crate::pdf::error::PdfError;
use crate::pdf::limits::{MAX_FILTERS, MAX_STREAM_BYTES};
use crate::pdf::syntax::object::Value;

/// Undoes the filters that a stream's direct `/Filter` and `/DecodeParms` name.
pub(crate) fn decode(raw: Vec<u8>, filters: Option<&Value>, parameters: Option<&Value>) -> Result<Vec<u8>, PdfError> {
    let filters = list(filters);
    let parameters = list(parameters);
    if filters.len() > MAX_FILTERS {
        return Err(PdfError::LimitExceeded { what: "filters of a stream" });
    }
    let mut data = raw;
    for (index, filter) in filters.iter().enumerate() {
        if !filter.is_name(b"FlateDecode") && !filter.is_name(b"Fl") {
            return Err(PdfError::UnsupportedFilter);
        }
        data = unpredict(inflate(&data)?, parameters.get(index))?;
    }
    Ok(data)
}

fn list(value: Option<&Value>) -> Vec<Value> {
    match value {
        Some(value) if value.is_array() => value.elements(),
        Some(value) if !value.is_null() => vec![value.clone()],
        _ => Vec::new(),
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

struct Predictor {
    kind: usize,
    columns: usize,
    colors: usize,
    bits: usize,
}

fn unpredict(data: Vec<u8>, parameters: Option<&Value>) -> Result<Vec<u8>, PdfError> {
    let Some(parameters) = parameters.filter(|parameters| parameters.is_dictionary()) else { return Ok(data) };
    let value = |key: &str, default: usize| match parameters.get(key) {
        None => Ok(default),
        Some(value) => value.unsigned::<usize>().filter(|value| *value <= 1 << 20).ok_or(PdfError::UnsupportedFilter),
    };
    let predictor = Predictor {
        kind: value("Predictor", 1)?,
        columns: value("Columns", 1)?,
        colors: value("Colors", 1)?,
        bits: value("BitsPerComponent", 8)?,
    };
    match predictor.kind {
        1 => Ok(data),
        10..=15 => undo_png(&data, &predictor),
        _ => Err(PdfError::UnsupportedFilter),
    }
}

fn undo_png(data: &[u8], predictor: &Predictor) -> Result<Vec<u8>, PdfError> {
    let bits_per_pixel = predictor.colors * predictor.bits;
    let row_bits = bits_per_pixel.checked_mul(predictor.columns).ok_or(PdfError::UnsupportedFilter)?;
    let (pixel, row) = (bits_per_pixel.div_ceil(8).max(1), row_bits.div_ceil(8));
    if row == 0 {
        return Err(PdfError::UnsupportedFilter);
    }
    let mut out: Vec<u8> = Vec::with_capacity(data.len());
    for line in data.chunks(row + 1) {
        let Some((&filter, line)) = line.split_first() else { break };
        let begin = out.len();
        for (column, &byte) in line.iter().enumerate() {
            let left = if column >= pixel { out[begin + column - pixel] } else { 0 };
            let above = |back: usize| (begin >= row).then(|| out.get(begin + column - row - back).copied()).flatten();
            let up = above(0).unwrap_or(0);
            let up_left = if column >= pixel { above(pixel).unwrap_or(0) } else { 0 };
            let predicted = match filter {
                0 => 0,
                1 => left,
                2 => up,
                3 => u8::midpoint(left, up),
                4 => paeth(left, up, up_left),
                _ => return Err(PdfError::DamagedObject { offset: 0, what: "an unknown row filter" }),
            };
            out.push(byte.wrapping_add(predicted));
        }
    }
    Ok(out)
}

fn paeth(left: u8, up: u8, up_left: u8) -> u8 {
    let estimate = i16::from(left) + i16::from(up) - i16::from(up_left);
    let distance = |value: u8| (estimate - i16::from(value)).abs();
    if distance(left) <= distance(up) && distance(left) <= distance(up_left) {
        left
    } else if distance(up) <= distance(up_left) {
        up
    } else {
        up_left
    }
}

/// Data compressed with Flate, as the streams written here are.
pub(crate) fn deflate(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to memory does not fail.
    let _ = flate2::read::ZlibEncoder::new(data, flate2::Compression::best()).read_to_end(&mut out);
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::pdf::syntax::object::Object;

    fn value(text: &str) -> Value {
        Arc::new(Object::parse(text.as_bytes().to_vec(), 0).unwrap()).root()
    }

    #[test]
    fn flate_goes_there_and_back() {
        let data = b"seal ".repeat(1000);
        let packed = deflate(&data);
        assert!(packed.len() < 100);
        assert_eq!(decode(packed, Some(&value("[/FlateDecode]")), None).unwrap(), data);
    }

    #[test]
    fn each_png_row_filter_is_undone() {
        // Two columns of one byte; rows: none, sub, up, average, paeth.
        let rows = [0, 10, 20, 1, 5, 5, 2, 1, 1, 3, 2, 2, 4, 1, 1];
        let parameters = value("<</Predictor 15 /Columns 2>>");
        let out = decode(deflate(&rows), Some(&value("/FlateDecode")), Some(&parameters)).unwrap();
        assert_eq!(out, [10, 20, 5, 10, 6, 11, 5, 10, 6, 11]);
    }

    #[test]
    fn a_decompression_bomb_is_refused() {
        let packed = deflate(&vec![0; MAX_STREAM_BYTES + 1]);
        let refused = decode(packed, Some(&value("/FlateDecode")), None).unwrap_err();
        assert_eq!(refused.code(), "pdf.limit-exceeded");
    }

    #[test]
    fn other_filters_and_garbage_are_refused() {
        assert_eq!(decode(vec![1], Some(&value("/LZWDecode")), None).unwrap_err().code(), "pdf.unsupported-filter");
        assert_eq!(decode(vec![1, 2, 3], Some(&value("/Fl")), None).unwrap_err().code(), "pdf.damaged-object");
        let many = value("[/Fl /Fl /Fl /Fl /Fl]");
        assert_eq!(decode(vec![1], Some(&many), None).unwrap_err().code(), "pdf.limit-exceeded");
    }
}
