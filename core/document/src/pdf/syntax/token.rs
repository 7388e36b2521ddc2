//! From bytes to a tape of tokens (ISO 32000-2, 7.2 and 7.3).
//!
//! A token keeps where it stands, never a re-spelt value: objects are copied and extended as bytes. The tape is flat and
//! the parser has no recursion, so nesting costs no stack.

use crate::pdf::limits::{MAX_DEPTH, MAX_NODES};

/// The number of an indirect object and its generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ObjectId {
    pub(crate) number: u32,
    pub(crate) generation: u16,
}

/// One token, or a container with everything up to `after` inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node {
    /// First byte.
    pub(crate) start: u32,
    /// Behind its last byte.
    pub(crate) end: u32,
    /// Index of the node behind it and its contents.
    pub(crate) after: u32,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Boolean(bool),
    Integer(i64),
    Real,
    Name,
    Literal,
    Hex,
    Array,
    Dictionary,
    Reference(ObjectId),
    /// Anything else: kept, never understood.
    Keyword,
}

/// Why parsing stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The bytes end before the value does.
    Incomplete,
    Malformed(&'static str),
    Limit(&'static str),
}

pub(crate) const fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

pub(crate) const fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

pub(crate) const fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !is_delimiter(byte)
}

/// Whether more bytes follow those given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tail {
    /// More bytes may follow: a token that touches the end is not known to be whole.
    Open,
    /// These are all.
    End,
}

/// Walks over bytes, token by token.
#[derive(Debug, Clone)]
pub(crate) struct Scanner<'a> {
    bytes: &'a [u8],
    pub(crate) at: usize,
    tail: Tail,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(bytes: &'a [u8], at: usize, tail: Tail) -> Self {
        Self { bytes, at, tail }
    }

    /// Over white space and comments.
    pub(crate) fn skip_space(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            if byte == b'%' {
                while self.bytes.get(self.at).is_some_and(|byte| !matches!(byte, b'\r' | b'\n')) {
                    self.at += 1;
                }
            } else if is_space(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    /// Over white space alone.
    pub(crate) fn skip_white(&mut self) {
        while self.bytes.get(self.at).is_some_and(|byte| is_space(*byte)) {
            self.at += 1;
        }
    }

    /// The regular characters from here on; empty if there are none.
    pub(crate) fn word(&mut self) -> Result<&'a [u8], Fault> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !is_regular(*byte)).unwrap_or(rest.len());
        if length == rest.len() && self.tail == Tail::Open {
            return Err(Fault::Incomplete);
        }
        self.at += length;
        Ok(&rest[..length])
    }

    /// The next word, over space.
    pub(crate) fn next_word(&mut self) -> Result<&'a [u8], Fault> {
        self.skip_space();
        self.word()
    }

    /// The next word as a plain unsigned number.
    pub(crate) fn unsigned(&mut self) -> Result<Option<u64>, Fault> {
        Ok(unsigned(self.next_word()?))
    }

    /// `number generation` and then `keyword`, as before an object's body or in a reference.
    pub(crate) fn identity(&mut self, keyword: &[u8]) -> Result<Option<ObjectId>, Fault> {
        let (Some(number), Some(generation)) = (self.unsigned()?, self.unsigned()?) else { return Ok(None) };
        if self.next_word()? != keyword {
            return Ok(None);
        }
        Ok(object_id(number, generation))
    }
}

fn object_id(number: u64, generation: u64) -> Option<ObjectId> {
    Some(ObjectId { number: u32::try_from(number).ok()?, generation: u16::try_from(generation).ok()? })
}

/// A word of digits only, as a number.
pub(crate) fn unsigned(word: &[u8]) -> Option<u64> {
    if word.is_empty() || !word.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(word).ok()?.parse().ok()
}

/// What becomes of a value that is not well-formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// It is refused.
    Strict,
    /// What makes no sense becomes a keyword where it stands, and what is not closed ends with the object. The tape is then
    /// one for [`mend`](super::mend) alone.
    Lenient,
}

/// One value from `at` on: its nodes, the value itself first. Top-level integers that start a reference are read as one.
pub(crate) fn parse(bytes: &[u8], at: usize, tail: Tail) -> Result<Vec<Node>, Fault> {
    parse_in(Manner::Strict, bytes, at, tail)
}

pub(super) fn parse_in(manner: Manner, bytes: &[u8], at: usize, tail: Tail) -> Result<Vec<Node>, Fault> {
    let scanner = Scanner::new(bytes, at, tail);
    let mut parser = Parser { scanner, manner, nodes: Vec::new(), open: Vec::new(), last: [None; 2] };
    loop {
        parser.step()?;
        if parser.open.is_empty() && !parser.nodes.is_empty() {
            parser.top_level_reference()?;
            return Ok(parser.nodes);
        }
    }
}

struct Parser<'a> {
    scanner: Scanner<'a>,
    manner: Manner,
    nodes: Vec<Node>,
    /// Containers not closed yet.
    open: Vec<usize>,
    /// The two nodes before, if they are unsigned integers that could start a reference.
    last: [Option<u64>; 2],
}

impl Parser<'_> {
    fn step(&mut self) -> Result<(), Fault> {
        self.scanner.skip_space();
        let start = self.scanner.at;
        let bytes = self.scanner.bytes;
        let first = *bytes.get(start).ok_or(Fault::Incomplete)?;
        let second = bytes.get(start + 1).copied();
        if matches!(first, b'<' | b'>') && second.is_none() {
            return Err(Fault::Incomplete);
        }
        match (first, second) {
            (b'<', Some(b'<')) => self.begin(Kind::Dictionary, start, 2),
            (b'[', _) => self.begin(Kind::Array, start, 1),
            (b'>', Some(b'>')) => self.finish(Kind::Dictionary, start + 2),
            (b']', _) => self.finish(Kind::Array, start + 1),
            (b'<', _) => {
                let length = bytes[start..].iter().position(|byte| *byte == b'>').ok_or(Fault::Incomplete)?;
                self.push(Kind::Hex, start, start + length + 1)
            }
            (b'(', _) => {
                let end = literal_end(bytes, start).ok_or(Fault::Incomplete)?;
                self.push(Kind::Literal, start, end)
            }
            (b'/', _) => {
                self.scanner.at += 1;
                self.scanner.word()?;
                self.push(Kind::Name, start, self.scanner.at)
            }
            (byte, _) if is_delimiter(byte) => self.odd(start, 1, "a delimiter that opens nothing"),
            _ => self.plain(start),
        }
    }

    fn plain(&mut self, start: usize) -> Result<(), Fault> {
        let word = self.scanner.word()?;
        let end = self.scanner.at;
        match word {
            b"R" if !self.open.is_empty() => self.reference(start, end),
            b"endobj" | b"endstream" | b"obj" | b"stream" if !self.open.is_empty() => self.unclosed(start),
            b"true" => self.push(Kind::Boolean(true), start, end),
            b"false" => self.push(Kind::Boolean(false), start, end),
            b"null" => self.push(Kind::Null, start, end),
            _ => {
                let before = self.last[1];
                self.push(number(word), start, end)?;
                self.last = [before, unsigned(word)];
                Ok(())
            }
        }
    }

    /// Makes the two integers before an `R` one reference.
    fn reference(&mut self, start: usize, end: usize) -> Result<(), Fault> {
        let [Some(number), Some(generation)] = self.last else { return self.push(Kind::Keyword, start, end) };
        let kind = match (object_id(number, generation), self.manner) {
            (Some(id), _) => Kind::Reference(id),
            (None, Manner::Lenient) => Kind::Null,
            (None, Manner::Strict) => return Err(Fault::Malformed("a reference to an impossible object")),
        };
        let first = self.nodes.len() - 2;
        let start = self.nodes[first].start as usize;
        self.nodes.truncate(first);
        self.push(kind, start, end)
    }

    /// What stands where nothing like it may stand.
    fn odd(&mut self, start: usize, length: usize, what: &'static str) -> Result<(), Fault> {
        match self.manner {
            Manner::Lenient if !self.open.is_empty() => self.push(Kind::Keyword, start, start + length),
            _ => Err(Fault::Malformed(what)),
        }
    }

    /// The object ends at `start` though containers are open.
    fn unclosed(&mut self, start: usize) -> Result<(), Fault> {
        if self.manner == Manner::Strict {
            return Err(Fault::Malformed("an object ends inside a container"));
        }
        while let Some(container) = self.open.pop() {
            self.close(container, start)?;
        }
        Ok(())
    }

    fn top_level_reference(&mut self) -> Result<(), Fault> {
        let [Node { kind: Kind::Integer(_), start, .. }] = self.nodes[..] else { return Ok(()) };
        let mut ahead = Scanner { at: start as usize, ..self.scanner.clone() };
        if let Some(id) = ahead.identity(b"R")? {
            self.nodes.clear();
            self.push(Kind::Reference(id), start as usize, ahead.at)?;
        }
        Ok(())
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) -> Result<(), Fault> {
        if self.nodes.len() >= MAX_NODES {
            return Err(Fault::Limit("tokens in an object"));
        }
        let position = |at: usize| u32::try_from(at).map_err(|_| Fault::Limit("size of an object"));
        let after = position(self.nodes.len() + 1)?;
        self.nodes.push(Node { start: position(start)?, end: position(end)?, after, kind });
        self.scanner.at = end;
        self.last = [None; 2];
        Ok(())
    }

    fn begin(&mut self, kind: Kind, start: usize, length: usize) -> Result<(), Fault> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Fault::Limit("nesting in an object"));
        }
        self.push(kind, start, start + length)?;
        self.open.push(self.nodes.len() - 1);
        Ok(())
    }

    fn finish(&mut self, kind: Kind, end: usize) -> Result<(), Fault> {
        let container = *self.open.last().ok_or(Fault::Malformed("a container closes that was not opened"))?;
        if self.nodes[container].kind != kind {
            let length = if kind == Kind::Dictionary { 2 } else { 1 };
            return self.odd(end - length, length, "containers close in the wrong order");
        }
        if kind == Kind::Dictionary && self.manner == Manner::Strict {
            check_pairs(&self.nodes, container, self.nodes.len())?;
        }
        self.open.pop();
        self.close(container, end)
    }

    fn close(&mut self, container: usize, end: usize) -> Result<(), Fault> {
        let after = self.nodes.len();
        let position = |at: usize| u32::try_from(at).map_err(|_| Fault::Limit("size of an object"));
        let node = &mut self.nodes[container];
        (node.end, node.after) = (position(end)?, position(after)?);
        self.scanner.at = end;
        self.last = [None; 2];
        Ok(())
    }
}

fn check_pairs(nodes: &[Node], container: usize, after: usize) -> Result<(), Fault> {
    let mut at = container + 1;
    while at < after {
        if nodes[at].kind != Kind::Name {
            return Err(Fault::Malformed("a dictionary key is not a name"));
        }
        if at + 1 >= after {
            return Err(Fault::Malformed("a dictionary key has no value"));
        }
        at = nodes[at + 1].after as usize;
    }
    Ok(())
}

fn number(word: &[u8]) -> Kind {
    let digits = word.strip_prefix(b"+").or_else(|| word.strip_prefix(b"-")).unwrap_or(word);
    let text = std::str::from_utf8(word).unwrap_or_default();
    if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) {
        // An integer out of range is kept as a number without a value.
        return text.parse().map_or(Kind::Real, Kind::Integer);
    }
    let mut parts = digits.splitn(2, |byte| *byte == b'.');
    let is_real = digits.len() > 1 && parts.by_ref().all(|part| part.iter().all(u8::is_ascii_digit));
    if is_real { Kind::Real } else { Kind::Keyword }
}

/// Behind the closing parenthesis of the literal string that starts at `start`.
pub(crate) fn literal_end(bytes: &[u8], start: usize) -> Option<usize> {
    let (mut at, mut depth) = (start, 0_usize);
    loop {
        match bytes.get(at)? {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Result<Vec<Kind>, Fault> {
        parse(text.as_bytes(), 0, Tail::End).map(|nodes| nodes.iter().map(|node| node.kind).collect())
    }

    #[test]
    fn reads_every_kind_of_token() {
        let id = ObjectId { number: 12, generation: 3 };
        let text = "<</A [1 -2 +3 .5 4. (a\\)(b)) <0A> /N#20x 12 3 R true null] /B<<>>/C 1 2 /D 0.0.1>>";
        let nodes = kinds(&text.replace("/C 1 2", "/C 1")).unwrap();
        assert_eq!(nodes[2], Kind::Array);
        assert_eq!(nodes[3..8], [Kind::Integer(1), Kind::Integer(-2), Kind::Integer(3), Kind::Real, Kind::Real]);
        assert_eq!(
            nodes[8..14],
            [Kind::Literal, Kind::Hex, Kind::Name, Kind::Reference(id), Kind::Boolean(true), Kind::Null]
        );
        assert_eq!(nodes.last(), Some(&Kind::Keyword));
        assert!(matches!(kinds(text), Err(Fault::Malformed(_))), "two values for one key");
    }

    #[test]
    fn a_comment_may_hold_anything() {
        assert_eq!(kinds("[1 %>> ] (\n2]").unwrap(), [Kind::Array, Kind::Integer(1), Kind::Integer(2)]);
    }

    #[test]
    fn a_value_of_its_own_may_be_a_reference() {
        assert_eq!(kinds("7 0 R").unwrap(), [Kind::Reference(ObjectId { number: 7, generation: 0 })]);
        assert_eq!(kinds("7 0 Rx").unwrap(), [Kind::Integer(7)]);
        assert_eq!(kinds("7").unwrap(), [Kind::Integer(7)]);
    }

    #[test]
    fn what_touches_an_open_end_is_not_taken_for_whole() {
        for text in ["12", "/Name", "[1 2", "<</A 1>", "(abc", "<0a", "7 0", "7 0 R", ""] {
            assert_eq!(parse(text.as_bytes(), 0, Tail::Open), Err(Fault::Incomplete), "{text}");
        }
        assert!(parse(b"[1 2]", 0, Tail::Open).is_ok());
        assert!(parse(b"7 0 R ", 0, Tail::Open).is_ok());
    }

    #[test]
    fn what_is_malformed_is_refused() {
        for text in ["]", ">>", "[1>>", "<<1 2>>", "<</A>>", "{", ")", "[ 1 endobj", "[99999999999 0 R]", "[1 99999 R]"]
        {
            assert!(matches!(kinds(text), Err(Fault::Malformed(_))), "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_refused_and_uses_no_stack() {
        let text = "[".repeat(1_000_000);
        assert_eq!(kinds(&text), Err(Fault::Limit("nesting in an object")));
        let text = "[".repeat(MAX_DEPTH) + &"]".repeat(MAX_DEPTH);
        assert_eq!(kinds(&text).unwrap().len(), MAX_DEPTH);
    }

    #[test]
    fn very_many_tokens_are_refused() {
        let text = format!("[{}]", "0 ".repeat(MAX_NODES));
        assert_eq!(kinds(&text), Err(Fault::Limit("tokens in an object")));
    }
}
