//! What later revisions changed, and whether that is permitted after a signature.
//!
//! The list of what is permitted is short, and what is not shown to be on it is forbidden. A later revision may add
//! signature fields with their annotations, fill an empty signature field, and bring the document's information up to
//! date (`/Info`, and `/Metadata` of the catalog), which is no part of what is seen. It may do nothing else.
//!
//! An object is judged by the place from which the standard says it is used. A hostile file may use it from another place
//! too, so that a permitted change there is another change here: that is why everything is also looked at from the side of
//! whoever refers to it ([`holders`]), and why nothing that was no stream may be one now.

mod difference;
mod fields;
mod holders;
mod modified;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::source::ReadAt;

use self::difference::Difference;
use crate::pdf::error::PdfError;
use crate::pdf::read::reader::Reader;
use crate::pdf::read::xref::Section;
use crate::pdf::syntax::object::Value;
use crate::pdf::verify::region;
use crate::pdf::write::revision::OWN_KEYS;

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

/// Why judging stopped.
enum Stop {
    /// Something that is not on the list, in words.
    Objection(String),
    /// The file could not be read on.
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

/// Compares the newest revision with the one that ended at `then`'s last byte and that `signature` signed; `lock` is the
/// `/Lock` of its field.
pub(crate) fn judge<A: ReadAt, B: ReadAt>(now: &Reader<A>, then: &Reader<B>, signature: &Value, lock: &Value) -> Later {
    let comparison = Comparison { now, then };
    match comparison.judge(signature, lock) {
        Ok(later) => later,
        Err(Stop::Objection(what)) => Later::Forbidden(what),
        // What cannot be read cannot be shown to be permitted.
        Err(Stop::Unreadable(error)) => Later::Forbidden(format!("later revisions cannot be read: {error}")),
    }
}

/// The newest revision and the signed one.
struct Comparison<'a, A, B> {
    now: &'a Reader<A>,
    then: &'a Reader<B>,
}

impl<A: ReadAt, B: ReadAt> Comparison<'_, A, B> {
    fn judge(&self, signature: &Value, lock: &Value) -> Result<Later, Stop> {
        let end = self.then.input.size;
        let later = self.later_sections()?;
        let stranger = region::first_stranger(self.now, end, later)?;
        match stranger {
            None if later.is_empty() => return Ok(Later::Nothing),
            None => {}
            Some(at) if later.is_empty() => {
                return object(format!("bytes that belong to no revision, from byte {at} on"));
            }
            Some(at) => {
                return object(format!("bytes that belong to no object of a later revision, from byte {at} on"));
            }
        }
        let difference = Difference::find(self, later)?;
        self.compare_trailers(&difference)?;
        let fields = self.new_fields(&difference)?;
        let filled = self.filled_fields(&difference)?;
        self.check_permission(signature, lock, &fields, &filled)?;
        let mut seen = Vec::new();
        for (number, change) in difference.modified.iter().filter(|(number, _)| !filled.contains_key(number)) {
            seen.push(format!("object {number}: {}", self.explain(*number, change, &fields)?));
        }
        self.check_holders(&difference, &fields)?;
        seen.extend(filled.values().map(|name| format!("signature field {name} filled")));
        seen.extend(fields.added.iter().map(|field| format!("new signature field {}", field.name)));
        if seen.is_empty() {
            seen.push("nothing but what was there".to_owned());
        }
        Ok(Later::Permitted(seen))
    }

    /// The sections behind the signed revision; the others must be the ones it had.
    fn later_sections(&self) -> Result<&[Arc<Section>], Stop> {
        let end = self.then.input.size;
        let (now, then) = (&self.now.xref, &self.then.xref);
        let count = now.sections.len().saturating_sub(then.sections.len());
        let (later, kept) = now.sections.split_at(count);
        let position = |section: &Arc<Section>| (section.offset, section.hidden.as_ref().map(|hidden| hidden.offset));
        let continues = now.base == then.base
            && kept.iter().map(position).eq(then.sections.iter().map(position))
            && later.iter().all(|section| {
                section.offset >= end && section.hidden.as_ref().is_none_or(|hidden| hidden.offset >= end)
            });
        if continues { Ok(later) } else { object("the cross-references do not continue those of the signed revision") }
    }

    /// A trailer may name new document information where it named none; everything else must be as it was.
    fn compare_trailers(&self, difference: &Difference) -> Result<(), Stop> {
        let (old, new) = (self.then.xref.trailer(), self.now.xref.trailer());
        let information = new.get("Info").and_then(|information| information.reference());
        let is_new = information.is_some_and(|id| difference.added.contains_key(&id.number));
        let mut except = OWN_KEYS.to_vec();
        if is_new && old.get("Info").is_none() {
            except.push(b"Info");
        }
        match other_than(old, new, &except) {
            None => Ok(()),
            Some(key) => object(format!("the trailer's /{key} changed")),
        }
    }
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
