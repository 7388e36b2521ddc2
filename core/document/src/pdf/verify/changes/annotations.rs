//! Annotations that are no form fields (ISO 32000-2, 12.5.6).

use std::collections::BTreeSet;

use crate::report::ChangeKind;
use crate::source::ReadAt;

use super::compare::{has_type, is_plain_dictionary, same_entry};
use super::index::Holder;
use super::step::Step;
use super::{Found, Stop};
use crate::pdf::syntax::object::Value;

/// Annotations by which a person says something about a page. The others play, print, or are part of the page.
const MARKUP: [&[u8]; 18] = [
    b"Text",
    b"Link",
    b"FreeText",
    b"Line",
    b"Square",
    b"Circle",
    b"Polygon",
    b"PolyLine",
    b"Highlight",
    b"Underline",
    b"Squiggly",
    b"StrikeOut",
    b"Caret",
    b"Stamp",
    b"Ink",
    b"Popup",
    b"Redact",
    b"FileAttachment",
];
/// Actions that only lead somewhere.
const HARMLESS_ACTIONS: [&[u8]; 4] = [b"GoTo", b"GoToR", b"URI", b"Named"];
/// Entries of an annotation that lead out of it.
const OUTWARD_KEYS: [&[u8]; 5] = [b"P", b"Parent", b"Popup", b"IRT", b"Dest"];

impl<S: ReadAt> Step<'_, '_, S> {
    /// Annotations that were there and changed in their place.
    pub(super) fn explain_annotations(&mut self) -> Result<(), Stop> {
        let difference = self.difference;
        let rest: Vec<u32> = difference.modified.keys().copied().filter(|number| !self.is_claimed(*number)).collect();
        let mut seen = BTreeSet::new();
        for number in rest {
            for (annotation, page) in self.annotations_above(number)? {
                if !seen.insert(annotation) {
                    continue;
                }
                let id = self.id(annotation);
                let (old, new) = (self.old.get(id)?, self.new.get(id)?);
                if !same_entry(&old, &new, "Subtype") {
                    self.forbid(
                        Some(annotation),
                        format!("object {annotation}: an annotation became one of another kind"),
                    );
                    continue;
                }
                if difference.modified.contains_key(&annotation) {
                    self.claim(annotation);
                }
                let holder = Holder::Object(annotation);
                for (key, value) in old.entries() {
                    if !OUTWARD_KEYS.iter().any(|outward| key.is_name(outward)) {
                        self.claim_below(&value, holder)?;
                    }
                }
                self.explain_annotation(page, Some(annotation), &new, ChangeKind::AnnotationModified, holder)?;
            }
        }
        Ok(())
    }

    /// The annotations that an object is one of or belongs to, each with its page.
    fn annotations_above(&self, number: u32) -> Result<Vec<(u32, u32)>, Stop> {
        let mut found = Vec::new();
        let mut level = BTreeSet::from([number]);
        let mut seen = level.clone();
        for _ in 0..8 {
            let mut above = BTreeSet::new();
            for number in level {
                let value = self.old.get(self.id(number))?;
                let is_annotation = is_plain_dictionary(&value)
                    && (has_type(&value, b"Annot") || (value.get("Subtype").is_some() && value.get("Rect").is_some()));
                if is_annotation {
                    if let Some(page) = self.page_of(number, &value)? {
                        found.push((number, page));
                    }
                    continue;
                }
                for holder in self.holders_before(number) {
                    if let Holder::Object(holder) = holder {
                        above.extend(seen.insert(holder).then_some(holder));
                    }
                }
            }
            level = above;
        }
        Ok(found)
    }

    /// The page whose annotations an object is one of: the one it names, or the one that lists it.
    pub(super) fn page_of(&self, number: u32, annotation: &Value) -> Result<Option<u32>, Stop> {
        let mut candidates: Vec<u32> =
            annotation.get("P").and_then(|page| page.reference()).map(|id| id.number).into_iter().collect();
        for holder in self.holders_before(number) {
            let Holder::Object(holder) = holder else { continue };
            candidates.push(holder);
            for above in self.holders_before(holder) {
                if let Holder::Object(above) = above {
                    candidates.push(above);
                }
            }
        }
        for page in candidates {
            let value = self.old.get(self.id(page))?;
            let list = self.old.lookup(&value, "Annots")?.elements();
            let is_listed = list.iter().filter_map(Value::reference).any(|id| id.number == number);
            if is_listed && self.is_page(page, &value)? {
                return Ok(Some(page));
            }
        }
        Ok(None)
    }

    /// An annotation as it is now, however it came to be so.
    pub(super) fn explain_annotation(
        &mut self,
        page: u32,
        number: Option<u32>,
        annotation: &Value,
        kind: ChangeKind,
        holder: Holder,
    ) -> Result<(), Stop> {
        let subtype = self.new.lookup(annotation, "Subtype")?.name().unwrap_or_default();
        let name = String::from_utf8_lossy(&subtype).into_owned();
        if !is_plain_dictionary(annotation) || !MARKUP.contains(&subtype.as_slice()) {
            self.forbid(number, format!("object {page}: an annotation that is no remark: {name}"));
            return Ok(());
        }
        for (key, value) in annotation.entries() {
            if !OUTWARD_KEYS.iter().any(|outward| key.is_name(outward)) {
                self.claim_below(&value, holder)?;
            }
        }
        let action = self.new.lookup(annotation, "A")?;
        let is_harmless = action.is_null()
            || (action.get("Next").is_none()
                && action.get("S").is_some_and(|kind| HARMLESS_ACTIONS.iter().any(|known| kind.is_name(known))));
        if !is_harmless || annotation.get("AA").is_some() {
            self.forbid(number, format!("object {page}: an annotation with an action"));
        }
        let hides = self.hidden_by_annotation(page, annotation)?;
        let what = match kind {
            ChangeKind::AnnotationModified => "changed",
            _ => "was added",
        };
        self.push(Found {
            object: number,
            kind,
            field: None,
            detail: format!("object {page}: an annotation ({name}) {what}"),
            hides,
        });
        Ok(())
    }
}
