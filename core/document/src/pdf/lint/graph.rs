//! Which objects lead where: what is reached from the trailer, and what is not.

use std::collections::{BTreeSet, HashSet};

use crate::source::ReadAt;

use super::{Findings, Severity, actions, passed_over};
use crate::pdf::error::PdfError;
use crate::pdf::read::reader::Reader;
use crate::pdf::read::xref::Entry;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::ObjectId;

/// Objects that are walked over; a larger file is looked at in part, and says so.
const MAX_OBJECTS: usize = 200_000;
/// Pages that are looked at one by one.
const MAX_PAGES: usize = 2_000;

/// The objects of a file as far as they hang together.
pub(super) struct Graph {
    reached: HashSet<u32>,
    is_complete: bool,
    /// The leaves of the page tree, in order.
    pub(super) pages: Vec<(u32, Value)>,
}

impl Graph {
    pub(super) fn walk<S: ReadAt>(reader: &Reader<S>, findings: &mut Findings) -> Result<Self, PdfError> {
        let mut graph = Self { reached: HashSet::new(), is_complete: true, pages: Vec::new() };
        let mut open: Vec<ObjectId> = reader.xref.trailer().references().collect();
        while let Some(id) = open.pop() {
            if !graph.reached.insert(id.number) {
                continue;
            }
            if graph.reached.len() > MAX_OBJECTS {
                graph.is_complete = false;
                break;
            }
            let Some(value) = passed_over(reader.get(id))? else { continue };
            actions::look(Some(id.number), &value, findings);
            open.extend(value.references().filter(|next| !graph.reached.contains(&next.number)));
        }
        graph.walk_pages(reader, findings)?;
        if !graph.is_complete {
            let detail = format!("more than {MAX_OBJECTS} objects or {MAX_PAGES} pages: the rest was not looked at");
            findings.add(Severity::Notice, "lint.incomplete", (None, None), detail);
        }
        Ok(graph)
    }

    fn walk_pages<S: ReadAt>(&mut self, reader: &Reader<S>, findings: &mut Findings) -> Result<(), PdfError> {
        let catalog = reader.catalog()?;
        let mut open: Vec<Value> = catalog.get("Pages").into_iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(node) = open.pop() {
            let Some(id) = node.reference() else { continue };
            if !seen.insert(id) {
                continue;
            }
            let Some(value) = passed_over(reader.get(id))? else { continue };
            let kids = passed_over(reader.lookup(&value, "Kids"))?.map(|kids| kids.elements()).unwrap_or_default();
            if !kids.is_empty() {
                open.extend(kids.into_iter().rev());
            } else if value.is_dictionary() && value.get("Kids").is_none() {
                if self.pages.len() >= MAX_PAGES {
                    self.is_complete = false;
                    return Ok(());
                }
                self.pages.push((id.number, value));
            }
        }
        for (at, (number, page)) in self.pages.iter().enumerate() {
            let contents = page.get("Contents").into_iter();
            let inside = contents.flat_map(|contents| contents.references().collect::<Vec<_>>());
            for id in inside {
                if passed_over(reader.get(id))?.is_some_and(|value| value.is_null()) {
                    let place = (u32::try_from(at + 1).ok(), Some(*number));
                    let detail = format!("the page's content names object {}, which is not there yet", id.number);
                    findings.add(Severity::Warning, "lint.missing-content", place, detail);
                }
            }
        }
        Ok(())
    }

    /// Objects that are in use by the cross-references and that nothing leads to.
    pub(super) fn unreachable<S: ReadAt>(&self, reader: &Reader<S>, findings: &mut Findings) -> Result<(), PdfError> {
        if !self.is_complete {
            return Ok(());
        }
        let numbers: BTreeSet<u32> = reader.xref.sections.iter().flat_map(|section| section.numbers()).collect();
        for number in numbers.into_iter().filter(|number| !self.reached.contains(number)).take(MAX_OBJECTS) {
            let entry = reader.xref.get(number);
            let generation = match entry {
                Some(Entry::InFile { generation, .. }) => generation,
                Some(Entry::InStream { .. }) => 0,
                _ => continue,
            };
            let Some(value) = passed_over(reader.get(ObjectId { number, generation }))? else { continue };
            let is = |key: &str, name: &[u8]| value.get(key).is_some_and(|kind| kind.is_name(name));
            let place = (None, Some(number));
            if is("Type", b"Page") || is("Type", b"Pages") || is("Type", b"Catalog") {
                findings.add(
                    Severity::Warning,
                    "lint.unreachable-page",
                    place,
                    "a page or a catalog that nothing leads to".to_owned(),
                );
            } else if is("Type", b"XRef") || is("Type", b"ObjStm") || is("Linearized", b"") || value.is_null() {
            } else if value.object().stream.is_some() || is("Type", b"Annot") || is("Type", b"Font") {
                findings.add(
                    Severity::Notice,
                    "lint.unreachable-content",
                    place,
                    "content that nothing leads to".to_owned(),
                );
            }
        }
        Ok(())
    }
}
