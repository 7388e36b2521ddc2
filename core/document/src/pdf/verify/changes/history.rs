//! The revisions behind the first signed one, and what each of them did.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::report::ChangeKind;
use crate::source::{Prefix, ReadAt};

use super::difference::Difference;
use super::index::Index;
use super::step::{Sides, Step};
use super::tree::Tree;
use super::{Found, Stop};
use crate::pdf::error::PdfError;
use crate::pdf::read::reader::Reader;
use crate::pdf::read::xref::{Entry, Section};
use crate::pdf::syntax::token::{Scanner, Tail, is_space};
use crate::pdf::verify::region;

/// A file as it was at the end of one of its revisions.
pub(super) type View<'a, S> = Reader<Prefix<&'a S>>;

/// How far behind a cross-reference section its revision may end.
const END_WINDOW: usize = 1 << 10;

/// The newest revision, and all from the first signed one on. Sections are counted as in [`Reader::xref`]: the newest is 0.
pub(super) struct Revisions<'a, S> {
    now: &'a Reader<S>,
    /// The newest section of the first signed revision.
    pub(super) base: usize,
    /// Where the revision of each section up to `base` ends.
    ends: Vec<u64>,
}

impl<'a, S: ReadAt> Revisions<'a, S> {
    /// `end` is where the first signed revision ends.
    fn new(now: &'a Reader<S>, end: u64) -> Result<Self, Stop> {
        let base = count_later(now, end);
        if base == now.xref.sections.len() {
            return Err(Stop::Objection("the cross-references do not lead back to the signed revision".to_owned()));
        }
        let mut ends = Vec::new();
        let mut behind = now.input.size;
        for section in &now.xref.sections[..base] {
            if section.offset < end || section.end > behind {
                return Err(Stop::Objection("the cross-references are not in the order of the revisions".to_owned()));
            }
            ends.push(revision_end(now, section)?);
            behind = section.offset;
        }
        ends.push(end);
        Ok(Self { now, base, ends })
    }

    /// The file at the end of the revision of `section`.
    pub(super) fn view(&self, section: usize) -> Result<View<'a, S>, Stop> {
        let view = self.now.earlier(self.ends[section])?;
        if view.xref.newest().offset == self.now.xref.sections[section].offset {
            Ok(view)
        } else {
            Err(Stop::Objection("a revision's startxref does not lead to its cross-references".to_owned()))
        }
    }

    /// The objects that a section says something about; for `base`, all that there are then.
    pub(super) fn written_by(&self, section: usize) -> BTreeSet<u32> {
        let sections = &self.now.xref.sections;
        let own = if section == self.base { &sections[section..] } else { &sections[section..=section] };
        own.iter().flat_map(|section| section.numbers()).collect()
    }

    /// Whether what `section` wrote of an object is still what counts when the section `at` is the newest.
    pub(super) fn is_version(&self, number: u32, section: usize, at: usize) -> bool {
        section >= at && self.now.xref.at(number, at).is_none_or(|(newest, _)| newest >= section)
    }

    /// Whether an entry leads to a cross-reference stream, which is looked at as a trailer.
    pub(super) fn is_section(&self, entry: Option<Entry>) -> bool {
        let Some(Entry::InFile { offset, .. }) = entry else { return false };
        let position = offset.saturating_add(self.now.xref.base);
        let is_at = |section: &Arc<Section>| {
            section.offset == position || section.hidden.as_ref().is_some_and(|hidden| hidden.offset == position)
        };
        self.now.xref.sections.iter().any(is_at)
    }

    /// Numbers of objects whose entries the sections before `base` change.
    fn changed(&self) -> HashSet<u32> {
        let mut changed = HashSet::new();
        for (at, section) in self.now.xref.sections.iter().enumerate().take(self.base) {
            for number in section.numbers() {
                let before = self.now.xref.at(number, at + 1).map(|(_, entry)| entry);
                if section.get(number) != before {
                    changed.insert(number);
                }
            }
        }
        changed
    }
}

/// How many sections stand behind byte `end`.
fn count_later<S: ReadAt>(now: &Reader<S>, end: u64) -> usize {
    let is_later = |section: &&Arc<Section>| {
        section.offset >= end || section.hidden.as_ref().is_some_and(|hidden| hidden.offset >= end)
    };
    now.xref.sections.iter().take_while(is_later).count()
}

/// Behind the `%%EOF` that follows a section.
pub(crate) fn revision_end<S: ReadAt>(now: &Reader<S>, section: &Section) -> Result<u64, PdfError> {
    let window = now.input.bytes(section.end, END_WINDOW)?;
    let mut scanner = Scanner::new(&window, 0, Tail::End);
    let wrong =
        || PdfError::DamagedXref { offset: section.end, what: "a revision does not end with startxref and %%EOF" };
    if scanner.next_word() != Ok(b"startxref") || scanner.unsigned().ok().flatten().is_none() {
        return Err(wrong());
    }
    let rest = &window[scanner.at..];
    let blank = rest.iter().take_while(|byte| is_space(**byte)).count();
    let mark = rest[blank..].starts_with(b"%%EOF").then_some(5).ok_or_else(wrong)?;
    Ok(section.end + (scanner.at + blank + mark) as u64)
}

/// What was done by one revision.
struct Done {
    /// The section that its cross-references are in.
    section: usize,
    /// Why it could not be followed, in words; the revisions behind it are none the worse for it.
    found: Result<Vec<Found>, String>,
}

/// A revision that another is compared with.
struct State<'a, S> {
    view: View<'a, S>,
    tree: Tree,
}

impl<'a, S: ReadAt> State<'a, S> {
    fn of(revisions: &Revisions<'a, S>, section: usize) -> Result<Self, Stop> {
        let view = revisions.view(section)?;
        let tree = Tree::read(&view)?;
        Ok(Self { view, tree })
    }
}

/// Compares the revision of `section` with the one before it.
fn step<'a, S: ReadAt>(
    revisions: &Revisions<'a, S>,
    index: &Index,
    section: usize,
    old: &State<'a, S>,
    new: &State<'a, S>,
) -> Result<Vec<Found>, Stop> {
    let difference = Difference::find(&old.view, &new.view, revisions.ends[section + 1])?;
    let sides = Sides { old: &old.view, new: &new.view, old_tree: &old.tree, new_tree: &new.tree };
    Step::new(revisions, index, section, &sides, &difference).explain()
}

/// What every revision behind the first signed one did. Each is compared once, whoever asks.
pub(crate) struct History {
    /// How many revisions there are before the ones that are followed.
    revisions_before: usize,
    /// Oldest first.
    done: Vec<Done>,
    /// Why none of them could be followed.
    stopped: Option<String>,
    /// Bytes that belong to no revision.
    strangers: region::Strangers,
}

/// What became of a signed revision.
pub(crate) struct Later<'a> {
    /// The revisions behind it, oldest first: which one it is, counted from 1, and what it did.
    pub(crate) revisions: Vec<(usize, &'a [Found])>,
    /// What speaks against everything behind it.
    pub(crate) objection: Option<String>,
}

impl History {
    /// Follows the file from the first on of the revisions that end at `ends`.
    pub(crate) fn follow<S: ReadAt>(now: &Reader<S>, ends: &BTreeSet<u64>) -> Result<Self, PdfError> {
        let strangers = region::Strangers::find(now, ends)?;
        let end = ends.first().copied().unwrap_or(now.input.size);
        let mut history = Self {
            revisions_before: now.xref.sections.len() - count_later(now, end),
            done: Vec::new(),
            stopped: None,
            strangers,
        };
        if let Err(stop) = history.compare(now, end) {
            history.stopped = Some(stop.into_words());
        }
        Ok(history)
    }

    fn compare<S: ReadAt>(&mut self, now: &Reader<S>, end: u64) -> Result<(), Stop> {
        let revisions = Revisions::new(now, end)?;
        if revisions.base == 0 {
            return Ok(());
        }
        let index = Index::build(&revisions, revisions.changed())?;
        let mut old = State::of(&revisions, revisions.base).map_err(Stop::into_words);
        for section in (0..revisions.base).rev() {
            let new = State::of(&revisions, section).map_err(Stop::into_words);
            let found = match (&old, &new) {
                (Ok(old), Ok(new)) => step(&revisions, &index, section, old, new).map_err(Stop::into_words),
                (Err(stopped), _) | (_, Err(stopped)) => Err(stopped.clone()),
            };
            self.done.push(Done { section, found });
            old = new;
        }
        Ok(())
    }

    /// What was done behind the revision `then`, which must be one of `now`.
    pub(crate) fn behind<A: ReadAt, B: ReadAt>(&self, now: &Reader<A>, then: &Reader<B>) -> Later<'_> {
        let end = then.input.size;
        let count = count_later(now, end);
        let kept = &now.xref.sections[count..];
        let position = |section: &Arc<Section>| (section.offset, section.hidden.as_ref().map(|hidden| hidden.offset));
        let continues =
            now.xref.base == then.xref.base && kept.iter().map(position).eq(then.xref.sections.iter().map(position));
        let oldest = self.done.first().map_or(0, |done| done.section);
        let mut stopped = None;
        let mut revisions = Vec::new();
        for done in self.done.iter().filter(|done| done.section < count) {
            match &done.found {
                Ok(found) => revisions.push((self.revisions_before + 1 + oldest - done.section, found.as_slice())),
                Err(words) => stopped = stopped.or(Some(words)),
            }
        }
        let is_complete = revisions.len() == count;
        let objection = if !continues {
            Some("the cross-references do not continue those of the signed revision".to_owned())
        } else if let Some(at) = self.strangers.first(end) {
            Some(match count {
                0 => format!("bytes that belong to no revision, from byte {at} on"),
                _ => format!("bytes that belong to no object of a later revision, from byte {at} on"),
            })
        } else if !is_complete {
            let words = stopped.or(self.stopped.as_ref()).cloned();
            words.or_else(|| Some("the later revisions could not be followed".to_owned()))
        } else {
            None
        };
        Later { revisions, objection }
    }
}

impl Later<'_> {
    /// Whether a revision brought or renewed validation data; its housekeeping is then part of that.
    pub(crate) fn extends_validity(found: &[Found]) -> bool {
        found.iter().any(|found| matches!(found.kind, ChangeKind::ValidationData | ChangeKind::DocumentTimestamp))
    }
}
