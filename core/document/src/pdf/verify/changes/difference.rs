//! Which objects a revision says something new about.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::ReadAt;

use super::Stop;
use super::compare::{is_stream, kind, other_than};
use crate::pdf::read::reader::Reader;
use crate::pdf::read::xref::Entry;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::ObjectId;

/// An object before and after.
#[derive(Clone)]
pub(super) struct Change {
    pub(super) old: Value,
    pub(super) new: Value,
}

impl Change {
    /// Neither is a stream: what is compared is all there is.
    pub(super) fn is_plain(&self) -> bool {
        !is_stream(&self.old) && !is_stream(&self.new)
    }
}

#[derive(Default)]
pub(super) struct Difference {
    pub(super) modified: BTreeMap<u32, Change>,
    /// What was nothing before.
    pub(super) added: BTreeMap<u32, Value>,
    /// What is nothing now.
    pub(super) removed: BTreeMap<u32, Value>,
    /// What no rule can explain, in words.
    pub(super) wrong: Vec<(u32, String)>,
}

impl Difference {
    /// What the newest section of `new` changed; it was written behind byte `begin`.
    pub(super) fn find<A: ReadAt, B: ReadAt>(old: &Reader<A>, new: &Reader<B>, begin: u64) -> Result<Self, Stop> {
        let numbers: BTreeSet<u32> = new.xref.newest().numbers().collect();
        let mut difference = Self::default();
        for number in numbers {
            let (old_entry, new_entry) = (old.xref.get(number), new.xref.get(number));
            if old_entry == new_entry {
                continue;
            }
            if !leads_on(new, new_entry, begin) {
                difference.wrong.push((number, format!("object {number} leads back into the signed bytes")));
                continue;
            }
            let (old_id, new_id) = (id(number, old_entry), id(number, new_entry));
            let change = Change { old: old.get(old_id)?, new: new.get(new_id)? };
            match (change.old.is_null(), change.new.is_null()) {
                (true, false) => drop(difference.added.insert(number, change.new)),
                (false, true) => drop(difference.removed.insert(number, change.old)),
                // References to the one do not lead to the other.
                (false, false) if old_id != new_id => {
                    let detail = format!("object {number} ({}) gave its number to another", kind(&change.old));
                    difference.wrong.push((number, detail));
                }
                // Entries of a dictionary have no order (ISO 32000-2, 7.3.7).
                (false, false) if !change.is_plain() || !other_than(&change.old, &change.new, &[]).is_empty() => {
                    difference.modified.insert(number, change);
                }
                _ => {}
            }
        }
        Ok(difference)
    }

    /// Whether anything at all is said about an object.
    pub(super) fn concerns(&self, number: u32) -> bool {
        self.modified.contains_key(&number) || self.added.contains_key(&number) || self.removed.contains_key(&number)
    }

    /// Everything that is said something about.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.modified.keys().chain(self.added.keys()).chain(self.removed.keys()).copied()
    }
}

/// A new entry must lead behind what was there: one that leads back brings old or hidden bytes to life.
fn leads_on<S: ReadAt>(new: &Reader<S>, entry: Option<Entry>, begin: u64) -> bool {
    let leads_on = |entry: Option<Entry>| match entry {
        Some(Entry::InFile { offset, .. }) => offset.saturating_add(new.xref.base) >= begin,
        _ => false,
    };
    match entry {
        None | Some(Entry::Free) => true,
        Some(Entry::InStream { container, .. }) => leads_on(new.xref.get(container)),
        in_file => leads_on(in_file),
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
