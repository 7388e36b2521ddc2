//! Signature fields that were added or filled.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::ReadAt;

use super::difference::Difference;
use super::{Comparison, Stop, appended, object, other_than};
use crate::pdf::error::PdfError;
use crate::pdf::form;
use crate::pdf::form::permission;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::text::decode_text;
use crate::pdf::syntax::token::ObjectId;

/// Entries of a signature field and its annotation that only say what and where it is.
const FIELD_KEYS: [&[u8]; 27] = [
    b"Type", b"Subtype", b"FT", b"T", b"TU", b"TM", b"V", b"F", b"Ff", b"P", b"Rect", b"AP", b"AS", b"MK", b"DA",
    b"DR", b"Q", b"Lock", b"SV", b"Kids", b"Parent", b"Border", b"BS", b"NM", b"M", b"H", b"C",
];
/// Entries by which a field shows something.
const SHOWING_KEYS: [&str; 2] = ["AP", "MK"];
/// Entries that filling an empty signature field may change.
const FILLED_KEYS: [&[u8]; 3] = [b"V", b"AP", b"F"];

#[derive(Default)]
pub(super) struct NewFields {
    pub(super) added: Vec<NewField>,
    /// Objects that are annotations of the new fields.
    pub(super) widgets: BTreeSet<u32>,
}

pub(super) struct NewField {
    pub(super) name: String,
    pub(super) dictionary: Value,
}

impl<A: ReadAt, B: ReadAt> Comparison<'_, A, B> {
    /// The signature fields that were added, which may only stand behind those that were there.
    pub(super) fn new_fields(&self, difference: &Difference) -> Result<NewFields, Stop> {
        let old_list = self.then.lookup(&form::form(self.then)?, "Fields")?;
        let new_list = self.now.lookup(&form::form(self.now)?, "Fields")?;
        let Some(new) = appended(&old_list, &new_list) else {
            return object("fields of the form were removed or put in another order");
        };
        let names: BTreeSet<String> = form::fields(self.then)?.into_iter().map(|field| field.name).collect();
        let mut fields = NewFields::default();
        for reference in new {
            let Some((id, dictionary)) = added(&reference, difference) else {
                return object("a field of the form that is no new object");
            };
            let kids = self.now.lookup(&dictionary, "Kids")?.elements();
            let field = self.check_field(dictionary, difference)?;
            if names.contains(&field.name) {
                return object(format!("a second field named {}", field.name));
            }
            fields.widgets.insert(id.number);
            for kid in kids {
                let Some((id, widget)) = added(&kid, difference) else {
                    return object("a widget of a new field that is no new object");
                };
                self.check_entries(&widget, &field.dictionary)?;
                fields.widgets.insert(id.number);
            }
            fields.added.push(field);
        }
        Ok(fields)
    }

    fn check_field(&self, dictionary: Value, difference: &Difference) -> Result<NewField, Stop> {
        if !self.now.lookup(&dictionary, "FT")?.is_name(b"Sig") {
            return object("a new field of the form that is not for a signature");
        }
        self.check_entries(&dictionary, &dictionary)?;
        check_value(&dictionary, difference)?;
        let name = self.now.lookup(&dictionary, "T")?.string().map(|name| decode_text(&name));
        let Some(name) = name else { return object("a new field without a name") };
        Ok(NewField { name, dictionary })
    }

    /// A new field, or an annotation of it.
    fn check_entries(&self, annotation: &Value, field: &Value) -> Result<(), Stop> {
        let stranger = annotation.entries().find(|(key, _)| !FIELD_KEYS.iter().any(|known| key.is_name(known)));
        if let Some((key, _)) = stranger {
            return object(format!("a new field with {}", String::from_utf8_lossy(key.raw())));
        }
        let subtype = self.now.lookup(annotation, "Subtype")?;
        if !subtype.is_null() && !subtype.is_name(b"Widget") {
            return object("a new field that is another kind of annotation");
        }
        // Nobody vouches for what an empty field shows.
        let is_empty = field.get("V").is_none_or(|value| value.is_null());
        if is_empty && SHOWING_KEYS.iter().any(|key| annotation.get(key).is_some()) {
            return object("a new field that is empty and shows something");
        }
        self.check_appearance(annotation)
    }

    fn check_appearance(&self, annotation: &Value) -> Result<(), Stop> {
        let appearance = self.now.lookup(annotation, "AP")?;
        if appearance.is_null() || is_plain_dictionary(&appearance) {
            Ok(())
        } else {
            object("a signature field whose /AP is no dictionary")
        }
    }

    /// Signature fields that were empty and now hold a signature: their names by their objects' numbers.
    pub(super) fn filled_fields(&self, difference: &Difference) -> Result<BTreeMap<u32, String>, Stop> {
        let mut filled = BTreeMap::new();
        for field in form::fields(self.then)? {
            let Some(number) = field.id.map(|id| id.number) else { continue };
            let Some(change) = difference.modified.get(&number) else { continue };
            if !field.is_signature || field.value.is_some() || !change.is_plain() {
                continue;
            }
            if let Some(key) = other_than(&change.old, &change.new, &FILLED_KEYS) {
                return object(format!("object {number}: the signature field's /{key} changed"));
            }
            check_value(&change.new, difference)?;
            self.check_appearance(&change.new)?;
            filled.insert(number, field.name);
        }
        Ok(filled)
    }

    /// What the judged signature itself says about later changes.
    pub(super) fn check_permission(
        &self,
        signature: &Value,
        lock: &Value,
        fields: &NewFields,
        filled: &BTreeMap<u32, String>,
    ) -> Result<(), Stop> {
        let certification = permission::certification(self.then, signature)?;
        if certification == Some(1) {
            return object("the document is certified: no changes are allowed");
        }
        if certification.is_some() && !fields.added.is_empty() {
            return object("the document is certified: no new signature field is allowed");
        }
        for name in fields.added.iter().map(|field| &field.name).chain(filled.values()) {
            match permission::check_locks(self.then, signature, lock, name) {
                Ok(()) => {}
                Err(PdfError::FieldLocked | PdfError::CertifiedNoChanges) => {
                    return object("a field was added or filled that the signature locks");
                }
                Err(other) => return Err(other.into()),
            }
        }
        Ok(())
    }
}

/// A reference to a dictionary that was nothing before.
fn added(reference: &Value, difference: &Difference) -> Option<(ObjectId, Value)> {
    let id = reference.reference()?;
    let value = difference.added.get(&id.number).filter(|value| is_plain_dictionary(value))?;
    Some((id, value.clone()))
}

pub(super) fn is_plain_dictionary(value: &Value) -> bool {
    value.is_dictionary() && value.object().stream.is_none()
}

/// A new field is empty, or holds a signature that is new itself: an old one must not be shown a second time.
fn check_value(field: &Value, difference: &Difference) -> Result<(), Stop> {
    let Some(value) = field.get("V").filter(|value| !value.is_null()) else { return Ok(()) };
    let signature = match value.reference() {
        Some(id) => difference.added.get(&id.number).cloned(),
        None => Some(value),
    };
    match signature {
        Some(signature) if is_plain_dictionary(&signature) && signature.get("ByteRange").is_some() => Ok(()),
        _ => object("a signature field whose value is no new signature"),
    }
}
