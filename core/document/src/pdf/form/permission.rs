//! What earlier signatures allow to be done to the file (ISO 32000-2, 12.8.2.2 and 12.8.2.4, 12.7.5.5).

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::form::Field;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;
use crate::pdf::verify::broken::is_broken;

/// What is about to be done to the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// A new signature field is added.
    Add,
    /// A signature field that is there is filled.
    Fill,
}

/// Refuses what would make an earlier signature invalid: a change to the signature field called `name`.
pub(crate) fn check<S: ReadAt>(
    reader: &Reader<S>,
    fields: &[Field],
    change: Change,
    name: &str,
) -> Result<(), PdfError> {
    let permissions = reader.lookup(&reader.catalog()?, "Perms")?;
    check_certification(reader, &reader.lookup(&permissions, "DocMDP")?, change)?;
    for field in fields.iter().filter(|field| field.is_signature) {
        let Some(value) = &field.value else { continue };
        let signature = reader.resolve(value.clone())?;
        if !signature.is_dictionary() {
            continue;
        }
        check_certification(reader, &signature, change)?;
        check_locks(reader, &signature, &reader.lookup(&field.dictionary, "Lock")?, name)?;
    }
    Ok(())
}

/// Refuses a field called `name` if a signature locks it, by its `FieldMDP` or by the lock of its own field.
pub(crate) fn check_locks<S: ReadAt>(
    reader: &Reader<S>,
    signature: &Value,
    lock: &Value,
    name: &str,
) -> Result<(), PdfError> {
    for parameters in transforms(reader, signature, b"FieldMDP")? {
        check_lock(reader, &parameters, name)?;
    }
    check_lock(reader, lock, name)
}

/// Whether a signature certifies the document, and what it allows: `/P` of its `DocMDP` transform.
pub(crate) fn certification<S: ReadAt>(reader: &Reader<S>, signature: &Value) -> Result<Option<i64>, PdfError> {
    let transforms = transforms(reader, signature, b"DocMDP")?;
    let Some(parameters) = transforms.first() else { return Ok(None) };
    Ok(Some(reader.lookup(parameters, "P")?.integer().unwrap_or(2)))
}

fn check_certification<S: ReadAt>(reader: &Reader<S>, signature: &Value, change: Change) -> Result<(), PdfError> {
    let refused = match certification(reader, signature)? {
        Some(1) => PdfError::CertifiedNoChanges,
        Some(_) if change == Change::Add => PdfError::CertifiedNoNewField,
        None | Some(_) => return Ok(()),
    };
    // A certification that does not hold forbids nothing: there is nothing left that could be broken.
    if is_broken(reader, signature)? { Ok(()) } else { Err(refused) }
}

/// The parameters of a signature's transforms of one method.
fn transforms<S: ReadAt>(reader: &Reader<S>, signature: &Value, method: &[u8]) -> Result<Vec<Value>, PdfError> {
    let mut found = Vec::new();
    for reference in reader.lookup(signature, "Reference")?.elements() {
        let reference = reader.resolve(reference)?;
        if reader.lookup(&reference, "TransformMethod")?.is_name(method) {
            found.push(reader.lookup(&reference, "TransformParams")?);
        }
    }
    Ok(found)
}

/// A lock, or the parameters of `FieldMDP`: both name fields in the same way.
fn check_lock<S: ReadAt>(reader: &Reader<S>, lock: &Value, name: &str) -> Result<(), PdfError> {
    if !lock.is_dictionary() {
        return Ok(());
    }
    if reader.lookup(lock, "P")?.integer() == Some(1) {
        return Err(PdfError::CertifiedNoChanges);
    }
    let action = reader.lookup(lock, "Action")?;
    let mut is_named = false;
    for listed in reader.lookup(lock, "Fields")?.elements() {
        let listed = reader.resolve(listed)?.string().map(|listed| crate::pdf::syntax::text::decode_text(&listed));
        is_named |= listed.is_some_and(|listed| name == listed);
    }
    let is_locked =
        action.is_name(b"All") || (action.is_name(b"Include") && is_named) || (action.is_name(b"Exclude") && !is_named);
    if is_locked { Err(PdfError::FieldLocked) } else { Ok(()) }
}
