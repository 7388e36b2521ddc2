//! The interactive form's dictionary and its list of fields (ISO 32000-2, 12.7.3).

use crate::report::ChangeKind;
use crate::source::ReadAt;

use super::Stop;
use super::compare::{appended, is_plain_dictionary, other_than};
use super::index::Holder;
use super::step::Step;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::ObjectId;

/// Entries of a form that is added with its first field.
const FORM_KEYS: [&[u8]; 5] = [b"Fields", b"SigFlags", b"DA", b"DR", b"Q"];
/// Entries of a form that have rules of their own.
const RULED_KEYS: [&[u8]; 4] = [b"Fields", b"SigFlags", b"DR", b"NeedAppearances"];

impl<S: ReadAt> Step<'_, '_, S> {
    pub(super) fn explain_form(&mut self, root: u32, old: &Value, new: &Value) -> Result<(), Stop> {
        let (old_id, before) = self.old.locate(old.get("AcroForm"))?;
        let (new_id, after) = self.new.locate(new.get("AcroForm"))?;
        if before.is_null() && after.is_null() {
            return Ok(());
        }
        let place = new_id.or(old_id).map_or(root, |id| id.number);
        if before.is_null() {
            return self.explain_new_form(root, place, new_id, &after);
        }
        if old_id != new_id {
            self.forbid(Some(root), "the form became another object");
            return Ok(());
        }
        let changed = new_id.filter(|id| self.difference.concerns(id.number));
        if let Some(id) = changed.filter(|_| is_plain_dictionary(&after)) {
            self.claim_from(id.number, Holder::Object(root));
        }
        let mut except = RULED_KEYS.to_vec();
        // What text to come looks like by default says nothing of what is there.
        if before.get("DA").is_none_or(|look| look.is_null()) {
            except.push(b"DA");
        }
        for key in other_than(&before, &after, &except) {
            self.forbid(Some(place), format!("the form's /{key} changed"));
        }
        self.explain_flags(place, &before, &after)?;
        self.explain_resources(place, &before, &after)?;
        self.explain_list(place, &before, &after)
    }

    fn explain_new_form(&mut self, root: u32, place: u32, id: Option<ObjectId>, form: &Value) -> Result<(), Stop> {
        if let Some(id) = id {
            if !self.difference.added.contains_key(&id.number) {
                self.forbid(Some(root), "an object that was there became the form");
                return Ok(());
            }
            self.claim_from(id.number, Holder::Object(root));
        }
        if !is_plain_dictionary(form) {
            self.forbid(Some(place), "a new form that is no dictionary");
        }
        for (key, _) in form.entries().filter(|(key, _)| !FORM_KEYS.iter().any(|known| key.is_name(known))) {
            self.forbid(Some(place), format!("a new form with {}", String::from_utf8_lossy(key.raw())));
        }
        for key in ["Fields", "DR"] {
            if let Some(value) = form.get(key) {
                self.claim_below(&value, Holder::Object(place))?;
            }
        }
        self.note(Some(place), ChangeKind::Structure, "a form was added");
        Ok(())
    }

    fn explain_flags(&mut self, place: u32, before: &Value, after: &Value) -> Result<(), Stop> {
        let flags = |value: Value| value.integer().unwrap_or(0);
        let old = flags(self.old.lookup(before, "SigFlags")?);
        let new = flags(self.new.lookup(after, "SigFlags")?);
        if new & !3 != old & !3 || old & !new != 0 {
            self.forbid(Some(place), "the form's /SigFlags changed");
        }
        // Readers that make appearances anew would show values that the signer did not see.
        let is_set = |value: Value| value.kind() == crate::pdf::syntax::token::Kind::Boolean(true);
        let was_set = is_set(self.old.lookup(before, "NeedAppearances")?);
        if !was_set && is_set(self.new.lookup(after, "NeedAppearances")?) {
            self.forbid(Some(place), "the form's /NeedAppearances was set");
        }
        Ok(())
    }

    /// Fonts that filling in needs may be added; what was there stays. Forms (`/XObject`) may be exchanged for new ones: a
    /// default appearance has no operator that would show them (ISO 32000-2, 12.7.4.3).
    fn explain_resources(&mut self, place: u32, before: &Value, after: &Value) -> Result<(), Stop> {
        let (old_id, old) = self.old.locate(before.get("DR"))?;
        let (new_id, new) = self.new.locate(after.get("DR"))?;
        let changed = [old_id, new_id].into_iter().flatten().any(|id| self.difference.concerns(id.number));
        if old_id == new_id && !changed && old.same(&new) {
            return Ok(());
        }
        if let Some(id) = new_id {
            self.claim_from(id.number, Holder::Object(place));
        }
        for (key, value) in old.entries() {
            let name = String::from_utf8_lossy(&key.name().unwrap_or_default()).into_owned();
            let (old_kind_id, old_kind) = self.old.locate(Some(value))?;
            let (new_kind_id, new_kind) = self.new.locate(new.get(&name))?;
            let is_kept = if old_kind.is_dictionary() {
                let keys: Vec<_> = old_kind.entries().collect();
                keys.iter().all(|(key, value)| {
                    let entry = String::from_utf8_lossy(&key.name().unwrap_or_default()).into_owned();
                    let is_new =
                        |now: &Value| now.reference().is_some_and(|id| self.difference.added.contains_key(&id.number));
                    new_kind.get(&entry).is_some_and(|now| now.same(value) || (name == "XObject" && is_new(&now)))
                })
            } else {
                old_kind.same(&new_kind)
            };
            if !is_kept {
                self.forbid(Some(place), format!("the form's resources changed: /{name}"));
            }
            if let Some(id) = new_kind_id.filter(|_| old_kind_id == new_kind_id) {
                let holder = new_id.map_or(place, |id| id.number);
                if self.difference.concerns(id.number) {
                    self.claim_from(id.number, Holder::Object(holder));
                }
            }
        }
        let holder = new_id.map_or(place, |id| id.number);
        // Only what is new: an object that was there and changed is no addition.
        for id in new.references().filter(|id| self.difference.added.contains_key(&id.number)).collect::<Vec<_>>() {
            self.claim_from(id.number, Holder::Object(holder));
            let value = self.new.get(id)?;
            self.claim_below(&value, Holder::Object(id.number))?;
        }
        self.note(Some(place), ChangeKind::Structure, "resources were added to the form");
        Ok(())
    }

    /// New fields stand behind those that were there.
    fn explain_list(&mut self, place: u32, before: &Value, after: &Value) -> Result<(), Stop> {
        let (old_id, old) = self.old.locate(before.get("Fields"))?;
        let (new_id, new) = self.new.locate(after.get("Fields"))?;
        match new_id {
            Some(id) if old_id == new_id && self.difference.concerns(id.number) => {
                self.claim_from(id.number, Holder::Object(place));
            }
            Some(id) if old_id != new_id && self.difference.added.contains_key(&id.number) => {
                self.claim_from(id.number, Holder::Object(place));
            }
            Some(_) if old_id != new_id => self.forbid(Some(place), "the form's list of fields became another object"),
            _ => {}
        }
        if appended(&old, &new).is_none() && !(old.is_null() && new.is_array()) {
            self.forbid(Some(place), "fields of the form were removed or put in another order");
        }
        Ok(())
    }
}
