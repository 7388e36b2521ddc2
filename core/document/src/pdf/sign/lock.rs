//! What a signature forbids to be done after it: certification and locks (ISO 32000-2, 12.8.2.2 and 12.8.2.4).

use std::fmt::Write as _;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::form::Field;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::text::text_string;
use crate::pdf::syntax::token::ObjectId;
use crate::pdf::write::revision::{Revision, hex};
use crate::pdf::write::splice::reference;

/// What may be changed after a certification signature (`/P` of its `DocMDP` transform, ISO 32000-2, table 257).
/// Validation data and document timestamps may always be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certification {
    /// Nothing.
    NoChanges,
    /// Form fields may be filled in, and those for signatures be signed.
    FillIn,
    /// As [`Self::FillIn`], and annotations may be made.
    FillInAndAnnotate,
}

impl Certification {
    /// `/P`.
    pub(crate) const fn permission(self) -> i64 {
        match self {
            Self::NoChanges => 1,
            Self::FillIn => 2,
            Self::FillInAndAnnotate => 3,
        }
    }
}

/// Which form fields a signature locks (`FieldMDP`, ISO 32000-2, table 259). Names are fully qualified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock<'a> {
    /// Every field, also those that are not there yet.
    All,
    /// These.
    Include(&'a [&'a str]),
    /// All but these.
    Exclude(&'a [&'a str]),
}

impl Lock<'_> {
    /// `/Action` and `/Fields`.
    fn entries(&self) -> Result<String, PdfError> {
        let (action, names) = match self {
            Self::All => return Ok("/Action /All".to_owned()),
            Self::Include(names) => ("Include", names),
            Self::Exclude(names) => ("Exclude", names),
        };
        let names: Vec<String> =
            names.iter().map(|name| text_string(name, "name of a locked field")).collect::<Result<_, _>>()?;
        Ok(format!("/Action /{action} /Fields [{}]", names.join(" ")))
    }
}

/// The lock that a field's author put into it (`/Lock`, ISO 32000-2, table 236), as entries of transform parameters.
pub(super) fn entries_of<S: ReadAt>(reader: &Reader<S>, lock: &Value) -> Result<Option<String>, PdfError> {
    if !lock.is_dictionary() {
        return Ok(None);
    }
    let action = reader.lookup(lock, "Action")?.name().unwrap_or_default();
    let mut entries = match action.as_slice() {
        b"All" => "/Action /All".to_owned(),
        action @ (b"Include" | b"Exclude") => {
            let mut names = Vec::new();
            for name in reader.lookup(lock, "Fields")?.elements() {
                let name = reader.resolve(name)?.string().unwrap_or_default();
                names.push(hex(&name));
            }
            format!("/Action /{} /Fields [{}]", String::from_utf8_lossy(action), names.join(" "))
        }
        _ => return Err(PdfError::SeedValue { constraint: "Lock" }),
    };
    // A lock may forbid changes of the whole document too (PDF 2.0).
    if let Some(permission @ 1..=3) = reader.lookup(lock, "P")?.integer() {
        let _ = write!(entries, " /P {permission}");
    }
    Ok(Some(entries))
}

/// What goes into a signature's `/Reference`; the digest method named is the one the signature is made with.
pub(super) fn references(
    certification: Option<Certification>,
    lock: Option<Lock<'_>>,
    of_field: Option<String>,
    root: ObjectId,
) -> Result<String, PdfError> {
    let signature_reference = |method: &str, parameters: &str, data: &str| {
        format!(
            "<</Type /SigRef /TransformMethod /{method} /DigestMethod /SHA256{data} \
             /TransformParams <</Type /TransformParams /V /1.2 {parameters}>>>>"
        )
    };
    let mut references = Vec::new();
    if let Some(certification) = certification {
        references.push(signature_reference("DocMDP", &format!("/P {}", certification.permission()), ""));
    }
    let locked = match (lock, of_field) {
        // Whoever prepared the field decides what it locks.
        (Some(_), Some(_)) => return Err(PdfError::SeedValue { constraint: "Lock" }),
        (Some(lock), None) => Some(lock.entries()?),
        (None, of_field) => of_field,
    };
    if let Some(locked) = locked {
        // Unlike for the other transforms, the object to be analysed is named (ISO 32000-2, table 256).
        references.push(signature_reference("FieldMDP", &locked, &format!(" /Data {}", reference(root))));
    }
    if references.is_empty() { Ok(String::new()) } else { Ok(format!("\n/Reference [{}]", references.join(" "))) }
}

/// Refuses to certify a document that is signed: only the first signature may.
pub(super) fn check_first<S: ReadAt>(reader: &Reader<S>, fields: &[Field]) -> Result<(), PdfError> {
    for value in fields.iter().filter(|field| field.is_signature).filter_map(|field| field.value.clone()) {
        if !reader.resolve(value)?.is_null() {
            return Err(PdfError::CertifyNotFirst);
        }
    }
    Ok(())
}

/// Notes in the catalog which signature certifies the document (`/Perms`, ISO 32000-2, 12.8.6).
pub(super) fn note_certification<S: ReadAt>(
    reader: &Reader<S>,
    revision: &mut Revision,
    signature: ObjectId,
) -> Result<(), PdfError> {
    let catalog = reader.catalog()?;
    let root = reader.root_id()?;
    let (id, permissions) = reader.locate(catalog.get("Perms"))?;
    let signature = reference(signature);
    if permissions.is_dictionary() {
        revision.edit(id.unwrap_or(root), &permissions).set(&permissions, "DocMDP", signature.as_bytes());
    } else {
        revision.edit(root, &catalog).set(&catalog, "Perms", format!("<</DocMDP {signature}>>").as_bytes());
    }
    Ok(())
}
