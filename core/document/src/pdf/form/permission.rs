//! What earlier signatures allow to be done to the file (ISO 32000-2, 12.8.2.2 and 12.8.2.4, 12.7.5.5).

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::form::Field;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::text::decode_text;
use crate::pdf::verify::broken::is_broken;

/// What is about to be done to the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// A new signature field is added.
    Add,
    /// A new signature field that shows nothing is added.
    AddUnseen,
    /// A signature field that is there is filled.
    Fill,
}

/// Refuses what would make an earlier signature invalid: a change to the signature fields called `names`.
pub(crate) fn check<S: ReadAt>(
    reader: &Reader<S>,
    fields: &[Field],
    change: Change,
    names: &[String],
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
        for locked in Locked::of(reader, &signature, &reader.lookup(&field.dictionary, "Lock")?)? {
            if locked.is_final {
                return Err(PdfError::CertifiedNoChanges);
            }
            if names.iter().any(|name| locked.locks(name)) {
                return Err(PdfError::FieldLocked);
            }
        }
    }
    Ok(())
}

/// Which fields a signature locks, and whether anything may be changed at all: a lock, or the parameters of `FieldMDP`, which
/// name fields in the same way.
#[derive(Debug)]
pub(crate) struct Locked {
    /// `/P` is 1.
    pub(crate) is_final: bool,
    action: Vec<u8>,
    names: Vec<String>,
}

impl Locked {
    /// What a signature says itself, and what the lock of its field says.
    pub(crate) fn of<S: ReadAt>(reader: &Reader<S>, signature: &Value, lock: &Value) -> Result<Vec<Self>, PdfError> {
        let mut stated = transforms(reader, signature, b"FieldMDP")?;
        stated.push(lock.clone());
        stated.iter().filter(|entries| entries.is_dictionary()).map(|entries| Self::read(reader, entries)).collect()
    }

    fn read<S: ReadAt>(reader: &Reader<S>, entries: &Value) -> Result<Self, PdfError> {
        let mut names = Vec::new();
        for listed in reader.lookup(entries, "Fields")?.elements() {
            names.extend(reader.resolve(listed)?.string().map(|listed| decode_text(&listed)));
        }
        let action = reader.lookup(entries, "Action")?.name().unwrap_or_default();
        Ok(Self { is_final: reader.lookup(entries, "P")?.integer() == Some(1), action, names })
    }

    /// Whether it locks the field of this fully qualified name.
    pub(crate) fn locks(&self, name: &str) -> bool {
        let is_named = || self.names.iter().any(|listed| listed == name);
        match self.action.as_slice() {
            b"All" => true,
            b"Include" => is_named(),
            b"Exclude" => !is_named(),
            _ => false,
        }
    }
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
