//! What is seen of a signature: the seal at places on pages, each a widget of a signature field.
//!
//! A field never has more than one widget (ISO 32000-2, 12.7.5.5), so further marks are further fields which share one
//! signature dictionary as their `/V`: one signature, and one use of the key.

use std::collections::HashSet;

use crate::pdf::appearance;
use crate::pdf::appearance::conformance::{Archival, Conformance};
use crate::pdf::appearance::drawing::{Content, Drawing};
use crate::pdf::appearance::picture::{Part, Picture};
use crate::pdf::appearance::tags::{self, Tags};
use crate::pdf::appearance::text::TextBlock;
use crate::pdf::error::PdfError;
use crate::pdf::form;
use crate::pdf::limits::MAX_MARKS;
use crate::pdf::place::page::{self, Page, PageIndex, Pages};
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
#[must_use]
pub struct Mark<'a> {
    content: Content<'a>,
    /// `None` in the field that is filled.
    place: Option<Placement>,
    description: Option<&'a str>,
}

impl<'a> Mark<'a> {
    /// A seal's picture (a [`Face`](eseal_face::Face) or an [`Image`](crate::pdf::Image)), upright, as large as fits, in the
    /// middle of the place.
    pub fn new(picture: impl Into<Picture<'a>>, place: Placement) -> Self {
        Self::of_part(picture.into(), Part::WHOLE, place)
    }

    /// A seal's picture, upright, as large as fits, in the middle of the rectangle of the field that is filled
    /// ([`FieldChoice::Named`](crate::pdf::FieldChoice::Named)).
    pub fn in_field(picture: impl Into<Picture<'a>>) -> Self {
        let content = Content { picture: picture.into(), part: Part::WHOLE, text: None };
        Self { content, place: None, description: None }
    }

    /// A part of a picture, the rest of it cut off.
    pub(crate) const fn of_part(picture: Picture<'a>, part: Part, place: Placement) -> Self {
        Self { content: Content { picture, part, text: None }, place: Some(place), description: None }
    }

    /// Lines of text that share the place with the picture.
    pub const fn text(mut self, text: &'a TextBlock<'a>) -> Self {
        self.content.text = Some(text);
        self
    }

    /// What a screen reader says of it (`/TU`); where a file claims to be accessible (PDF/UA), the name of the field is said
    /// if nothing else is given.
    pub const fn describe(mut self, description: &'a str) -> Self {
        self.description = Some(description);
        self
    }

    /// Where it goes; `None` in the field that is filled.
    #[must_use]
    pub const fn place(&self) -> Option<&Placement> {
        self.place.as_ref()
    }

    pub(super) const fn is_in_field(&self) -> bool {
        self.place.is_none()
    }

    /// Writes the appearance stream of this mark alone; answers which object it is.
    pub(super) fn draw<S: ReadAt>(
        &self,
        reader: &Reader<S>,
        revision: &mut Revision,
        placed: &Placed,
    ) -> Result<ObjectId, PdfError> {
        let mut drawing = Drawing::new(Conformance::of(reader));
        let id = drawing.draw(revision, &self.content, placed)?;
        drawing.finish(revision)?;
        Ok(id)
    }
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
    if marks.len() > MAX_MARKS {
        return Err(PdfError::LimitExceeded { what: "marks of a signature" });
    }
    let conformance = Conformance::of(reader);
    let mut widgets = Widgets {
        signature,
        tags: if conformance.is_tagged { Tags::open(reader)? } else { None },
        must_be_described: conformance.is_tagged,
        fields: Vec::new(),
        pages: Vec::new(),
    };
    let pages = Pages::of(reader, marks.len());
    if marks.is_empty() {
        let name = names.next().unwrap_or_default();
        match pages.find(PageIndex::new(1)) {
            Ok(page) => {
                let seen = Seen { appearance: unseen_appearance(revision, conformance)?, ..Seen::default() };
                widgets.add(revision, page, &name, &seen)?;
            }
            // A document without pages has no place for a widget, and needs none.
            Err(PdfError::NoSuchPage { .. }) => return field_alone(revision, &name, signature),
            Err(error) => return Err(error),
        }
    }
    let mut drawing = Drawing::new(conformance);
    for mark in marks {
        // A new field has no rectangle to go by.
        let place = mark.place.ok_or(PdfError::EmptyPlacement)?;
        let page = pages.find(place.page())?;
        let placed = page.geometry.place(&place)?;
        let appearance = Some(drawing.draw(revision, &mark.content, &placed)?);
        let seen = Seen { rect: placed.rect, appearance, description: mark.description };
        widgets.add(revision, page, &names.next().unwrap_or_default(), &seen)?;
    }
    drawing.finish(revision)?;
    widgets.finish(reader, revision)
}

/// A page and what is added to its annotations.
struct Marked {
    page: Page,
    widgets: Vec<ObjectId>,
}

/// The widgets of one signature.
struct Widgets {
    signature: ObjectId,
    tags: Option<Tags>,
    must_be_described: bool,
    fields: Vec<ObjectId>,
    pages: Vec<Marked>,
}

impl Widgets {
    fn add(&mut self, revision: &mut Revision, page: Page, name: &str, seen: &Seen<'_>) -> Result<(), PdfError> {
        let id = revision.allocate()?;
        let tag = match &mut self.tags {
            Some(tags) => tags.add(revision, id, page.id)?,
            None => String::new(),
        };
        let description = seen.description.or(self.must_be_described.then_some(name));
        let widget = seen.widget(name, description, page.id, self.signature)?;
        revision.write(id, format!("<<{widget}{tag}>>").as_bytes());
        self.fields.push(id);
        // Marks come in the order of the pages more often than not.
        match self.pages.iter_mut().rev().find(|marked| marked.page.id == page.id) {
            Some(marked) => marked.widgets.push(id),
            None => self.pages.push(Marked { page, widgets: vec![id] }),
        }
        Ok(())
    }

    /// Adds the widgets to their pages and to the structure tree.
    fn finish<S: ReadAt>(self, reader: &Reader<S>, revision: &mut Revision) -> Result<Vec<ObjectId>, PdfError> {
        let lists: HashSet<ObjectId> =
            self.pages.iter().filter_map(|marked| marked.page.dictionary.get("Annots")?.reference()).collect();
        let of_form = form::form(reader)?.get("Fields").and_then(|list| list.reference());
        if form::has_signature(reader)? {
            // Pages that share a list would show each other's marks, and a form would list them twice.
            revision.leave_alone(page::shared_lists(reader, &lists, of_form));
        } else {
            // As long as nobody has signed what they are, who else uses the lists need not be known.
            revision.leave_alone(lists.into_iter().chain(of_form));
            // A later seal on the page is then permitted by whoever goes by what objects say of themselves.
            for Page { id, dictionary, .. } in
                self.pages.iter().map(|marked| &marked.page).filter(|page| !page.says_so())
            {
                revision.edit(*id, dictionary).set(dictionary, "Type", b"/Page");
            }
        }
        for Marked { page, widgets } in &self.pages {
            form::add_annotations(reader, revision, page, widgets)?;
            if self.tags.is_some() {
                tags::order_by_structure(reader, revision, page)?;
            }
        }
        if let Some(tags) = self.tags {
            tags.finish(reader, revision)?;
        }
        Ok(self.fields)
    }
}

/// An empty appearance where the file's claim wants every widget to have one, seen or not (ISO 19005-1, 6.9).
fn unseen_appearance(revision: &mut Revision, conformance: Conformance) -> Result<Option<ObjectId>, PdfError> {
    if conformance.archival != Some(Archival::First) {
        return Ok(None);
    }
    let id = revision.allocate()?;
    revision.write_stream(id, "/Type /XObject /Subtype /Form /FormType 1 /BBox [0 0 0 0] /Resources <<>>", b"");
    Ok(Some(id))
}

/// A field that is shown nowhere.
fn field_alone(revision: &mut Revision, name: &str, signature: ObjectId) -> Result<Vec<ObjectId>, PdfError> {
    let id = revision.allocate()?;
    let value = format!("<</FT /Sig /T {} /V {}>>", text_string(name, "field name")?, reference(signature));
    revision.write(id, value.as_bytes());
    Ok(vec![id])
}

/// Where a widget is and what it shows; without an appearance it has no area (ISO 32000-2, 12.7.5.5).
#[derive(Default)]
struct Seen<'a> {
    rect: [f64; 4],
    appearance: Option<ObjectId>,
    description: Option<&'a str>,
}

impl Seen<'_> {
    /// The entries of widget annotation and field in one (ISO 32000-2, 12.5.6.19 and 12.7.5.5).
    fn widget(
        &self,
        field: &str,
        description: Option<&str>,
        page: ObjectId,
        signature: ObjectId,
    ) -> Result<String, PdfError> {
        let appearance = self.appearance.map(|id| format!(" /AP <</N {}>>", reference(id))).unwrap_or_default();
        let description = match description {
            Some(description) => format!(" /TU {}", text_string(description, "description")?),
            None => String::new(),
        };
        Ok(format!(
            "/Type /Annot /Subtype /Widget /FT /Sig /T {} /V {} /F {ANNOTATION_FLAGS} /P {} \
             /Rect [{}]{appearance}{description}",
            text_string(field, "field name")?,
            reference(signature),
            reference(page),
            appearance::numbers(&self.rect),
        ))
    }
}
