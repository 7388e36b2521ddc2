//! What no rule forbids our reader to understand and others do not: put right behind an unsigned file, by saying the objects
//! anew in the revision that is appended.

mod encryption;
mod form;
mod pages;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::form::Fields;
use crate::pdf::read::reader::Reader;
use crate::pdf::read::xref::Condition;

/// What was put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Something was.
    Repaired,
    /// There was nothing to be put right.
    Sound,
    /// The file is signed: it stays as it is.
    Signed,
}

/// Puts right what is seen at once, without reading more than was read to open the file.
pub(crate) fn at_first_sight<S: ReadAt>(reader: &mut Reader<S>) -> Result<(), PdfError> {
    let is_called_for = reader.xref.condition == Condition::Rebuilt
        || reader.encryption().is_some_and(encryption::is_misstated)
        || pages::has_direct_page(reader)?;
    match is_called_for.then(|| everything(reader)) {
        // What else is damaged is met again by who needs it.
        Some(Err(error)) if !error.is_damage() => Err(error),
        _ => Ok(()),
    }
}

/// Puts right whatever can be.
pub(crate) fn everything<S: ReadAt>(reader: &mut Reader<S>) -> Result<Outcome, PdfError> {
    if reader.xref.condition != Condition::Rebuilt && reader.is_signed()? {
        return Ok(Outcome::Signed);
    }
    let mut is_repaired = encryption::state_key_length(reader)?;
    is_repaired |= pages::make_pages_objects(reader)?;
    is_repaired |= form::cut_circles(reader)?;
    Ok(if is_repaired { Outcome::Repaired } else { Outcome::Sound })
}

/// Stops work on a form that runs in a circle and that nobody has signed, so that it is put right.
pub(crate) fn check_form<S: ReadAt>(reader: &Reader<S>, fields: &Fields) -> Result<(), PdfError> {
    let Some(circle) = fields.circles.first() else { return Ok(()) };
    if reader.is_signed()? {
        return Ok(());
    }
    let offset = circle.field.object().offset.unwrap_or_default();
    Err(PdfError::DamagedObject { offset, what: "a form field that is below itself" })
}
