//! Form fields: which may be added, which may be filled, and with what (ISO 32000-2, 12.7.4 and 12.7.5).

use std::collections::{BTreeMap, BTreeSet};

use crate::report::ChangeKind;
use crate::source::ReadAt;

use super::compare::{is_plain_dictionary, other_than, same_entry};
use super::index::Holder;
use super::step::Step;
use super::tree::{FieldKind, Node};
use super::{Found, Stop};
use crate::pdf::syntax::object::Value;

/// Entries of a signature field and its annotation that only say what and where it is.
const FIELD_KEYS: [&[u8]; 29] = [
    b"Type",
    b"Subtype",
    b"FT",
    b"T",
    b"TU",
    b"TM",
    b"V",
    b"F",
    b"Ff",
    b"P",
    b"Rect",
    b"AP",
    b"AS",
    b"MK",
    b"DA",
    b"DR",
    b"Q",
    b"Lock",
    b"SV",
    b"Kids",
    b"Parent",
    b"Border",
    b"BS",
    b"NM",
    b"M",
    b"H",
    b"C",
    b"StructParent",
    b"Lang",
];
/// Entries by which a field shows something.
const SHOWING_KEYS: [&str; 2] = ["AP", "MK"];
/// Entries that signing an empty signature field may change.
const SIGNED_KEYS: [&[u8]; 5] = [b"V", b"AP", b"F", b"M", b"Type"];
/// Entries that filling in a text or a choice may change.
const FILLED_KEYS: [&[u8]; 8] = [b"V", b"RV", b"AP", b"I", b"M", b"Ff", b"Type", b"AS"];
/// Entries that pushing a button may change: its pictures are there already.
const PUSHED_KEYS: [&[u8]; 5] = [b"V", b"AS", b"M", b"Ff", b"Type"];
/// `ReadOnly` (ISO 32000-2, table 227): set when a signature locks the field.
const READ_ONLY: i64 = 1;
/// `Hidden` and `NoView` (ISO 32000-2, table 167).
const UNSEEN: i64 = 1 << 1 | 1 << 5;
/// How far up it is looked for whose a changed object is.
const MAX_STEPS_UP: usize = 8;

impl<S: ReadAt> Step<'_, '_, S> {
    pub(super) fn explain_fields(&mut self) -> Result<(), Stop> {
        self.find_lost_fields();
        let touched = self.touched_fields();
        let (old_tree, new_tree) = (self.old_tree, self.new_tree);
        for number in touched {
            if let (Some(before), Some(after)) = (old_tree.find(number), new_tree.find(number)) {
                self.explain_filled(number, before, after)?;
            }
        }
        let mut names: BTreeSet<&str> = old_tree.nodes.iter().map(|node| node.name.as_str()).collect();
        for node in &new_tree.nodes {
            match node.number {
                Some(number) if old_tree.find(number).is_some() => {}
                Some(number) if self.difference.added.contains_key(&number) => {
                    self.explain_new(number, node, &mut names)?;
                }
                Some(number) => {
                    self.forbid(Some(number), format!("object {number}: a field of the form that is no new object"));
                }
                None if old_tree
                    .nodes
                    .iter()
                    .any(|old| old.number.is_none() && old.dictionary.same(&node.dictionary)) => {}
                None => self.forbid(None, format!("the field {} is part of another object", node.name)),
            }
        }
        Ok(())
    }

    fn find_lost_fields(&mut self) {
        let (old_tree, new_tree) = (self.old_tree, self.new_tree);
        for node in &old_tree.nodes {
            let is_kept = match node.number {
                Some(number) => {
                    new_tree.find(number).is_some_and(|now| now.parent == node.parent && now.name == node.name)
                }
                None => new_tree.nodes.iter().any(|now| now.number.is_none() && now.dictionary.same(&node.dictionary)),
            };
            if !is_kept {
                self.forbid(node.number, format!("the field {} was removed, renamed or moved", node.name));
            }
        }
    }

    /// Fields that changed themselves, or below which something changed.
    fn touched_fields(&self) -> BTreeSet<u32> {
        let mut touched = BTreeSet::new();
        for number in self.difference.modified.keys().chain(self.difference.removed.keys()) {
            let mut level = BTreeSet::from([*number]);
            let mut seen = level.clone();
            for _ in 0..MAX_STEPS_UP {
                let mut above = BTreeSet::new();
                for number in level {
                    if self.old_tree.find(number).is_some() {
                        touched.insert(number);
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
        }
        touched
    }

    fn explain_filled(&mut self, number: u32, before: &Node, after: &Node) -> Result<(), Stop> {
        let (old, new) = (&before.dictionary, &after.dictionary);
        if !is_plain_dictionary(new) {
            self.forbid(Some(number), format!("object {number}: the field {} is no dictionary any more", before.name));
            return Ok(());
        }
        let keys: &[&[u8]] = match before.kind {
            FieldKind::Signature if before.value.is_some() => &[],
            FieldKind::Signature => &SIGNED_KEYS,
            FieldKind::Text | FieldKind::Choice => &FILLED_KEYS,
            FieldKind::Button => &PUSHED_KEYS,
            FieldKind::Unknown => &[],
        };
        self.claim(number);
        for key in other_than(old, new, keys) {
            let what = if before.kind == FieldKind::Signature { "signature field" } else { "field" };
            self.forbid(Some(number), format!("object {number}: the {what}'s /{key} changed ({})", before.name));
        }
        if same_entry(old, new, "Ff")
            || new.get("Ff").and_then(|flags| flags.integer()) == Some(before.flags | READ_ONLY)
        {
        } else {
            self.forbid(Some(number), format!("object {number}: the flags of the field {} changed", before.name));
        }
        if before.kind == FieldKind::Signature {
            return self.explain_signed(number, before, after);
        }
        let holder = Holder::Object(number);
        let mut is_shown_anew = false;
        for key in ["V", "RV"] {
            for value in [old.get(key), new.get(key)].into_iter().flatten() {
                self.claim_below(&value, holder)?;
            }
        }
        if before.kind == FieldKind::Button {
            self.check_state(number, before, new)?;
        } else {
            for value in [old.get("AP"), new.get("AP")].into_iter().flatten() {
                is_shown_anew |= self.claim_below(&value, holder)?;
            }
            is_shown_anew |= !same_entry(old, new, "AP");
            self.check_appearance(number, new)?;
        }
        let hides = if is_shown_anew { self.hidden_by_filling(number, before, after)? } else { None };
        self.push(Found {
            object: Some(number),
            kind: ChangeKind::FormFilling,
            field: Some(before.name.clone()),
            detail: format!("object {number}: the field {} was filled in", before.name),
            hides,
        });
        Ok(())
    }

    /// A button may only show a state that it had a picture for when it was signed.
    fn check_state(&mut self, number: u32, before: &Node, new: &Value) -> Result<(), Stop> {
        let state = self.new.lookup(new, "AS")?;
        let Some(state) = state.name() else { return Ok(()) };
        let pictures = self.old.lookup(&self.old.lookup(&before.dictionary, "AP")?, "N")?;
        let name = String::from_utf8_lossy(&state).into_owned();
        if name != "Off" && !pictures.is_null() && pictures.get(&name).is_none() {
            self.forbid(
                Some(number),
                format!("object {number}: the button {} shows a state that it did not have", before.name),
            );
        }
        Ok(())
    }

    fn explain_signed(&mut self, number: u32, before: &Node, after: &Node) -> Result<(), Stop> {
        let new = &after.dictionary;
        let was_signed = before.value.is_some();
        if was_signed || same_entry(&before.dictionary, new, "V") {
            // A signed field keeps what it shows, and an empty one has nothing to show.
            for value in [before.dictionary.get("AP"), new.get("AP")].into_iter().flatten() {
                if self.has_changed_below(&value)? || !same_entry(&before.dictionary, new, "AP") {
                    let what = if was_signed { "signed" } else { "empty" };
                    self.forbid(
                        Some(number),
                        format!("object {number}: what the {what} signature field {} shows changed", before.name),
                    );
                    break;
                }
            }
            return Ok(());
        }
        self.check_value(number, new);
        self.check_appearance(number, new)?;
        let holder = Holder::Object(number);
        for value in ["V", "AP"].iter().flat_map(|key| [before.dictionary.get(key), new.get(key)]).flatten() {
            self.claim_below(&value, holder)?;
        }
        let hides = self.hidden_by_seal(number, new)?;
        self.push(Found {
            object: Some(number),
            kind: ChangeKind::Signed,
            field: Some(before.name.clone()),
            detail: format!("signature field {} filled", before.name),
            hides,
        });
        Ok(())
    }

    fn has_changed_below(&self, value: &Value) -> Result<bool, Stop> {
        let mut open = vec![value.clone()];
        let mut seen = BTreeSet::new();
        while let Some(value) = open.pop() {
            for id in value.references().collect::<BTreeSet<_>>() {
                if self.difference.concerns(id.number) {
                    return Ok(true);
                }
                if self.index.knows(id.number) && seen.insert(id.number) {
                    open.push(self.old.get(id)?);
                }
            }
        }
        Ok(false)
    }

    /// A new field may only be for a signature. Its widgets below it are looked at with it.
    fn explain_new<'t>(&mut self, number: u32, node: &'t Node, names: &mut BTreeSet<&'t str>) -> Result<(), Stop> {
        let is_widget = node.parent.is_some_and(|parent| self.difference.added.contains_key(&parent))
            && node.dictionary.get("T").is_none();
        self.claim_new_field(number, node)?;
        if node.parent.is_some_and(|parent| self.old_tree.find(parent).is_some()) {
            self.forbid(
                Some(number),
                format!("object {number}: a field was put below the field that was there: {}", node.name),
            );
            return Ok(());
        }
        if !is_plain_dictionary(&node.dictionary) {
            self.forbid(Some(number), format!("object {number}: a new field that is no dictionary"));
            return Ok(());
        }
        if node.kind != FieldKind::Signature {
            self.forbid(
                Some(number),
                format!("object {number}: a new field of the form that is not for a signature ({})", node.name),
            );
            return Ok(());
        }
        if !is_widget {
            if node.name.is_empty() || node.dictionary.get("T").is_none() {
                self.forbid(Some(number), format!("object {number}: a new field without a name"));
            } else if !names.insert(&node.name) {
                self.forbid(Some(number), format!("object {number}: a second field named {}", node.name));
            }
        }
        let kids = self.new.lookup(&node.dictionary, "Kids")?.elements();
        let is_new = |kid: &Value| kid.reference().is_some_and(|id| self.difference.added.contains_key(&id.number));
        if !kids.iter().all(is_new) {
            self.forbid(Some(number), format!("object {number}: a widget of a new field that is no new object"));
        }
        self.check_entries(number, node)?;
        self.check_value(number, &node.dictionary);
        self.check_appearance(number, &node.dictionary)?;
        let kind = self.kind_of_new(node)?;
        let hides = self.hidden_by_seal(number, &node.dictionary)?;
        if !is_widget || hides.is_some() {
            let detail = match kind {
                ChangeKind::DocumentTimestamp => format!("document timestamp {}", node.name),
                _ => format!("new signature field {}", node.name),
            };
            self.push(Found { object: Some(number), kind, field: Some(node.name.clone()), detail, hides });
        }
        Ok(())
    }

    fn kind_of_new(&self, node: &Node) -> Result<ChangeKind, Stop> {
        if self.is_seen(node)? {
            return Ok(ChangeKind::SignatureFieldAdded);
        }
        let value = self.new.lookup(&node.dictionary, "V")?;
        let is_timestamp = value.get("Type").is_some_and(|kind| kind.is_name(b"DocTimeStamp"))
            && value.get("SubFilter").is_some_and(|format| format.is_name(b"ETSI.RFC3161"));
        Ok(if is_timestamp { ChangeKind::DocumentTimestamp } else { ChangeKind::UnseenSignatureFieldAdded })
    }

    /// Whether a new field, or a widget below it, could show anything.
    fn is_seen(&self, node: &Node) -> Result<bool, Stop> {
        let kids = self.new_tree.nodes.iter().filter(|kid| kid.parent.is_some() && kid.parent == node.number);
        for part in std::iter::once(node).chain(kids) {
            let flags = self.new.lookup(&part.dictionary, "F")?.integer().unwrap_or(0);
            let rect = self.new.lookup(&part.dictionary, "Rect")?;
            let mut sides = Vec::new();
            for side in rect.elements() {
                sides.push(self.new.resolve(side)?.number().unwrap_or(f64::NAN));
            }
            let is_flat = match sides[..] {
                [left, bottom, right, top] => (right - left).abs() < 0.01 || (top - bottom).abs() < 0.01,
                _ => rect.is_null(),
            };
            if !is_flat && flags & UNSEEN == 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn claim_new_field(&mut self, number: u32, node: &Node) -> Result<(), Stop> {
        self.claim_holders_of_new(number);
        for key in ["V", "AP", "MK", "DR", "Lock", "SV", "Kids", "BS", "Border"] {
            if let Some(value) = node.dictionary.get(key) {
                self.claim_below(&value, Holder::Object(number))?;
            }
        }
        Ok(())
    }

    /// Nothing that was there may already refer to a new object: its claim has no holders.
    pub(super) fn claim_holders_of_new(&mut self, number: u32) {
        self.claim_from(number, Holder::Object(number));
    }

    /// A new field, or an annotation of it.
    fn check_entries(&mut self, number: u32, node: &Node) -> Result<(), Stop> {
        let strangers: BTreeMap<u32, String> = node
            .dictionary
            .entries()
            .filter(|(key, _)| !FIELD_KEYS.iter().any(|known| key.is_name(known)))
            .map(|(key, _)| (number, String::from_utf8_lossy(key.raw()).into_owned()))
            .collect();
        for key in strangers.values() {
            self.forbid(Some(number), format!("object {number}: a new field with {key}"));
        }
        let subtype = self.new.lookup(&node.dictionary, "Subtype")?;
        if !subtype.is_null() && !subtype.is_name(b"Widget") {
            self.forbid(Some(number), format!("object {number}: a new field that is another kind of annotation"));
        }
        // Nobody vouches for what an empty field shows.
        if node.value.is_none() && SHOWING_KEYS.iter().any(|key| node.dictionary.get(key).is_some()) {
            self.forbid(Some(number), format!("object {number}: a new field that is empty and shows something"));
        }
        Ok(())
    }

    fn check_appearance(&mut self, number: u32, annotation: &Value) -> Result<(), Stop> {
        let appearance = self.new.lookup(annotation, "AP")?;
        if !appearance.is_null() && !is_plain_dictionary(&appearance) {
            self.forbid(Some(number), format!("object {number}: a field whose /AP is no dictionary"));
        }
        Ok(())
    }

    /// A field is empty, or holds a signature that is new itself: an old one must not be shown a second time.
    fn check_value(&mut self, number: u32, field: &Value) {
        let Some(value) = field.get("V").filter(|value| !value.is_null()) else { return };
        let signature = match value.reference() {
            Some(id) => self.difference.added.get(&id.number).cloned(),
            None => Some(value),
        };
        let is_signature =
            signature.is_some_and(|signature| is_plain_dictionary(&signature) && signature.get("ByteRange").is_some());
        if !is_signature {
            self.forbid(Some(number), format!("object {number}: a signature field whose value is no new signature"));
        }
    }
}
