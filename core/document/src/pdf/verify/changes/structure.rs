//! The logical structure (ISO 32000-2, 14.7): a tagged document tags its new widgets and annotations (ISO 14289-1, 7.18.1), and
//! loses the tags of annotations that go. Whether they may come and go is asked where they are.

use std::collections::BTreeMap;

use crate::report::ChangeKind;
use crate::source::ReadAt;

use super::Stop;
use super::compare::{appended, has_type, is_plain_dictionary, other_than};
use super::index::Holder;
use super::step::Step;
use crate::pdf::syntax::object::Value;

/// Elements that hold annotations.
const ELEMENTS: [&[u8]; 3] = [b"Form", b"Annot", b"Link"];
/// Their entries.
const ELEMENT_KEYS: [&[u8]; 10] = [b"Type", b"S", b"P", b"K", b"Pg", b"ID", b"T", b"Alt", b"Lang", b"NS"];

impl<S: ReadAt> Step<'_, '_, S> {
    /// New elements that hold new annotations, behind what was there. No text and no picture is structured anew.
    pub(super) fn explain_structure(&mut self) -> Result<(), Stop> {
        let (root_id, before) = self.old.locate(self.old.catalog()?.get("StructTreeRoot"))?;
        let Some(root_id) = root_id.filter(|_| before.is_dictionary()) else { return Ok(()) };
        let after = self.new.get(root_id)?;
        let difference = self.difference;
        if difference.modified.contains_key(&root_id.number) {
            self.claim(root_id.number);
            for key in other_than(&before, &after, &[b"K", b"ParentTree", b"ParentTreeNextKey"]) {
                self.forbid(Some(root_id.number), format!("the structure's /{key} changed"));
            }
            self.explain_kids(root_id.number, &before, &after)?;
        }
        for (number, change) in &difference.modified {
            if has_type(&change.old, b"StructElem") || (change.old.get("S").is_some() && change.old.get("P").is_some())
            {
                if self.is_claimed(*number) || !change.is_plain() {
                    continue;
                }
                self.claim(*number);
                for key in other_than(&change.old, &change.new, &[b"K"]) {
                    self.forbid(Some(*number), format!("object {number}: the structure element's /{key} changed"));
                }
                self.explain_kids(*number, &change.old, &change.new)?;
            }
        }
        self.explain_parent_tree(root_id.number, &before, &after)
    }

    /// What an element or the root holds: all that it held, but for annotations that went, and then what is for new ones.
    fn explain_kids(&mut self, holder: u32, old: &Value, new: &Value) -> Result<(), Stop> {
        let before = self.old.locate(old.get("K"))?.1;
        let (new_id, after) = self.new.locate(new.get("K"))?;
        let array = new_id.filter(|_| after.is_array());
        if let Some(id) = array.filter(|id| self.difference.concerns(id.number)) {
            self.claim_from(id.number, Holder::Object(holder));
        }
        let after_list = if after.is_array() { after.elements() } else { new.get("K").into_iter().collect() };
        let before_list = match (before.is_array(), before.is_null()) {
            (true, _) => before.elements(),
            (false, true) => Vec::new(),
            (false, false) => old.get("K").into_iter().collect(),
        };
        let mut rest = after_list.as_slice();
        for kid in &before_list {
            match rest.split_first() {
                Some((next, behind)) if next.same(kid) => rest = behind,
                _ if self.went(kid)? => {
                    self.note(Some(holder), ChangeKind::Structure, "an annotation's tag went with it");
                }
                _ => {
                    self.forbid(Some(holder), format!("object {holder}: the structure changed"));
                    return Ok(());
                }
            }
        }
        let place = array.map_or(holder, |id| id.number);
        for kid in rest {
            self.explain_kid(place, holder, kid)?;
        }
        Ok(())
    }

    /// Whether an element's kid that was there is for annotations that were taken off their page, and for nothing else.
    fn went(&self, kid: &Value) -> Result<bool, Stop> {
        let kid = self.old.resolve(kid.clone())?;
        if has_type(&kid, b"OBJR") {
            return Ok(annotation_of(&kid).is_some_and(|number| self.gone.annotations.contains(&number)));
        }
        let is_element = kid.get("S").is_some_and(|kind| ELEMENTS.iter().any(|known| kind.is_name(known)));
        let held = self.old.lookup(&kid, "K")?;
        let held = if held.is_array() { held.elements() } else { vec![held] };
        for object in &held {
            let object = self.old.resolve(object.clone())?;
            if !annotation_of(&object).is_some_and(|number| self.gone.annotations.contains(&number)) {
                return Ok(false);
            }
        }
        Ok(is_element && !held.is_empty())
    }

    /// What came to an element: a new annotation, or an element for new annotations.
    fn explain_kid(&mut self, place: u32, parent: u32, kid: &Value) -> Result<(), Stop> {
        let number = kid.reference().map(|id| id.number);
        let value = match number.map(|number| self.difference.added.get(&number).cloned()) {
            None => Some(kid.clone()),
            Some(added) => added,
        };
        let Some(value) = value.filter(is_plain_dictionary) else {
            self.forbid(
                Some(parent),
                format!("object {parent}: something that was there became a part of the structure"),
            );
            return Ok(());
        };
        if let Some(number) = number {
            self.claim_from(number, Holder::Object(place));
        }
        let holder = Holder::Object(number.unwrap_or(place));
        let is_explained = if has_type(&value, b"OBJR") {
            let is_new = self.is_new_annotation(&value);
            if is_new {
                self.claim_below(&value, holder)?;
            }
            is_new
        } else {
            self.explain_element(&value, holder)?
        };
        if is_explained {
            self.note(number, ChangeKind::Structure, "an annotation was tagged");
        } else {
            self.forbid(
                number.or(Some(parent)),
                format!("object {parent}: an element was added that is not for a new annotation"),
            );
        }
        Ok(())
    }

    /// Whether a new element is for new annotations and for nothing else.
    fn explain_element(&mut self, element: &Value, holder: Holder) -> Result<bool, Stop> {
        let is_one = element.get("S").is_some_and(|kind| ELEMENTS.iter().any(|known| kind.is_name(known)));
        let is_known = element.entries().all(|(key, _)| ELEMENT_KEYS.iter().any(|known| key.is_name(known)));
        let kids = self.new.lookup(element, "K")?;
        let kids = if kids.is_array() { kids.elements() } else { vec![kids] };
        for kid in kids {
            let kid = self.new.resolve(kid)?;
            if !is_one || !is_known || !self.is_new_annotation(&kid) {
                return Ok(false);
            }
        }
        if let Some(kids) = element.get("K") {
            self.claim_below(&kids, holder)?;
        }
        Ok(is_one && is_known)
    }

    fn is_new_annotation(&self, reference: &Value) -> bool {
        annotation_of(reference).is_some_and(|number| self.difference.added.contains_key(&number))
    }

    /// The tree that leads from widgets to their elements: numbers are added, none is given to another.
    fn explain_parent_tree(&mut self, root: u32, before: &Value, after: &Value) -> Result<(), Stop> {
        let (old_id, old) = self.old.locate(before.get("ParentTree"))?;
        let (new_id, new) = self.new.locate(after.get("ParentTree"))?;
        let is_same =
            old_id == new_id && old.same(&new) && !new_id.is_some_and(|id| self.difference.concerns(id.number));
        if let Some(id) = new_id.filter(|id| self.difference.concerns(id.number)) {
            self.claim_from(id.number, Holder::Object(root));
        }
        if !is_same {
            self.explain_numbers(new_id.map_or(root, |id| id.number), &old, &new)?;
        }
        // Leaves of the tree that changed by themselves.
        for kid in
            old.get("Kids").map(|kids| self.old.resolve(kids)).transpose()?.into_iter().flat_map(|kids| kids.elements())
        {
            let Some(id) = kid.reference() else { continue };
            if let Some(change) = self.difference.modified.get(&id.number).cloned() {
                self.claim_from(id.number, Holder::Object(new_id.map_or(root, |id| id.number)));
                self.explain_numbers(id.number, &change.old, &change.new)?;
            }
        }
        Ok(())
    }

    fn explain_numbers(&mut self, number: u32, old: &Value, new: &Value) -> Result<(), Stop> {
        for key in other_than(old, new, &[b"Nums", b"Limits", b"Kids"]) {
            self.forbid(Some(number), format!("object {number}: the structure's numbers changed: /{key}"));
        }
        let (old_id, before) = self.old.locate(old.get("Nums"))?;
        let (new_id, after) = self.new.locate(new.get("Nums"))?;
        if let Some(id) = new_id.filter(|id| old_id == new_id && self.difference.concerns(id.number)) {
            self.claim_from(id.number, Holder::Object(number));
        }
        let (kids_before, kids_after) = (self.old.lookup(old, "Kids")?, self.new.lookup(new, "Kids")?);
        let new_kids = appended(&kids_before, &kids_after);
        let (pairs_before, pairs_after) = (before.elements(), after.elements());
        let kept = self.has_numbers(&pairs_before, &pairs_after)?;
        if new_kids.is_none() && !(kids_before.is_null() && kids_after.is_null()) || !kept {
            self.forbid(Some(number), format!("object {number}: the structure's numbers changed"));
        }
        for kid in new_kids.into_iter().flatten() {
            if let Some(id) = kid.reference() {
                self.claim_from(id.number, Holder::Object(number));
                let value = self.new.get(id)?;
                self.claim_below(&value, Holder::Object(id.number))?;
            }
        }
        let place = new_id.map_or(number, |id| id.number);
        for value in &pairs_after {
            if value.reference().is_some_and(|id| self.difference.added.contains_key(&id.number)) {
                self.claim_below(value, Holder::Object(place))?;
            }
        }
        Ok(())
    }

    /// Whether each number still leads to what it led to, be it written anew. A number given twice has no one meaning:
    /// it keeps what it led to only as a whole.
    fn has_numbers(&self, before: &[Value], after: &[Value]) -> Result<bool, Stop> {
        let (Some(before), Some(after)) = (numbers(before), numbers(after)) else { return Ok(false) };
        for (number, then) in &before {
            let now = after.get(number).map_or(&[][..], Vec::as_slice);
            if now.is_empty() && self.gone.numbers.contains(number) {
                continue;
            }
            if now.len() != then.len() {
                return Ok(false);
            }
            for (now, then) in now.iter().zip(then) {
                let (now, then) = (*now, *then);
                if !now.same(then) && !self.new.resolve(now.clone())?.same(&self.old.resolve(then.clone())?) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }
}

/// The annotation that an object reference is for (ISO 32000-2, 14.7.5.3).
fn annotation_of(reference: &Value) -> Option<u32> {
    let is_one = has_type(reference, b"OBJR")
        && reference.entries().all(|(key, _)| [&b"Type"[..], b"Obj", b"Pg"].iter().any(|known| key.is_name(known)));
    reference.get("Obj").filter(|_| is_one)?.reference().map(|id| id.number)
}

/// The pairs of a number tree's leaf (ISO 32000-2, 7.9.7); nothing where they are no pairs.
fn numbers(pairs: &[Value]) -> Option<BTreeMap<i64, Vec<&Value>>> {
    let mut numbers: BTreeMap<i64, Vec<&Value>> = BTreeMap::new();
    for pair in pairs.chunks(2) {
        let [number, value] = pair else { return None };
        numbers.entry(number.integer()?).or_default().push(value);
    }
    Some(numbers)
}
