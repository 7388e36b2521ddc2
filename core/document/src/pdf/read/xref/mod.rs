//! Cross-references: tables, streams and both together (ISO 32000-2, 7.5.4 and 7.5.8), section by section.

mod stream;
mod table;

use std::collections::HashSet;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::limits::{MAX_OBJECTS, MAX_SECTIONS};
use crate::pdf::read::input::Input;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::{Scanner, Tail, is_space};

pub(crate) use stream::stream_end;

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
        table::read(input, base, offset + start as u64)
    } else {
        stream::read(input, offset).map_err(|error| as_xref(error, offset))
    }
}

/// A damaged object is a damaged cross-reference where a cross-reference was expected.
fn as_xref(error: PdfError, offset: u64) -> PdfError {
    match error {
        PdfError::DamagedObject { what, .. } => PdfError::DamagedXref { offset, what },
        other => other,
    }
}
