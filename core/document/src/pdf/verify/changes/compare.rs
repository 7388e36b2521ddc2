//! Comparing values of two revisions.

use std::collections::BTreeSet;

use crate::pdf::syntax::object::Value;

/// What a list has more than an old one, if it starts with all that the old one had.
pub(super) fn appended(old: &Value, new: &Value) -> Option<Vec<Value>> {
    let (old, new) = (old.elements(), new.elements());
    let is_kept = old.len() <= new.len() && old.iter().zip(&new).all(|(old, new)| old.same(new));
    is_kept.then(|| new[old.len()..].to_vec())
}

/// The keys, outside of `except`, whose values differ between two dictionaries.
pub(super) fn other_than(old: &Value, new: &Value, except: &[&[u8]]) -> Vec<String> {
    if !old.is_dictionary() || !new.is_dictionary() {
        return if old.same(new) { Vec::new() } else { vec!["type".to_owned()] };
    }
    let keys: BTreeSet<Vec<u8>> = old.entries().chain(new.entries()).filter_map(|(key, _)| key.name()).collect();
    let differs = |key: &&Vec<u8>| {
        let find = |dictionary: &Value| -> Vec<Value> {
            dictionary.entries().filter(|(name, _)| name.is_name(key)).map(|(_, value)| value).collect()
        };
        let (old, new) = (find(old), find(new));
        old.len() != new.len() || !old.iter().zip(&new).all(|(old, new)| old.same(new))
    };
    let changed = keys.iter().filter(|key| !except.contains(&key.as_slice())).filter(differs);
    changed.map(|key| String::from_utf8_lossy(key).into_owned()).collect()
}

/// Whether an entry is the same in two dictionaries; not being there counts as null.
pub(super) fn same_entry(old: &Value, new: &Value, key: &str) -> bool {
    match (old.get(key), new.get(key)) {
        (None, None) => true,
        (Some(old), Some(new)) => old.same(&new),
        (Some(one), None) | (None, Some(one)) => one.is_null(),
    }
}

pub(super) fn is_plain_dictionary(value: &Value) -> bool {
    value.is_dictionary() && !is_stream(value)
}

pub(super) fn is_stream(value: &Value) -> bool {
    value.object().stream.is_some()
}

pub(super) fn has_type(value: &Value, kind: &[u8]) -> bool {
    value.get("Type").is_some_and(|name| name.is_name(kind))
}

/// Whether a reader that mends a file might come upon an object without being led to it, or run what is in it.
pub(super) fn is_looked_for(value: &Value) -> bool {
    let kinds = [&b"Catalog"[..], b"Pages", b"Page", b"Sig", b"DocTimeStamp", b"XRef", b"ObjStm"];
    let keys = ["Root", "Pages", "Contents", "ByteRange", "FT", "T", "JS"];
    kinds.iter().any(|kind| has_type(value, kind)) || keys.iter().any(|key| value.get(key).is_some())
}

/// What an object is, for people.
pub(super) fn kind(value: &Value) -> String {
    let name =
        |key: &str| value.get(key).and_then(|name| name.name()).map(|name| String::from_utf8_lossy(&name).into_owned());
    match (name("Type"), name("Subtype")) {
        (Some(kind), Some(subtype)) => format!("{kind} {subtype}"),
        (Some(kind), None) | (None, Some(kind)) => kind,
        (None, None) if is_stream(value) => "stream".to_owned(),
        (None, None) if value.is_dictionary() => "dictionary".to_owned(),
        (None, None) if value.is_array() => "array".to_owned(),
        (None, None) => "value".to_owned(),
    }
}
