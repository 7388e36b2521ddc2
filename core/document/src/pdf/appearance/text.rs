//! Lines of text beside a seal: who, when, why.

use std::fmt::Write as _;

use crate::pdf::appearance::embed::Embedded;
use crate::pdf::appearance::font::Font;
use crate::pdf::appearance::numbers;
use crate::pdf::error::PdfError;
use crate::pdf::limits::{MAX_TEXT_CHARS, MAX_TEXT_LINES};

/// Points: 五号, in which Chinese documents are commonly set.
const LARGEST_PT: f64 = 10.5;
/// Points: smaller is not read on paper.
const SMALLEST_PT: f64 = 4.0;
/// From one line to the next, in sizes.
const LEADING: f64 = 1.25;
/// Between picture and text, as a share of the shorter side of the place.
const GAP: f64 = 0.05;
/// The most of the place that the picture takes.
const PICTURE_SHARE: f64 = 0.6;

/// Where the text is, seen from the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextSide {
    /// To its right.
    #[default]
    Right,
    /// Below it.
    Below,
}

/// Lines of text that share a mark's place with its picture, black, as large as fits between 4 and 10.5 points.
#[derive(Debug, Clone)]
#[must_use]
pub struct TextBlock<'a> {
    lines: Vec<String>,
    side: TextSide,
    font: Option<&'a Font>,
}

impl<'a> TextBlock<'a> {
    /// One line for each of these; what they say is the caller's. Needs a [`font`](Self::font).
    pub fn new(lines: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { lines: lines.into_iter().map(Into::into).collect(), side: TextSide::default(), font: None }
    }

    /// The font to show it in. Without one the mark is refused (`pdf.font-missing`): a viewer would show boxes.
    pub const fn font(mut self, font: &'a Font) -> Self {
        self.font = Some(font);
        self
    }

    /// Where the text is.
    pub const fn side(mut self, side: TextSide) -> Self {
        self.side = side;
        self
    }

    pub(super) fn embeddable(&self) -> Result<&'a Font, PdfError> {
        if self.lines.is_empty() || self.lines.len() > MAX_TEXT_LINES {
            return Err(PdfError::LimitExceeded { what: "lines of text" });
        }
        if self.lines.iter().any(|line| line.chars().count() > MAX_TEXT_CHARS) {
            return Err(PdfError::TooLong { what: "text beside the seal" });
        }
        self.font.ok_or(PdfError::FontMissing)
    }

    /// Shares a place of `size` between a picture of these proportions and the text.
    pub(super) fn share(&self, [width, height]: [f64; 2], proportions: f64) -> Shared {
        let gap = GAP * width.min(height);
        match self.side {
            TextSide::Right => {
                let taken = (height * proportions).min(width * PICTURE_SHARE);
                let at = taken + gap;
                Shared { picture: [0.0, 0.0, taken, height], text: [at, 0.0, width - at, height] }
            }
            TextSide::Below => {
                let taken = (width / proportions).min(height * PICTURE_SHARE);
                let below = height - taken - gap;
                Shared { picture: [0.0, height - taken, width, taken], text: [0.0, 0.0, width, below] }
            }
        }
    }

    /// Operators that show the text in a box; `user_unit` is the points in one unit.
    pub(super) fn content(
        &self,
        font: &mut Embedded<'_>,
        [left, bottom, width, height]: [f64; 4],
        user_unit: f64,
    ) -> Result<String, PdfError> {
        let lines = self.lines.iter().map(|line| font.encode(line)).collect::<Result<Vec<_>, _>>()?;
        let widths = self.lines.iter().map(|line| measure(font.font, line)).collect::<Result<Vec<_>, _>>()?;
        let widest = widths.iter().copied().fold(0.0, f64::max);
        let count = self.lines.iter().map(|_| 1.0).sum::<f64>();
        // Only the space between lines counts, not behind the last.
        let rows = (count - 1.0).mul_add(LEADING, 1.0);
        let by_width = if widest > 0.0 { width / widest } else { f64::INFINITY };
        let size = by_width.min(height / rows).min(LARGEST_PT / user_unit);
        if size.is_nan() || size * user_unit < SMALLEST_PT {
            return Err(PdfError::TextDoesNotFit);
        }
        let metrics = font.font.metrics()?;
        let (ascent, descent) = (metrics.ascent / 1000.0, metrics.descent / 1000.0);
        let top = bottom + f64::midpoint(height, rows * size);
        // The glyphs' own height in the middle of the first row.
        let baseline = top - size * (1.0 + ascent + descent) / 2.0;
        let mut out = format!("BT\n0 0 0 rg\n/F {} Tf\n{} TL\n", numbers(&[size]), numbers(&[size * LEADING]));
        let start = match self.side {
            TextSide::Right => left,
            TextSide::Below => left + (width - widest * size) / 2.0,
        };
        let _ = writeln!(out, "{} Td", numbers(&[start, baseline]));
        for (index, line) in lines.iter().enumerate() {
            let _ = writeln!(out, "{}{line} Tj", if index == 0 { "" } else { "T*\n" });
        }
        out.push_str("ET\n");
        Ok(out)
    }
}

/// A place shared by two: left, bottom, width and height of each.
pub(super) struct Shared {
    pub(super) picture: [f64; 4],
    pub(super) text: [f64; 4],
}

/// How long a line is, in sizes.
fn measure(font: &Font, line: &str) -> Result<f64, PdfError> {
    let mut width = 0.0;
    for character in line.chars() {
        width += font.advance(font.glyph(character)?)? / 1000.0;
    }
    Ok(width)
}
