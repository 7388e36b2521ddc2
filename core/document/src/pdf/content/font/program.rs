//! What an embedded font program says about its glyphs' characters, where the PDF itself says nothing
//! (ISO 32000-2, 9.6.5.4 and 9.9).

use skrifa::raw::TableProvider as _;
use skrifa::raw::ps::cff::CffFontRef;
use skrifa::raw::tables::cmap::{CmapSubtable, EncodingRecord, PlatformId};
use skrifa::{FontRef, GlyphId, GlyphNames};

use crate::source::ReadAt;

use crate::pdf::content::font::encoding::Encoding;
use crate::pdf::content::font::{Owned, glyph_names};
use crate::pdf::content::lexer::{Lexer, Operand, Token};
use crate::pdf::content::stream::Allowance;
use crate::pdf::error::PdfError;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;

/// The texts of a simple font's codes by the program's own encoding.
#[derive(Debug)]
pub(crate) struct BuiltIn {
    texts: Vec<Option<Owned>>,
}

impl BuiltIn {
    pub(crate) fn text(&self, code: u8) -> Option<Owned> {
        self.texts.get(usize::from(code)).cloned().flatten()
    }

    fn new(text: impl Fn(u8) -> Option<Owned>) -> Self {
        Self { texts: (0..=u8::MAX).map(text).collect() }
    }
}

/// The texts of a composite font's glyphs.
#[derive(Debug)]
pub(crate) struct GlyphTexts {
    /// By glyph; zero is none.
    characters: Vec<u16>,
    /// Glyphs by CID, two bytes each; `None` if they are the same.
    glyphs: Option<Vec<u8>>,
}

impl GlyphTexts {
    pub(crate) fn of_cid(&self, cid: u32) -> Option<char> {
        let cid = usize::try_from(cid).ok()?;
        let glyph = match &self.glyphs {
            None => cid,
            Some(glyphs) => {
                let at = cid.checked_mul(2)?;
                usize::from(u16::from_be_bytes([*glyphs.get(at)?, *glyphs.get(at + 1)?]))
            }
        };
        let unit = *self.characters.get(glyph)?;
        char::from_u32(u32::from(unit)).filter(|_| unit > 0)
    }
}

pub(crate) fn built_in<S: ReadAt>(
    reader: &Reader<S>,
    allowance: &mut Allowance,
    descriptor: &Value,
) -> Result<Option<BuiltIn>, PdfError> {
    let mut data = |key: &str| {
        let stream = reader.lookup(descriptor, key)?;
        if stream.is_null() { Ok(None) } else { allowance.read(reader, &stream) }
    };
    if let Some(data) = data("FontFile2")? {
        return Ok(FontRef::new(&data).ok().map(|font| of_true_type(&font)));
    }
    if let Some(data) = data("FontFile3")? {
        let inside = FontRef::new(&data).ok().and_then(|font| font.cff().ok());
        let table = inside.as_ref().map_or(data.as_slice(), |cff| cff.offset_data().as_bytes());
        return Ok(CffFontRef::new(table, 0, None).ok().as_ref().and_then(of_cff));
    }
    Ok(data("FontFile")?.map(|data| of_type1(&data)))
}

fn of_cff(font: &CffFontRef<'_>) -> Option<BuiltIn> {
    let encoding = font.encoding()?;
    let name = |code: u8| {
        let glyph = encoding.map(code).filter(|glyph| *glyph != GlyphId::NOTDEF)?;
        font.string(encoding.charset().string_id(glyph)?)
    };
    Some(BuiltIn::new(|code| name(code).and_then(glyph_names::text)))
}

/// The subtables of a font that are of a kind.
fn subtables<'f>(font: &FontRef<'f>, is_wanted: impl Fn(&EncodingRecord) -> bool) -> Vec<CmapSubtable<'f>> {
    /// More are in no sensible font.
    const MAX_SUBTABLES: usize = 16;
    let Ok(cmap) = font.cmap() else { return Vec::new() };
    let records = cmap.encoding_records().iter().take(MAX_SUBTABLES).filter(|record| is_wanted(record));
    records.filter_map(|record| record.subtable(cmap.offset_data()).ok()).collect()
}

/// Codes lead to glyphs by the symbol or the Macintosh table, glyphs to characters by the Unicode table or by name.
fn of_true_type(font: &FontRef<'_>) -> BuiltIn {
    let symbol = subtables(font, EncodingRecord::is_symbol);
    let macintosh = subtables(font, EncodingRecord::is_mac_roman);
    let glyph = |code: u8| {
        let code = u32::from(code);
        let by_symbol = symbol
            .iter()
            .find_map(|table| [0xf000, 0, 0xf100].iter().find_map(|high| table.map_codepoint(high + code)));
        let glyph = by_symbol.or_else(|| macintosh.iter().find_map(|table| table.map_codepoint(code)));
        glyph.filter(|glyph| *glyph != GlyphId::NOTDEF)
    };
    let characters = characters(font);
    let names = GlyphNames::new(font);
    BuiltIn::new(|code| {
        let glyph = glyph(code)?;
        let unit = characters.get(glyph.to_u32() as usize).copied().filter(|unit| *unit > 0);
        let by_name = || {
            let name = names.get(glyph).filter(|name| !name.is_synthesized())?;
            glyph_names::text(name.as_str().as_bytes())
        };
        unit.and_then(|unit| char::from_u32(u32::from(unit))).map(Owned::Char).or_else(by_name)
    })
}

/// The encoding in the readable part of a Type 1 program: `dup 65 /A put`.
fn of_type1(data: &[u8]) -> BuiltIn {
    let mut names: Vec<Option<Vec<u8>>> = vec![None; 256];
    let mut lexer = Lexer::new(data);
    let mut inside = false;
    let (mut code, mut name) = (None, None);
    while let Some(token) = lexer.next() {
        match token {
            Token::Operator(b"eexec") => break,
            Token::Operator(b"StandardEncoding") if inside => {
                return BuiltIn::new(|code| Encoding::Standard.char(code).map(Owned::Char));
            }
            Token::Operator(b"readonly" | b"def") if inside && names.iter().any(Option::is_some) => break,
            Token::Operator(b"put") if inside => {
                let place = code.take().and_then(|code: usize| names.get_mut(code));
                if let (Some(place), Some(name)) = (place, name.take()) {
                    *place = Some(name);
                }
            }
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range, checked before")]
            Token::Operand(Operand::Number(number)) if (0.0..256.0).contains(&number) => code = Some(number as usize),
            Token::Operand(operand) => {
                if let Some(word) = operand.name() {
                    inside |= *word == *b"Encoding";
                    name = Some(word.into_owned());
                }
            }
            Token::Operator(_) => {}
        }
    }
    BuiltIn::new(|code| names[usize::from(code)].as_deref().and_then(glyph_names::text))
}

pub(crate) fn glyph_texts<S: ReadAt>(
    reader: &Reader<S>,
    allowance: &mut Allowance,
    descendant: &Value,
    descriptor: &Value,
) -> Result<Option<GlyphTexts>, PdfError> {
    let map = reader.lookup(descendant, "CIDToGIDMap")?;
    let glyphs = if map.name().is_some() { None } else { allowance.read(reader, &map)? };
    let mut program = reader.lookup(descriptor, "FontFile2")?;
    if program.is_null() {
        program = reader.lookup(descriptor, "FontFile3")?;
    }
    let Some(data) = allowance.read(reader, &program)? else { return Ok(None) };
    Ok(FontRef::new(&data).ok().map(|font| GlyphTexts { characters: characters(&font), glyphs }))
}

/// The first character of each glyph. Characters are asked for one by one: what a table lists may be without end.
fn characters(font: &FontRef<'_>) -> Vec<u16> {
    let is_unicode = |record: &EncodingRecord| {
        record.platform_id() == PlatformId::Unicode
            || record.platform_id() == PlatformId::Windows && matches!(record.encoding_id(), 1 | 10)
    };
    let tables = subtables(font, is_unicode);
    let count = font.maxp().map_or(0, |maxp| usize::from(maxp.num_glyphs()));
    let mut characters = vec![0; count];
    for unit in (0x20..0xe000).chain(0xf900..=u16::MAX - 2) {
        let glyph = tables.iter().find_map(|table| table.map_codepoint(unit)).filter(|glyph| *glyph != GlyphId::NOTDEF);
        let place = glyph.and_then(|glyph| characters.get_mut(glyph.to_u32() as usize));
        if let Some(place) = place.filter(|place| **place == 0) {
            *place = unit;
        }
    }
    characters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_1_program_tells_its_encoding() {
        let built_in = of_type1(
            b"%!PS\n/FontName /X def /Encoding 256 array 0 1 255 {1 index exch /.notdef put} for\n\
              dup 65 /B put dup 66 /ff put readonly def eexec dup 67 /C put",
        );
        assert_eq!(built_in.text(65), Some(Owned::Char('B')));
        assert_eq!(built_in.text(66), Some(Owned::Char('\u{fb00}')));
        assert_eq!(built_in.text(67), None);
        let standard = of_type1(b"/Encoding StandardEncoding def");
        assert_eq!(standard.text(0xae), Some(Owned::Char('\u{fb01}')));
    }

    #[test]
    fn garbage_says_nothing() {
        assert_eq!(of_type1(b"\x80\x01((((").text(65), None);
        let texts = GlyphTexts { characters: vec![0, 65], glyphs: Some(vec![0, 1, 0]) };
        assert_eq!((texts.of_cid(0), texts.of_cid(1), texts.of_cid(u32::MAX)), (Some('A'), None, None));
    }
}
