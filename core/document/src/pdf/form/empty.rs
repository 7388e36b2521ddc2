//! Signature fields that somebody prepared and nobody has signed yet, and filling one.

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::form::{self, Field};
use crate::pdf::place::page::{self, Page};
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::ObjectId;
use crate::pdf::write::revision::Revision;
use crate::pdf::write::splice::reference;

/// An empty signature field, and where it is shown.
#[derive(Debug)]
pub(crate) struct EmptyField {
    pub(crate) id: ObjectId,
    pub(crate) field: Field,
    widget: (ObjectId, Value),
}

impl EmptyField {
    /// Finds the field with this fully qualified name.
    pub(crate) fn find<S: ReadAt>(reader: &Reader<S>, fields: &[Field], name: &str) -> Result<Self, PdfError> {
        let no_such_field = || PdfError::NoSuchField { name: name.to_owned() };
        let named = |field: &&Field| field.is_signature && field.name == name;
        let field = fields.iter().find(named).ok_or_else(no_such_field)?;
        if is_signed(reader, field)? {
            return Err(PdfError::FieldSigned { name: name.to_owned() });
        }
        Self::of(reader, field)?.ok_or_else(no_such_field)
    }

    /// `None` for a field that is no object of its own, or has no annotation.
    pub(crate) fn of<S: ReadAt>(reader: &Reader<S>, field: &Field) -> Result<Option<Self>, PdfError> {
        let Some(id) = field.id else { return Ok(None) };
        // Field and annotation are one object, or the annotation is the field's only child.
        let mut widget = (id, field.dictionary.clone());
        if let Some(kid) = reader.lookup(&field.dictionary, "Kids")?.elements().into_iter().next() {
            match reader.locate(Some(kid))? {
                (Some(id), kid) if kid.is_dictionary() => widget = (id, kid),
                _ => return Ok(None),
            }
        }
        Ok(Some(Self { id, field: field.clone(), widget }))
    }

    /// What its author asks of the signature (`/SV`).
    pub(crate) fn seed<S: ReadAt>(&self, reader: &Reader<S>) -> Result<Value, PdfError> {
        reader.lookup(&self.field.dictionary, "SV")
    }

    /// The rectangle it is shown in: left, bottom, right, top in the page's coordinates; `None` if it has no area.
    pub(crate) fn rectangle<S: ReadAt>(&self, reader: &Reader<S>) -> Result<Option<[f64; 4]>, PdfError> {
        let rectangle = reader.lookup(&self.widget.1, "Rect")?;
        Ok(page::read_box(reader, rectangle)?.filter(|[x1, y1, x2, y2]| (x1 - x2).abs() > 0.0 && (y1 - y2).abs() > 0.0))
    }

    /// The page it is shown on.
    pub(crate) fn page<S: ReadAt>(&self, reader: &Reader<S>) -> Result<Option<Page>, PdfError> {
        page::holding(reader, self.widget.0, &self.widget.1)
    }

    /// Whether an object is the field, or its widget.
    pub(crate) fn is_in(&self, id: ObjectId) -> bool {
        id == self.id || id == self.widget.0
    }

    /// Gives it a signature, and what is seen of that.
    pub(crate) fn fill<S: ReadAt>(
        &self,
        reader: &Reader<S>,
        revision: &mut Revision,
        signature: ObjectId,
        appearance: Option<ObjectId>,
    ) -> Result<(), PdfError> {
        let dictionary = &self.field.dictionary;
        revision.edit(self.id, dictionary).set(dictionary, "V", reference(signature).as_bytes());
        if let Some(appearance) = appearance {
            let (id, widget) = &self.widget;
            let value = format!("<</N {}>>", reference(appearance));
            revision.edit(*id, widget).set(widget, "AP", value.as_bytes());
        }
        form::note_signatures(reader, revision)
    }
}

/// Whether a field has a value; null is none.
pub(crate) fn is_signed<S: ReadAt>(reader: &Reader<S>, field: &Field) -> Result<bool, PdfError> {
    match &field.value {
        Some(value) => Ok(!reader.resolve(value.clone())?.is_null()),
        None => Ok(false),
    }
}
