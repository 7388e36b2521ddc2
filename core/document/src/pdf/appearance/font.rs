//! The caller's font for text in a mark: `TrueType`, `OpenType` with CFF outlines, or one of a collection.

use std::fmt;

use skrifa::instance::{LocationRef, Size};
use skrifa::raw::TableProvider as _;
use skrifa::string::StringId;
use skrifa::{FontRef, GlyphId, MetadataProvider as _, Tag};

use crate::pdf::error::PdfError;
use crate::pdf::limits::MAX_FONT_BYTES;

/// Bits of `fsType` (`OpenType` 1.9, `OS/2`).
const RESTRICTED: u16 = 0x0002;
const PREVIEW_OR_EDITABLE: u16 = 0x000c;
const NO_SUBSETTING: u16 = 0x0100;
const BITMAPS_ONLY: u16 = 0x0200;

/// A font that text is shown in, of which the glyphs needed are embedded.
///
/// One character becomes one glyph: there is no shaping, which Chinese and Latin text do not need.
#[derive(Clone)]
pub struct Font {
    data: Vec<u8>,
    index: u32,
}

impl fmt::Debug for Font {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Font").field("bytes", &self.data.len()).field("index", &self.index).finish()
    }
}

/// How its outlines are stored, and so how it is embedded (ISO 32000-2, 9.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outlines {
    TrueType,
    Cff,
}

/// Measures in thousandths of the size, as PDF has them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Metrics {
    pub(super) ascent: f64,
    pub(super) descent: f64,
    pub(super) cap_height: f64,
    pub(super) italic_angle: f64,
    pub(super) bounds: [f64; 4],
}

impl Font {
    /// A `.ttf`, `.otf`, `.ttc` or `.otc` file; `index` says which font of a collection, and is 0 otherwise.
    ///
    /// # Errors
    /// `pdf.bad-font` for bytes that are no such font or whose outlines are neither `glyf` nor `CFF`;
    /// `pdf.font-not-embeddable` if its makers do not permit to embed a part of it; `pdf.limit-exceeded` over
    /// [`MAX_FONT_BYTES`].
    pub fn from_bytes(data: Vec<u8>, index: u32) -> Result<Self, PdfError> {
        if data.len() > MAX_FONT_BYTES {
            return Err(PdfError::LimitExceeded { what: "bytes of a font" });
        }
        let font = Self { data, index };
        font.outlines()?;
        let parsed = font.parsed()?;
        let is_whole = parsed.head().is_ok() && parsed.hhea().is_ok() && parsed.hmtx().is_ok() && parsed.maxp().is_ok();
        if !is_whole {
            return Err(PdfError::BadFont { what: "a required table is missing" });
        }
        // A font without the table forbids nothing.
        let permissions = parsed.os2().map_or(0, |os2| os2.fs_type());
        let is_restricted = permissions & RESTRICTED != 0 && permissions & PREVIEW_OR_EDITABLE == 0;
        if is_restricted || permissions & (NO_SUBSETTING | BITMAPS_ONLY) != 0 {
            return Err(PdfError::FontNotEmbeddable);
        }
        Ok(font)
    }

    pub(super) fn parsed(&self) -> Result<FontRef<'_>, PdfError> {
        FontRef::from_index(&self.data, self.index).map_err(|_| PdfError::BadFont { what: "no OpenType font" })
    }

    pub(super) fn outlines(&self) -> Result<Outlines, PdfError> {
        let font = self.parsed()?;
        let has = |tag: &[u8; 4]| font.table_data(Tag::new(tag)).is_some();
        match () {
            () if has(b"glyf") && has(b"loca") => Ok(Outlines::TrueType),
            () if has(b"CFF ") => Ok(Outlines::Cff),
            () => Err(PdfError::BadFont { what: "neither glyf nor CFF outlines" }),
        }
    }

    /// The glyph of a character.
    pub(super) fn glyph(&self, character: char) -> Result<GlyphId, PdfError> {
        let glyph = self.parsed()?.charmap().map(character).filter(|glyph| glyph.to_u32() != 0);
        glyph.ok_or(PdfError::CharacterMissing { character })
    }

    /// How far a glyph moves the pen, thousandths of the size.
    pub(super) fn advance(&self, glyph: GlyphId) -> Result<f64, PdfError> {
        let metrics = self.parsed()?.glyph_metrics(Size::unscaled(), LocationRef::default());
        let advance = metrics.advance_width(glyph).ok_or(PdfError::BadFont { what: "a glyph without a width" })?;
        Ok(f64::from(advance) * self.scale()?)
    }

    /// Thousandths of the size that one unit of the font is.
    fn scale(&self) -> Result<f64, PdfError> {
        let units = self.parsed()?.head().map_or(0, |head| head.units_per_em());
        if units == 0 { Err(PdfError::BadFont { what: "no units per em" }) } else { Ok(1000.0 / f64::from(units)) }
    }

    pub(super) fn metrics(&self) -> Result<Metrics, PdfError> {
        let metrics = self.parsed()?.metrics(Size::unscaled(), LocationRef::default());
        let scale = self.scale()?;
        let scaled = |value: f32| f64::from(value) * scale;
        let bounds = metrics.bounds.unwrap_or_default();
        Ok(Metrics {
            ascent: scaled(metrics.ascent),
            descent: scaled(metrics.descent),
            cap_height: scaled(metrics.cap_height.unwrap_or(metrics.ascent)),
            italic_angle: f64::from(metrics.italic_angle),
            bounds: [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(scaled),
        })
    }

    /// Its name, of characters that a PDF name takes as they are.
    pub(super) fn post_script_name(&self) -> Result<String, PdfError> {
        let font = self.parsed()?;
        let name = font.localized_strings(StringId::POSTSCRIPT_NAME).english_or_first();
        let name: String = name
            .into_iter()
            .flat_map(|name| name.chars().collect::<Vec<_>>())
            .filter(|character| is_plain(*character))
            .take(63)
            .collect();
        Ok(if name.is_empty() { "Font".to_owned() } else { name })
    }

    /// A font of only these glyphs, under their new numbers.
    pub(super) fn subset(&self, glyphs: &subsetter::GlyphRemapper) -> Result<Vec<u8>, PdfError> {
        subsetter::subset(&self.data, self.index, glyphs)
            .map_err(|_| PdfError::BadFont { what: "outlines that cannot be embedded" })
    }
}

fn is_plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_')
}
