//! What is seen of a signature: the seal at places on pages, each a widget of a signature field.
//!
//! A field never has more than one widget (ISO 32000-2, 12.7.5.5), so further marks are further fields which share one
//! signature dictionary as their `/V`: one signature, and one use of the key.

use eseal_face::Face;

use crate::pdf::appearance;
use crate::pdf::error::PdfError;
use crate::pdf::form;
use crate::pdf::place::page::{self, Page, PageIndex};
use crate::pdf::place::{Placed, Placement};
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::text::text_string;
use crate::pdf::syntax::token::ObjectId;
use crate::pdf::write::revision::Revision;
use crate::pdf::write::splice::reference;
use crate::source::ReadAt;

/// `Print` and `Locked` (ISO 32000-2, table 167).
const ANNOTATION_FLAGS: u32 = 132;

/// A picture at a place.
#[derive(Debug, Clone, Copy)]
pub struct Mark<'a> {
    face: &'a Face,
    /// `None` in the field that is filled.
    place: Option<Placement>,
}

impl<'a> Mark<'a> {
    /// A seal's face, upright, as large as fits, in the middle of the place.
    #[must_use]
    pub const fn new(face: &'a Face, place: Placement) -> Self {
        Self { face, place: Some(place) }
    }

    /// A seal's face, upright, as large as fits, in the middle of the rectangle of the field that is filled
    /// ([`FieldChoice::Named`](crate::pdf::FieldChoice::Named)).
    #[must_use]
    pub const fn in_field(face: &'a Face) -> Self {
        Self { face, place: None }
    }

    pub(super) const fn is_in_field(&self) -> bool {
        self.place.is_none()
    }

    /// Writes the appearance stream of this mark; answers which object it is.
    pub(super) fn draw(&self, revision: &mut Revision, placed: &Placed) -> Result<ObjectId, PdfError> {
        let id = revision.allocate()?;
        appearance::write(revision, id, &self.face.to_pdf_form(), placed);
        Ok(id)
    }
}

/// A page and what is added to its annotations.
struct Marked {
    page: Page,
    widgets: Vec<ObjectId>,
}

/// Writes a widget for each mark, or an unseen one on the first page if there is none, and adds them to their pages.
/// Answers with the fields, the first of which has the first of the `names`.
pub(super) fn write<S: ReadAt>(
    reader: &Reader<S>,
    revision: &mut Revision,
    marks: &[Mark<'_>],
    mut names: impl Iterator<Item = String>,
    signature: ObjectId,
) -> Result<Vec<ObjectId>, PdfError> {
    let mut pages: Vec<Marked> = Vec::new();
    let mut fields = Vec::new();
    let mut widget = |revision: &mut Revision, page: Page, seen: Seen| -> Result<(), PdfError> {
        let name = names.next().unwrap_or_default();
        let id = revision.allocate()?;
        revision.write(id, seen.widget(&name, page.id, signature)?.as_bytes());
        fields.push(id);
        match pages.iter_mut().find(|marked| marked.page.id == page.id) {
            Some(marked) => marked.widgets.push(id),
            None => pages.push(Marked { page, widgets: vec![id] }),
        }
        Ok(())
    };
    if marks.is_empty() {
        widget(revision, page::find(reader, PageIndex::new(1))?, Seen::default())?;
    }
    for mark in marks {
        // A new field has no rectangle to go by.
        let place = mark.place.ok_or(PdfError::EmptyPlacement)?;
        let page = page::find(reader, place.page())?;
        let placed = page.geometry.place(&place)?;
        let id = mark.draw(revision, &placed)?;
        widget(revision, page, Seen { rect: placed.rect, appearance: Some(id) })?;
    }
    for Marked { page, widgets } in &pages {
        form::add_annotations(reader, revision, page, widgets)?;
    }
    Ok(fields)
}

/// Where a widget is and what it shows; without an appearance it has no area (ISO 32000-2, 12.7.5.5).
#[derive(Default)]
struct Seen {
    rect: [f64; 4],
    appearance: Option<ObjectId>,
}

impl Seen {
    /// Widget annotation and field in one (ISO 32000-2, 12.5.6.19 and 12.7.5.5).
    fn widget(&self, field: &str, page: ObjectId, signature: ObjectId) -> Result<String, PdfError> {
        let appearance = self.appearance.map(|id| format!(" /AP <</N {}>>", reference(id)));
        Ok(format!(
            "<</Type /Annot /Subtype /Widget /FT /Sig /T {} /V {} /F {ANNOTATION_FLAGS} /P {} /Rect [{}]{}>>",
            text_string(field, "field name")?,
            reference(signature),
            reference(page),
            appearance::numbers(&self.rect),
            appearance.unwrap_or_default()
        ))
    }
}
