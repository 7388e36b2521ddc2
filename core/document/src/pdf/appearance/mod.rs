//! What is seen of a signature: pictures and text, written as a file's claims want it.

pub(crate) mod color;
pub(crate) mod conformance;
pub(crate) mod drawing;
mod embed;
pub(crate) mod font;
pub(crate) mod image;
mod jpeg;
pub(crate) mod picture;
mod raster;
pub(crate) mod tags;
pub(crate) mod text;

use std::fmt::Write as _;

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
