//! A font in the file: the glyphs that are used, under numbers of their own, with the way back to text (ISO 32000-2, 9.7).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use eseal_crypto::digest::{Digest, DigestAlgorithm};
use skrifa::raw::TableProvider as _;
use skrifa::{FontRef, Tag};
use subsetter::GlyphRemapper;

use crate::pdf::appearance::font::{Font, Outlines};
use crate::pdf::appearance::numbers;
use crate::pdf::error::PdfError;
use crate::pdf::read::filter::deflate;
use crate::pdf::syntax::token::ObjectId;
use crate::pdf::write::revision::Revision;
use crate::pdf::write::splice::reference;

/// A composite font whose glyphs are numbered by subset (`Nonsymbolic` is not for these).
const SYMBOLIC: u32 = 4;
/// A stem's width is not in the font; viewers use it for a replacement, which an embedded font does not need.
const STEM: u32 = 80;

/// Whether the font says which glyphs are in it (`/CIDSet`): PDF/A-1 wants that, later parts do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GlyphList {
    Written,
    LeftOut,
}

/// A font being used: which object it will be, and what it needs.
pub(super) struct Embedded<'a> {
    pub(super) font: &'a Font,
    pub(super) id: ObjectId,
    glyphs: GlyphRemapper,
    used: BTreeMap<u16, (char, f64)>,
}

impl<'a> Embedded<'a> {
    pub(super) fn new(font: &'a Font, id: ObjectId) -> Self {
        Self { font, id, glyphs: GlyphRemapper::new(), used: BTreeMap::new() }
    }

    /// A text as the operand of `Tj`.
    pub(super) fn encode(&mut self, text: &str) -> Result<String, PdfError> {
        let mut out = String::from("<");
        for character in text.chars() {
            let glyph = self.font.glyph(character)?;
            let old = u16::try_from(glyph.to_u32()).map_err(|_| PdfError::BadFont { what: "a glyph number" })?;
            let new = self.glyphs.remap(old);
            if !self.used.contains_key(&new) {
                self.used.insert(new, (character, self.font.advance(glyph)?));
            }
            let _ = write!(out, "{new:04X}");
        }
        out.push('>');
        Ok(out)
    }

    pub(super) fn write(&self, revision: &mut Revision, list: GlyphList) -> Result<(), PdfError> {
        let program = self.font.subset(&self.glyphs)?;
        let outlines = self.font.outlines()?;
        let tag = tag(&program);
        let name = format!("{tag}+{}", self.font.post_script_name()?);
        let (data, key, kind) = match outlines {
            Outlines::TrueType => (program.clone(), "FontFile2", String::new()),
            Outlines::Cff => (cff(&program)?, "FontFile3", " /Subtype /CIDFontType0C".to_owned()),
        };
        let file = revision.allocate()?;
        let packed = deflate(&data);
        let length = if outlines == Outlines::TrueType { format!(" /Length1 {}", data.len()) } else { String::new() };
        revision.write_stream(file, &format!("/Filter /FlateDecode{kind}{length}"), &packed);

        let set = match list {
            GlyphList::LeftOut => String::new(),
            GlyphList::Written => {
                let set = revision.allocate()?;
                revision.write_stream(set, "/Filter /FlateDecode", &deflate(&glyph_set(&program)?));
                format!(" /CIDSet {}", reference(set))
            }
        };
        let metrics = self.font.metrics()?;
        let descriptor = revision.allocate()?;
        let measures = [metrics.italic_angle, metrics.ascent, metrics.descent, metrics.cap_height];
        let [angle, ascent, descent, cap_height] = measures.map(|measure| numbers(&[measure]));
        let text = format!(
            "<</Type /FontDescriptor /FontName /{name} /Flags {SYMBOLIC} /FontBBox [{}] /ItalicAngle {angle} \
             /Ascent {ascent} /Descent {descent} /CapHeight {cap_height} /StemV {STEM} /{key} {}{set}>>",
            numbers(&metrics.bounds),
            reference(file)
        );
        revision.write(descriptor, text.as_bytes());

        let (subtype, map) = match outlines {
            Outlines::TrueType => ("CIDFontType2", " /CIDToGIDMap /Identity"),
            Outlines::Cff => ("CIDFontType0", ""),
        };
        let descendant = revision.allocate()?;
        let widths: Vec<f64> = self.used.values().map(|(_, width)| *width).collect();
        let text = format!(
            "<</Type /Font /Subtype /{subtype} /BaseFont /{name} \
             /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor {} \
             /DW 1000 /W [1 [{}]]{map}>>",
            reference(descriptor),
            numbers(&widths)
        );
        revision.write(descendant, text.as_bytes());

        let meaning = revision.allocate()?;
        revision.write_stream(meaning, "/Filter /FlateDecode", &deflate(self.to_unicode().as_bytes()));
        let text = format!(
            "<</Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /DescendantFonts [{}] /ToUnicode {}>>",
            reference(descendant),
            reference(meaning)
        );
        revision.write(self.id, text.as_bytes());
        Ok(())
    }

    /// What each glyph stands for (ISO 32000-2, 9.10.3).
    fn to_unicode(&self) -> String {
        let mut out = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
             /CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n\
             /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
             1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
        );
        let used: Vec<(&u16, &(char, f64))> = self.used.iter().collect();
        // No more than a hundred in a run.
        for run in used.chunks(100) {
            let _ = writeln!(out, "{} beginbfchar", run.len());
            for (glyph, (character, _)) in run {
                let mut units = [0; 2];
                let units = character.encode_utf16(&mut units).iter().map(|unit| format!("{unit:04X}"));
                let _ = writeln!(out, "<{glyph:04X}> <{}>", units.collect::<String>());
            }
            out.push_str("endbfchar\n");
        }
        out.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
        out
    }
}

/// Six letters that tell subsets of one font apart (ISO 32000-2, 9.9.2).
fn tag(program: &[u8]) -> String {
    let digest = Digest::of(DigestAlgorithm::Sha256, program);
    digest.as_bytes().iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
}

/// The CFF table of an `OpenType` font, which a PDF holds by itself.
fn cff(program: &[u8]) -> Result<Vec<u8>, PdfError> {
    let table =
        FontRef::new(program).ok().and_then(|font| Some(font.table_data(Tag::new(b"CFF "))?.as_bytes().to_vec()));
    table.ok_or(PdfError::BadFont { what: "outlines that cannot be embedded" })
}

/// A bit for each glyph in the embedded font.
fn glyph_set(program: &[u8]) -> Result<Vec<u8>, PdfError> {
    let count = FontRef::new(program).ok().and_then(|font| Some(font.maxp().ok()?.num_glyphs()));
    let count = usize::from(count.ok_or(PdfError::BadFont { what: "outlines that cannot be embedded" })?);
    let mut bits = vec![0xff_u8; count.div_ceil(8)];
    if let Some(last) = bits.last_mut().filter(|_| count % 8 != 0) {
        *last = 0xff << (8 - count % 8);
    }
    Ok(bits)
}
