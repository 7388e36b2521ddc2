//! How tall letters are, from the font descriptor (ISO 32000-2, 9.8), in units of the font size.

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;

/// Height of the box around a font's letters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Metrics {
    pub(crate) ascent: f64,
    /// Not positive.
    pub(crate) descent: f64,
    /// Height of the letters for a font size of 1: 1 except for Type 3.
    pub(crate) em: f64,
}

impl Default for Metrics {
    /// About what most fonts have, and just so for Chinese ones.
    fn default() -> Self {
        Self { ascent: 0.88, descent: -0.12, em: 1.0 }
    }
}

impl Metrics {
    /// What the descriptor says where that makes sense, else `default`.
    pub(crate) fn of<S: ReadAt>(reader: &Reader<S>, descriptor: &Value, default: Self) -> Result<Self, PdfError> {
        let entry = |key: &str| Ok::<_, PdfError>(reader.lookup(descriptor, key)?.number().map(|value| value / 1000.0));
        let ascent = entry("Ascent")?.filter(|ascent| (0.3..=1.3).contains(ascent));
        // Some writers leave out the sign.
        let descent = entry("Descent")?.map(|descent| -descent.abs()).filter(|descent| (-0.6..0.0).contains(descent));
        Ok(Self {
            ascent: ascent.unwrap_or(default.ascent),
            descent: descent.unwrap_or(default.descent),
            em: default.em,
        })
    }
}
