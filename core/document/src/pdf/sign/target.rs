//! The field that a signature goes into: a new one, or one that was prepared.

use std::collections::HashSet;
use std::iter;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::form::empty::EmptyField;
use crate::pdf::form::permission::{self, Change};
use crate::pdf::form::seed::{self, Offer, Timestamp};
use crate::pdf::form::{self, Field, Fields};
use crate::pdf::read::reader::Reader;
use crate::pdf::sign::lock;
use crate::pdf::sign::marks::{self, Mark};
use crate::pdf::sign::request::{FieldChoice, StampRequest};
use crate::pdf::syntax::token::ObjectId;
use crate::pdf::write::revision::Revision;

/// A field that may take the signature that is asked for.
pub(super) struct Target {
    pub(super) name: String,
    /// Whether its author wants a timestamp.
    pub(super) timestamp: Timestamp,
    /// What its author wants to be locked, as entries of transform parameters.
    pub(super) lock: Option<String>,
    prepared: Option<EmptyField>,
}

impl Target {
    pub(super) fn choose<S: ReadAt>(
        reader: &Reader<S>,
        fields: &[Field],
        request: &StampRequest<'_>,
    ) -> Result<Self, PdfError> {
        match request.field {
            FieldChoice::New => {
                let names: Vec<String> = form::unused_names(fields).take(request.marks.len().max(1)).collect();
                permission::check(reader, fields, adding(request), &names)?;
                let name = names.into_iter().next().unwrap_or_default();
                Ok(Self { name, timestamp: Timestamp::Free, lock: None, prepared: None })
            }
            FieldChoice::Named(name) => {
                let prepared = EmptyField::find(reader, fields, name)?;
                permission::check(reader, fields, Change::Fill, &[name.to_owned()])?;
                let offer = Offer {
                    signer: request.signer,
                    sub_filter: request.packing.sub_filter(),
                    reason: request.reason,
                    certification: request.certification.map(lock::Certification::permission),
                };
                let timestamp = seed::check(reader, &prepared.seed(reader)?, &offer)?;
                let lock = lock::entries_of(reader, &reader.lookup(&prepared.field.dictionary, "Lock")?)?;
                Ok(Self { name: name.to_owned(), timestamp, lock, prepared: Some(prepared) })
            }
        }
    }

    /// Gives the field its signature and shows the marks.
    pub(super) fn write<S: ReadAt>(
        &self,
        reader: &Reader<S>,
        revision: &mut Revision,
        fields: &[Field],
        marks: &[Mark<'_>],
        signature: ObjectId,
    ) -> Result<(), PdfError> {
        let unused = form::unused_names(fields);
        let Some(prepared) = &self.prepared else {
            let names = iter::once(self.name.clone()).chain(unused.filter(|name| *name != self.name));
            return add(reader, revision, marks, names, signature);
        };
        let (inside, elsewhere): (Vec<Mark<'_>>, Vec<Mark<'_>>) = marks.iter().partition(|mark| mark.is_in_field());
        let appearance = match inside.as_slice() {
            [] => None,
            [mark] => Some(draw(reader, revision, prepared, mark)?),
            _ => return Err(PdfError::EmptyPlacement),
        };
        prepared.fill(reader, revision, signature, appearance)?;
        if elsewhere.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = form::unused_names(fields).take(elsewhere.len()).collect();
        permission::check(reader, fields, Change::Add, &names)?;
        add(reader, revision, &elsewhere, unused, signature)
    }

    /// Refuses a form in which the catalog, or a page that is marked, is listed as a field or as part of one: what changes
    /// there would be a change of that field for whoever judges it.
    pub(super) fn check_others<S: ReadAt>(
        &self,
        reader: &Reader<S>,
        revision: &Revision,
        fields: &Fields,
    ) -> Result<(), PdfError> {
        let parts: HashSet<u32> = fields.parts.iter().map(|(part, _)| *part).collect();
        let is_own = |id: ObjectId| self.prepared.as_ref().is_some_and(|prepared| prepared.is_in(id));
        let edited = revision.edited().filter(|id| !is_own(*id)).chain([reader.root_id()?]);
        match edited.into_iter().find(|id| parts.contains(&id.number)) {
            None => Ok(()),
            Some(id) => Err(PdfError::DamagedObject {
                offset: reader.get(id)?.object().offset.unwrap_or_default(),
                what: "part of a form field that is something else as well",
            }),
        }
    }
}

/// What a signature in a new field does to the form.
pub(super) fn adding(request: &StampRequest<'_>) -> Change {
    if request.marks.is_empty() { Change::AddUnseen } else { Change::Add }
}

/// Adds a field for each mark, or one that shows nothing.
pub(super) fn add<S: ReadAt>(
    reader: &Reader<S>,
    revision: &mut Revision,
    marks: &[Mark<'_>],
    names: impl Iterator<Item = String>,
    signature: ObjectId,
) -> Result<(), PdfError> {
    let widgets = marks::write(reader, revision, marks, names, signature)?;
    form::add_fields(reader, revision, &widgets)
}

/// Draws a mark into the rectangle that the field has.
fn draw<S: ReadAt>(
    reader: &Reader<S>,
    revision: &mut Revision,
    field: &EmptyField,
    mark: &Mark<'_>,
) -> Result<ObjectId, PdfError> {
    let page = field.page(reader)?.ok_or(PdfError::EmptyPlacement)?;
    let rectangle = field.rectangle(reader)?.ok_or(PdfError::EmptyPlacement)?;
    mark.draw(reader, revision, &page.geometry.within(rectangle))
}
