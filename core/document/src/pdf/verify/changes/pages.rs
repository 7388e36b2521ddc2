//! Pages, and their lists of annotations (ISO 32000-2, 7.7.3.3 and 12.5.2).

use std::collections::{BTreeSet, HashSet};

use crate::report::ChangeKind;
use crate::source::ReadAt;

use super::Stop;
use super::compare::other_than;
use super::index::Holder;
use super::step::Step;
use crate::pdf::place::page;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::ObjectId;

/// Annotations of a list.
struct Among<'v> {
    references: HashSet<ObjectId>,
    direct: Vec<&'v Value>,
}

impl<'v> Among<'v> {
    fn of(list: &'v [Value]) -> Self {
        let references = list.iter().filter_map(Value::reference).collect();
        Self { references, direct: list.iter().filter(|value| value.reference().is_none()).collect() }
    }

    fn has(&self, value: &Value) -> bool {
        match value.reference() {
            Some(id) => self.references.contains(&id),
            None => self.direct.iter().any(|other| other.same(value)),
        }
    }
}

impl<S: ReadAt> Step<'_, '_, S> {
    /// Of a page only its annotations may change, and the order in which they are reached.
    pub(super) fn explain_pages(&mut self) -> Result<(), Stop> {
        let difference = self.difference;
        for (number, change) in &difference.modified {
            if change.is_plain() && self.is_page(*number, &change.old)? {
                self.explain_page(*number, &change.old, &change.new)?;
            }
        }
        // A list that is an object of its own, of pages that did not change themselves.
        for (number, change) in &difference.modified {
            if !change.old.is_array() || self.is_claimed(*number) {
                continue;
            }
            let holders = self.holders_before(*number);
            let mut pages = Vec::new();
            for holder in &holders {
                let Holder::Object(page) = holder else { continue };
                let value = self.old.get(self.id(*page))?;
                let leads_here =
                    value.get("Annots").and_then(|list| list.reference()).is_some_and(|id| id.number == *number);
                if leads_here && self.is_page(*page, &value)? {
                    pages.push(*page);
                }
            }
            for page in pages {
                self.claim_from(*number, Holder::Object(page));
                self.explain_list_of(page, Some(*number), &change.old, &change.new)?;
            }
        }
        Ok(())
    }

    /// Whether an object that was there is a page; not all pages say so.
    pub(super) fn is_page(&self, number: u32, value: &Value) -> Result<bool, Stop> {
        Ok(page::is_one(self.old, self.id(number), value)?)
    }

    /// The name of an object that was there.
    pub(super) fn id(&self, number: u32) -> ObjectId {
        super::difference::id(number, self.old.xref.get(number))
    }

    fn explain_page(&mut self, number: u32, old: &Value, new: &Value) -> Result<(), Stop> {
        self.claim(number);
        let mut except: Vec<&[u8]> = vec![b"Annots"];
        // Tabs follow the structure (ISO 14289-1, 7.18.3).
        if new.get("Tabs").is_some_and(|tabs| tabs.is_name(b"S")) {
            except.push(b"Tabs");
        }
        for key in other_than(old, new, &except) {
            let detail = format!("object {number}: the page's /{key} changed");
            // Who may change annotations may change in which order they are reached (ISO 32000-2, 12.5.1), and tag the first
            // of a page; what is tagged is for the elements to say.
            match key.as_str() {
                "Tabs" => self.note(Some(number), ChangeKind::AnnotationModified, detail),
                "StructParents" if old.get(&key).is_none() => {
                    self.note(Some(number), ChangeKind::AnnotationModified, detail);
                }
                _ => self.forbid(Some(number), detail),
            }
        }
        let (old_id, before) = self.old.locate(old.get("Annots"))?;
        let (new_id, after) = self.new.locate(new.get("Annots"))?;
        let changed = new_id.is_some_and(|id| self.difference.concerns(id.number));
        if let Some(id) = new_id.filter(|_| changed) {
            self.claim_from(id.number, Holder::Object(number));
        }
        if old_id != new_id && new_id.is_some() && !changed {
            self.forbid(Some(number), format!("object {number}: the page's annotations became another object"));
        }
        if old_id != new_id || changed || !before.same(&after) {
            self.explain_list_of(number, new_id.map(|id| id.number), &before, &after)?;
        }
        Ok(())
    }

    /// What came to and went from the annotations of a page.
    fn explain_list_of(&mut self, page: u32, list: Option<u32>, old: &Value, new: &Value) -> Result<(), Stop> {
        let (before, after) = (old.elements(), new.elements());
        let (among_before, among_after) = (Among::of(&before), Among::of(&after));
        let kept_before: Vec<&Value> = before.iter().filter(|value| among_after.has(value)).collect();
        let kept_after: Vec<&Value> = after.iter().filter(|value| among_before.has(value)).collect();
        let is_ordered = kept_before.len() == kept_after.len()
            && kept_before.iter().zip(&kept_after).all(|(old, new)| old.same(new));
        if !is_ordered || (!new.is_array() && !new.is_null()) {
            self.forbid(
                list.or(Some(page)),
                format!("object {page}: the page's annotations were put in another order"),
            );
            return Ok(());
        }
        for gone in before.iter().filter(|value| !among_after.has(value)) {
            self.explain_gone(page, gone)?;
        }
        let holder = Holder::Object(list.unwrap_or(page));
        let mut seen = BTreeSet::new();
        for came in after.iter().filter(|value| !among_before.has(value)) {
            if came.reference().is_some_and(|id| !seen.insert(id)) {
                continue;
            }
            self.explain_came(page, holder, came)?;
        }
        self.note(
            list.or(Some(page)),
            ChangeKind::Structure,
            format!("object {page}: the page's list of annotations changed"),
        );
        Ok(())
    }

    fn explain_gone(&mut self, page: u32, annotation: &Value) -> Result<(), Stop> {
        let (id, value) = self.old.locate(Some(annotation.clone()))?;
        let is_field = id.is_some_and(|id| self.old_tree.find(id.number).is_some());
        if is_field || value.get("Subtype").is_some_and(|kind| kind.is_name(b"Widget")) {
            let number = id.map_or(page, |id| id.number);
            self.forbid(Some(number), format!("object {page}: a form field was taken off the page"));
        } else if !value.is_null() {
            let number = id.map(|id| id.number);
            // Annotations may refer to each other; what is gone needs no other explanation.
            if let Some(number) = number.filter(|number| self.difference.concerns(*number)) {
                self.claim(number);
            }
            let what = super::compare::kind(&value);
            self.gone.annotations.extend(number);
            self.gone.numbers.extend(self.old.lookup(&value, "StructParent")?.integer());
            self.note(
                number,
                ChangeKind::AnnotationRemoved,
                format!("object {page}: an annotation ({what}) was removed"),
            );
        }
        Ok(())
    }

    fn explain_came(&mut self, page: u32, holder: Holder, annotation: &Value) -> Result<(), Stop> {
        let Some(id) = annotation.reference() else {
            if annotation.is_dictionary() {
                return self.explain_annotation(page, None, annotation, ChangeKind::AnnotationAdded, holder);
            }
            return Ok(());
        };
        // Widgets of new fields were looked at with their fields.
        if self.new_tree.find(id.number).is_some() {
            if self.old_tree.find(id.number).is_some() {
                self.forbid(Some(id.number), format!("object {page}: a form field that was there was put on the page"));
            } else {
                self.claim_from(id.number, holder);
            }
            return Ok(());
        }
        let Some(value) = self.difference.added.get(&id.number).cloned() else {
            self.forbid(Some(page), format!("object {page}: object {} became an annotation", id.number));
            return Ok(());
        };
        self.claim_from(id.number, holder);
        let own = Holder::Object(id.number);
        self.explain_annotation(page, Some(id.number), &value, ChangeKind::AnnotationAdded, own)
    }
}
