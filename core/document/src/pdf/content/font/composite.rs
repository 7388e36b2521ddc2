//! Composite fonts (ISO 32000-2, 9.7).

use crate::source::ReadAt;

use crate::pdf::content::font::charset::Charset;
use crate::pdf::content::font::cid_widths::CidWidths;
use crate::pdf::content::font::cmap::CMap;
use crate::pdf::content::font::metrics::Metrics;
use crate::pdf::content::font::program::{self, GlyphTexts};
use crate::pdf::content::font::{Flow, Shown, Text, gb1};
use crate::pdf::content::stream::Allowance;
use crate::pdf::error::PdfError;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;

/// A font of type 0 and its one descendant.
#[derive(Debug)]
pub(crate) struct Composite {
    codes: Codes,
    direction: Direction,
    widths: CidWidths,
    to_unicode: ToUnicode,
    fallback: Fallback,
}

/// From bytes to codes and from codes to CIDs.
#[derive(Debug)]
enum Codes {
    /// Two bytes, which are the CID.
    Identity,
    Charset(Charset),
    Embedded {
        own: CMap,
        base: Option<Charset>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Across,
    Down,
}

#[derive(Debug)]
enum ToUnicode {
    Absent,
    /// Codes are UTF-16: some writers give `/Identity-H`.
    Identity,
    Table(CMap),
}

/// What says the text of a CID where `/ToUnicode` does not.
#[derive(Debug)]
enum Fallback {
    Nothing,
    Gb1,
    Program(GlyphTexts),
}

/// One code: its number, its length, and what it stands for where the code itself says that.
struct Code {
    number: u32,
    length: usize,
    cid: Option<u32>,
    character: Option<char>,
}

impl Composite {
    pub(crate) fn load<S: ReadAt>(
        reader: &Reader<S>,
        allowance: &mut Allowance,
        font: &Value,
    ) -> Result<(Self, Metrics), PdfError> {
        let descendants = reader.lookup(font, "DescendantFonts")?;
        // Some writers leave out the array.
        let descendant = match descendants.elements().first() {
            Some(first) => reader.resolve(first.clone())?,
            None => descendants,
        };
        let (codes, direction) = codes(reader, allowance, font)?;
        let to_unicode = to_unicode(reader, allowance, font)?;
        let descriptor = reader.lookup(&descendant, "FontDescriptor")?;
        let is_gb1 = collection(reader, &descendant)?.as_deref() == Some(b"GB1");
        let fallback = match (&codes, &to_unicode) {
            (Codes::Charset(_), _) => Fallback::Nothing,
            _ if is_gb1 => Fallback::Gb1,
            (_, ToUnicode::Table(_)) => Fallback::Nothing,
            _ => program::glyph_texts(reader, allowance, &descendant, &descriptor)?
                .map_or(Fallback::Nothing, Fallback::Program),
        };
        let widths = CidWidths::load(reader, &descendant)?;
        let metrics = Metrics::of(reader, &descriptor, Metrics::default())?;
        Ok((Self { codes, direction, widths, to_unicode, fallback }, metrics))
    }

    pub(crate) fn is_down(&self) -> bool {
        self.direction == Direction::Down
    }

    pub(crate) fn first(&self, string: &[u8]) -> Option<Shown<'_>> {
        let code = self.codes.first(string)?;
        let cid = code.cid;
        let own = match &self.to_unicode {
            ToUnicode::Absent => Text::Missing,
            ToUnicode::Identity => char::from_u32(code.number).map_or(Text::Missing, Text::Char),
            ToUnicode::Table(table) => table.text(code.number),
        };
        let text =
            own.or_else(|| code.character.or_else(|| self.fallback.character(cid?)).map_or(Text::Missing, Text::Char));
        let flow = match self.direction {
            Direction::Across => Flow::Across,
            Direction::Down => self.widths.down(cid),
        };
        let is_space = code.length == 1 && code.number == 32;
        Some(Shown { length: code.length, is_space, width: self.widths.width(cid), flow, text })
    }
}

impl Codes {
    fn first(&self, string: &[u8]) -> Option<Code> {
        let of_charset = |charset: Charset, string: &[u8]| {
            let length = charset.length(string);
            let code = &string[..length];
            let character = charset.character(code);
            let number = code.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
            Code { number, length, cid: character.and_then(|character| charset.cid(character)), character }
        };
        match (self, string) {
            (_, []) => None,
            (Self::Identity, [high, low, ..]) => {
                let number = u32::from(*high) << 8 | u32::from(*low);
                Some(Code { number, length: 2, cid: Some(number), character: None })
            }
            (Self::Identity, [_]) => Some(Code { number: 0, length: 1, cid: None, character: None }),
            (Self::Charset(charset), _) => Some(of_charset(*charset, string)),
            (Self::Embedded { own, base }, _) => {
                let (number, length) = own.first(string)?;
                let inherited = base.map(|charset| of_charset(charset, &string[..length]));
                let cid = own.cid(number).or(inherited.as_ref().and_then(|code| code.cid));
                Some(Code { number, length, cid, character: inherited.and_then(|code| code.character) })
            }
        }
    }
}

impl Fallback {
    fn character(&self, cid: u32) -> Option<char> {
        match self {
            Self::Nothing => None,
            Self::Gb1 => gb1::character(cid),
            Self::Program(texts) => texts.of_cid(cid),
        }
    }
}

/// `/Encoding` by name or as a stream.
fn codes<S: ReadAt>(
    reader: &Reader<S>,
    allowance: &mut Allowance,
    font: &Value,
) -> Result<(Codes, Direction), PdfError> {
    let encoding = reader.lookup(font, "Encoding")?;
    if let Some(name) = encoding.name() {
        return Ok(predefined(&name));
    }
    let Some(own) = CMap::read(reader, allowance, &encoding)? else {
        return Ok((Codes::Identity, Direction::Across));
    };
    let mode = reader.lookup(&encoding, "WMode")?.integer();
    let is_vertical = mode.map_or(own.is_vertical, |mode| mode == 1);
    let base = match &own.base {
        Some(name) => Some(name.clone()),
        None => reader.lookup(&encoding, "UseCMap")?.name(),
    };
    let base = base.and_then(|name| match predefined(&name) {
        (Codes::Charset(charset), _) => Some(charset),
        _ => None,
    });
    let direction = if is_vertical { Direction::Down } else { Direction::Across };
    Ok((Codes::Embedded { own, base }, direction))
}

fn predefined(name: &[u8]) -> (Codes, Direction) {
    let name = std::str::from_utf8(name).unwrap_or_default();
    let (stem, direction) = match name.strip_suffix("-V").or(name.strip_suffix('V').filter(|_| name == "V")) {
        Some(stem) => (stem, Direction::Down),
        None => (name.strip_suffix("-H").unwrap_or(name), Direction::Across),
    };
    (Charset::named(stem).map_or(Codes::Identity, Codes::Charset), direction)
}

fn to_unicode<S: ReadAt>(reader: &Reader<S>, allowance: &mut Allowance, font: &Value) -> Result<ToUnicode, PdfError> {
    let value = reader.lookup(font, "ToUnicode")?;
    if value.name().is_some_and(|name| name.starts_with(b"Identity")) {
        return Ok(ToUnicode::Identity);
    }
    Ok(CMap::read(reader, allowance, &value)?.map_or(ToUnicode::Absent, ToUnicode::Table))
}

/// The `/Ordering` of Adobe's collections.
fn collection<S: ReadAt>(reader: &Reader<S>, descendant: &Value) -> Result<Option<Vec<u8>>, PdfError> {
    let info = reader.lookup(descendant, "CIDSystemInfo")?;
    let is_adobe = reader.lookup(&info, "Registry")?.string().as_deref() == Some(b"Adobe");
    Ok(reader.lookup(&info, "Ordering")?.string().filter(|_| is_adobe))
}
