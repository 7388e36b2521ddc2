//! Who refers to what changed.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::ReadAt;

use super::difference::{Difference, id};
use super::fields::NewFields;
use super::{Comparison, Stop, kind, object};
use crate::pdf::read::xref::Entry;
use crate::pdf::syntax::object::Value;

/// Who of the signed revision may refer to an object.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holder {
    Nobody,
    Trailer,
    Object(u32),
}

impl<A: ReadAt, B: ReadAt> Comparison<'_, A, B> {
    /// Everything new must belong to what was permitted. Nothing that was signed may already refer to it: what was nothing
    /// there would become something. And what may change in its own place must not be used from another.
    pub(super) fn check_holders(&self, difference: &Difference, fields: &NewFields) -> Result<(), Stop> {
        self.check_reached(difference, fields)?;
        let mut watched: BTreeMap<u32, Holder> =
            difference.added.keys().map(|number| (*number, Holder::Nobody)).collect();
        let root = self.then.root_id()?.number;
        for number in difference.modified.keys().copied().filter(|number| *number != root) {
            if self.is_metadata(number)? {
                watched.insert(number, Holder::Object(root));
            } else if self.is_information(number) {
                watched.insert(number, Holder::Trailer);
            }
        }
        if watched.is_empty() {
            return Ok(());
        }
        for section in &self.then.xref.sections {
            check_references(&section.trailer, Holder::Trailer, &watched)?;
        }
        let numbers: BTreeSet<u32> = self.then.xref.sections.iter().flat_map(|section| section.numbers()).collect();
        for number in numbers {
            let entry = self.then.xref.get(number);
            if !matches!(entry, None | Some(Entry::Free)) && !self.is_section(entry) {
                check_references(&self.then.get(id(number, entry))?, Holder::Object(number), &watched)?;
            }
        }
        Ok(())
    }

    /// Whether an object is a cross-reference stream that was already looked at as a trailer.
    fn is_section(&self, entry: Option<Entry>) -> bool {
        let Some(Entry::InFile { offset, .. }) = entry else { return false };
        let position = offset.saturating_add(self.then.xref.base);
        self.then.xref.sections.iter().any(|section| section.offset == position)
    }

    fn check_reached(&self, difference: &Difference, fields: &NewFields) -> Result<(), Stop> {
        let mut reached: BTreeSet<u32> = fields.widgets.clone();
        let mut open: Vec<Value> = difference.modified.values().map(|change| change.new.clone()).collect();
        open.extend(fields.added.iter().map(|field| field.dictionary.clone()));
        open.extend(self.now.xref.trailer().get("Info"));
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
        match stranger {
            None => Ok(()),
            Some((number, value)) => object(format!("object {number} ({}) was added", kind(value))),
        }
    }
}

fn check_references(value: &Value, holder: Holder, watched: &BTreeMap<u32, Holder>) -> Result<(), Stop> {
    for number in value.references().map(|id| id.number) {
        match watched.get(&number) {
            Some(Holder::Nobody) => {
                return object(format!("object {number} fills in what the signed revision left open"));
            }
            Some(allowed) if *allowed != holder => {
                return object(format!("object {number} changed and is used from another place too"));
            }
            _ => {}
        }
    }
    Ok(())
}
