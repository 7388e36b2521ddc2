//! Sealing with a key that is elsewhere: `prepare → to_be_signed → complete → save`.

use std::fmt::Write as _;
use std::ops::Range;

use eseal_crypto::cert::Chain;
use eseal_crypto::cms::{SignedAttributes, estimated_size};
use eseal_crypto::digest::Hasher;
use eseal_face::Face;

use crate::source::ReadAt;

use crate::pdf::appearance;
use crate::pdf::error::PdfError;
use crate::pdf::form;
use crate::pdf::form::permission;
use crate::pdf::limits::MAX_SEAL_RECORD_BYTES;
use crate::pdf::place::Placement;
use crate::pdf::place::page::{self, PageIndex};
use crate::pdf::read::blocks::read_range;
use crate::pdf::read::reader::Reader;
use crate::pdf::read::snapshot::Snapshot;
use crate::pdf::syntax::text::{SigningTime, byte_string, text_string};
use crate::pdf::syntax::token::ObjectId;
use crate::pdf::write::revision::Revision;
use crate::pdf::write::sealed::{Draft, OldFile, Prepared};
use crate::pdf::write::splice::reference;

/// The key under which a signature dictionary holds the seal's record, its value a byte string inside the signed range.
///
/// The name is private: ISO 32000-2, annex E wants a registered prefix before it is used between vendors, which is for the
/// system's owner to register.
pub const SEAL_RECORD_KEY: &str = "ESealRecord";

/// Four numbers of at most twenty digits, brackets and spaces.
const BYTE_RANGE_WIDTH: usize = 88;
/// `Print` and `Locked` (ISO 32000-2, table 167).
const ANNOTATION_FLAGS: u32 = 132;

/// A PDF that was opened.
#[derive(Debug)]
pub struct Pdf<S> {
    reader: Reader<S>,
    snapshot: Snapshot,
}

/// What to seal with, and where.
#[derive(Debug, Clone, Copy)]
pub struct StampRequest<'a> {
    /// The seal's face.
    pub face: &'a Face,
    /// Where it goes.
    pub place: Placement,
    /// The signer's certificate and those above it.
    pub signer: &'a Chain,
    /// The time the signer claims; goes into `/M`.
    pub signing_time: SigningTime,
    /// Who signs, in words (`/Name`).
    pub name: Option<&'a str>,
    /// Why (`/Reason`).
    pub reason: Option<&'a str>,
    /// Where (`/Location`).
    pub location: Option<&'a str>,
    /// The seal's record, stored as it is under [`SEAL_RECORD_KEY`].
    pub seal_record: Option<&'a [u8]>,
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
        let field = form::unused_name(&fields);
        permission::check_new_field(&self.reader, &fields, &field)?;
        let draft = write_revision(&self.reader, &field, request)?;
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

fn write_revision<S: ReadAt>(reader: &Reader<S>, field: &str, request: &StampRequest<'_>) -> Result<Draft, PdfError> {
    let page = page::find(reader, request.place.page())?;
    let placed = page.geometry.place(&request.place)?;
    let mut revision = Revision::new(reader)?;
    let (signature_id, appearance_id) = (revision.allocate()?, revision.allocate()?);
    let widget_id = revision.allocate()?;
    let dictionary = SignatureDictionary::new(request)?;
    let start = revision.write(signature_id, &dictionary.bytes);
    appearance::write(&mut revision, appearance_id, &request.face.to_pdf_form(), &placed);
    revision.write(widget_id, widget(field, page.id, signature_id, appearance_id, &placed.rect)?.as_bytes());
    form::add_annotation(reader, &mut revision, &page, widget_id)?;
    form::add_field(reader, &mut revision, widget_id)?;
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

/// Widget annotation and field in one (ISO 32000-2, 12.5.6.19 and 12.7.5.5).
fn widget(
    field: &str,
    page: ObjectId,
    signature: ObjectId,
    appearance: ObjectId,
    rect: &[f64; 4],
) -> Result<String, PdfError> {
    Ok(format!(
        "<</Type /Annot /Subtype /Widget /FT /Sig /T {} /V {} /F {ANNOTATION_FLAGS} /P {} /Rect [{}] /AP <</N {}>>>>",
        text_string(field, "field name")?,
        reference(signature),
        reference(page),
        appearance::numbers(rect),
        reference(appearance)
    ))
}

/// The signature dictionary with open places (ISO 32000-2, 12.8.1; ETSI EN 319 142-1).
struct SignatureDictionary {
    bytes: Vec<u8>,
    contents: Range<usize>,
    byte_range: Range<usize>,
}

impl SignatureDictionary {
    fn new(request: &StampRequest<'_>) -> Result<Self, PdfError> {
        let mut text = String::from("<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached\n/ByteRange ");
        let byte_range = text.len()..text.len() + BYTE_RANGE_WIDTH;
        text.push_str(&" ".repeat(BYTE_RANGE_WIDTH));
        text.push_str("\n/Contents ");
        let contents_start = text.len();
        text.push('<');
        text.push_str(&"0".repeat(estimated_size(request.signer) * 2));
        text.push('>');
        let contents = contents_start..text.len();
        text.push_str("\n/M ");
        text.push_str(&request.signing_time.to_pdf()?);
        let texts = [("Name", request.name), ("Reason", request.reason), ("Location", request.location)];
        for (key, value) in texts.into_iter().filter_map(|(key, value)| Some((key, value?))) {
            let _ = write!(text, "\n/{key} {}", text_string(value, "name, reason or location")?);
        }
        if let Some(record) = request.seal_record {
            let record = byte_string(record, MAX_SEAL_RECORD_BYTES, "seal record")?;
            let _ = write!(text, "\n/{SEAL_RECORD_KEY} {record}");
        }
        text.push_str(">>");
        Ok(Self { bytes: text.into_bytes(), contents, byte_range })
    }
}
