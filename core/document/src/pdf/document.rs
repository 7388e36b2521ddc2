//! A PDF that was opened.

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::form::empty::{EmptyField, is_signed};
use crate::pdf::form::{self, seed};
use crate::pdf::lint::{self, Finding};
use crate::pdf::place::page::{self, Page, PageIndex};
use crate::pdf::read::options::OpenOptions;
use crate::pdf::read::reader::Reader;
use crate::pdf::read::snapshot::Snapshot;
use crate::pdf::repair::{self, Outcome};
use crate::pdf::write::base::{Base, Extended, Hashed};

/// A PDF that was opened.
#[derive(Debug)]
pub struct Pdf<S> {
    reader: Reader<Extended<S>>,
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
    /// Reads header, cross-references and catalog, as [`Self::open_with`] the default [`OpenOptions`].
    ///
    /// # Errors
    /// As [`Self::open_with`].
    pub fn open(source: S) -> Result<Self, PdfError> {
        Self::open_with(source, &OpenOptions::new())
    }

    /// Reads header, cross-references and catalog. Where the cross-references are damaged they are made anew by one pass over
    /// the file, if nobody has signed it yet; the sealed file then has whole ones.
    ///
    /// # Errors
    /// `pdf.not-a-pdf`, `pdf.truncated`, `pdf.damaged-xref`, `pdf.damaged-xref-signed`, `pdf.damaged-object`,
    /// `pdf.password-needed`, `pdf.wrong-password`, `pdf.unsupported-encryption`, `pdf.unsupported-filter`,
    /// `pdf.limit-exceeded`, `pdf.read-failed`.
    pub fn open_with(source: S, options: &OpenOptions) -> Result<Self, PdfError> {
        let snapshot = Snapshot::take(&source)?;
        let mut reader = Reader::open_to_append(Extended::new(source)?, options)?;
        repair::at_first_sight(&mut reader)?;
        Ok(Self { reader, snapshot, hashed: None })
    }

    /// A file that was sealed and is not written yet.
    pub(crate) fn reopen(base: Base<S>) -> Result<Self, PdfError> {
        let Base { file, snapshot, hashed, encryption } = base;
        Ok(Self { reader: Reader::reopen(file, encryption.as_ref())?, snapshot, hashed })
    }

    pub(crate) fn into_base(self) -> Base<S> {
        let encryption = self.reader.encryption().cloned();
        Base { file: self.reader.input.source, snapshot: self.snapshot, hashed: self.hashed, encryption }
    }

    /// Does some work, if need be again with what could be put right, and once more with cross-references made anew.
    pub(crate) fn mending<T>(
        self,
        work: impl Fn(&Reader<Extended<S>>) -> Result<T, PdfError>,
    ) -> Result<(Self, T), PdfError> {
        let Self { mut reader, snapshot, hashed } = self;
        let damage = match work(&reader) {
            Ok(done) => {
                reader.check_may_renew()?;
                return Ok((Self { reader, snapshot, hashed }, done));
            }
            Err(error) if error.is_damage() => error,
            Err(error) => return Err(error),
        };
        match repair::everything(&mut reader) {
            Ok(Outcome::Repaired) => {
                if let Ok(done) = work(&reader) {
                    return Ok((Self { reader, snapshot, hashed }, done));
                }
            }
            Err(error) if !error.is_damage() => return Err(error),
            _ => {}
        }
        let mut reader = reader.rebuilt(damage)?;
        repair::everything(&mut reader)?;
        let done = work(&reader)?;
        Ok((Self { reader, snapshot, hashed }, done))
    }

    pub(crate) const fn reader(&self) -> &Reader<Extended<S>> {
        &self.reader
    }

    /// How many pages there are.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn page_count(&self) -> Result<u32, PdfError> {
        page::count(self.reader())
    }

    /// Width and height of a page as seen, millimetres.
    ///
    /// # Errors
    /// `pdf.no-such-page`, and as [`Self::open`].
    pub fn page_size_mm(&self, page: PageIndex) -> Result<[f64; 2], PdfError> {
        Ok(page::find(&self.reader, page)?.geometry.seen_mm())
    }

    /// Every page, in order.
    pub(crate) fn pages(&self) -> Result<Vec<Page>, PdfError> {
        page::every(&self.reader)
    }

    /// What a person should know before sealing: hidden or overlaid content, objects that nothing leads to, active content,
    /// what comes from elsewhere. Warnings first.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn lint(&self) -> Result<Vec<Finding>, PdfError> {
        lint::lint(&self.reader)
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
