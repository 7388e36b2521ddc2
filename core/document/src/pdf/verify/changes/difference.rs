//! Which objects later revisions say something new about.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::source::ReadAt;

use super::{Comparison, Stop, kind, object};
use crate::pdf::read::xref::{Entry, Section};
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::ObjectId;

/// An object before and after.
pub(super) struct Change {
    pub(super) old: Value,
    pub(super) new: Value,
}

impl Change {
    /// Neither is a stream: what is compared is all there is.
    pub(super) fn is_plain(&self) -> bool {
        self.old.object().stream.is_none() && self.new.object().stream.is_none()
    }
}

#[derive(Default)]
pub(super) struct Difference {
    pub(super) modified: BTreeMap<u32, Change>,
    /// What was nothing before.
    pub(super) added: BTreeMap<u32, Value>,
}

impl Difference {
    pub(super) fn find<A: ReadAt, B: ReadAt>(
        comparison: &Comparison<'_, A, B>,
        later: &[Arc<Section>],
    ) -> Result<Self, Stop> {
        let (now, then) = (comparison.now, comparison.then);
        let numbers: BTreeSet<u32> = later.iter().flat_map(|section| section.numbers()).collect();
        let mut difference = Self::default();
        for number in numbers {
            let (old_entry, new_entry) = (then.xref.get(number), now.xref.get(number));
            if old_entry == new_entry {
                continue;
            }
            comparison.check_entry(number, new_entry)?;
            let change = Change { old: then.get(id(number, old_entry))?, new: now.get(id(number, new_entry))? };
            if change.old.is_null() {
                if !change.new.is_null() {
                    difference.added.insert(number, change.new);
                }
            } else if change.new.is_null() || id(number, old_entry) != id(number, new_entry) {
                return object(format!("object {number} ({}) was removed", kind(&change.old)));
            } else if !change.is_plain() || !change.old.same(&change.new) {
                difference.modified.insert(number, change);
            }
        }
        Ok(difference)
    }
}

impl<A: ReadAt, B: ReadAt> Comparison<'_, A, B> {
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
}

/// The name of the object that a cross-reference entry is about.
pub(super) fn id(number: u32, entry: Option<Entry>) -> ObjectId {
    let generation = match entry {
        Some(Entry::InFile { generation, .. }) => generation,
        _ => 0,
    };
    ObjectId { number, generation }
}
