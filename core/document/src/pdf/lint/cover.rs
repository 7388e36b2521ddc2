//! What of a page lies under something opaque.

use crate::source::ReadAt;

use super::paint::{self, Ink, Mark, Painted};
use crate::pdf::content::matrix::Rect;
use crate::pdf::error::PdfError;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;

/// What is narrower, in points, is a line or a rounding.
const LEAST_SIDE: f64 = 1.5;
/// A fill of more than this part of the page is its background, and covering it hides nothing.
const BACKGROUND: f64 = 0.5;

/// Annotations that readers draw over the page when they have no appearance of their own.
const DRAWN_OPAQUE: [&[u8]; 2] = [b"Stamp", b"Redact"];
/// Annotations that readers fill with a colour when they have one: `/C` for the first, `/IC` for the others.
const DRAWN_FILLED: [&[u8]; 4] = [b"FreeText", b"Square", b"Circle", b"Polygon"];

/// The parts of a page that carry something.
pub(crate) struct PageInk {
    marks: Vec<Mark>,
    /// Nothing is known of some of it, so that anything may lie anywhere.
    whole: Option<Rect>,
}

impl PageInk {
    pub(crate) fn of<S: ReadAt>(reader: &Reader<S>, page: &Value) -> Result<Self, PdfError> {
        let painted = paint::page(reader, page)?;
        let media = paint::rectangle(reader, &paint::inherited(reader, page, "MediaBox")?)?;
        let media = media.unwrap_or(Rect::around(0.0, 0.0, 612.0, 792.0));
        let is_background = |mark: &Mark| {
            let common = mark.area.common(&media);
            let share =
                common.map_or(0.0, |area| area.width() * area.height() / (media.width() * media.height()).max(1.0));
            matches!(mark.ink, Ink::Fill | Ink::Light) && share > BACKGROUND
        };
        let is_seen = |mark: &&Mark| mark.area.width() >= LEAST_SIDE && mark.area.height() >= LEAST_SIDE;
        let marks = painted.marks.iter().filter(|mark| !is_background(mark)).filter(is_seen).copied().collect();
        Ok(Self { marks, whole: (!painted.complete).then_some(media) })
    }

    /// Which of the page's marks the opaque areas hide, by their place in the list.
    pub(crate) fn hidden_by(&self, opaque: &[Rect]) -> Vec<usize> {
        let hides = |area: &Rect| {
            opaque.iter().any(|cover| {
                let least = LEAST_SIDE.min(area.height() / 2.0).min(area.width() / 2.0);
                cover.common(area).is_some_and(|common| common.width() >= least && common.height() >= least)
            })
        };
        let known = self.marks.iter().enumerate().filter(|(_, mark)| hides(&mark.area)).map(|(at, _)| at);
        let unknown = self.whole.filter(hides).map(|_| self.marks.len());
        known.chain(unknown).collect()
    }
}

/// What an annotation or a widget shows, in its place on the page. `None` if it shows nothing.
pub(crate) fn shown<S: ReadAt>(reader: &Reader<S>, annotation: &Value) -> Result<Option<Painted>, PdfError> {
    const UNSEEN: i64 = 1 << 1 | 1 << 5;
    let Some(place) = paint::rectangle(reader, &reader.lookup(annotation, "Rect")?)? else { return Ok(None) };
    if reader.lookup(annotation, "F")?.integer().unwrap_or(0) & UNSEEN != 0 {
        return Ok(None);
    }
    let normal = reader.lookup(&reader.lookup(annotation, "AP")?, "N")?;
    let stream = if normal.object().stream.is_none() && normal.is_dictionary() {
        let state = reader.lookup(annotation, "AS")?.name().unwrap_or_default();
        reader.lookup(&normal, &String::from_utf8_lossy(&state))?
    } else {
        normal
    };
    if stream.object().stream.is_some() {
        return paint::appearance(reader, &stream, &place).map(Some);
    }
    let kind = reader.lookup(annotation, "Subtype")?;
    let color = |key: &str| -> Result<bool, PdfError> { Ok(!reader.lookup(annotation, key)?.elements().is_empty()) };
    let is_filled = DRAWN_OPAQUE.iter().any(|drawn| kind.is_name(drawn))
        || (DRAWN_FILLED.iter().any(|drawn| kind.is_name(drawn))
            && color(if kind.is_name(b"FreeText") { "C" } else { "IC" })?);
    // What a reader draws by itself is as large as the rectangle.
    let marks = if is_filled { vec![Mark { area: place, ink: Ink::Fill }] } else { Vec::new() };
    Ok(Some(Painted { marks, complete: true, ..Painted::default() }))
}

/// The opaque areas of what is shown.
pub(crate) fn opaque<S: ReadAt>(reader: &Reader<S>, annotation: &Value) -> Result<Vec<Rect>, PdfError> {
    let Some(painted) = shown(reader, annotation)? else { return Ok(Vec::new()) };
    let is_large = |mark: &&Mark| mark.area.width() >= LEAST_SIDE && mark.area.height() >= LEAST_SIDE;
    let opaque = painted.marks.iter().filter(|mark| matches!(mark.ink, Ink::Fill | Ink::Picture));
    let mut areas: Vec<Rect> = opaque.filter(is_large).map(|mark| mark.area).collect();
    if !painted.complete {
        areas.extend(paint::rectangle(reader, &reader.lookup(annotation, "Rect")?)?);
    }
    Ok(areas)
}
