//! Cross-references: tables, streams and both together (ISO 32000-2, 7.5.4 and 7.5.8), section by section.

use std::collections::HashSet;
use std::sync::Arc;

use crate::source::ReadAt;

use super::error::PdfError;
use super::filter;
use super::input::Input;
use super::limits::{MAX_OBJECTS, MAX_SECTIONS, MAX_STREAM_BYTES};
use super::object::{Object, Value};
use super::token::{Fault, Scanner, Tail, is_space, parse};

/// Where an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    Free,
    /// At this offset, counted from the header.
    InFile {
        offset: u64,
        generation: u16,
    },
    /// The `index`-th object in the object stream `container`.
    InStream {
        container: u32,
        index: u32,
    },
}

/// The entries of one section, by object number.
#[derive(Debug, Default)]
pub(crate) struct Entries(Vec<(u32, Entry)>);

impl Entries {
    fn new(mut entries: Vec<(u32, Entry)>) -> Self {
        entries.sort_by_key(|(number, _)| *number);
        entries.dedup_by_key(|(number, _)| *number);
        Self(entries)
    }

    fn get(&self, number: u32) -> Option<Entry> {
        let at = self.0.binary_search_by_key(&number, |(number, _)| *number).ok()?;
        Some(self.0[at].1)
    }
}

/// How a section is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SectionKind {
    /// `xref` … `trailer`, also with an `/XRefStm` beside it.
    Table,
    Stream,
}

/// One cross-reference section with its trailer: about one revision.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) kind: SectionKind,
    /// Where it starts in the file.
    pub(crate) offset: u64,
    /// Behind its last byte in the file.
    pub(crate) end: u64,
    entries: Entries,
    /// The `/XRefStm` of a hybrid file: where it starts and ends, and what it lists.
    pub(crate) hidden: Option<Hidden>,
    pub(crate) trailer: Value,
}

/// The part of a hybrid section that only readers of cross-reference streams see.
#[derive(Debug)]
pub(crate) struct Hidden {
    pub(crate) offset: u64,
    entries: Entries,
}

impl Section {
    /// Where this section says an object is: what the table has in use goes before what the stream beside it says, and
    /// that goes before what the table calls free (ISO 32000-2, 7.5.8.4).
    pub(crate) fn get(&self, number: u32) -> Option<Entry> {
        let listed = self.entries.get(number);
        match listed {
            None | Some(Entry::Free) => self.hidden.as_ref().and_then(|hidden| hidden.entries.get(number)).or(listed),
            in_use => in_use,
        }
    }

    /// Where the objects it lists start in a file whose offsets count from `base`, and its own parts.
    pub(crate) fn offsets(&self, base: u64) -> impl Iterator<Item = u64> {
        let hidden = self.hidden.iter().flat_map(|hidden| &hidden.entries.0);
        let listed = self.entries.0.iter().chain(hidden).filter_map(move |(_, entry)| match entry {
            Entry::InFile { offset, .. } => offset.checked_add(base),
            _ => None,
        });
        listed.chain(self.hidden.as_ref().map(|hidden| hidden.offset))
    }

    /// Every object number it says something about.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> {
        let hidden = self.hidden.iter().flat_map(|hidden| &hidden.entries.0);
        self.entries.0.iter().chain(hidden).map(|(number, _)| *number)
    }
}

/// All sections of a file, newest first.
#[derive(Debug)]
pub(crate) struct Xref {
    pub(crate) sections: Vec<Section>,
    /// Added to every offset in the file: where the header is, unless the file counts from its first byte.
    pub(crate) base: u64,
    /// The number behind `startxref`, as it stands in the file.
    pub(crate) recorded: u64,
}

impl Xref {
    /// Follows the chain of sections from `recorded` on.
    pub(crate) fn load<S: ReadAt>(input: &Input<S>, header: u64, recorded: u64) -> Result<Self, PdfError> {
        let base = if starts_section(input, header.saturating_add(recorded))? {
            header
        } else if header > 0 && starts_section(input, recorded)? {
            0
        } else {
            return Err(PdfError::DamagedXref { offset: recorded, what: "no cross-reference where startxref points" });
        };
        let mut sections = Vec::new();
        let mut seen = HashSet::new();
        let mut next = Some(recorded);
        while let Some(position) = next {
            let offset = position.checked_add(base).filter(|offset| *offset < input.size);
            let offset =
                offset.ok_or(PdfError::DamagedXref { offset: position, what: "/Prev leads out of the file" })?;
            if !seen.insert(offset) {
                return Err(PdfError::DamagedXref { offset, what: "/Prev runs in a circle" });
            }
            if sections.len() >= MAX_SECTIONS {
                return Err(PdfError::LimitExceeded { what: "cross-reference sections" });
            }
            let section = read_section(input, base, offset)?;
            next = match section.trailer.get("Prev") {
                None => None,
                Some(prev) if prev.is_null() => None,
                Some(prev) => {
                    Some(prev.unsigned().ok_or(PdfError::DamagedXref { offset, what: "/Prev is no offset" })?)
                }
            };
            sections.push(section);
        }
        Ok(Self { sections, base, recorded })
    }

    pub(crate) fn newest(&self) -> &Section {
        &self.sections[0]
    }

    pub(crate) fn trailer(&self) -> &Value {
        &self.newest().trailer
    }

    pub(crate) fn get(&self, number: u32) -> Option<Entry> {
        self.sections.iter().find_map(|section| section.get(number))
    }

    /// One more than the highest object number, whatever `/Size` says.
    pub(crate) fn next_number(&self) -> u32 {
        let highest = |entries: &Entries| entries.0.last().map_or(0, |(number, _)| number + 1);
        let listed = self.sections.iter().map(|section| {
            highest(&section.entries).max(section.hidden.as_ref().map_or(0, |hidden| highest(&hidden.entries)))
        });
        let size = self.trailer().get("Size").and_then(|size| size.unsigned::<u32>()).unwrap_or(0);
        listed.max().unwrap_or(0).max(size.min(MAX_OBJECTS))
    }
}

fn starts_section<S: ReadAt>(input: &Input<S>, offset: u64) -> Result<bool, PdfError> {
    if offset >= input.size {
        return Ok(false);
    }
    let window = input.bytes(offset, 64)?;
    let mut scanner = Scanner::new(&window, 0, Tail::End);
    scanner.skip_space();
    let is_table = window[scanner.at..].starts_with(b"xref");
    Ok(is_table || scanner.identity(b"obj").ok().flatten().is_some())
}

fn read_section<S: ReadAt>(input: &Input<S>, base: u64, offset: u64) -> Result<Section, PdfError> {
    let window = input.bytes(offset, 64)?;
    let start = window.iter().position(|byte| !is_space(*byte)).unwrap_or(0);
    if window[start..].starts_with(b"xref") {
        read_table(input, base, offset + start as u64)
    } else {
        read_stream(input, offset).map_err(|error| as_xref(error, offset))
    }
}

/// A damaged object is a damaged cross-reference where a cross-reference was expected.
fn as_xref(error: PdfError, offset: u64) -> PdfError {
    match error {
        PdfError::DamagedObject { what, .. } => PdfError::DamagedXref { offset, what },
        other => other,
    }
}

fn read_table<S: ReadAt>(input: &Input<S>, base: u64, offset: u64) -> Result<Section, PdfError> {
    let (entries, mut at) = read_rows(input, offset).map_err(|error| as_xref(error, offset))?;
    let parse_trailer = |bytes: &[u8], tail| parse(bytes, 0, tail);
    let (nodes, bytes) = input.grow(at, parse_trailer).map_err(|error| as_xref(error, offset))?;
    let trailer = Arc::new(Object::new(Some(at), bytes, nodes)).root();
    if !trailer.is_dictionary() {
        return Err(PdfError::DamagedXref { offset: at, what: "the trailer is no dictionary" });
    }
    at += trailer.span().end as u64;
    let hidden = match trailer.get("XRefStm") {
        None => None,
        Some(position) => {
            let position = position.unsigned::<u64>().and_then(|position| position.checked_add(base));
            let position = position.ok_or(PdfError::DamagedXref { offset, what: "/XRefStm is no offset" })?;
            let stream = read_stream(input, position).map_err(|error| as_xref(error, position))?;
            Some(Hidden { offset: stream.offset, entries: stream.entries })
        }
    };
    Ok(Section { kind: SectionKind::Table, offset, end: at, entries, hidden, trailer })
}

/// The rows of a table from `xref` on, and where the trailer dictionary starts.
fn read_rows<S: ReadAt>(input: &Input<S>, offset: u64) -> Result<(Entries, u64), PdfError> {
    let (header, _) = input.grow(offset, |bytes, tail| {
        let mut scanner = Scanner::new(bytes, 0, tail);
        scanner.word()?;
        Ok(scanner.at)
    })?;
    let mut at = offset + header as u64;
    let mut entries = Vec::new();
    loop {
        let (head, _) = input.grow(at, read_subsection_head)?;
        let Some((first, count, length)) = head else {
            let (trailer, _) = input.grow(at, |bytes, tail| {
                let mut scanner = Scanner::new(bytes, 0, tail);
                scanner.next_word()?;
                Ok(scanner.at)
            })?;
            return Ok((Entries::new(entries), at + trailer as u64));
        };
        at += length as u64;
        at = read_subsection(input, at, first, count, &mut entries)?;
    }
}

/// `first count` and its length, or `None` at `trailer`.
fn read_subsection_head(bytes: &[u8], tail: Tail) -> Result<Option<(u32, u32, usize)>, Fault> {
    let mut scanner = Scanner::new(bytes, 0, tail);
    scanner.skip_space();
    if scanner.clone().word()? == b"trailer" {
        return Ok(None);
    }
    let numbers = scanner.unsigned()?.zip(scanner.unsigned()?);
    let (first, count) = numbers.ok_or(Fault::Malformed("neither a subsection nor a trailer"))?;
    let limited = |number: u64| u32::try_from(number).ok().filter(|number| *number <= MAX_OBJECTS);
    let (Some(first), Some(count)) = (limited(first), limited(count)) else {
        return Err(Fault::Limit("objects in the file"));
    };
    Ok(Some((first, count, scanner.at)))
}

/// Rows are read as tokens: many files have rows of 19 bytes, or with other white space (ISO 32000-2, 7.5.4 asks for 20).
fn read_subsection<S: ReadAt>(
    input: &Input<S>,
    mut at: u64,
    first: u32,
    count: u32,
    entries: &mut Vec<(u32, Entry)>,
) -> Result<u64, PdfError> {
    const ROWS: u32 = 3_000;
    let mut done = 0;
    let mut shift = 0;
    while done < count {
        let wanted = (count - done).min(ROWS);
        // 20 bytes a row and some more, so that most tables need one read a block.
        let window = input.bytes(at, wanted as usize * 20 + 64)?;
        let mut scanner = Scanner::new(&window, 0, Tail::End);
        for _ in 0..wanted {
            let row_start = scanner.at;
            let Some(entry) = read_row(&mut scanner) else {
                return Err(PdfError::DamagedXref { offset: at + row_start as u64, what: "a row of the table" });
            };
            // A table that should start at 0 and says 1 is a known mistake of writers.
            if done == 0 && first == 1 && matches!(entry, (Entry::Free, 65_535)) {
                shift = 1;
            }
            entries.push((first - shift + done, entry.0));
            done += 1;
            if window.len() - scanner.at < 40 && done < count {
                break;
            }
        }
        at += scanner.at as u64;
    }
    Ok(at)
}

fn read_row(scanner: &mut Scanner<'_>) -> Option<(Entry, u64)> {
    let offset = scanner.unsigned().ok()??;
    let generation = scanner.unsigned().ok()??;
    let entry = match scanner.next_word().ok()? {
        b"n" => match u16::try_from(generation) {
            // Offset 0 cannot be an object: writers mark deleted objects so.
            Ok(generation) if offset > 0 => Entry::InFile { offset, generation },
            _ => Entry::Free,
        },
        b"f" => Entry::Free,
        _ => return None,
    };
    Some((entry, generation))
}

fn read_stream<S: ReadAt>(input: &Input<S>, offset: u64) -> Result<Section, PdfError> {
    let damaged = |what| PdfError::DamagedXref { offset, what };
    let indirect = input.indirect(offset)?;
    let trailer = indirect.object.root();
    let data_start = indirect.object.stream.ok_or(damaged("neither a table nor a stream"))?;
    if !trailer.get("Type").is_some_and(|kind| kind.is_name(b"XRef")) {
        return Err(damaged("a stream of another type"));
    }
    let length: usize = trailer.get("Length").and_then(|length| length.unsigned()).ok_or(damaged("no /Length"))?;
    if length > MAX_STREAM_BYTES {
        return Err(PdfError::LimitExceeded { what: "size of a stream" });
    }
    let raw = input.bytes(data_start, length)?;
    if raw.len() < length {
        return Err(damaged("the file ends inside it"));
    }
    let end = stream_end(input, data_start + length as u64)?.ok_or(damaged("/Length is wrong"))?;
    let data = filter::decode(raw, trailer.get("Filter").as_ref(), trailer.get("DecodeParms").as_ref())?;
    let entries = read_fields(&trailer, &data).ok_or(damaged("/W, /Index or /Size"))?;
    Ok(Section { kind: SectionKind::Stream, offset, end, entries, hidden: None, trailer })
}

/// Behind `endstream endobj`, if that stands at `offset`.
pub(crate) fn stream_end<S: ReadAt>(input: &Input<S>, offset: u64) -> Result<Option<u64>, PdfError> {
    let window = input.bytes(offset, 64)?;
    let mut scanner = Scanner::new(&window, 0, Tail::End);
    if scanner.next_word() != Ok(b"endstream") {
        return Ok(None);
    }
    let behind_stream = scanner.at;
    let end = if scanner.next_word() == Ok(b"endobj") { scanner.at } else { behind_stream };
    Ok(Some(offset + end as u64))
}

fn read_fields(trailer: &Value, data: &[u8]) -> Option<Entries> {
    let widths: Vec<usize> = trailer.get("W")?.elements().iter().filter_map(Value::unsigned).collect();
    let [kind, second, third] = widths[..] else { return None };
    let row = [kind, second, third].iter().all(|width| *width <= 8).then_some(kind + second + third)?;
    let size: u32 = trailer.get("Size")?.unsigned()?;
    let mut index: Vec<u32> = vec![0, size];
    if let Some(given) = trailer.get("Index") {
        index = given.elements().iter().map(Value::unsigned).collect::<Option<_>>()?;
    }
    let mut rows = data.chunks_exact(row.max(1));
    let mut entries = Vec::new();
    for pair in index.chunks_exact(2) {
        for step in 0..pair[1] {
            // Fewer rows than announced: what is missing is not there.
            let Some(fields) = rows.next() else { return Some(Entries::new(entries)) };
            let number = pair[0].checked_add(step).filter(|number| *number <= MAX_OBJECTS)?;
            let field = |from: usize, width: usize| {
                fields[from..from + width].iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte))
            };
            let kind_of = if kind == 0 { 1 } else { field(0, kind) };
            let (second, third) = (field(kind, second), field(kind + second, third));
            let entry = match kind_of {
                1 => Entry::InFile { offset: second, generation: u16::try_from(third).ok()? },
                2 => Entry::InStream { container: u32::try_from(second).ok()?, index: u32::try_from(third).ok()? },
                _ => Entry::Free,
            };
            entries.push((number, entry));
        }
    }
    Some(Entries::new(entries))
}
