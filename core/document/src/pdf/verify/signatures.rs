//! Every signature of a file, also one that a later revision hides.

use std::collections::{BTreeSet, HashSet};

use crate::source::ReadAt;

use super::changes::revision_end;
use crate::pdf::error::PdfError;
use crate::pdf::form::{self, Field};
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
    collect(reader, &form::fields(reader)?, Removed::No, &mut seen, &mut found)?;
    let mut touched = form_objects(reader)?;
    for section in 1..reader.xref.sections.len() {
        let (later, earlier) = (&reader.xref.sections[section - 1], &reader.xref.sections[section]);
        // The two sections of a linearized file are one revision.
        if later.offset < earlier.end {
            continue;
        }
        // What no later revision says anything about is as it was.
        if !later.numbers().any(|number| touched.contains(&number)) {
            continue;
        }
        let Some(view) = revision_end(reader, earlier).ok().and_then(|end| reader.earlier(end).ok()) else { continue };
        // An earlier revision whose form cannot be read has nothing to show.
        if let Ok(fields) = form::fields(&view) {
            collect(&view, &fields, Removed::ByLater, &mut seen, &mut found)?;
            touched.extend(form_objects(&view)?);
        }
    }
    Ok(found)
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
        let value = reader.resolve(value.clone())?;
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

/// The objects by which the form's fields are found.
fn form_objects<S: ReadAt>(reader: &Reader<S>) -> Result<BTreeSet<u32>, PdfError> {
    let catalog = reader.catalog()?;
    let (form, dictionary) = reader.locate(catalog.get("AcroForm"))?;
    let (list, _) = reader.locate(dictionary.get("Fields"))?;
    let mut numbers: BTreeSet<u32> = [form, list].into_iter().flatten().map(|id| id.number).collect();
    numbers.insert(reader.root_id()?.number);
    for field in form::fields(reader)? {
        numbers.extend(field.id.map(|id| id.number));
        numbers.extend(field.dictionary.get("Parent").and_then(|parent| parent.reference()).map(|id| id.number));
        numbers.extend(field.value.and_then(|value| value.reference()).map(|id| id.number));
    }
    Ok(numbers)
}
