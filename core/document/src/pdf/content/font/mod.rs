//! Fonts, as far as they say which text a string shows and how wide it is (ISO 32000-2, 9.5 to 9.10).

mod charset;
mod cid_widths;
mod cmap;
mod composite;
mod encoding;
mod gb1;
mod glyph_names;
mod metrics;
mod program;
mod simple;
mod standard;
mod tables;

use std::collections::HashMap;
use std::rc::Rc;

use crate::source::ReadAt;

use crate::pdf::content::font::composite::Composite;
use crate::pdf::content::font::metrics::Metrics;
use crate::pdf::content::font::simple::Simple;
use crate::pdf::content::stream::{Allowance, readable};
use crate::pdf::error::PdfError;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::ObjectId;

/// Fonts kept; with one more, all are forgotten and read again as they are needed.
const KEPT_FONTS: usize = 64;

/// The text that one code stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Text<'f> {
    /// The file does not say.
    Missing,
    Char(char),
    /// A ligature, for example.
    Several(&'f str),
}

impl Text<'_> {
    /// Whether a reader would see something that is text. Zero, private and replacement characters say nothing.
    fn is_telling(self) -> bool {
        let tells = |character: char| {
            !matches!(character, '\0' | '\u{fffd}' | '\u{fffe}' | '\u{ffff}' | '\u{e000}'..='\u{f8ff}')
        };
        match self {
            Self::Missing => false,
            Self::Char(character) => tells(character),
            Self::Several(text) => text.chars().any(tells),
        }
    }

    /// This one if it says something, else the other.
    fn or_else(self, other: impl FnOnce() -> Self) -> Self {
        if self.is_telling() { self } else { other() }
    }
}

/// A [`Text`] of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Owned {
    Char(char),
    Several(Box<str>),
}

impl Owned {
    /// `None` if there is nothing that says something.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let mut characters = text.chars();
        let owned = match (characters.next()?, characters.next()) {
            (only, None) => Self::Char(only),
            _ => Self::Several(text.into()),
        };
        owned.text().is_telling().then_some(owned)
    }

    pub(crate) fn text(&self) -> Text<'_> {
        match self {
            Self::Char(character) => Text::Char(*character),
            Self::Several(text) => Text::Several(text),
        }
    }
}

/// One code of a shown string. Lengths are in units of the font size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Shown<'f> {
    /// How many bytes of the string it took; at least one.
    pub(crate) length: usize,
    /// Whether word spacing applies: the single byte 32.
    pub(crate) is_space: bool,
    pub(crate) width: f64,
    pub(crate) flow: Flow,
    pub(crate) text: Text<'f>,
}

/// Which way the pen goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Flow {
    Across,
    /// Down by `advance` (which is negative), the glyph's origin being at minus `origin`.
    Down {
        origin: [f64; 2],
        advance: f64,
    },
}

/// A font of a page.
#[derive(Debug)]
pub(crate) struct Font {
    codes: Codes,
    metrics: Metrics,
}

#[derive(Debug)]
enum Codes {
    Simple(Box<Simple>),
    Composite(Box<Composite>),
}

impl Font {
    /// Reads a font; of one that is damaged, what can be told without it.
    pub(crate) fn load<S: ReadAt>(
        reader: &Reader<S>,
        allowance: &mut Allowance,
        dictionary: &Value,
    ) -> Result<Self, PdfError> {
        let loaded = if reader.lookup(dictionary, "Subtype")?.is_name(b"Type0") {
            Composite::load(reader, allowance, dictionary)
                .map(|(composite, metrics)| Self { codes: Codes::Composite(Box::new(composite)), metrics })
        } else {
            Simple::load(reader, allowance, dictionary)
                .map(|(simple, metrics)| Self { codes: Codes::Simple(Box::new(simple)), metrics })
        };
        Ok(readable(loaded)?.unwrap_or_else(Self::unknown))
    }

    /// Stands in for a font that is not there.
    pub(crate) fn unknown() -> Self {
        Self { codes: Codes::Simple(Box::new(Simple::unknown())), metrics: Metrics::default() }
    }

    /// The first code of a string; `None` at its end.
    pub(crate) fn first(&self, string: &[u8]) -> Option<Shown<'_>> {
        match &self.codes {
            Codes::Simple(simple) => simple.first(string),
            Codes::Composite(composite) => composite.first(string),
        }
    }

    /// How far glyphs reach above the line, units of the font size.
    pub(crate) fn ascent(&self) -> f64 {
        self.metrics.ascent
    }

    /// How far they reach below it: not positive.
    pub(crate) fn descent(&self) -> f64 {
        self.metrics.descent
    }

    /// Whether it is written downwards.
    pub(crate) fn is_down(&self) -> bool {
        matches!(&self.codes, Codes::Composite(composite) if composite.is_down())
    }

    /// How tall the font's letters are for its size: 1 except for Type 3, whose matrix is free.
    pub(crate) fn em(&self) -> f64 {
        self.metrics.em
    }
}

/// Fonts of the pages read so far.
#[derive(Debug, Default)]
pub(crate) struct Fonts {
    kept: HashMap<ObjectId, Rc<Font>>,
}

impl Fonts {
    pub(crate) fn get<S: ReadAt>(
        &mut self,
        reader: &Reader<S>,
        allowance: &mut Allowance,
        font: Option<Value>,
    ) -> Result<Rc<Font>, PdfError> {
        let id = font.as_ref().and_then(Value::reference);
        if let Some(kept) = id.and_then(|id| self.kept.get(&id)) {
            return Ok(Rc::clone(kept));
        }
        let dictionary = match font {
            Some(font) => readable(reader.resolve(font))?.filter(Value::is_dictionary),
            None => None,
        };
        let loaded = match dictionary {
            Some(dictionary) => readable(Font::load(reader, allowance, &dictionary))?.unwrap_or_else(Font::unknown),
            None => Font::unknown(),
        };
        let loaded = Rc::new(loaded);
        if let Some(id) = id {
            if self.kept.len() >= KEPT_FONTS {
                self.kept.clear();
            }
            self.kept.insert(id, Rc::clone(&loaded));
        }
        Ok(loaded)
    }
}
