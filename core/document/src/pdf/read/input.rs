//! Windows onto the file: what is read is what one object needs.

use std::cell::Cell;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::limits::{HEADER_WINDOW, MAX_OBJECT_BYTES, MAX_UNPACKED_BYTES, TRAILER_WINDOW};
use crate::pdf::syntax::mend::mend;
use crate::pdf::syntax::object::Object;
use crate::pdf::syntax::token::{Fault, Kind, Node, ObjectId, Scanner, Tail, parse, unsigned};

/// How much is read at first for one object; most need no more.
const FIRST_WINDOW: usize = 2 << 10;

/// A source and its size when it was opened.
#[derive(Debug)]
pub(crate) struct Input<S> {
    pub(crate) source: S,
    pub(crate) size: u64,
    unpacked: Cell<u64>,
    looked_further: Cell<u64>,
    /// Objects that are not well-formed are mended.
    pub(crate) is_mending: bool,
}

/// An indirect object as it stands in the file.
pub(crate) struct Indirect {
    pub(crate) id: ObjectId,
    pub(crate) object: Object,
    /// It is not well-formed where it stands.
    pub(crate) is_mended: bool,
}

impl<S: ReadAt> Input<S> {
    pub(crate) fn new(source: S) -> Result<Self, PdfError> {
        let size = source.size().map_err(PdfError::Read)?;
        Ok(Self { source, size, unpacked: Cell::new(0), looked_further: Cell::new(0), is_mending: false })
    }

    /// One whose objects are mended where they are not well-formed.
    pub(crate) fn mending(source: S) -> Result<Self, PdfError> {
        Ok(Self { is_mending: true, ..Self::new(source)? })
    }

    /// Up to `length` bytes from `offset` on; fewer at the end of the file.
    pub(crate) fn bytes(&self, offset: u64, length: usize) -> Result<Vec<u8>, PdfError> {
        let there = self.size.saturating_sub(offset);
        if there == 0 {
            return Ok(Vec::new());
        }
        let length = usize::try_from(there).map_or(length, |there| there.min(length));
        let mut bytes = vec![0; length];
        self.source.read_exact_at(offset, &mut bytes).map_err(PdfError::reading)?;
        Ok(bytes)
    }

    /// Reads with a growing window until `read` has enough.
    pub(crate) fn grow<T>(
        &self,
        offset: u64,
        mut read: impl FnMut(&[u8], Tail) -> Result<T, Fault>,
    ) -> Result<(T, Vec<u8>), PdfError> {
        let damaged = |what| PdfError::DamagedObject { offset, what };
        if offset >= self.size {
            return Err(damaged("it lies behind the end of the file"));
        }
        let mut length = FIRST_WINDOW;
        loop {
            let bytes = self.bytes(offset, length)?;
            let tail = if bytes.len() < length { Tail::End } else { Tail::Open };
            match read(&bytes, tail) {
                Ok(value) => return Ok((value, bytes)),
                Err(Fault::Malformed(what)) => return Err(damaged(what)),
                Err(Fault::Limit(what)) => return Err(PdfError::LimitExceeded { what }),
                Err(Fault::Incomplete) if tail == Tail::End => return Err(damaged("the file ends inside it")),
                Err(Fault::Incomplete) if length >= MAX_OBJECT_BYTES => {
                    return Err(PdfError::LimitExceeded { what: "size of an object" });
                }
                Err(Fault::Incomplete) => {
                    self.looked_further.set(self.looked_further.get().saturating_add(bytes.len() as u64));
                    length *= 8;
                }
            }
        }
    }

    /// The indirect object `number generation obj … endobj` at `offset`.
    pub(crate) fn indirect(&self, offset: u64) -> Result<Indirect, PdfError> {
        match self.indirect_as(offset, strictly) {
            Err(PdfError::DamagedObject { .. }) if self.is_mending => self.indirect_as(offset, leniently),
            outcome => outcome,
        }
    }

    /// The same where it is well-formed; also where others are mended.
    pub(crate) fn well_formed(&self, offset: u64) -> Result<Indirect, PdfError> {
        self.indirect_as(offset, strictly)
    }

    fn indirect_as(&self, offset: u64, read: ReadValue) -> Result<Indirect, PdfError> {
        let (parsed, bytes) = self.grow(offset, |bytes, tail| read_indirect(bytes, tail, read))?;
        let is_mended = matches!(parsed.value, ParsedValue::Mended { .. });
        let (bytes, nodes) = match parsed.value {
            ParsedValue::AsIs { nodes, kept } => (bytes[..kept].to_vec(), nodes),
            ParsedValue::Mended { bytes, nodes } => (bytes, nodes),
        };
        let mut object = Object::new(Some(offset), bytes, nodes);
        object.stream = parsed.stream.map(|at| offset + at as u64);
        object.end = parsed.end.map(|at| offset + at as u64);
        Ok(Indirect { id: parsed.id, object, is_mended })
    }

    /// Where `%PDF-` begins, if it does near the start.
    pub(crate) fn header(&self) -> Result<Option<u64>, PdfError> {
        let window = self.bytes(0, usize::try_from(HEADER_WINDOW).unwrap_or(usize::MAX))?;
        Ok(find(&window, b"%PDF-").map(|at| at as u64))
    }

    /// Counts what cross-reference and object streams unpack to, so that a small file cannot keep us busy for long.
    pub(crate) fn count_unpacked(&self, data: &[u8]) -> Result<(), PdfError> {
        self.unpacked.set(self.unpacked.get().saturating_add(data.len() as u64));
        if self.unpacked.get() > MAX_UNPACKED_BYTES {
            return Err(PdfError::LimitExceeded { what: "size of all object streams" });
        }
        Ok(())
    }

    /// How many bytes were looked at that did not suffice for an object.
    pub(super) fn looked_further(&self) -> u64 {
        self.looked_further.get()
    }

    /// The number behind the last `startxref`, and where that keyword stands.
    pub(crate) fn startxref(&self) -> Result<(u64, u64), PdfError> {
        let (recorded, at, behind) = self.last_startxref()?;
        // A revision that was begun behind it and not ended means that the file was cut.
        if find(&behind, b" obj").is_some() {
            return Err(PdfError::Truncated);
        }
        Ok((recorded, at))
    }

    /// The same of the last revision that is there as a whole, whatever follows it.
    pub(super) fn last_whole_startxref(&self) -> Result<u64, PdfError> {
        let (recorded, ..) = self.last_startxref()?;
        Ok(recorded)
    }

    /// The number, where its keyword stands, and the bytes behind it.
    fn last_startxref(&self) -> Result<(u64, u64, Vec<u8>), PdfError> {
        let from = self.size.saturating_sub(TRAILER_WINDOW);
        let window = self.bytes(from, usize::try_from(TRAILER_WINDOW).unwrap_or(usize::MAX))?;
        let at = window.windows(9).rposition(|word| word == b"startxref").ok_or(PdfError::Truncated)?;
        let mut scanner = Scanner::new(&window, at + 9, Tail::End);
        let digits = scanner.next_word().unwrap_or_default();
        let recorded = unsigned(digits).filter(|recorded| *recorded > 0).ok_or(PdfError::Truncated)?;
        Ok((recorded, from + at as u64, window[scanner.at..].to_vec()))
    }

    /// Whether the object of that number starts there.
    pub(super) fn is_start_of(&self, id: ObjectId, offset: u64) -> Result<bool, PdfError> {
        if offset >= self.size {
            return Ok(false);
        }
        let window = self.bytes(offset, 64)?;
        Ok(Scanner::new(&window, 0, Tail::End).identity(b"obj").ok().flatten() == Some(id))
    }
}

/// A value and where it ends.
type ReadValue = fn(&[u8], usize, Tail) -> Result<(ParsedValue, usize), Fault>;

enum ParsedValue {
    /// The bytes worth keeping, from the object's start on.
    AsIs {
        nodes: Vec<Node>,
        kept: usize,
    },
    Mended {
        bytes: Vec<u8>,
        nodes: Vec<Node>,
    },
}

fn strictly(bytes: &[u8], at: usize, tail: Tail) -> Result<(ParsedValue, usize), Fault> {
    let mut nodes = parse(bytes, at, tail)?;
    let root = nodes[0];
    let kept = root.end as usize;
    if root.kind == Kind::Keyword && bytes.get(root.start as usize..kept) == Some(b"endobj") {
        // An object without a value is null.
        nodes[0].kind = Kind::Null;
        return Ok((ParsedValue::AsIs { nodes, kept }, root.start as usize));
    }
    Ok((ParsedValue::AsIs { nodes, kept }, kept))
}

fn leniently(bytes: &[u8], at: usize, tail: Tail) -> Result<(ParsedValue, usize), Fault> {
    let mended = mend(bytes, at, tail)?;
    let nodes = parse(&mended.bytes, 0, Tail::End)?;
    Ok((ParsedValue::Mended { bytes: mended.bytes, nodes }, mended.end))
}

struct Parsed {
    id: ObjectId,
    value: ParsedValue,
    stream: Option<usize>,
    end: Option<usize>,
}

fn read_indirect(bytes: &[u8], tail: Tail, read: ReadValue) -> Result<Parsed, Fault> {
    let mut scanner = Scanner::new(bytes, 0, tail);
    let id = scanner.identity(b"obj")?.ok_or(Fault::Malformed("no object starts here"))?;
    let (value, behind) = read(bytes, scanner.at, tail)?;
    scanner.at = behind;
    let word = scanner.next_word()?;
    let stream = match word {
        b"stream" => Some(stream_start(bytes, scanner.at, tail)?),
        _ => None,
    };
    let end = (word == b"endobj").then_some(scanner.at);
    Ok(Parsed { id, value, stream, end })
}

/// Behind the line end that follows `stream` (ISO 32000-2, 7.3.8.1; a lone CR is tolerated).
fn stream_start(bytes: &[u8], at: usize, tail: Tail) -> Result<usize, Fault> {
    match (bytes.get(at), bytes.get(at + 1)) {
        (Some(b'\r'), Some(b'\n')) => Ok(at + 2),
        (Some(b'\r'), None) | (None, _) if tail == Tail::Open => Err(Fault::Incomplete),
        (Some(b'\n' | b'\r'), _) => Ok(at + 1),
        _ => Ok(at),
    }
}

/// Where `needle` first stands.
pub(crate) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}
