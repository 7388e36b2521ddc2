//! The document security store (ISO 32000-2, 12.8.4.3): certificates and revocation data for signatures that are there.

use std::collections::BTreeSet;

use crate::report::ChangeKind;
use crate::source::ReadAt;

use super::Stop;
use super::compare::is_plain_dictionary;
use super::history::View;
use super::index::Holder;
use super::step::Step;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::ObjectId;

/// Lists of streams.
const LISTS: [&str; 3] = ["Certs", "OCSPs", "CRLs"];

impl<S: ReadAt> Step<'_, '_, S> {
    /// More may come, and lists may leave out what their signer no longer needs: the streams stay what they were, and with
    /// them what can be known of earlier signatures. None of it is seen on a page, so its form is free.
    pub(super) fn explain_validation_data(&mut self, root: u32, old: &Value, new: &Value) -> Result<(), Stop> {
        let (old_id, before) = self.old.locate(old.get("DSS"))?;
        let (new_id, after) = self.new.locate(new.get("DSS"))?;
        if before.is_null() && after.is_null() {
            return Ok(());
        }
        if !is_plain_dictionary(&after) {
            self.forbid(Some(root), "the validation data (/DSS) were removed");
            return Ok(());
        }
        let holder = |id: Option<ObjectId>| id.map_or(Holder::Object(root), |id| Holder::Object(id.number));
        if let Some(id) = new_id {
            if old_id != new_id && !self.difference.added.contains_key(&id.number) {
                self.forbid(Some(root), "the catalog's /DSS became another object that was there");
                return Ok(());
            }
            self.claim_from(id.number, Holder::Object(root));
        }
        for lost in self.lost_validation_data(&before, &after)? {
            self.forbid(new_id.map(|id| id.number), lost);
        }
        for list in self.shortened_lists(&before, &after)? {
            let detail = format!("validation data (DSS) were left out of /{list}");
            self.note(new_id.map(|id| id.number), ChangeKind::ValidationData, detail);
        }
        let is_changed = self.claim_below(&before, holder(old_id))? | self.claim_below(&after, holder(new_id))?;
        if is_changed || !before.same(&after) {
            self.note(new_id.map(|id| id.number), ChangeKind::ValidationData, "validation data (DSS) added");
        }
        Ok(())
    }

    fn shortened_lists(&self, before: &Value, after: &Value) -> Result<Vec<&'static str>, Stop> {
        let mut shortened = Vec::new();
        for list in LISTS {
            if !listed(self.old, before, list)?.is_subset(&listed(self.new, after, list)?) {
                shortened.push(list);
            }
        }
        Ok(shortened)
    }

    fn lost_validation_data(&self, before: &Value, after: &Value) -> Result<Vec<String>, Stop> {
        let mut lost = Vec::new();
        for list in LISTS {
            let old = listed(self.old, before, list)?;
            if let Some(id) = old.iter().find(|id| self.difference.modified.contains_key(&id.number)) {
                lost.push(format!("object {}: validation data were replaced", id.number));
            }
        }
        let (old, new) = (self.old.lookup(before, "VRI")?, self.new.lookup(after, "VRI")?);
        for (key, _) in old.entries() {
            let name = String::from_utf8_lossy(&key.name().unwrap_or_default()).into_owned();
            if new.get(&name).is_none_or(|entry| entry.is_null()) {
                lost.push(format!("the validation data of a signature were removed from /VRI: {name}"));
            }
        }
        Ok(lost)
    }
}

fn listed<S: ReadAt>(view: &View<'_, S>, store: &Value, list: &str) -> Result<BTreeSet<ObjectId>, Stop> {
    Ok(view.lookup(store, list)?.elements().iter().filter_map(Value::reference).collect())
}
