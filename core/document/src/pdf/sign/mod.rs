//! Sealing with a key that is elsewhere: `prepare → to_be_signed → complete → save`.

mod dictionary;
pub(crate) mod marks;
pub(crate) mod request;

use std::iter;
use std::ops::Range;

use eseal_crypto::cms::SignedAttributes;
use eseal_crypto::digest::Hasher;

use crate::pdf::error::PdfError;
use crate::pdf::form::{self, Field, permission};
use crate::pdf::place::page::{self, PageIndex};
use crate::pdf::read::blocks::read_range;
use crate::pdf::read::reader::Reader;
use crate::pdf::read::snapshot::Snapshot;
use crate::pdf::write::revision::Revision;
use crate::pdf::write::sealed::{Draft, OldFile, Prepared};
use crate::source::ReadAt;

use self::dictionary::SignatureDictionary;
use self::request::StampRequest;

/// The key under which a signature dictionary holds the seal's record, its value a byte string inside the signed range.
///
/// The name is private: ISO 32000-2, annex E wants a registered prefix before it is used between vendors, which is for the
/// system's owner to register.
pub const SEAL_RECORD_KEY: &str = "ESealRecord";

/// A PDF that was opened.
#[derive(Debug)]
pub struct Pdf<S> {
    reader: Reader<S>,
    snapshot: Snapshot,
}

impl<S: ReadAt> Pdf<S> {
    /// Reads header, cross-references and catalog.
    ///
    /// # Errors
    /// `pdf.not-a-pdf`, `pdf.truncated`, `pdf.damaged-xref`, `pdf.damaged-object`, `pdf.encrypted`,
    /// `pdf.unsupported-filter`, `pdf.limit-exceeded`, `pdf.read-failed`.
    pub fn open(source: S) -> Result<Self, PdfError> {
        let snapshot = Snapshot::take(&source)?;
        Ok(Self { reader: Reader::open(source)?, snapshot })
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

    /// Builds the revision to be appended, with the place for the signature left open, and hashes everything else: one
    /// pass over the file.
    ///
    /// # Errors
    /// `pdf.no-such-page`, `pdf.outside-page`, `pdf.certified-no-changes`, `pdf.certified-no-new-field`,
    /// `pdf.field-locked`, `pdf.too-long`, `pdf.time-out-of-range`, `pdf.source-changed`, the codes of
    /// [`eseal_crypto::cms::CmsError`], and as [`Self::open`].
    pub fn prepare(self, request: &StampRequest<'_>) -> Result<Prepared<S>, PdfError> {
        let fields = form::fields(&self.reader)?;
        let field = form::unused_names(&fields).next().unwrap_or_default();
        permission::check_new_field(&self.reader, &fields, &field)?;
        let draft = write_revision(&self.reader, &fields, &field, request)?;
        let source = self.reader.input;
        let algorithm = request.signer.leaf().public_key().map_err(eseal_crypto::cms::CmsError::from)?.suite();
        let mut hasher = Hasher::new(algorithm.digest_algorithm());
        read_range(&source.source, 0..source.size, &mut |block| {
            hasher.update(block);
            Ok(())
        })?;
        hasher.update(&draft.bytes[..draft.contents.start]);
        hasher.update(&draft.bytes[draft.contents.end..]);
        let digest = hasher.finish();
        self.snapshot.check(&source.source)?;
        let attributes = SignedAttributes::pades(&digest, request.signer.leaf())?;
        Ok(Prepared {
            file: OldFile { source: source.source, size: source.size, snapshot: self.snapshot },
            draft,
            field,
            digest,
            attributes,
            signer: request.signer.clone(),
        })
    }
}

fn write_revision<S: ReadAt>(
    reader: &Reader<S>,
    fields: &[Field],
    field: &str,
    request: &StampRequest<'_>,
) -> Result<Draft, PdfError> {
    let mut revision = Revision::new(reader)?;
    let signature_id = revision.allocate()?;
    let dictionary = SignatureDictionary::new(request)?;
    let start = revision.write(signature_id, &dictionary.bytes);
    let names = iter::once(field.to_owned()).chain(form::unused_names(fields).filter(|name| name != field));
    let widgets = marks::write(reader, &mut revision, &request.marks, names, signature_id)?;
    form::add_fields(reader, &mut revision, &widgets)?;
    let mut bytes = revision.finish(reader)?;

    let move_by = |range: &Range<usize>| range.start + start..range.end + start;
    let (contents, byte_range) = (move_by(&dictionary.contents), move_by(&dictionary.byte_range));
    let old = reader.input.size;
    let (gap_start, gap_end) = (old + contents.start as u64, old + contents.end as u64);
    let rest = (bytes.len() - contents.end) as u64;
    let text = format!("[0 {gap_start} {gap_end} {rest}]");
    bytes[byte_range.start..byte_range.start + text.len()].copy_from_slice(text.as_bytes());
    Ok(Draft { bytes, contents })
}
