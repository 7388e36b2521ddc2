//! Why an object may have become another.

use crate::source::ReadAt;

use super::difference::Change;
use super::fields::{NewFields, is_plain_dictionary};
use super::{Comparison, Stop, appended, kind, object, other_than};
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::ObjectId;

/// Entries of a form that is added with its first field.
const FORM_KEYS: [&[u8]; 4] = [b"Fields", b"SigFlags", b"DA", b"DR"];

impl<A: ReadAt, B: ReadAt> Comparison<'_, A, B> {
    /// The reason, in words.
    pub(super) fn explain(&self, number: u32, change: &Change, fields: &NewFields) -> Result<&'static str, Stop> {
        let Change { old, new } = change;
        if !change.is_plain() {
            // Equal dictionaries do not make equal data, so a stream is always another one.
            if self.is_metadata(number)? && [old, new].into_iter().all(is_metadata_stream) {
                return Ok("metadata brought up to date");
            }
            return object(format!("object {number} ({}) was replaced", kind(old)));
        }
        let old_form = self.then.locate(self.then.catalog()?.get("AcroForm"))?;
        let is_object = |located: &Option<ObjectId>| located.is_some_and(|id| id.number == number);
        if self.then.root_id()?.number == number {
            return self.explain_catalog(old, new);
        }
        if is_object(&old_form.0) {
            self.compare_forms(old, new)?;
            return Ok("form with a field added");
        }
        // That this list only grew was seen when the new fields were found.
        if is_object(&self.then.locate(old_form.1.get("Fields"))?.0) && new.is_array() {
            return Ok("list of fields with a field added");
        }
        if old.get("Type").is_some_and(|kind| kind.is_name(b"Page")) {
            if let Some(key) = other_than(old, new, &[b"Annots"]) {
                return object(format!("object {number}: the page's /{key} changed"));
            }
            let annotations = (self.then.lookup(old, "Annots")?, self.now.lookup(new, "Annots")?);
            compare_lists(number, &annotations.0, &annotations.1, fields)?;
            return Ok("page with a seal added");
        }
        if old.is_array() && self.is_annotations_of_a_sealed_page(number, fields)? {
            compare_lists(number, old, new, fields)?;
            return Ok("list of annotations with a seal added");
        }
        if self.is_information(number) && old.is_dictionary() && new.is_dictionary() {
            return Ok("document information brought up to date");
        }
        object(format!("object {number} ({}) changed", kind(old)))
    }

    /// Whether an object is the catalog's `/Metadata`.
    pub(super) fn is_metadata(&self, number: u32) -> Result<bool, Stop> {
        let metadata = self.then.catalog()?.get("Metadata").and_then(|metadata| metadata.reference());
        Ok(metadata.is_some_and(|id| id.number == number))
    }

    /// Whether an object is the trailer's `/Info`.
    pub(super) fn is_information(&self, number: u32) -> bool {
        let information = self.then.xref.trailer().get("Info").and_then(|information| information.reference());
        information.is_some_and(|id| id.number == number)
    }

    fn explain_catalog(&self, old: &Value, new: &Value) -> Result<&'static str, Stop> {
        if let Some(key) = other_than(old, new, &[b"AcroForm"]) {
            return object(format!("the catalog's /{key} changed"));
        }
        let old_form = self.then.lookup(old, "AcroForm")?;
        let new_form = self.now.lookup(new, "AcroForm")?;
        if old_form.is_null() {
            let stranger = new_form.entries().find(|(key, _)| !FORM_KEYS.iter().any(|known| key.is_name(known)));
            return match stranger {
                Some((key, _)) => object(format!("a new form with {}", String::from_utf8_lossy(key.raw()))),
                None if is_plain_dictionary(&new_form) => Ok("catalog with a form added"),
                None => object("a new form that is no dictionary"),
            };
        }
        self.compare_forms(&old_form, &new_form)?;
        let (old_id, new_id) = (self.then.locate(old.get("AcroForm"))?.0, self.now.locate(new.get("AcroForm"))?.0);
        if old_id == new_id { Ok("form with a field added") } else { object("the form became another object") }
    }

    fn compare_forms(&self, old: &Value, new: &Value) -> Result<(), Stop> {
        if let Some(key) = other_than(old, new, &[b"Fields", b"SigFlags"]) {
            return object(format!("the form's /{key} changed"));
        }
        let flags = |value: Value| value.integer().unwrap_or(0);
        let (old, new) = (flags(self.then.lookup(old, "SigFlags")?), flags(self.now.lookup(new, "SigFlags")?));
        if new & !3 == old & !3 && old & !new == 0 { Ok(()) } else { object("the form's /SigFlags changed") }
    }

    fn is_annotations_of_a_sealed_page(&self, number: u32, fields: &NewFields) -> Result<bool, Stop> {
        for widget in &fields.widgets {
            let widget = self.now.get(ObjectId { number: *widget, generation: 0 })?;
            let page = self.then.lookup(&widget, "P")?;
            let list = self.then.locate(page.get("Annots"))?.0;
            if page.get("Type").is_some_and(|kind| kind.is_name(b"Page")) && list.is_some_and(|id| id.number == number)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn is_metadata_stream(value: &Value) -> bool {
    value.object().stream.is_some() && value.get("Type").is_some_and(|kind| kind.is_name(b"Metadata"))
}

fn compare_lists(number: u32, old: &Value, new: &Value, fields: &NewFields) -> Result<(), Stop> {
    let Some(new) = appended(old, new) else {
        return object(format!("object {number}: annotations were removed or put in another order"));
    };
    let is_widget = |value: &Value| value.reference().is_some_and(|id| fields.widgets.contains(&id.number));
    if new.iter().all(is_widget) {
        Ok(())
    } else {
        object(format!("object {number}: an annotation was added that is no signature field"))
    }
}
