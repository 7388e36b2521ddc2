//! The interactive form: its fields (ISO 32000-2, 12.7), and adding one.

pub(crate) mod empty;
pub(crate) mod permission;
pub(crate) mod seed;
mod walk;

pub(crate) use walk::{Circle, Field, Fields, fields, named_like, walk, walk_some};

use std::collections::HashSet;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::place::page::Page;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::ObjectId;
use crate::pdf::write::revision::{Revision, array_of};
use crate::pdf::write::splice::{reference, references};

/// `SignaturesExist` and `AppendOnly` (ISO 32000-2, table 225).
const SIG_FLAGS: i64 = 3;

/// The form's dictionary; null if there is none.
pub(crate) fn form<S: ReadAt>(reader: &Reader<S>) -> Result<Value, PdfError> {
    reader.lookup(&reader.catalog()?, "AcroForm")
}

/// Names that no field has.
pub(crate) fn unused_names(fields: &[Field]) -> impl Iterator<Item = String> {
    let names = fields.iter().flat_map(|field| [field.name.as_str(), first_part(&field.name)]);
    let taken: HashSet<String> = names.map(str::to_owned).collect();
    (1_u64..).map(|number| format!("ESeal{number}")).filter(move |name| !taken.contains(name))
}

/// Whether anybody vouches for the document: a signature field has a value, or there are usage rights (ISO 32000-1, 12.8.4).
pub(crate) fn has_signature<S: ReadAt>(reader: &Reader<S>) -> Result<bool, PdfError> {
    let permissions = reader.lookup(&reader.catalog()?, "Perms")?;
    Ok(["UR", "UR3"].iter().any(|key| permissions.get(key).is_some())
        || fields(reader)?.iter().any(|field| field.is_signature && field.value.is_some()))
}

fn first_part(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// Adds fields to the form, and the form to the catalog if there is none.
pub(crate) fn add_fields<S: ReadAt>(
    reader: &Reader<S>,
    revision: &mut Revision,
    fields: &[ObjectId],
) -> Result<(), PdfError> {
    let catalog = reader.catalog()?;
    let root = reader.root_id()?;
    let (form_id, form) = reader.locate(catalog.get("AcroForm"))?;
    if !form.is_dictionary() {
        let id = revision.allocate()?;
        revision.write(id, format!("<</Fields {} /SigFlags {SIG_FLAGS}>>", array_of(fields)).as_bytes());
        revision.edit(root, &catalog).set(&catalog, "AcroForm", reference(id).as_bytes());
        return Ok(());
    }
    let holder = holder(reader, revision, (form_id, &form))?;
    append(reader, revision, (holder, &form), "Fields", fields)?;
    set_flags(reader, revision, (holder, &form))
}

/// Which object is edited to change the form.
///
/// A form that nobody has signed is copied: who else uses the object need not be known then, and what a later signature adds
/// is added to a form alone.
fn holder<S: ReadAt>(
    reader: &Reader<S>,
    revision: &mut Revision,
    (id, form): (Option<ObjectId>, &Value),
) -> Result<ObjectId, PdfError> {
    let root = reader.root_id()?;
    // A form that is part of the catalog is changed with the catalog.
    let Some(id) = id else { return Ok(root) };
    let says_other = |kind: Value| [&b"Page"[..], b"Pages", b"Catalog"].iter().any(|other| kind.is_name(other));
    let is_other = id == root || form.get("Type").is_some_and(says_other);
    // Encrypted strings cannot stand in another object.
    let can_move = reader.encryption().is_none() || !form.has_strings();
    let is_to_be_copied = can_move && !revision.is_copied(id) && !has_signature(reader)?;
    if is_other || (is_to_be_copied && revision.edited().any(|edited| edited == id)) {
        let offset = form.object().offset.unwrap_or_default();
        return Err(PdfError::DamagedObject { offset, what: "a form that is something else as well" });
    }
    if is_to_be_copied {
        let copy = revision.copy(id, form)?;
        let catalog = reader.catalog()?;
        revision.edit(root, &catalog).set(&catalog, "AcroForm", reference(copy).as_bytes());
    }
    Ok(id)
}

/// Says in a form that is there that it has signatures now.
pub(crate) fn note_signatures<S: ReadAt>(reader: &Reader<S>, revision: &mut Revision) -> Result<(), PdfError> {
    let (id, form) = reader.locate(reader.catalog()?.get("AcroForm"))?;
    let holder = holder(reader, revision, (id, &form))?;
    set_flags(reader, revision, (holder, &form))
}

fn set_flags<S: ReadAt>(
    reader: &Reader<S>,
    revision: &mut Revision,
    (holder, form): (ObjectId, &Value),
) -> Result<(), PdfError> {
    let flags = reader.lookup(form, "SigFlags")?.integer().unwrap_or(0);
    if flags & SIG_FLAGS != SIG_FLAGS {
        revision.edit(holder, form).set(form, "SigFlags", (flags | SIG_FLAGS).to_string().as_bytes());
    }
    Ok(())
}

/// Adds annotations to a page.
pub(crate) fn add_annotations<S: ReadAt>(
    reader: &Reader<S>,
    revision: &mut Revision,
    page: &Page,
    annotations: &[ObjectId],
) -> Result<(), PdfError> {
    append(reader, revision, (page.id, &page.dictionary), "Annots", annotations)
}

/// Puts elements at the end of a list that a dictionary, which is or is part of the object `holder`, has under `key`.
pub(crate) fn append<S: ReadAt>(
    reader: &Reader<S>,
    revision: &mut Revision,
    (holder, dictionary): (ObjectId, &Value),
    key: &str,
    elements: &[ObjectId],
) -> Result<(), PdfError> {
    let (list_id, list) = reader.locate(dictionary.get(key))?;
    // Encrypted strings cannot stand in another object.
    let can_move = list.is_array() && (reader.encryption().is_none() || !list.has_strings());
    if can_move && list_id.is_some_and(|id| revision.is_left_alone(id)) {
        let raw = list.raw();
        let own = [&raw[..raw.len() - 1], b" ", references(elements).as_bytes(), b"]"].concat();
        revision.edit(holder, dictionary).set(dictionary, key, &own);
    } else if list.is_array() {
        revision.edit(list_id.unwrap_or(holder), &list).append(&list, elements);
    } else {
        revision.edit(holder, dictionary).set(dictionary, key, array_of(elements).as_bytes());
    }
    Ok(())
}
