//! The seal as a form `XObject` (ISO 32000-2, 8.10 and 12.5.5).

use std::fmt::Write as _;

use eseal_face::PdfForm;

use crate::pdf::place::Placed;
use crate::pdf::read::filter::deflate;
use crate::pdf::syntax::token::ObjectId;
use crate::pdf::write::revision::Revision;

/// Writes the face into the box it was placed in: upright, in its own proportions, as large as fits, in the middle.
pub(crate) fn write(revision: &mut Revision, id: ObjectId, face: &PdfForm, placed: &Placed) {
    let [width, height] = placed.size;
    let scale = (width / face.width_pt).min(height / face.height_pt);
    let (left, bottom) = ((width - face.width_pt * scale) / 2.0, (height - face.height_pt * scale) / 2.0);
    let mut content = format!("q {} cm\n", numbers(&[scale, 0.0, 0.0, scale, left, bottom])).into_bytes();
    content.extend_from_slice(&face.content);
    content.extend_from_slice(b"\nQ\n");
    let entries = format!(
        "/Type /XObject /Subtype /Form /FormType 1 /BBox [0 0 {}] /Matrix [{}] /Resources <<>> /Filter /FlateDecode",
        numbers(&[width, height]),
        numbers(&placed.matrix)
    );
    revision.write_stream(id, &entries, &deflate(&content));
}

/// Numbers as PDF has them: no exponent, no more digits than matter.
pub(crate) fn numbers(values: &[f64]) -> String {
    let mut out = String::new();
    for value in values {
        let text = format!("{value:.5}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        let _ = write!(out, "{}{}", if out.is_empty() { "" } else { " " }, if text == "-0" { "0" } else { text });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_without_exponent() {
        assert_eq!(
            numbers(&[0.0, -0.0, -0.000_000_1, 1.0, 595.303_937, -12.5, 1e-4]),
            "0 0 0 1 595.30394 -12.5 0.0001"
        );
    }
}
