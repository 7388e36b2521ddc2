//! `CMap` files inside a PDF: from codes to CIDs, and from codes to text (ISO 32000-2, 9.7.5.4 and 9.10.3).

use crate::source::ReadAt;

use crate::pdf::content::font::Text;
use crate::pdf::content::lexer::{Lexer, Operand, Token};
use crate::pdf::content::stream::Allowance;
use crate::pdf::error::PdfError;
use crate::pdf::limits::MAX_CMAP_ENTRIES;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;

/// What a `CMap` says.
#[derive(Debug, Default)]
pub(crate) struct CMap {
    spaces: Vec<CodeSpace>,
    /// By first code.
    cids: Vec<Range<u32>>,
    /// By first code.
    texts: Vec<Range<Target>>,
    /// The `CMap` whose mappings it takes over, by name.
    pub(crate) base: Option<Vec<u8>>,
    pub(crate) is_vertical: bool,
}

/// Codes of one length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct CodeSpace {
    length: usize,
    low: u32,
    high: u32,
}

impl CodeSpace {
    /// Each byte must lie between those of the ends.
    fn holds(self, code: u32) -> bool {
        (0..self.length).all(|byte| {
            let part = |code: u32| (code >> (8 * byte)) & 0xff;
            (part(self.low)..=part(self.high)).contains(&part(code))
        })
    }
}

/// Codes that follow each other and what the first one maps to.
#[derive(Debug, Clone, PartialEq)]
struct Range<T> {
    low: u32,
    high: u32,
    to: T,
}

#[derive(Debug, Clone, PartialEq)]
enum Target {
    /// The first of as many characters.
    First(char),
    /// For one code.
    Several(Box<str>),
}

/// The ranges that may hold a code overlap in hostile or careless files only; this many are looked at.
const OVERLAPS: usize = 8;

fn find<T>(ranges: &[Range<T>], code: u32) -> Option<&Range<T>> {
    let behind = ranges.partition_point(|range| range.low <= code);
    ranges[..behind].iter().rev().take(OVERLAPS).find(|range| code <= range.high)
}

impl CMap {
    /// A stream that holds one; `None` if it is none.
    pub(crate) fn read<S: ReadAt>(
        reader: &Reader<S>,
        allowance: &mut Allowance,
        stream: &Value,
    ) -> Result<Option<Self>, PdfError> {
        let Some(data) = allowance.read(reader, stream)? else { return Ok(None) };
        let cmap = Self::parse(&data)?;
        allowance.take_cmap_entries(cmap.cids.len() + cmap.texts.len())?;
        Ok(Some(cmap))
    }

    fn parse(data: &[u8]) -> Result<Self, PdfError> {
        let mut parser = Parser::default();
        let mut lexer = Lexer::new(data);
        while let Some(token) = lexer.next() {
            match token {
                Token::Operand(operand) => parser.operand(operand)?,
                Token::Operator(word) => parser.operator(word)?,
            }
        }
        let mut cmap = parser.cmap;
        cmap.cids.sort_by_key(|range| range.low);
        cmap.texts.sort_by_key(|range| range.low);
        Ok(cmap)
    }

    /// The first code of a string and its length, by the code spaces; two bytes where there are none.
    pub(crate) fn first(&self, string: &[u8]) -> Option<(u32, usize)> {
        let mut code = 0;
        for (index, byte) in string.iter().take(4).enumerate() {
            code = code << 8 | u32::from(*byte);
            if self.spaces.iter().any(|space| space.length == index + 1 && space.holds(code)) {
                return Some((code, index + 1));
            }
        }
        // A code outside of every space is as long as the shortest of them.
        let shortest = self.spaces.iter().map(|space| space.length).min().unwrap_or(2);
        let length = shortest.min(string.len());
        (length > 0).then(|| (number(&string[..length]), length))
    }

    pub(crate) fn cid(&self, code: u32) -> Option<u32> {
        find(&self.cids, code).and_then(|range| range.to.checked_add(code - range.low))
    }

    pub(crate) fn text(&self, code: u32) -> Text<'_> {
        match find(&self.texts, code) {
            None => Text::Missing,
            Some(range) => match &range.to {
                Target::First(first) => u32::from(*first)
                    .checked_add(code - range.low)
                    .and_then(char::from_u32)
                    .map_or(Text::Missing, Text::Char),
                Target::Several(text) => Text::Several(text),
            },
        }
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// UTF-16BE, or a single byte as it is.
fn target(bytes: &[u8]) -> Option<Target> {
    let text = if let [byte] = bytes {
        char::from(*byte).to_string()
    } else {
        let units = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (None, _) => None,
        (Some(only), None) => Some(Target::First(only)),
        _ => Some(Target::Several(text.into_boxed_str())),
    }
}

/// What is inside a `begin… end…` block, or before an operator.
#[derive(Debug, Clone, PartialEq)]
enum Item {
    Bytes(Vec<u8>),
    Number(f64),
    Name(Vec<u8>),
    Begin,
    End,
}

#[derive(Debug, Default)]
struct Parser {
    cmap: CMap,
    items: Vec<Item>,
    entries: usize,
}

impl Parser {
    fn operand(&mut self, operand: Operand<'_>) -> Result<(), PdfError> {
        if self.items.len() >= MAX_CMAP_ENTRIES {
            return Err(PdfError::LimitExceeded { what: "entries of a CMap" });
        }
        let item = match operand {
            Operand::Number(number) => Item::Number(number),
            Operand::Name(_) => Item::Name(operand.name().unwrap_or_default().into_owned()),
            Operand::Literal(_) | Operand::Hex(_) => Item::Bytes(operand.string().unwrap_or_default().into_owned()),
            Operand::ArrayBegin => Item::Begin,
            Operand::ArrayEnd => Item::End,
            Operand::Dictionary(_) => return Ok(()),
        };
        self.items.push(item);
        Ok(())
    }

    fn operator(&mut self, word: &[u8]) -> Result<(), PdfError> {
        let items = std::mem::take(&mut self.items);
        match word {
            b"usecmap" => {
                if let Some(Item::Name(name)) = items.last() {
                    self.cmap.base = Some(name.clone());
                }
            }
            b"def" => {
                if let [.., Item::Name(key), Item::Number(value)] = items.as_slice()
                    && key == b"WMode"
                {
                    self.cmap.is_vertical = *value > 0.5;
                }
            }
            b"endcodespacerange" => self.spaces(&items),
            b"endcidrange" => self.each(&items, 3, |parser, entry| {
                if let [Item::Bytes(low), Item::Bytes(high), Item::Number(cid)] = entry {
                    parser.cid(low, high, *cid);
                }
            })?,
            b"endcidchar" => self.each(&items, 2, |parser, entry| {
                if let [Item::Bytes(code), Item::Number(cid)] = entry {
                    parser.cid(code, code, *cid);
                }
            })?,
            b"endbfchar" => self.each(&items, 2, |parser, entry| {
                if let [Item::Bytes(code), Item::Bytes(text)] = entry {
                    parser.text(number(code), number(code), text);
                }
            })?,
            b"endbfrange" => self.text_ranges(&items)?,
            _ => {}
        }
        Ok(())
    }

    fn count(&mut self) -> Result<(), PdfError> {
        self.entries += 1;
        if self.entries > MAX_CMAP_ENTRIES {
            return Err(PdfError::LimitExceeded { what: "entries of a CMap" });
        }
        Ok(())
    }

    fn each(&mut self, items: &[Item], size: usize, take: impl Fn(&mut Self, &[Item])) -> Result<(), PdfError> {
        for entry in items.chunks_exact(size) {
            self.count()?;
            take(self, entry);
        }
        Ok(())
    }

    fn spaces(&mut self, items: &[Item]) {
        /// More are in no sensible file.
        const MAX_SPACES: usize = 64;
        for pair in items.chunks_exact(2) {
            if let [Item::Bytes(low), Item::Bytes(high)] = pair
                && (1..=4).contains(&low.len())
                && low.len() == high.len()
                && self.cmap.spaces.len() < MAX_SPACES
            {
                self.cmap.spaces.push(CodeSpace { length: low.len(), low: number(low), high: number(high) });
            }
        }
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range, checked before")]
    fn cid(&mut self, low: &[u8], high: &[u8], cid: f64) {
        if (0.0..65_536.0).contains(&cid) {
            self.cmap.cids.push(Range { low: number(low), high: number(high), to: cid as u32 });
        }
    }

    fn text(&mut self, low: u32, high: u32, text: &[u8]) {
        if let Some(to) = target(text) {
            // Several characters cannot be counted on.
            let high = if matches!(to, Target::Several(_)) { low } else { high };
            self.cmap.texts.push(Range { low, high, to });
        }
    }

    fn text_ranges(&mut self, items: &[Item]) -> Result<(), PdfError> {
        let mut rest = items;
        while let [Item::Bytes(low), Item::Bytes(high), target, tail @ ..] = rest {
            self.count()?;
            rest = tail;
            match target {
                Item::Bytes(text) => self.text(number(low), number(high), text),
                Item::Begin => {
                    let end = tail.iter().position(|item| *item == Item::End).unwrap_or(tail.len());
                    for (code, item) in (number(low)..=number(high)).zip(&tail[..end]) {
                        self.count()?;
                        if let Item::Bytes(text) = item {
                            self.text(code, code, text);
                        }
                    }
                    rest = tail.get(end + 1..).unwrap_or_default();
                }
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_by_character_by_range_and_by_list() {
        let cmap = CMap::parse(
            b"/CMapName /X def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n\
              2 beginbfchar <0001> <5408> <0002> <00660069> endbfchar\n\
              3 beginbfrange <0010> <0012> <0041> <0020> <0021> [<540C> <D842DFB7>] <30> <30> <7A> endbfrange",
        )
        .unwrap();
        assert_eq!(cmap.text(1), Text::Char('合'));
        assert_eq!(cmap.text(2), Text::Several("fi"));
        assert_eq!(cmap.text(0x12), Text::Char('C'));
        assert_eq!(cmap.text(0x13), Text::Missing);
        assert_eq!(cmap.text(0x20), Text::Char('同'));
        assert_eq!(cmap.text(0x21), Text::Char('𠮷'));
        assert_eq!(cmap.text(0x30), Text::Char('z'));
        assert_eq!(cmap.first(b"\x12\x34\x56"), Some((0x1234, 2)));
    }

    #[test]
    fn codes_are_as_long_as_their_space_says() {
        let cmap = CMap::parse(
            b"/WMode 1 def /GBK-EUC-H usecmap 2 begincodespacerange <00> <80> <8140> <fefe> endcodespacerange \
              1 begincidrange <8140> <8142> 10 endcidrange 1 begincidchar <20> 7 endcidchar",
        )
        .unwrap();
        assert_eq!(cmap.first(b"\x20\x81"), Some((0x20, 1)));
        assert_eq!(cmap.first(b"\x81\x41\x81"), Some((0x8141, 2)));
        assert_eq!(cmap.first(b"\x81\x10"), Some((0x81, 1)), "outside of every space");
        assert_eq!(cmap.first(b""), None);
        assert_eq!((cmap.cid(0x8141), cmap.cid(0x20), cmap.cid(0x21)), (Some(11), Some(7), None));
        assert!(cmap.is_vertical);
        assert_eq!(cmap.base.as_deref(), Some(&b"GBK-EUC-H"[..]));
    }

    #[test]
    fn nonsense_says_nothing_and_too_much_is_refused() {
        let cmap = CMap::parse(b"beginbfrange <01> <02> endbfrange <01> endbfchar [ ] 3 endcidrange").unwrap();
        assert_eq!((cmap.text(1), cmap.cid(1)), (Text::Missing, None));
        let cmap = CMap::parse(b"beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange").unwrap();
        assert_eq!((cmap.text(1), cmap.text(u32::MAX)), (Text::Char('B'), Text::Missing));
        let many = "<01> ".repeat(MAX_CMAP_ENTRIES + 1);
        assert_eq!(CMap::parse(many.as_bytes()).unwrap_err().code(), "pdf.limit-exceeded");
    }
}
