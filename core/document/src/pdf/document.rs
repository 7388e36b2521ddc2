//! A PDF that was opened.

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::form::empty::{EmptyField, is_signed};
use crate::pdf::form::{self, seed};
use crate::pdf::place::page::{self, PageIndex};
use crate::pdf::read::reader::Reader;
use crate::pdf::read::snapshot::Snapshot;
use crate::pdf::write::base::{Base, Extended, Hashed};

/// A PDF that was opened.
#[derive(Debug)]
pub struct Pdf<S> {
    pub(crate) reader: Reader<Extended<S>>,
    snapshot: Snapshot,
    hashed: Option<Hashed>,
}

/// A signature field that somebody prepared and nobody has signed yet.
#[derive(Debug, Clone, PartialEq)]
pub struct EmptySignatureField {
    /// Its fully qualified name, for [`FieldChoice::Named`](crate::pdf::FieldChoice::Named).
    pub name: String,
    /// The page it is shown on; `None` if it is on none.
    pub page: Option<PageIndex>,
    /// Width and height as seen, millimetres; `None` if it has no area, so that nothing can be shown in it.
    pub size_mm: Option<[f64; 2]>,
    /// The reasons that its author offers; empty if there is no choice.
    pub reasons: Vec<String>,
}

impl<S: ReadAt> Pdf<S> {
    /// Reads header, cross-references and catalog.
    ///
    /// # Errors
    /// `pdf.not-a-pdf`, `pdf.truncated`, `pdf.damaged-xref`, `pdf.damaged-object`, `pdf.encrypted`,
    /// `pdf.unsupported-filter`, `pdf.limit-exceeded`, `pdf.read-failed`.
    pub fn open(source: S) -> Result<Self, PdfError> {
        let snapshot = Snapshot::take(&source)?;
        Self::of(Base { file: Extended::new(source)?, snapshot, hashed: None })
    }

    /// A file that was sealed and is not written yet.
    pub(crate) fn of(base: Base<S>) -> Result<Self, PdfError> {
        let Base { file, snapshot, hashed } = base;
        Ok(Self { reader: Reader::open(file)?, snapshot, hashed })
    }

    pub(crate) fn into_base(self) -> Base<S> {
        Base { file: self.reader.input.source, snapshot: self.snapshot, hashed: self.hashed }
    }

    /// How many pages there are.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn page_count(&self) -> Result<u32, PdfError> {
        page::count(&self.reader)
    }

    /// Width and height of a page as seen, millimetres.
    ///
    /// # Errors
    /// `pdf.no-such-page`, and as [`Self::open`].
    pub fn page_size_mm(&self, page: PageIndex) -> Result<[f64; 2], PdfError> {
        Ok(page::find(&self.reader, page)?.geometry.seen_mm())
    }

    /// The signature fields that are there to be signed.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn empty_signature_fields(&self) -> Result<Vec<EmptySignatureField>, PdfError> {
        let mut found = Vec::new();
        for field in form::fields(&self.reader)?.iter().filter(|field| field.is_signature) {
            if is_signed(&self.reader, field)? {
                continue;
            }
            if let Some(empty) = EmptyField::of(&self.reader, field)? {
                found.push(self.describe(&empty)?);
            }
        }
        Ok(found)
    }

    fn describe(&self, empty: &EmptyField) -> Result<EmptySignatureField, PdfError> {
        let page = empty.page(&self.reader)?;
        let rectangle = empty.rectangle(&self.reader)?;
        Ok(EmptySignatureField {
            name: empty.field.name.clone(),
            page: page.as_ref().map_or(Ok(None), |page| page::number(&self.reader, page))?,
            size_mm: page.zip(rectangle).map(|(page, rectangle)| page.geometry.size_mm(rectangle)),
            reasons: seed::reasons(&self.reader, &empty.seed(&self.reader)?)?,
        })
    }
}
