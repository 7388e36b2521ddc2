//! One revision against the one before it.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::ChangeKind;
use crate::source::ReadAt;

use super::compare::{has_type, is_looked_for, is_plain_dictionary, is_stream, kind};
use super::difference::{Difference, id};
use super::history::{Revisions, View};
use super::index::{Holder, Index};
use super::tree::Tree;
use super::{Found, Stop};
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::ObjectId;

/// Objects that are followed from one claim.
const MAX_FOLLOWED: usize = 1 << 16;

/// How far up it is looked for whether anything leads to an object.
const MAX_ORPHAN_DEPTH: usize = 4;

/// The file before and after.
pub(super) struct Sides<'a, 's, S> {
    pub(super) old: &'a View<'s, S>,
    pub(super) new: &'a View<'s, S>,
    pub(super) old_tree: &'a Tree,
    pub(super) new_tree: &'a Tree,
}

/// From where an object that changed may be used.
enum Claim {
    /// What changed in it means something in one place only.
    Anywhere,
    From(BTreeSet<Holder>),
}

/// Annotations that were taken off their page.
#[derive(Default)]
pub(super) struct Gone {
    pub(super) annotations: BTreeSet<u32>,
    /// Under which the structure's number tree led from them to their elements (`/StructParent`).
    pub(super) numbers: BTreeSet<i64>,
}

/// What the rules know about one revision.
pub(super) struct Step<'a, 's, S> {
    pub(super) revisions: &'a Revisions<'s, S>,
    pub(super) index: &'a Index,
    /// The section that the revision wrote; the one before it is the next.
    section: usize,
    pub(super) old: &'a View<'s, S>,
    pub(super) new: &'a View<'s, S>,
    pub(super) old_tree: &'a Tree,
    pub(super) new_tree: &'a Tree,
    pub(super) difference: &'a Difference,
    claims: BTreeMap<u32, Claim>,
    pub(super) gone: Gone,
    found: Vec<Found>,
}

impl<'a, 's, S: ReadAt> Step<'a, 's, S> {
    pub(super) fn new(
        revisions: &'a Revisions<'s, S>,
        index: &'a Index,
        section: usize,
        sides: &Sides<'a, 's, S>,
        difference: &'a Difference,
    ) -> Self {
        let Sides { old, new, old_tree, new_tree } = *sides;
        let (claims, gone, found) = (BTreeMap::new(), Gone::default(), Vec::new());
        Self { revisions, index, section, old, new, old_tree, new_tree, difference, claims, gone, found }
    }

    /// Everything that was done, with what no rule explains.
    pub(super) fn explain(mut self) -> Result<Vec<Found>, Stop> {
        for (number, detail) in &self.difference.wrong {
            self.forbid(Some(*number), detail.clone());
        }
        self.explain_trailer()?;
        self.explain_catalog()?;
        self.explain_fields()?;
        self.explain_pages()?;
        self.explain_structure()?;
        self.explain_annotations()?;
        self.explain_machinery();
        self.explain_removed()?;
        self.explain_unused();
        self.forbid_the_rest();
        self.check_holders();
        if self.found.is_empty() {
            self.note(None, ChangeKind::Structure, "nothing but what was there");
        }
        Ok(self.found)
    }

    pub(super) fn push(&mut self, found: Found) {
        self.found.push(found);
    }

    pub(super) fn note(&mut self, object: Option<u32>, kind: ChangeKind, detail: impl Into<String>) {
        self.push(Found { object, kind, field: None, detail: detail.into(), hides: None });
    }

    /// Something that no rule permits.
    pub(super) fn forbid(&mut self, object: Option<u32>, detail: impl Into<String>) {
        if let Some(number) = object {
            self.claim(number);
        }
        self.note(object, ChangeKind::Other, detail);
    }

    /// What changed in an object is explained, wherever it is used.
    pub(super) fn claim(&mut self, number: u32) {
        self.claims.insert(number, Claim::Anywhere);
    }

    /// What changed in an object is explained if only such places use it.
    pub(super) fn claim_from(&mut self, number: u32, holder: Holder) {
        match self.claims.entry(number).or_insert_with(|| Claim::From(BTreeSet::new())) {
            Claim::Anywhere => {}
            Claim::From(holders) => drop(holders.insert(holder)),
        }
    }

    pub(super) fn is_claimed(&self, number: u32) -> bool {
        self.claims.contains_key(&number)
    }

    /// Claims everything that changed below a value, as far as only it is used from there. Objects that the standard gives
    /// a meaning of their own (pages, fields, the catalog) are not below anything. Answers whether there was any.
    pub(super) fn claim_below(&mut self, value: &Value, holder: Holder) -> Result<bool, Stop> {
        let mut open = vec![(value.clone(), holder)];
        let mut seen: BTreeSet<u32> = BTreeSet::new();
        let mut any_changed = false;
        while let Some((value, holder)) = open.pop() {
            for id in value.references().collect::<BTreeSet<_>>() {
                let changed = self.difference.concerns(id.number);
                if !changed && !self.index.knows(id.number) {
                    continue;
                }
                if self.has_own_meaning(id)? {
                    continue;
                }
                any_changed |= changed;
                self.claim_from(id.number, holder);
                if seen.insert(id.number) && seen.len() <= MAX_FOLLOWED {
                    open.push((self.new.get(id)?, Holder::Object(id.number)));
                    open.push((self.old.get(id)?, Holder::Object(id.number)));
                }
            }
        }
        Ok(any_changed)
    }

    fn has_own_meaning(&self, id: ObjectId) -> Result<bool, Stop> {
        let number = id.number;
        if self.old_tree.find(number).is_some() || self.new_tree.find(number).is_some() {
            return Ok(true);
        }
        if number == self.old.root_id()?.number {
            return Ok(true);
        }
        let old = self.old.get(id)?;
        let kinds = [&b"Pages"[..], b"Catalog", b"StructElem", b"StructTreeRoot"];
        Ok(kinds.iter().any(|kind| has_type(&old, kind)) || self.is_page(number, &old)?)
    }

    /// Who used an object before.
    pub(super) fn holders_before(&self, number: u32) -> BTreeSet<Holder> {
        self.index.holders(self.revisions, number, self.section + 1)
    }

    /// Whether nothing leads to a holder: what it refers to is not used by it. `known` are answers given before.
    fn is_orphan(&self, holder: Holder, depth: usize, known: &mut BTreeMap<(u32, usize), bool>) -> bool {
        let Holder::Object(number) = holder else { return false };
        if depth == 0 || !self.index.knows(number) {
            return false;
        }
        if let Some(is_orphan) = known.get(&(number, depth)) {
            return *is_orphan;
        }
        let is_orphan = self.holders_before(number).iter().all(|above| self.is_orphan(*above, depth - 1, known));
        known.insert((number, depth), is_orphan);
        is_orphan
    }

    /// Objects of the format itself: cross-reference streams and object streams, which nothing refers to.
    fn explain_machinery(&mut self) {
        let is_machinery = |value: &Value| is_stream(value) && (has_type(value, b"XRef") || has_type(value, b"ObjStm"));
        let added = self.difference.added.iter().filter(|(_, value)| is_machinery(value)).map(|(number, _)| *number);
        let modified = self
            .difference
            .modified
            .iter()
            .filter(|(_, change)| is_machinery(&change.old) && is_machinery(&change.new));
        let numbers: Vec<u32> = added.chain(modified.map(|(number, _)| *number)).collect();
        for number in numbers {
            self.claims.entry(number).or_insert_with(|| Claim::From(BTreeSet::new()));
        }
    }

    /// What nothing refers to any more may go.
    fn explain_removed(&mut self) -> Result<(), Stop> {
        let gone: Vec<u32> = self.difference.removed.keys().copied().collect();
        for number in gone {
            let holders = self.index.holders(self.revisions, number, self.section);
            // Who refers to it and went too refers to nothing.
            let is_used = holders.iter().any(|holder| match holder {
                Holder::Trailer | Holder::PrivateEntry => true,
                Holder::Object(holder) => !self.difference.removed.contains_key(holder),
            });
            let entry = self.old.xref.get(number);
            let is_named = self.has_own_meaning(id(number, entry))?;
            if !is_used && !is_named {
                self.claim(number);
            }
        }
        Ok(())
    }

    /// What is new and nothing leads to is shown by nobody; signers' tools leave such things behind. A later revision that
    /// comes to use it is judged by what it changed then.
    fn explain_unused(&mut self) {
        for number in self.unused() {
            self.claim(number);
            let kind = kind(&self.difference.added[&number]);
            let detail = format!("object {number} ({kind}) was added, and nothing uses it");
            self.note(Some(number), ChangeKind::Structure, detail);
        }
    }

    /// New objects to which nothing leads but others of them.
    fn unused(&self) -> BTreeSet<u32> {
        let is_open = |(number, value): &(&u32, &Value)| {
            !self.is_claimed(**number) && self.index.knows(**number) && !is_looked_for(value)
        };
        let mut unused: BTreeSet<u32> =
            self.difference.added.iter().filter(is_open).map(|(number, _)| *number).collect();
        let mut used = Vec::new();
        let mut below: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for number in &unused {
            for holder in self.index.holders(self.revisions, *number, self.section) {
                match holder {
                    Holder::Object(above) if unused.contains(&above) => below.entry(above).or_default().push(*number),
                    _ => used.push(*number),
                }
            }
        }
        // What is used uses what it refers to. Each object is taken out once.
        while let Some(number) = used.pop() {
            if unused.remove(&number) {
                used.extend(below.remove(&number).into_iter().flatten());
            }
        }
        unused
    }

    fn forbid_the_rest(&mut self) {
        let rest: Vec<u32> = self.difference.numbers().filter(|number| !self.is_claimed(*number)).collect();
        for number in rest {
            let detail = if let Some(value) = self.difference.added.get(&number) {
                format!("object {number} ({}) was added", kind(value))
            } else if let Some(value) = self.difference.removed.get(&number) {
                format!("object {number} ({}) was removed", kind(value))
            } else {
                let change = &self.difference.modified[&number];
                let what = if change.is_plain() { "changed" } else { "was replaced" };
                format!("object {number} ({}) {what}", kind(&change.old))
            };
            self.forbid(Some(number), detail);
        }
    }

    /// What may change in its own place must not be used from another, and nothing that was there may already refer to
    /// what is new: what was nothing there would become something.
    fn check_holders(&mut self) {
        let (mut wrong, mut known) = (Vec::new(), BTreeMap::new());
        for (number, claim) in &self.claims {
            let Claim::From(allowed) = claim else { continue };
            // Where nothing was known to be used, a signature may get the number.
            let is_plain = self.difference.added.get(number).is_some_and(is_plain_dictionary);
            let mut is_right = |holder: &Holder| {
                allowed.contains(holder)
                    || (is_plain && *holder == Holder::PrivateEntry)
                    || self.is_orphan(*holder, MAX_ORPHAN_DEPTH, &mut known)
            };
            if self.holders_before(*number).iter().all(&mut is_right) {
                continue;
            }
            wrong.push(if self.difference.added.contains_key(number) {
                (*number, format!("object {number} fills in what the signed revision left open"))
            } else {
                (*number, format!("object {number} changed and is used from another place too"))
            });
        }
        for (number, detail) in wrong {
            self.forbid(Some(number), detail);
        }
    }
}
