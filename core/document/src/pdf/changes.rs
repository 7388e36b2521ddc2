//! What later revisions changed, and whether that is permitted after a signature.
//!
//! The list of what is permitted is short, and what is not shown to be on it is forbidden: a later revision may add
//! signature fields with their annotations, or fill an empty signature field, and may do nothing else.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::ReadAt;

use super::error::PdfError;
use super::form::{self, Field};
use super::object::Value;
use super::permission;
use super::reader::Reader;
use super::region;
use super::revision::OWN_KEYS;
use super::token::ObjectId;
use super::xref::{Entry, Section};

/// Entries of a signature field and its annotation that only say what and where it is.
const FIELD_KEYS: [&[u8]; 27] = [
    b"Type", b"Subtype", b"FT", b"T", b"TU", b"TM", b"V", b"F", b"Ff", b"P", b"Rect", b"AP", b"AS", b"MK", b"DA",
    b"DR", b"Q", b"Lock", b"SV", b"Kids", b"Parent", b"Border", b"BS", b"NM", b"M", b"H", b"C",
];
/// Entries that filling an empty signature field may change.
const FILLED_KEYS: [&[u8]; 3] = [b"V", b"AP", b"F"];
/// Entries of a form that is added with its first field.
const FORM_KEYS: [&[u8]; 4] = [b"Fields", b"SigFlags", b"DA", b"DR"];

/// What became of a signed revision.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Later {
    /// Nothing behind it but, at most, white space.
    Nothing,
    /// Only this.
    Permitted(Vec<String>),
    /// This, at least.
    Forbidden(String),
}

/// A change that is not on the list, in words.
type Objection = String;

/// Why judging stopped: something forbidden was found, or the file could not be read on.
enum Stop {
    Objection(Objection),
    Unreadable(PdfError),
}

impl From<PdfError> for Stop {
    fn from(error: PdfError) -> Self {
        Self::Unreadable(error)
    }
}

fn object<T>(what: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Objection(what.into()))
}

/// Compares the newest revision with the one that ended at `then`'s last byte and that `signature` signed.
pub(crate) fn judge<A: ReadAt, B: ReadAt>(now: &Reader<A>, then: &Reader<B>, signature: &Value, lock: &Value) -> Later {
    let comparison = Comparison { now, then };
    match comparison.judge(signature, lock) {
        Ok(later) => later,
        Err(Stop::Objection(what)) => Later::Forbidden(what),
        // What cannot be read cannot be shown to be permitted.
        Err(Stop::Unreadable(error)) => Later::Forbidden(format!("later revisions cannot be read: {error}")),
    }
}

struct Comparison<'a, A, B> {
    now: &'a Reader<A>,
    then: &'a Reader<B>,
}

/// Objects that later revisions say something new about.
#[derive(Default)]
struct Difference {
    modified: BTreeMap<u32, (Value, Value)>,
    added: BTreeMap<u32, Value>,
}

impl<A: ReadAt, B: ReadAt> Comparison<'_, A, B> {
    fn judge(&self, signature: &Value, lock: &Value) -> Result<Later, Stop> {
        let end = self.then.input.size;
        let later = self.later_sections()?;
        if later.is_empty() {
            let rest = region::first_stranger(self.now, end, &[])?;
            return match rest {
                None => Ok(Later::Nothing),
                Some(at) => object(format!("bytes that belong to no revision, from byte {at} on")),
            };
        }
        if let Some(at) = region::first_stranger(self.now, end, later)? {
            return object(format!("bytes that belong to no object of a later revision, from byte {at} on"));
        }
        self.compare_trailers()?;
        let difference = self.difference(later)?;
        let fields = self.new_fields(&difference)?;
        let filled = self.filled_fields(&difference)?;
        self.check_permission(signature, lock, &fields, &filled)?;
        let mut seen = Vec::new();
        for (number, (old, new)) in difference.modified.iter().filter(|(number, _)| !filled.contains_key(number)) {
            seen.push(format!("object {number}: {}", self.explain(*number, old, new, &fields)?));
        }
        self.check_added(&difference, &fields)?;
        seen.extend(filled.values().map(|name| format!("signature field {name} filled")));
        seen.extend(fields.added.iter().map(|field| format!("new signature field {}", field.name)));
        Ok(Later::Permitted(seen))
    }

    /// The sections behind the signed revision; the others must be the ones it had.
    fn later_sections(&self) -> Result<&[Section], Stop> {
        let end = self.then.input.size;
        let (now, then) = (&self.now.xref, &self.then.xref);
        let count = now.sections.len().saturating_sub(then.sections.len());
        let (later, kept) = now.sections.split_at(count);
        let position = |section: &Section| (section.offset, section.hidden.as_ref().map(|hidden| hidden.offset));
        let continues = now.base == then.base
            && kept.iter().map(position).eq(then.sections.iter().map(position))
            && later.iter().all(|section| {
                section.offset >= end && section.hidden.as_ref().is_none_or(|hidden| hidden.offset >= end)
            });
        if continues { Ok(later) } else { object("the cross-references do not continue those of the signed revision") }
    }

    fn compare_trailers(&self) -> Result<(), Stop> {
        let (old, new) = (self.then.xref.trailer(), self.now.xref.trailer());
        match other_than(old, new, &OWN_KEYS) {
            None => Ok(()),
            Some(key) => object(format!("the trailer's /{key} changed")),
        }
    }

    fn difference(&self, later: &[Section]) -> Result<Difference, Stop> {
        let numbers: BTreeSet<u32> = later.iter().flat_map(Section::numbers).collect();
        let mut difference = Difference::default();
        for number in numbers {
            let (old_entry, new_entry) = (self.then.xref.get(number), self.now.xref.get(number));
            if old_entry == new_entry {
                continue;
            }
            self.check_entry(number, new_entry)?;
            let old = self.then.get(id(number, old_entry))?;
            let new = self.now.get(id(number, new_entry))?;
            let same_generation = id(number, old_entry) == id(number, new_entry);
            let are_plain = old.object().stream.is_none() && new.object().stream.is_none();
            if old.is_null() {
                if !new.is_null() {
                    difference.added.insert(number, new);
                }
            } else if new.is_null() || !same_generation {
                return object(format!("object {number} ({}) was removed", kind(&old)));
            } else if !are_plain {
                // Equal dictionaries do not make equal data.
                return object(format!("object {number} ({}) was replaced", kind(&old)));
            } else if !old.same(&new) {
                difference.modified.insert(number, (old, new));
            }
        }
        Ok(difference)
    }

    /// A new entry must lead behind the signed revision: one that leads back into it brings old or hidden bytes to life.
    fn check_entry(&self, number: u32, entry: Option<Entry>) -> Result<(), Stop> {
        let end = self.then.input.size;
        let leads_on = |entry: Option<Entry>| match entry {
            Some(Entry::InFile { offset, .. }) => offset.saturating_add(self.now.xref.base) >= end,
            _ => false,
        };
        let is_new = match entry {
            None | Some(Entry::Free) => true,
            Some(Entry::InStream { container, .. }) => leads_on(self.now.xref.get(container)),
            in_file => leads_on(in_file),
        };
        if is_new { Ok(()) } else { object(format!("object {number} leads back into the signed bytes")) }
    }

    /// The signature fields that were added, which may only stand behind those that were there.
    fn new_fields(&self, difference: &Difference) -> Result<NewFields, Stop> {
        let old_list = self.then.lookup(&form::form(self.then)?, "Fields")?;
        let new_list = self.now.lookup(&form::form(self.now)?, "Fields")?;
        let Some(new) = appended(&old_list, &new_list) else {
            return object("fields of the form were removed or put in another order");
        };
        let names: BTreeSet<String> = form::fields(self.then)?.into_iter().map(|field| field.name).collect();
        let mut fields = NewFields::default();
        for reference in new {
            let added = |id: ObjectId| difference.added.get(&id.number).cloned();
            let Some((id, dictionary)) = reference.reference().and_then(|id| Some((id, added(id)?))) else {
                return object("a field of the form that is no new object");
            };
            let field = self.check_field(&dictionary, difference)?;
            if names.contains(&field.name) {
                return object(format!("a second field named {}", field.name));
            }
            fields.widgets.insert(id.number);
            for kid in self.now.lookup(&dictionary, "Kids")?.elements() {
                let Some((id, widget)) = kid.reference().and_then(|id| Some((id, added(id)?))) else {
                    return object("a widget of a new field that is no new object");
                };
                self.check_keys(&widget)?;
                fields.widgets.insert(id.number);
            }
            fields.added.push(field);
        }
        Ok(fields)
    }

    fn check_keys(&self, field: &Value) -> Result<(), Stop> {
        let stranger = field.entries().find(|(key, _)| !FIELD_KEYS.iter().any(|known| key.is_name(known)));
        let subtype = self.now.lookup(field, "Subtype")?;
        match stranger {
            Some((key, _)) => object(format!("a new field with {}", String::from_utf8_lossy(key.raw()))),
            None if subtype.is_null() || subtype.is_name(b"Widget") => Ok(()),
            None => object("a new field that is another kind of annotation"),
        }
    }

    fn check_field(&self, dictionary: &Value, difference: &Difference) -> Result<Field, Stop> {
        if !self.now.lookup(dictionary, "FT")?.is_name(b"Sig") {
            return object("a new field of the form that is not for a signature");
        }
        self.check_keys(dictionary)?;
        check_signature_value(dictionary, difference)?;
        let name = self.now.lookup(dictionary, "T")?.string().map(|name| super::text::decode_text(&name));
        let Some(name) = name else { return object("a new field without a name") };
        Ok(Field { id: None, name, dictionary: dictionary.clone(), is_signature: true, value: dictionary.get("V") })
    }

    /// What the judged signature itself says about later changes.
    fn check_permission(
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

    /// Why an object may have become another, in words.
    fn explain(&self, number: u32, old: &Value, new: &Value, fields: &NewFields) -> Result<&'static str, Stop> {
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
        if is_object(&self.then.locate(old_form.1.get("Fields"))?.0) {
            return Ok("list of fields with a field added");
        }
        if old.get("Type").is_some_and(|kind| kind.is_name(b"Page")) {
            if let Some(key) = other_than(old, new, &[b"Annots"]) {
                return object(format!("object {number}: the page's /{key} changed"));
            }
            self.compare_annotations(number, old, new, fields)?;
            return Ok("page with a seal added");
        }
        if old.is_array() && self.is_annotations_of_a_sealed_page(number, fields)? {
            compare_lists(number, old, new, fields)?;
            return Ok("list of annotations with a seal added");
        }
        object(format!("object {number} ({}) changed", kind(old)))
    }

    fn explain_catalog(&self, old: &Value, new: &Value) -> Result<&'static str, Stop> {
        if let Some(key) = other_than(old, new, &[b"AcroForm"]) {
            return object(format!("the catalog's /{key} changed"));
        }
        let old_form = self.then.lookup(old, "AcroForm")?;
        let new_form = self.now.lookup(new, "AcroForm")?;
        if old_form.is_null() {
            let stranger = new_form.entries().find(|(key, _)| !FORM_KEYS.iter().any(|known| key.is_name(known)));
            if let Some((key, _)) = stranger {
                return object(format!("a new form with {}", String::from_utf8_lossy(key.raw())));
            }
            return Ok("catalog with a form added");
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

    fn compare_annotations(&self, number: u32, old: &Value, new: &Value, fields: &NewFields) -> Result<(), Stop> {
        compare_lists(number, &self.then.lookup(old, "Annots")?, &self.now.lookup(new, "Annots")?, fields)
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

    /// Signature fields that were empty and now hold a signature: their names by their objects' numbers.
    fn filled_fields(&self, difference: &Difference) -> Result<BTreeMap<u32, String>, Stop> {
        let mut filled = BTreeMap::new();
        for field in form::fields(self.then)? {
            let Some(number) = field.id.map(|id| id.number) else { continue };
            let Some((old, new)) = difference.modified.get(&number) else { continue };
            if !field.is_signature || field.value.is_some() {
                continue;
            }
            if let Some(key) = other_than(old, new, &FILLED_KEYS) {
                return object(format!("object {number}: the signature field's /{key} changed"));
            }
            check_signature_value(new, difference)?;
            filled.insert(number, field.name);
        }
        Ok(filled)
    }

    /// Everything new must belong to what was permitted, and nothing old may refer to it.
    fn check_added(&self, difference: &Difference, fields: &NewFields) -> Result<(), Stop> {
        let mut reached: BTreeSet<u32> = BTreeSet::new();
        let mut open: Vec<Value> = difference.modified.values().map(|(_, new)| new.clone()).collect();
        open.extend(fields.added.iter().map(|field| field.dictionary.clone()));
        reached.extend(&fields.widgets);
        while let Some(value) = open.pop() {
            for id in value.references() {
                if let Some(next) = difference.added.get(&id.number).filter(|_| reached.insert(id.number)) {
                    open.push(next.clone());
                }
            }
        }
        let is_machinery = |value: &Value| {
            value.object().stream.is_some()
                && value.get("Type").is_some_and(|kind| kind.is_name(b"XRef") || kind.is_name(b"ObjStm"))
        };
        let stranger =
            difference.added.iter().find(|(number, value)| !reached.contains(number) && !is_machinery(value));
        if let Some((number, value)) = stranger {
            return object(format!("object {number} ({}) was added", kind(value)));
        }
        match self.dangling(&difference.added)? {
            None => Ok(()),
            Some(number) => object(format!("object {number} fills in what the signed revision left open")),
        }
    }

    /// An added object that the signed revision already referred to: what was nothing would become something there.
    fn dangling(&self, added: &BTreeMap<u32, Value>) -> Result<Option<u32>, Stop> {
        let hits = |value: &Value| value.references().map(|id| id.number).find(|number| added.contains_key(number));
        if added.is_empty() {
            return Ok(None);
        }
        if let Some(number) = self.then.xref.sections.iter().find_map(|section| hits(&section.trailer)) {
            return Ok(Some(number));
        }
        let numbers: BTreeSet<u32> = self.then.xref.sections.iter().flat_map(Section::numbers).collect();
        for number in numbers {
            let entry = self.then.xref.get(number);
            if matches!(entry, None | Some(Entry::Free)) {
                continue;
            }
            if let Some(number) = hits(&self.then.get(id(number, entry))?) {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }
}

/// A new field is empty, or holds a signature that is new itself: an old one must not be shown a second time.
fn check_signature_value(field: &Value, difference: &Difference) -> Result<(), Stop> {
    let Some(value) = field.get("V").filter(|value| !value.is_null()) else { return Ok(()) };
    let signature = match value.reference() {
        Some(id) => difference.added.get(&id.number).cloned(),
        None => Some(value),
    };
    match signature {
        Some(signature) if signature.is_dictionary() && signature.get("ByteRange").is_some() => Ok(()),
        _ => object("a signature field whose value is no new signature"),
    }
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

#[derive(Default)]
struct NewFields {
    added: Vec<Field>,
    /// Objects that are annotations of the new fields.
    widgets: BTreeSet<u32>,
}

fn id(number: u32, entry: Option<Entry>) -> ObjectId {
    let generation = match entry {
        Some(Entry::InFile { generation, .. }) => generation,
        _ => 0,
    };
    ObjectId { number, generation }
}

/// What a list has more than an old one, if it starts with all that the old one had.
fn appended(old: &Value, new: &Value) -> Option<Vec<Value>> {
    let (old, new) = (old.elements(), new.elements());
    let is_kept = old.len() <= new.len() && old.iter().zip(&new).all(|(old, new)| old.same(new));
    is_kept.then(|| new[old.len()..].to_vec())
}

/// A key, outside of `except`, whose value differs between two dictionaries.
fn other_than(old: &Value, new: &Value, except: &[&[u8]]) -> Option<String> {
    if !old.is_dictionary() || !new.is_dictionary() {
        return Some("type".to_owned());
    }
    let keys: BTreeSet<Vec<u8>> = old.entries().chain(new.entries()).filter_map(|(key, _)| key.name()).collect();
    let differs = |key: &&Vec<u8>| {
        let find = |dictionary: &Value| -> Vec<Value> {
            dictionary.entries().filter(|(name, _)| name.is_name(key)).map(|(_, value)| value).collect()
        };
        let (old, new) = (find(old), find(new));
        old.len() != new.len() || !old.iter().zip(&new).all(|(old, new)| old.same(new))
    };
    let changed = keys.iter().filter(|key| !except.contains(&key.as_slice())).find(differs);
    changed.map(|key| String::from_utf8_lossy(key).into_owned())
}

/// What an object is, for people.
fn kind(value: &Value) -> String {
    let name =
        |key: &str| value.get(key).and_then(|name| name.name()).map(|name| String::from_utf8_lossy(&name).into_owned());
    match (name("Type"), name("Subtype")) {
        (Some(kind), Some(subtype)) => format!("{kind} {subtype}"),
        (Some(kind), None) | (None, Some(kind)) => kind,
        (None, None) if value.object().stream.is_some() => "stream".to_owned(),
        (None, None) if value.is_dictionary() => "dictionary".to_owned(),
        (None, None) if value.is_array() => "array".to_owned(),
        (None, None) => "value".to_owned(),
    }
}
