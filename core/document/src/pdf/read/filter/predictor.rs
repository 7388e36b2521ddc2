//! Predictors (ISO 32000-2, 7.4.4.4).

use crate::pdf::error::PdfError;
use crate::pdf::syntax::object::Value;

struct Predictor {
    kind: usize,
    columns: usize,
    colors: usize,
    bits: usize,
}

/// The data as they were, and whether they end with a whole row.
pub(super) fn undo(data: Vec<u8>, parameters: Option<&Value>) -> Result<(Vec<u8>, bool), PdfError> {
    let Some(parameters) = parameters.filter(|parameters| parameters.is_dictionary()) else { return Ok((data, true)) };
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
        1 => Ok((data, true)),
        2 => Ok((undo_tiff(data, &predictor)?, true)),
        10..=15 => undo_png(&data, &predictor),
        _ => Err(PdfError::UnsupportedFilter),
    }
}

fn undo_png(data: &[u8], predictor: &Predictor) -> Result<(Vec<u8>, bool), PdfError> {
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
    Ok((out, data.len().is_multiple_of(row + 1)))
}

/// Each sample is the difference to the one of the same color at its left; only samples of whole bytes occur.
fn undo_tiff(mut data: Vec<u8>, predictor: &Predictor) -> Result<Vec<u8>, PdfError> {
    let row = predictor.colors.checked_mul(predictor.columns).ok_or(PdfError::UnsupportedFilter)?;
    if predictor.bits != 8 || row == 0 {
        return Err(PdfError::UnsupportedFilter);
    }
    for line in data.chunks_mut(row) {
        for column in predictor.colors..line.len() {
            line[column] = line[column].wrapping_add(line[column - predictor.colors]);
        }
    }
    Ok(data)
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::pdf::syntax::object::Object;

    fn value(text: &str) -> Value {
        Arc::new(Object::parse(text.as_bytes().to_vec(), 0).unwrap()).root()
    }

    #[test]
    fn each_png_row_filter_is_undone() {
        // Two columns of one byte; rows: none, sub, up, average, paeth.
        let rows = [0, 10, 20, 1, 5, 5, 2, 1, 1, 3, 2, 2, 4, 1, 1];
        let parameters = value("<</Predictor 15 /Columns 2>>");
        let (out, is_ended) = undo(rows.to_vec(), Some(&parameters)).unwrap();
        assert_eq!((out.as_slice(), is_ended), ([10, 20, 5, 10, 6, 11, 5, 10, 6, 11].as_slice(), true));
    }

    #[test]
    fn tiff_rows_are_undone() {
        let parameters = value("<</Predictor 2 /Columns 3 /Colors 2>>");
        let rows = vec![1, 10, 1, 10, 1, 10, 5, 5, 0, 0, 0, 0];
        assert_eq!(undo(rows, Some(&parameters)).unwrap().0, [1, 10, 2, 20, 3, 30, 5, 5, 5, 5, 5, 5]);
        let parameters = value("<</Predictor 2 /BitsPerComponent 4>>");
        assert_eq!(undo(vec![1], Some(&parameters)).unwrap_err().code(), "pdf.unsupported-filter");
    }
}
