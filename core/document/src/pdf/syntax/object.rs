//! Parsed objects, and values inside them.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::pdf::encryption::Protection;
use crate::pdf::syntax::token::{Fault, Kind, Node, ObjectId, Tail, is_space, parse};

/// One parsed object: its bytes and the tape of its tokens.
pub(crate) struct Object {
    /// Where `bytes` starts in the file; `None` if it came out of an object stream.
    pub(crate) offset: Option<u64>,
    bytes: Vec<u8>,
    nodes: Vec<Node>,
    /// Where its stream data starts in the file, if it is a stream.
    pub(crate) stream: Option<u64>,
    /// Behind its `endobj` in the file, if there is one and it is not a stream.
    pub(crate) end: Option<u64>,
    /// How its strings stand in `bytes`.
    pub(crate) protection: Protection,
}

impl Object {
    pub(crate) fn new(offset: Option<u64>, bytes: Vec<u8>, nodes: Vec<Node>) -> Self {
        Self { offset, bytes, nodes, stream: None, end: None, protection: Protection::None }
    }

    /// A direct object in `bytes` from `at` on.
    pub(crate) fn parse(bytes: Vec<u8>, at: usize) -> Result<Self, Fault> {
        let nodes = parse(&bytes, at, Tail::End)?;
        Ok(Self::new(None, bytes, nodes))
    }

    /// The object that a reference to nothing stands for (ISO 32000-2, 7.3.10).
    pub(crate) fn null() -> Arc<Self> {
        let node = Node { start: 0, end: 4, after: 1, kind: Kind::Null };
        Arc::new(Self::new(None, b"null".to_vec(), vec![node]))
    }

    pub(crate) fn root(self: &Arc<Self>) -> Value {
        Value { object: Arc::clone(self), index: 0 }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// About how many bytes of memory it takes.
    pub(crate) fn memory(&self) -> usize {
        size_of::<Self>() + self.bytes.len() + self.nodes.len() * size_of::<Node>()
    }
}

/// A value somewhere in an object. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Value {
    object: Arc<Object>,
    index: usize,
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.raw()))
    }
}

impl Value {
    fn node(&self) -> &Node {
        &self.object.nodes[self.index]
    }

    fn at(&self, index: usize) -> Self {
        Self { object: Arc::clone(&self.object), index }
    }

    pub(crate) fn object(&self) -> &Arc<Object> {
        &self.object
    }

    pub(crate) fn kind(&self) -> Kind {
        self.node().kind
    }

    /// Where it stands in its object's bytes.
    pub(crate) fn span(&self) -> Range<usize> {
        let node = self.node();
        node.start as usize..node.end as usize
    }

    /// Where it stands in the file, unless it came out of an object stream.
    pub(crate) fn file_span(&self) -> Option<Range<u64>> {
        let offset = self.object.offset?;
        let node = self.node();
        Some(offset + u64::from(node.start)..offset + u64::from(node.end))
    }

    /// Its bytes as they stand in the file.
    pub(crate) fn raw(&self) -> &[u8] {
        self.object.bytes.get(self.span()).unwrap_or_default()
    }

    pub(crate) fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    pub(crate) fn is_dictionary(&self) -> bool {
        self.kind() == Kind::Dictionary
    }

    pub(crate) fn is_array(&self) -> bool {
        self.kind() == Kind::Array
    }

    pub(crate) fn integer(&self) -> Option<i64> {
        match self.kind() {
            Kind::Integer(value) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn unsigned<T: TryFrom<i64>>(&self) -> Option<T> {
        T::try_from(self.integer()?).ok()
    }

    pub(crate) fn number(&self) -> Option<f64> {
        match self.kind() {
            Kind::Integer(_) | Kind::Real => {
                std::str::from_utf8(self.raw()).ok()?.parse().ok().filter(|value: &f64| value.is_finite())
            }
            _ => None,
        }
    }

    pub(crate) fn reference(&self) -> Option<ObjectId> {
        match self.kind() {
            Kind::Reference(id) => Some(id),
            _ => None,
        }
    }

    /// A name without its solidus, escapes decoded.
    pub(crate) fn name(&self) -> Option<Vec<u8>> {
        (self.kind() == Kind::Name).then(|| decode_name(&self.raw()[1..]))
    }

    pub(crate) fn is_name(&self, name: &[u8]) -> bool {
        self.kind() == Kind::Name && names(self.raw(), name)
    }

    /// The bytes a string stands for, decrypted where the file is encrypted.
    pub(crate) fn string(&self) -> Option<Vec<u8>> {
        let bytes = string_bytes(self.kind(), self.raw())?;
        Some(match &self.object.protection {
            Protection::Strings(cipher) => cipher.decrypt_string(bytes),
            Protection::None | Protection::Packed(_) => bytes,
        })
    }

    /// What is directly inside an array or a dictionary (there: key, value, key, value), in order.
    pub(crate) fn children(&self) -> impl Iterator<Item = Value> + use<'_> {
        let after = match self.kind() {
            Kind::Array | Kind::Dictionary => self.node().after as usize,
            _ => self.index,
        };
        let mut at = self.index + 1;
        std::iter::from_fn(move || {
            (at < after).then(|| {
                let child = self.at(at);
                at = child.node().after as usize;
                child
            })
        })
    }

    /// The elements of an array; nothing for anything else.
    pub(crate) fn elements(&self) -> Vec<Value> {
        if self.is_array() { self.children().collect() } else { Vec::new() }
    }

    /// The entries of a dictionary, keys as names; nothing for anything else.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (Value, Value)> + use<'_> {
        let is_dictionary = self.is_dictionary();
        let mut children = self.children();
        std::iter::from_fn(move || if is_dictionary { Some((children.next()?, children.next()?)) } else { None })
    }

    /// The value of a key; the last one if it is there more than once, as most readers take it.
    pub(crate) fn get(&self, key: &str) -> Option<Value> {
        self.entries().filter(|(name, _)| name.is_name(key.as_bytes())).last().map(|(_, value)| value)
    }

    /// How often a key is there.
    pub(crate) fn count(&self, key: &str) -> usize {
        self.entries().filter(|(name, _)| name.is_name(key.as_bytes())).count()
    }

    /// Every reference in it, at any depth.
    pub(crate) fn references(&self) -> impl Iterator<Item = ObjectId> + use<'_> {
        let inside = &self.object.nodes[self.index..self.node().after as usize];
        inside.iter().filter_map(|node| match node.kind {
            Kind::Reference(id) => Some(id),
            _ => None,
        })
    }

    /// Whether there is a string in it, at any depth.
    pub(crate) fn has_strings(&self) -> bool {
        let inside = &self.object.nodes[self.index..self.node().after as usize];
        inside.iter().any(|node| matches!(node.kind, Kind::Literal | Kind::Hex))
    }

    /// Whether both say the same, however white space, names, strings and numbers are spelt; every digit counts.
    pub(crate) fn same(&self, other: &Self) -> bool {
        let mine = &self.object.nodes[self.index..self.node().after as usize];
        let theirs = &other.object.nodes[other.index..other.node().after as usize];
        mine.len() == theirs.len()
            && (0..mine.len()).all(|step| self.at(self.index + step).same_token(&other.at(other.index + step)))
    }

    fn same_token(&self, other: &Self) -> bool {
        // Equal tapes with equal extents are equal trees; what is left to compare are the leaves.
        let (mine, theirs) = (self.node(), other.node());
        let extent = |value: &Self| value.node().after as usize - value.index;
        match (mine.kind, theirs.kind) {
            (Kind::Name, Kind::Name) => self.name() == other.name(),
            (Kind::Literal | Kind::Hex, Kind::Literal | Kind::Hex) => self.string() == other.string(),
            (Kind::Real, Kind::Real | Kind::Integer(_)) | (Kind::Integer(_), Kind::Real) => {
                self.raw() == other.raw() || decimal(self.raw()).is_some_and(|mine| Some(mine) == decimal(other.raw()))
            }
            (Kind::Real | Kind::Keyword, _) => mine.kind == theirs.kind && self.raw() == other.raw(),
            (mine, theirs) => mine == theirs && extent(self) == extent(other),
        }
    }
}

/// The digits that count of a number before and behind its point, and whether it is negative; `None` of what is spelt in a
/// way that readers understand differently.
fn decimal(raw: &[u8]) -> Option<(bool, &[u8], &[u8])> {
    let (is_negative, digits) = match raw.split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, raw),
    };
    let point = digits.iter().position(|byte| *byte == b'.').unwrap_or(digits.len());
    let (whole, part) = (digits.get(..point)?, digits.get(point + 1..).unwrap_or_default());
    if !whole.iter().chain(part).all(u8::is_ascii_digit) {
        return None;
    }
    let whole = &whole[whole.iter().take_while(|digit| **digit == b'0').count()..];
    let part = &part[..part.len() - part.iter().rev().take_while(|digit| **digit == b'0').count()];
    Some((is_negative && !(whole.is_empty() && part.is_empty()), whole, part))
}

/// The bytes that a string token stands for.
pub(crate) fn string_bytes(kind: Kind, raw: &[u8]) -> Option<Vec<u8>> {
    let inner = raw.get(1..raw.len().checked_sub(1)?)?;
    match kind {
        Kind::Literal => Some(decode_literal(inner)),
        Kind::Hex => Some(decode_hex(inner)),
        _ => None,
    }
}

fn names(raw: &[u8], name: &[u8]) -> bool {
    &raw[1..] == name || (raw.contains(&b'#') && decode_name(&raw[1..]) == name)
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

pub(crate) fn decode_name(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&byte, tail)) = rest.split_first() {
        let escaped = match (byte, tail) {
            (b'#', [high, low, ..]) => hex_digit(*high).zip(hex_digit(*low)),
            _ => None,
        };
        if let Some((high, low)) = escaped {
            out.push(high << 4 | low);
            rest = &tail[2..];
        } else {
            out.push(byte);
            rest = tail;
        }
    }
    out
}

pub(crate) fn decode_hex(inner: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = inner.iter().filter_map(|byte| hex_digit(*byte)).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
}

/// A hexadecimal string, refused (`None`) if anything but digits and white space is in it or a digit is missing.
pub(crate) fn decode_hex_strictly(inner: &[u8]) -> Option<Vec<u8>> {
    let spelt_well = inner.iter().all(|byte| is_space(*byte) || hex_digit(*byte).is_some());
    let digits = inner.iter().filter(|byte| !is_space(**byte)).count();
    (spelt_well && digits % 2 == 0).then(|| decode_hex(inner))
}

pub(crate) fn decode_literal(inner: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(inner.len());
    let mut at = 0;
    while let Some(&byte) = inner.get(at) {
        at += 1;
        match byte {
            b'\\' => at += decode_escape(inner.get(at..).unwrap_or_default(), &mut out),
            b'\r' => {
                at += usize::from(inner.get(at) == Some(&b'\n'));
                out.push(b'\n');
            }
            _ => out.push(byte),
        }
    }
    out
}

/// What follows a backslash; answers how many bytes that was.
fn decode_escape(rest: &[u8], out: &mut Vec<u8>) -> usize {
    let octal = rest.iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    if octal > 0 {
        let value = rest[..octal].iter().fold(0_u32, |value, digit| value << 3 | u32::from(digit - b'0'));
        out.push(value.to_le_bytes()[0]);
        return octal;
    }
    let Some(&byte) = rest.first() else { return 0 };
    match byte {
        b'n' => out.push(b'\n'),
        b'r' => out.push(b'\r'),
        b't' => out.push(b'\t'),
        b'b' => out.push(0x08),
        b'f' => out.push(0x0c),
        b'\r' => return 1 + usize::from(rest.get(1) == Some(&b'\n')),
        b'\n' => {}
        other => out.push(other),
    }
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Value {
        Arc::new(Object::parse(text.as_bytes().to_vec(), 0).unwrap()).root()
    }

    #[test]
    fn decodes_names_and_strings() {
        assert_eq!(value("/A#20B#zz").name().unwrap(), b"A B#zz");
        assert_eq!(value("(a\\)\\053\\n\\\r\nb\r\nc\\q(d))").string().unwrap(), b"a)+\nb\ncq(d)");
        assert_eq!(value("<0a 1B 2>").string().unwrap(), [0x0a, 0x1b, 0x20]);
        assert_eq!(value("(\\0531)").string().unwrap(), b"+1");
    }

    #[test]
    fn finds_keys_however_they_are_spelt_and_takes_the_last() {
        let dictionary = value("<</A 1 /#41 2 /B <</A 3>> >>");
        assert_eq!(dictionary.get("A").unwrap().integer(), Some(2));
        assert_eq!(dictionary.count("A"), 2);
        assert_eq!(dictionary.get("B").unwrap().get("A").unwrap().integer(), Some(3));
        assert!(dictionary.get("C").is_none());
    }

    #[test]
    fn the_same_is_judged_by_meaning() {
        let one = value("<</A[1 (x)<41>/N#41] /B 3 0 R>>");
        assert!(one.same(&value("<< /A [ 1 <78> (A) /NA ]\n/B 3  0 R >>")));
        for other in
            ["<</A[1 (x)<41>/NA] /B 4 0 R>>", "<</A[1 (x)<41>/NA /B] /B 3 0 R>>", "<</A[[1 (x)]<41>/NA] /B 3 0 R>>"]
        {
            assert!(!one.same(&value(other)), "{other}");
        }
        for (one, other) in [("1.0", "1.00"), ("612.0", "612"), ("-.50", "-0.5"), ("+7", "7."), ("-0", "0.0")] {
            assert!(value(&format!("[{one}]")).same(&value(&format!("[{other}]"))), "{one}, {other}");
        }
        for (one, other) in
            [("1.0", "1.01"), ("612", "6120"), ("-.5", ".5"), ("0.1", "0.10000000000000001"), ("1", "true")]
        {
            assert!(!value(&format!("[{one}]")).same(&value(&format!("[{other}]"))), "{one}, {other}");
        }
        assert!(!value("[[1] 2]").same(&value("[[1 2]]")));
    }

    #[test]
    fn strict_hexadecimal_is_strict() {
        assert_eq!(decode_hex_strictly(b"0a1B"), Some(vec![0x0a, 0x1b]));
        for bad in [&b"0a1"[..], b"0g", b"0a(1b"] {
            assert_eq!(decode_hex_strictly(bad), None);
        }
    }
}
