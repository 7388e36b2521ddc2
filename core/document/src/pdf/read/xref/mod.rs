//! Cross-references: tables, streams and both together (ISO 32000-2, 7.5.4 and 7.5.8), section by section.

mod stream;
mod table;
mod timeline;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::limits::{MAX_OBJECTS, MAX_SECTIONS};
use crate::pdf::read::input::Input;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::{Scanner, Tail, is_space};

pub(crate) use stream::stream_end;

use self::timeline::Timeline;

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
    /// The number of the stream that it is, or that is beside it.
    own: Option<u32>,
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

    fn hidden_offset(&self) -> Option<u64> {
        self.hidden.as_ref().map(|hidden| hidden.offset)
    }

    /// Every object number it says something about.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> {
        let hidden = self.hidden.iter().flat_map(|hidden| &hidden.entries.0);
        self.entries.0.iter().chain(hidden).map(|(number, _)| *number)
    }
}

/// How far the cross-references can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    Sound,
    /// They lead to the objects, but not every reader will follow them.
    Irregular,
    /// They were made anew from the objects that are in the file.
    Rebuilt,
}

/// How the cross-reference of an appended revision goes on from the file's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Continuation {
    /// By `/Prev`.
    Chained,
    /// Not at all: it lists every object of the file.
    Complete,
}

/// All sections of a file, newest first.
#[derive(Debug)]
pub(crate) struct Xref {
    pub(crate) sections: Vec<Arc<Section>>,
    /// Added to every offset in the file: where the header is, unless the file counts from its first byte.
    pub(crate) base: u64,
    /// The number behind `startxref`, as it stands in the file.
    pub(crate) recorded: u64,
    pub(crate) condition: Condition,
    pub(crate) continuation: Continuation,
    /// Of the whole file, in which `passed` sections are newer than these.
    timeline: Option<Arc<Timeline>>,
    passed: usize,
}

impl Xref {
    /// Cross-references that nobody wrote: one section that lists these objects.
    pub(crate) fn rebuilt(base: u64, entries: Vec<(u32, Entry)>, kind: SectionKind, trailer: Value) -> Self {
        let entries = Entries::new(entries);
        let section = Section { kind, offset: 0, end: 0, own: None, entries, hidden: None, trailer };
        Self {
            sections: vec![Arc::new(section)],
            base,
            recorded: 0,
            condition: Condition::Rebuilt,
            continuation: Continuation::Complete,
            timeline: None,
            passed: 0,
        }
    }

    /// Follows the chain of sections from `recorded` on.
    pub(crate) fn load<S: ReadAt>(input: &Input<S>, header: u64, recorded: u64) -> Result<Self, PdfError> {
        let mut condition = Condition::Sound;
        let base = if starts_section(input, header.saturating_add(recorded))? {
            header
        } else if header > 0 && starts_section(input, recorded)? {
            0
        } else {
            header
        };
        let mut sections: Vec<Arc<Section>> = Vec::new();
        let mut seen = HashSet::new();
        let mut next = Some(recorded);
        while let Some(position) = next {
            let damaged = |what| PdfError::DamagedXref { offset: position, what };
            let offset = position.checked_add(base).ok_or(damaged("an offset out of range"))?;
            let (offset, is_exact) = section_near(input, offset)?.ok_or(damaged("no cross-reference is there"))?;
            if !seen.insert(offset) {
                return Err(PdfError::DamagedXref { offset, what: "/Prev runs in a circle" });
            }
            if sections.len() >= MAX_SECTIONS {
                return Err(PdfError::LimitExceeded { what: "cross-reference sections" });
            }
            let (section, is_regular) = read_section(input, base, offset)?;
            if !is_exact || !is_regular {
                condition = Condition::Irregular;
            }
            next = match section.trailer.get("Prev").filter(|prev| !prev.is_null()) {
                None => None,
                Some(prev) if prev.integer() == Some(0) => {
                    condition = Condition::Irregular;
                    None
                }
                Some(prev) => {
                    Some(prev.unsigned().ok_or(PdfError::DamagedXref { offset, what: "/Prev is no offset" })?)
                }
            };
            sections.push(Arc::new(section));
        }
        let timeline = Timeline::of(&sections);
        Ok(Self { sections, base, recorded, condition, continuation: Continuation::Chained, timeline, passed: 0 })
    }

    /// The cross-references as they were when the section at `newest` was the newest, and `recorded` led to it.
    pub(crate) fn earlier(&self, newest: usize, recorded: u64) -> Option<Self> {
        let sections = self.sections.get(newest..).filter(|sections| !sections.is_empty())?;
        Some(Self {
            sections: sections.to_vec(),
            base: self.base,
            recorded,
            condition: self.condition,
            continuation: self.continuation,
            timeline: self.timeline.clone(),
            passed: self.passed + newest,
        })
    }

    pub(crate) fn newest(&self) -> &Section {
        &self.sections[0]
    }

    /// Where the newest section starts, as offsets are counted in the file: what is recorded, or what that is near to.
    pub(crate) fn start(&self) -> u64 {
        self.newest().offset.checked_sub(self.base).unwrap_or(self.recorded)
    }

    pub(crate) fn trailer(&self) -> &Value {
        &self.newest().trailer
    }

    pub(crate) fn get(&self, number: u32) -> Option<Entry> {
        self.at(number, 0).map(|(_, entry)| entry)
    }

    /// What counts for an object when the section `newest` is the newest, and which section says it.
    pub(crate) fn at(&self, number: u32, newest: usize) -> Option<(usize, Entry)> {
        if let Some(timeline) = &self.timeline {
            let (section, entry) = timeline.entry(number, self.passed + newest)?;
            return Some((section - self.passed, entry));
        }
        let mut sections = self.sections.iter().enumerate().skip(newest);
        sections.find_map(|(section, listed)| Some((section, listed.get(number)?)))
    }

    /// Every object that there is, and where, but the cross-reference streams.
    pub(crate) fn live(&self) -> BTreeMap<u32, Entry> {
        let numbers: BTreeSet<u32> = self.sections.iter().flat_map(|section| section.numbers()).collect();
        // Where a section says of itself that it is, also if that is wrong.
        let is_own = |number: u32, section: usize| self.sections[section].own == Some(number);
        let in_use = numbers.into_iter().filter_map(|number| {
            let (section, entry) = self.at(number, 0)?;
            (!is_own(number, section)).then_some((number, entry))
        });
        let sections = self.sections.iter();
        let own: HashSet<u64> =
            sections.flat_map(|section| [Some(section.offset), section.hidden_offset()]).flatten().collect();
        let is_object = |entry: &Entry| match entry {
            Entry::Free => false,
            Entry::InFile { offset, .. } => !own.contains(&offset.saturating_add(self.base)),
            Entry::InStream { .. } => true,
        };
        in_use.filter(|(_, entry)| is_object(entry)).collect()
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

/// Where a section starts that should start at `offset`: there, or at the `xref` nearest to it; and whether it is there.
fn section_near<S: ReadAt>(input: &Input<S>, offset: u64) -> Result<Option<(u64, bool)>, PdfError> {
    const AWAY: u64 = 64;
    if starts_section(input, offset)? {
        // White space and comments in front of it are passed over by most readers, not by all.
        let is_exact = input.bytes(offset, 1)?.first().is_some_and(|first| !is_space(*first) && *first != b'%');
        return Ok(Some((offset, is_exact)));
    }
    let from = offset.saturating_sub(AWAY);
    let window = input.bytes(from, 2 * 64)?;
    let is_table = |at: &usize| {
        window[*at..].starts_with(b"xref") && (*at == 0 || is_space(window[at - 1])) && at + 4 < window.len()
    };
    let found = (0..window.len()).filter(is_table).map(|at| from + at as u64);
    Ok(found.min_by_key(|at| at.abs_diff(offset)).map(|at| (at, false)))
}

/// A section, and whether it is written as every reader expects it.
fn read_section<S: ReadAt>(input: &Input<S>, base: u64, offset: u64) -> Result<(Section, bool), PdfError> {
    let window = input.bytes(offset, 64)?;
    let start = window.iter().position(|byte| !is_space(*byte)).unwrap_or(0);
    let (section, is_regular) = if window[start..].starts_with(b"xref") {
        table::read(input, base, offset + start as u64)?
    } else {
        stream::read(input, offset).map_err(|error| as_xref(error, offset))?
    };
    let has_size = section.trailer.get("Size").is_some_and(|size| size.integer().is_some());
    Ok((section, is_regular && has_size))
}

/// A damaged object is a damaged cross-reference where a cross-reference was expected.
fn as_xref(error: PdfError, offset: u64) -> PdfError {
    match error {
        PdfError::DamagedObject { what, .. } => PdfError::DamagedXref { offset, what },
        other => other,
    }
}
