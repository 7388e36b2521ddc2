//! Who refers to what changed.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::source::ReadAt;

use super::Stop;
use super::compare::{has_type, is_stream};
use super::difference::id;
use super::history::Revisions;
use crate::pdf::error::PdfError;
use crate::pdf::read::xref::Entry;
use crate::pdf::syntax::object::Value;
use crate::pdf::write::revision::OWN_KEYS;

/// Mentions that are remembered; a file with more has been made to be difficult.
const MAX_MENTIONS: usize = 1 << 20;
/// How often what is between a changed object and its page is looked for.
const MAX_SCANS: usize = 4;

/// Who refers to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Holder {
    Trailer,
    /// An entry of the trailer that the standard does not know (`/AdditionalStreams` of office suites).
    PrivateEntry,
    Object(u32),
}

/// A holder, and the section that wrote the version of it that refers.
struct Mention {
    holder: Holder,
    section: usize,
}

/// Every reference to one of the watched objects, in any version of any object since the first signed revision.
#[derive(Default)]
pub(super) struct Index {
    mentions: HashMap<u32, Vec<Mention>>,
}

impl Index {
    /// Watches `changed`, and what is between them and the objects that the standard names.
    pub(super) fn build<S: ReadAt>(revisions: &Revisions<'_, S>, changed: HashSet<u32>) -> Result<Self, Stop> {
        let mut watched = changed;
        let base = revisions.view(revisions.base)?;
        for number in watched.clone() {
            let value = readable(base.get(id(number, base.xref.get(number))))?;
            if value.is_some_and(|value| has_one_place(&value)) {
                watched.remove(&number);
            }
        }
        let mut index = Self::default();
        for _ in 0..MAX_SCANS {
            if watched.is_empty() {
                break;
            }
            let mut between = HashSet::new();
            index.scan(revisions, &watched, &mut between)?;
            between.retain(|number| !index.mentions.contains_key(number) && !watched.contains(number));
            // An object without any mention has been looked for all the same.
            for number in watched {
                index.mentions.entry(number).or_default();
            }
            watched = between;
        }
        Ok(index)
    }

    fn scan<S: ReadAt>(
        &mut self,
        revisions: &Revisions<'_, S>,
        watched: &HashSet<u32>,
        between: &mut HashSet<u32>,
    ) -> Result<(), Stop> {
        let mut count = 0_usize;
        let mut note = |index: &mut Self, value: &Value, holder: Holder, section: usize| {
            let mut seen = BTreeSet::new();
            for number in value.references().map(|id| id.number) {
                if watched.contains(&number) && seen.insert(number) {
                    count += 1;
                    index.mentions.entry(number).or_default().push(Mention { holder, section });
                }
            }
            (!seen.is_empty(), count <= MAX_MENTIONS)
        };
        for section in (0..=revisions.base).rev() {
            let view = revisions.view(section)?;
            for (key, value) in view.xref.trailer().entries() {
                let holder = if is_known_to_trailers(&key) { Holder::Trailer } else { Holder::PrivateEntry };
                if !note(self, &value, holder, section).1 {
                    return Err(PdfError::LimitExceeded { what: "references to changed objects" }.into());
                }
            }
            for number in revisions.written_by(section) {
                let entry = view.xref.get(number);
                if matches!(entry, None | Some(Entry::Free)) || revisions.is_section(entry) {
                    continue;
                }
                let Some(value) = readable(view.get(id(number, entry)))? else { continue };
                let (mentions, fits) = note(self, &value, Holder::Object(number), section);
                if !fits {
                    return Err(PdfError::LimitExceeded { what: "references to changed objects" }.into());
                }
                if mentions && is_between(&value) {
                    between.insert(number);
                }
            }
        }
        Ok(())
    }

    /// Whether references to an object were looked for.
    pub(super) fn knows(&self, number: u32) -> bool {
        self.mentions.contains_key(&number)
    }

    /// Who refers to an object in the revision whose newest section is `at`.
    pub(super) fn holders<S: ReadAt>(&self, revisions: &Revisions<'_, S>, number: u32, at: usize) -> BTreeSet<Holder> {
        let mentions = self.mentions.get(&number).into_iter().flatten();
        let counts = mentions.filter(|mention| match mention.holder {
            // Each section has its own trailer, and readers differ in which of them they look at.
            Holder::Trailer | Holder::PrivateEntry => mention.section >= at,
            Holder::Object(holder) => revisions.is_version(holder, mention.section, at),
        });
        counts.map(|mention| mention.holder).collect()
    }
}

/// What nobody can read refers to nothing. Where it matters, it is read again.
fn readable(read: Result<Value, PdfError>) -> Result<Option<Value>, PdfError> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(PdfError::DamagedXref { .. } | PdfError::DamagedObject { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether the standard says what an entry of a trailer means (ISO 32000-2, table 15).
pub(super) fn is_known_to_trailers(key: &Value) -> bool {
    OWN_KEYS.iter().chain(&[&b"Root"[..], b"Info", b"Encrypt"]).any(|known| key.is_name(known))
}

/// Objects whose changes mean something in one place only, whoever else refers to them.
fn has_one_place(value: &Value) -> bool {
    let is_field = value.get("FT").is_some() && !is_stream(value);
    is_field || [&b"Page"[..], b"Pages", b"Catalog"].iter().any(|kind| has_type(value, kind))
}

/// Objects that have no meaning of their own and pass on that of who refers to them.
fn is_between(value: &Value) -> bool {
    if value.is_array() {
        return true;
    }
    let is_named = [&b"Page"[..], b"Pages", b"Catalog", b"Annot", b"StructElem", b"StructTreeRoot"]
        .iter()
        .any(|kind| has_type(value, kind));
    let is_field = ["FT", "T", "Rect", "Kids"].iter().any(|key| value.get(key).is_some());
    let is_form = value.get("Subtype").is_some_and(|subtype| subtype.is_name(b"Form"));
    !is_named && !is_field && (!is_stream(value) || is_form)
}
