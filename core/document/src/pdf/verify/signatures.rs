//! Every signature of a file, also one that a later revision hides.

use std::collections::{HashMap, HashSet};

use crate::source::ReadAt;

use super::changes::revision_end;
use crate::pdf::error::PdfError;
use crate::pdf::form::{self, Field, Fields};
use crate::pdf::limits::MAX_SIGNATURES;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;

/// A signature in a field.
pub(super) struct Signature {
    /// The first of the fields that show it.
    pub(super) field: Field,
    /// Its dictionary.
    pub(super) value: Value,
    /// The newest revision does not have it any more.
    pub(super) removed: bool,
}

/// All signatures, in the order of the form; behind them those that only earlier revisions have.
pub(super) fn find<S: ReadAt>(reader: &Reader<S>) -> Result<Vec<Signature>, PdfError> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let newest = form::walk(reader)?;
    collect(reader, &newest.all, Removed::No, &mut seen, &mut found)?;
    let mut known = Known::default();
    known.add(newest, lists(reader)?);
    for section in 1..reader.xref.sections.len() {
        let (later, earlier) = (&reader.xref.sections[section - 1], &reader.xref.sections[section]);
        known.forget(later.numbers());
        // The two sections of a linearized file are one revision.
        if later.offset < earlier.end || known.is_up_to_date {
            continue;
        }
        let Some(view) = revision_end(reader, earlier).ok().and_then(|end| reader.earlier(end).ok()) else { continue };
        // An earlier revision whose form cannot be read has nothing to show.
        if let Ok(fields) = form::walk_some(&view, |topmost| !known.fields.contains(&topmost.number)) {
            collect(&view, &fields.all, Removed::ByLater, &mut seen, &mut found)?;
            known.add(fields, lists(&view)?);
        }
    }
    Ok(found)
}

/// What needs no second look: going back, a field is as it was in the revision after, unless that wrote a part of it.
#[derive(Default)]
struct Known {
    /// Topmost fields.
    fields: HashSet<u32>,
    /// For each object, the topmost fields that it is a part of.
    parts: HashMap<u32, HashSet<u32>>,
    /// The objects that say which the topmost fields are.
    lists: HashSet<u32>,
    is_up_to_date: bool,
}

impl Known {
    fn add(&mut self, fields: Fields, lists: impl Iterator<Item = u32>) {
        for (part, topmost) in fields.parts {
            self.fields.insert(topmost);
            self.parts.entry(part).or_default().insert(topmost);
        }
        self.lists.extend(lists);
        self.is_up_to_date = true;
    }

    /// What a later revision wrote says nothing about an earlier one.
    fn forget(&mut self, written: impl Iterator<Item = u32>) {
        for number in written {
            if let Some(fields) = self.parts.get(&number) {
                self.fields.retain(|field| !fields.contains(field));
                self.is_up_to_date = false;
            }
            self.is_up_to_date &= !self.lists.contains(&number);
        }
    }
}

/// Whether the newest revision has a signature.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Removed {
    No,
    ByLater,
}

fn collect<S: ReadAt>(
    reader: &Reader<S>,
    fields: &[Field],
    removed: Removed,
    seen: &mut HashSet<Option<std::ops::Range<u64>>>,
    found: &mut Vec<Signature>,
) -> Result<(), PdfError> {
    for field in fields.iter().filter(|field| field.is_signature) {
        let Some(value) = &field.value else { continue };
        let value = match reader.resolve(value.clone()) {
            // What nobody could read when it was newest was no signature.
            Err(error) if error.is_damage() && removed == Removed::ByLater => continue,
            value => value?,
        };
        if value.is_null() {
            continue;
        }
        let removed = removed == Removed::ByLater;
        let place = value.get("Contents").and_then(|contents| contents.file_span());
        // Several fields may show one signature; what is no signature is shown as often as it is claimed to be one.
        let is_new = seen.insert(place.clone()) || (place.is_none() && !removed);
        if !is_new || (removed && place.is_none()) {
            continue;
        }
        if found.len() >= MAX_SIGNATURES {
            return Err(PdfError::LimitExceeded { what: "signatures" });
        }
        found.push(Signature { field: field.clone(), value, removed });
    }
    Ok(())
}

/// The objects by which the topmost fields are found.
fn lists<S: ReadAt>(reader: &Reader<S>) -> Result<impl Iterator<Item = u32>, PdfError> {
    let (form, dictionary) = reader.locate(reader.catalog()?.get("AcroForm"))?;
    let (list, _) = reader.locate(dictionary.get("Fields"))?;
    Ok([form, list, Some(reader.root_id()?)].into_iter().flatten().map(|id| id.number))
}
