//! What is on a page and not seen.

use crate::source::ReadAt;

use super::cover::{self, PageInk};
use super::graph::Graph;
use super::paint::{self, Ink};
use super::{Findings, Severity, passed_over};
use crate::pdf::content::matrix::Rect;
use crate::pdf::error::PdfError;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;

/// `Hidden` and `NoView` (ISO 32000-2, table 167).
const UNSEEN: i64 = 1 << 1 | 1 << 5;
/// Pages whose content is followed.
const MAX_PAGES: usize = 200;
/// Text that is hidden by later content counts from this part of its area on.
const MOST: f64 = 0.8;

pub(super) fn look<S: ReadAt>(reader: &Reader<S>, graph: &Graph, findings: &mut Findings) -> Result<(), PdfError> {
    layers(reader, findings)?;
    for (at, (number, page)) in graph.pages.iter().take(MAX_PAGES).enumerate() {
        let place = (u32::try_from(at + 1).ok(), Some(*number));
        if let Some(painted) = passed_over(paint::page(reader, page))? {
            let covered = covered_text(&painted.marks);
            if covered > 0 {
                let detail = format!("{covered} pieces of text lie under something opaque");
                findings.add(Severity::Warning, "lint.covered-text", place, detail);
            }
        }
        annotations(reader, page, place, findings)?;
    }
    Ok(())
}

fn covered_text(marks: &[paint::Mark]) -> usize {
    // The opaque areas from the last back: each text is held against what was painted behind it.
    let mut opaque: Vec<Rect> = Vec::new();
    let mut covered = 0;
    for mark in marks.iter().rev() {
        match mark.ink {
            Ink::Fill | Ink::Picture if opaque.len() < 2_000 => opaque.push(mark.area),
            Ink::Text => {
                let whole = (mark.area.width() * mark.area.height()).max(0.01);
                let is_under = |area: &Rect| {
                    area.common(&mark.area).is_some_and(|common| common.width() * common.height() > MOST * whole)
                };
                covered += usize::from(opaque.iter().any(is_under));
            }
            _ => {}
        }
    }
    covered
}

fn annotations<S: ReadAt>(
    reader: &Reader<S>,
    page: &Value,
    place: (Option<u32>, Option<u32>),
    findings: &mut Findings,
) -> Result<(), PdfError> {
    let Some(list) = passed_over(reader.lookup(page, "Annots"))? else { return Ok(()) };
    let mut ink = None;
    for entry in list.elements().into_iter().take(2_000) {
        let number = entry.reference().map(|id| id.number);
        let Some(annotation) = passed_over(reader.resolve(entry))?.filter(Value::is_dictionary) else { continue };
        let place = (place.0, number.or(place.1));
        let is_field = annotation.get("Subtype").is_some_and(|kind| kind.is_name(b"Widget"));
        let flags = passed_over(reader.lookup(&annotation, "F"))?.and_then(|flags| flags.integer()).unwrap_or(0);
        let is_popup = annotation.get("Subtype").is_some_and(|kind| kind.is_name(b"Popup"));
        if flags & UNSEEN != 0 && !is_popup && annotation.get("AP").is_some() {
            let detail = "an annotation or a field that is hidden and has something to show".to_owned();
            findings.add(Severity::Notice, "lint.hidden-annotation", place, detail);
            continue;
        }
        let opaque = passed_over(cover::opaque(reader, &annotation))?.unwrap_or_default();
        if opaque.is_empty() {
            continue;
        }
        let ink = match &ink {
            Some(ink) => ink,
            None => match passed_over(PageInk::of(reader, page))? {
                Some(found) => ink.insert(found),
                None => return Ok(()),
            },
        };
        if !ink.hidden_by(&opaque).is_empty() {
            let (code, what) = if is_field {
                ("lint.covering-field", "a form field")
            } else {
                ("lint.covering-annotation", "an annotation")
            };
            findings.add(Severity::Warning, code, place, format!("{what} covers what is on the page"));
        }
    }
    Ok(())
}

/// Layers that are off (ISO 32000-2, 8.11.4.3): what is in them is there and not seen.
fn layers<S: ReadAt>(reader: &Reader<S>, findings: &mut Findings) -> Result<(), PdfError> {
    let catalog = reader.catalog()?;
    let Some(properties) = passed_over(reader.lookup(&catalog, "OCProperties"))? else { return Ok(()) };
    let Some(shown) = passed_over(reader.lookup(&properties, "D"))? else { return Ok(()) };
    let off = passed_over(reader.lookup(&shown, "OFF"))?.map_or(0, |off| off.elements().len());
    let starts_off = shown.get("BaseState").is_some_and(|state| state.is_name(b"OFF"));
    if off > 0 || starts_off {
        let detail = "the file has layers that are not shown".to_owned();
        findings.add(Severity::Warning, "lint.hidden-layer", (None, None), detail);
    }
    Ok(())
}
