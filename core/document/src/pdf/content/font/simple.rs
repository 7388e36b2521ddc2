//! Simple fonts: one byte, one glyph (ISO 32000-2, 9.6).

use crate::source::ReadAt;

use crate::pdf::content::font::cmap::CMap;
use crate::pdf::content::font::encoding::Encoding;
use crate::pdf::content::font::metrics::Metrics;
use crate::pdf::content::font::standard::Standard;
use crate::pdf::content::font::{Flow, Owned, Shown, Text, glyph_names, program};
use crate::pdf::content::stream::Allowance;
use crate::pdf::error::PdfError;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;

const CODES: usize = 256;
/// Flag bit 3 of a font descriptor: the font's characters are its own.
const SYMBOLIC: i64 = 1 << 2;

/// A font of type 1, 3 or `TrueType`.
#[derive(Debug)]
pub(crate) struct Simple {
    glyphs: Vec<Glyph>,
}

#[derive(Debug, Clone, Default)]
struct Glyph {
    width: f64,
    text: Option<Owned>,
}

/// What a font dictionary says about texts.
struct Texts {
    to_unicode: Option<CMap>,
    differences: Vec<Option<Vec<u8>>>,
    named: Option<Encoding>,
    program: Option<program::BuiltIn>,
    default: Encoding,
}

impl Simple {
    pub(crate) fn load<S: ReadAt>(
        reader: &Reader<S>,
        allowance: &mut Allowance,
        font: &Value,
    ) -> Result<(Self, Metrics), PdfError> {
        let standard = Standard::named(&reader.lookup(font, "BaseFont")?.name().unwrap_or_default());
        let descriptor = reader.lookup(font, "FontDescriptor")?;
        let texts = Texts::load(reader, allowance, font, &descriptor, standard)?;
        let (unit, metrics) = if reader.lookup(font, "Subtype")?.is_name(b"Type3") {
            type3(reader, font)?
        } else {
            (1e-3, Metrics::of(reader, &descriptor, standard.metrics())?)
        };
        let mut glyphs: Vec<Glyph> = (0..=u8::MAX).map(|code| Glyph { width: 0.0, text: texts.of(code) }).collect();
        let first: usize = reader.lookup(font, "FirstChar")?.unsigned().unwrap_or(0);
        let widths = reader.lookup(font, "Widths")?.elements();
        let missing = reader.lookup(&descriptor, "MissingWidth")?.number().unwrap_or(0.0);
        for (code, glyph) in glyphs.iter_mut().enumerate() {
            let listed = code.checked_sub(first).and_then(|index| widths.get(index)).cloned();
            glyph.width = match listed {
                Some(width) => reader.resolve(width)?.number().unwrap_or(missing) * unit,
                None if widths.is_empty() => standard.width(code, glyph.text.as_ref()),
                None => missing * unit,
            };
        }
        Ok((Self { glyphs }, metrics))
    }

    /// About what a font that cannot be read shows.
    pub(crate) fn unknown() -> Self {
        let glyph = |code| Glyph { width: 0.5, text: Encoding::WinAnsi.char(code).map(Owned::Char) };
        Self { glyphs: (0..=u8::MAX).map(glyph).collect() }
    }

    pub(crate) fn first(&self, string: &[u8]) -> Option<Shown<'_>> {
        let code = *string.first()?;
        let glyph = self.glyphs.get(usize::from(code))?;
        let text = glyph.text.as_ref().map_or(Text::Missing, Owned::text);
        Some(Shown { length: 1, is_space: code == b' ', width: glyph.width, flow: Flow::Across, text })
    }
}

impl Texts {
    fn load<S: ReadAt>(
        reader: &Reader<S>,
        allowance: &mut Allowance,
        font: &Value,
        descriptor: &Value,
        standard: Standard,
    ) -> Result<Self, PdfError> {
        let encoding = reader.lookup(font, "Encoding")?;
        let base = match encoding.name() {
            Some(name) => Some(name),
            None => reader.lookup(&encoding, "BaseEncoding")?.name(),
        };
        let to_unicode = reader.lookup(font, "ToUnicode")?;
        let to_unicode = CMap::read(reader, allowance, &to_unicode)?;
        let is_true_type = reader.lookup(font, "Subtype")?.is_name(b"TrueType");
        let is_symbolic = reader.lookup(descriptor, "Flags")?.integer().is_some_and(|flags| flags & SYMBOLIC != 0);
        let named = base.and_then(|name| Encoding::named(&name)).or(standard.encoding());
        // A symbolic font's own encoding counts; elsewhere its program is not needed where the encoding has a name.
        let program = match named {
            Some(_) if !is_symbolic || to_unicode.is_some() => None,
            _ => program::built_in(reader, allowance, descriptor)?,
        };
        let default = if is_true_type { Encoding::WinAnsi } else { Encoding::Standard };
        let differences = differences(reader, &encoding)?;
        Ok(Self { to_unicode, differences, named, program, default })
    }

    fn of(&self, code: u8) -> Option<Owned> {
        let mapped = self.to_unicode.as_ref().and_then(|table| match table.text(u32::from(code)) {
            Text::Missing => None,
            Text::Char(character) => Owned::new(character.encode_utf8(&mut [0; 4])),
            Text::Several(text) => Owned::new(text),
        });
        let listed = |encoding: Encoding| encoding.char(code).map(Owned::Char);
        let difference = || self.differences[usize::from(code)].as_deref().and_then(glyph_names::text);
        mapped
            .or_else(difference)
            .or_else(|| self.named.and_then(listed))
            .or_else(|| self.program.as_ref().and_then(|program| program.text(code)))
            .or_else(|| listed(self.default))
    }
}

/// `/Differences`: a code, then the names of the glyphs from there on.
fn differences<S: ReadAt>(reader: &Reader<S>, encoding: &Value) -> Result<Vec<Option<Vec<u8>>>, PdfError> {
    let mut names = vec![None; CODES];
    let mut code = 0_usize;
    for element in reader.lookup(encoding, "Differences")?.elements() {
        let element = reader.resolve(element)?;
        if let Some(name) = element.name() {
            if let Some(place) = names.get_mut(code) {
                *place = Some(name);
            }
            code = code.saturating_add(1);
        } else {
            code = element.unsigned().unwrap_or(code);
        }
    }
    Ok(names)
}

/// What one unit of a Type 3 font's glyph space is, and how tall its glyphs are.
fn type3<S: ReadAt>(reader: &Reader<S>, font: &Value) -> Result<(f64, Metrics), PdfError> {
    let numbers = |key: &str| {
        let elements = reader.lookup(font, key)?.elements();
        let numbers = elements.into_iter().map(|element| Ok(reader.resolve(element)?.number().unwrap_or(0.0)));
        numbers.collect::<Result<Vec<f64>, PdfError>>()
    };
    let (matrix, bounds) = (numbers("FontMatrix")?, numbers("FontBBox")?);
    let (across, up) = match matrix.as_slice() {
        [a, b, c, d, ..] if *a != 0.0 || *b != 0.0 => (a.abs().max(b.abs()), if *d == 0.0 { *c } else { *d }),
        _ => (1e-3, 1e-3),
    };
    let ends = match bounds.as_slice() {
        [_, low, _, high, ..] => [low * up, high * up],
        _ => [0.0; 2],
    };
    let (descent, ascent) = (ends[0].min(ends[1]).min(0.0), ends[0].max(ends[1]));
    let em = ascent - descent;
    let metrics = if em > 0.0 && em.is_finite() { Metrics { ascent, descent, em } } else { Metrics::default() };
    Ok((across, metrics))
}
