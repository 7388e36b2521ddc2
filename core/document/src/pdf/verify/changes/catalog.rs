//! The trailer and the catalog: what of the document as a whole may be brought up to date.

use crate::report::ChangeKind;
use crate::source::ReadAt;

use super::Stop;
use super::compare::{has_type, is_stream, other_than};
use super::index::{Holder, is_known_to_trailers};
use super::step::Step;
use crate::pdf::syntax::object::Value;
use crate::pdf::write::revision::OWN_KEYS;

/// Entries of the catalog that have rules of their own.
const RULED_KEYS: [&[u8]; 5] = [b"AcroForm", b"DSS", b"Extensions", b"Metadata", b"Version"];

impl<S: ReadAt> Step<'_, '_, S> {
    /// A trailer may name new document information where it named none; everything else that means something must be as it
    /// was.
    pub(super) fn explain_trailer(&mut self) -> Result<(), Stop> {
        let (old, new) = (self.old.xref.trailer().clone(), self.new.xref.trailer().clone());
        let reference = |trailer: &Value| trailer.get("Info").and_then(|info| info.reference()).map(|id| id.number);
        let (before, after) = (reference(&old), reference(&new));
        let is_new = after.is_some_and(|number| self.difference.added.contains_key(&number));
        let mut except = OWN_KEYS.to_vec();
        if is_new && old.get("Info").is_none_or(|info| info.is_null()) {
            except.push(b"Info");
        }
        for key in other_than(&old, &new, &except) {
            if !self.means_nothing(&new, &key)? {
                self.forbid(None, format!("the trailer's /{key} changed"));
            }
        }
        let Some(number) = after.filter(|_| is_new || before == after) else { return Ok(()) };
        let is_dictionary = match self.difference.modified.get(&number) {
            Some(change) => change.is_plain() && change.old.is_dictionary() && change.new.is_dictionary(),
            None => self.difference.added.get(&number).is_some_and(Value::is_dictionary),
        };
        if is_dictionary && self.difference.concerns(number) {
            self.claim_from(number, Holder::Trailer);
            for value in [self.difference.added.get(&number).cloned(), self.modified_to(number)].into_iter().flatten() {
                self.claim_below(&value, Holder::Object(number))?;
            }
            self.note(
                Some(number),
                ChangeKind::Metadata,
                format!("object {number}: document information brought up to date"),
            );
        }
        Ok(())
    }

    /// Whether an entry of a trailer is none of the standard's and refers to nothing: tools that do not know it number
    /// what it refers to anew, without that being there.
    fn means_nothing(&self, trailer: &Value, key: &str) -> Result<bool, Stop> {
        let is_private = |(name, _): &(Value, Value)| name.is_name(key.as_bytes()) && !is_known_to_trailers(name);
        let Some((_, value)) = trailer.entries().find(is_private) else { return Ok(false) };
        let mut references = value.references().peekable();
        if references.peek().is_none() {
            return Ok(false);
        }
        for id in references {
            if !self.new.get(id)?.is_null() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What an object became, if it changed.
    pub(super) fn modified_to(&self, number: u32) -> Option<Value> {
        self.difference.modified.get(&number).map(|change| change.new.clone())
    }

    pub(super) fn explain_catalog(&mut self) -> Result<(), Stop> {
        let (old, new) = (self.old.catalog()?, self.new.catalog()?);
        let root = self.old.root_id()?.number;
        if self.difference.modified.get(&root).is_some_and(super::difference::Change::is_plain) {
            self.claim(root);
            let mut except = RULED_KEYS.to_vec();
            if says_nothing_new(&old, &new) {
                except.push(b"MarkInfo");
            }
            for key in other_than(&old, &new, &except) {
                self.forbid(Some(root), format!("the catalog's /{key} changed"));
            }
            if !other_than(&old, &new, &[b"AcroForm", b"DSS", b"Metadata"]).is_empty() {
                self.explain_extensions(root, &old, &new)?;
            }
        }
        self.explain_metadata(root, &old, &new)?;
        self.explain_validation_data(root, &old, &new)?;
        self.explain_form(root, &old, &new)
    }

    /// `/Version` and `/Extensions` (ISO 32000-2, 7.12): what a later signature makes use of.
    fn explain_extensions(&mut self, root: u32, old: &Value, new: &Value) -> Result<(), Stop> {
        let (before, after) = (self.old.lookup(old, "Extensions")?, self.new.lookup(new, "Extensions")?);
        if !before.is_null() && !after.is_dictionary() {
            self.forbid(Some(root), "the catalog's /Extensions changed");
        }
        for (key, value) in before.entries() {
            let name = String::from_utf8_lossy(&key.name().unwrap_or_default()).into_owned();
            let kept = after.get(&name).is_some_and(|now| now.same(&value) || is_higher(&value, &now));
            if !kept {
                self.forbid(Some(root), format!("the catalog's /Extensions lost {name}"));
            }
        }
        let version = |catalog: &Value| catalog.get("Version").and_then(|version| version.name());
        if version(old) > version(new) {
            self.forbid(Some(root), "the catalog's /Version was lowered");
        }
        if let Some(extensions) = new.get("Extensions") {
            self.claim_below(&extensions, Holder::Object(root))?;
        }
        if !other_than(old, new, &[b"AcroForm", b"DSS", b"Metadata", b"MarkInfo"]).is_empty() {
            self.note(Some(root), ChangeKind::Structure, "version or extensions of the format named");
        }
        Ok(())
    }

    /// XMP metadata of the document: no part of what is seen.
    fn explain_metadata(&mut self, root: u32, old: &Value, new: &Value) -> Result<(), Stop> {
        let reference = |catalog: &Value| catalog.get("Metadata").and_then(|metadata| metadata.reference());
        let (before, after) = (reference(old), reference(new));
        let Some(id) = after else {
            if old.get("Metadata").is_some_and(|metadata| !metadata.is_null()) || new.get("Metadata").is_some() {
                let is_same = super::compare::same_entry(old, new, "Metadata");
                if !is_same {
                    self.forbid(Some(root), "the catalog's /Metadata changed");
                }
            }
            return Ok(());
        };
        let is_metadata = |value: &Value| is_stream(value) && has_type(value, b"Metadata");
        let is_new = before != after;
        let concerned = self.difference.concerns(id.number);
        if !is_new && !concerned {
            return Ok(());
        }
        let was = if is_new { None } else { Some(self.old.get(id)?) };
        let becomes = self.new.get(id)?;
        let is_right = is_metadata(&becomes) && was.is_none_or(|was| is_metadata(&was)) && concerned;
        if !is_right {
            // Another object that was there would be shown in a new place; what is no metadata has no rule.
            if is_new {
                self.forbid(Some(root), "the catalog's /Metadata became another object");
            }
            return Ok(());
        }
        self.claim_from(id.number, Holder::Object(root));
        self.claim_below(&becomes, Holder::Object(id.number))?;
        self.note(Some(id.number), ChangeKind::Metadata, format!("object {}: metadata brought up to date", id.number));
        Ok(())
    }
}

/// `/MarkInfo` that says what was said by its absence.
fn says_nothing_new(old: &Value, new: &Value) -> bool {
    let is_empty = |value: Option<Value>| {
        value.is_none_or(|value| value.is_null() || (value.is_dictionary() && value.entries().next().is_none()))
    };
    is_empty(old.get("MarkInfo")) && is_empty(new.get("MarkInfo"))
}

/// Whether a developer's extension is the same one at a higher level.
fn is_higher(old: &Value, new: &Value) -> bool {
    let level = |value: &Value| value.get("ExtensionLevel").and_then(|level| level.integer());
    level(old).zip(level(new)).is_some_and(|(old, new)| new >= old)
}
