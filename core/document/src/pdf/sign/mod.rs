//! Sealing with a key that is elsewhere: `prepare → to_be_signed → complete → save`, or, with a timestamp,
//! `prepare → to_be_signed → sign → with_timestamp`, and from there, if asked for, on to validation data and document
//! timestamps: `reopen → append_validation_data → reopen → prepare_document_timestamp → complete → save`.

mod dictionary;
pub(crate) mod dual;
mod extensions;
pub(crate) mod lock;
pub(crate) mod marks;
pub(crate) mod request;
mod target;
mod timestamp;
pub(crate) mod validation_data;

use eseal_crypto::cms::CmsError;
use eseal_crypto::digest::DigestAlgorithm;

use crate::pdf::document::Pdf;
use crate::pdf::error::PdfError;
use crate::pdf::form;
use crate::pdf::form::seed::Timestamp;
use crate::pdf::read::reader::Reader;
use crate::pdf::repair;
use crate::pdf::write::prepared::{OpenRevision, Prepared, Waiting};
use crate::pdf::write::revision::Revision;
use crate::pdf::write::unsigned::Unsigned;
use crate::source::ReadAt;

use self::dictionary::SignatureDictionary;
use self::request::StampRequest;
use self::target::Target;

/// The key under which a signature dictionary holds the seal's record, its value a byte string inside the signed range.
///
/// The name is private: ISO 32000-2, annex E wants a registered prefix before it is used between vendors, which is for the
/// system's owner to register.
pub const SEAL_RECORD_KEY: &str = "ESealRecord";

impl<S: ReadAt> Pdf<S> {
    /// Builds the revision to be appended, with the place for the signature left open, and hashes everything else: one
    /// pass over the file.
    ///
    /// # Errors
    /// `pdf.no-such-page`, `pdf.outside-page`, `pdf.certified-no-changes`, `pdf.certified-no-new-field`,
    /// `pdf.field-locked`, `pdf.certify-not-first`, `pdf.no-such-field`, `pdf.field-signed`, `pdf.seed-value`,
    /// `pdf.integrity-code`, `pdf.empty-placement`, `pdf.too-long`, `pdf.time-out-of-range`, `pdf.source-changed`, the codes of
    /// [`eseal_crypto::cms::CmsError`], with a seal `ses.signer-not-listed` and the other codes of
    /// [`SesError`](eseal_crypto::ses::SesError), and as [`Self::open`].
    pub fn prepare(self, request: &StampRequest<'_>) -> Result<Prepared<S>, PdfError> {
        let suite = request.signer.leaf().public_key().map_err(CmsError::from)?.suite();
        let (document, (revision, timestamp)) = self.mending(|reader| draft(reader, request))?;
        let waiting = document.wait(revision, suite.digest_algorithm())?;
        let unsigned = Unsigned::of(request, &waiting)?;
        let (signer, others) = (request.signer.clone(), request.packing.others());
        Ok(Prepared { waiting, unsigned, signer, others, timestamp })
    }

    /// The file with an open revision behind it, and the digest over both.
    fn wait(self, revision: OpenRevision, algorithm: DigestAlgorithm) -> Result<Waiting<S>, PdfError> {
        let mut base = self.into_base();
        let digest = revision.digest(base.hasher(algorithm)?);
        Ok(Waiting { base, revision, digest })
    }
}

fn draft<S: ReadAt>(reader: &Reader<S>, request: &StampRequest<'_>) -> Result<(OpenRevision, Timestamp), PdfError> {
    let form = form::walk(reader)?;
    repair::check_form(reader, &form)?;
    let fields = &form.all;
    let target = Target::choose(reader, fields, request)?;
    if request.certification.is_some() {
        lock::check_first(reader, fields)?;
    }
    let mut revision = Revision::new(reader)?;
    let id = revision.allocate()?;
    let references = lock::references(request.certification, request.lock, target.lock.clone(), reader.root_id()?)?;
    let entries = dictionary::statements(request)? + &references;
    let reserved = request.packing.estimated_size(request.signer, request.timestamp_reserve);
    let dictionary = SignatureDictionary::new("Sig", request.packing.sub_filter(), reserved, &entries);
    let start = revision.write(id, &dictionary.bytes);
    target.write(reader, &mut revision, fields, &request.marks, id)?;
    if request.certification.is_some() {
        lock::note_certification(reader, &mut revision, id)?;
    }
    extensions::declare(reader, &mut revision, fields, request)?;
    target.check_others(reader, &revision, &form)?;
    let bytes = revision.finish(reader)?;
    Ok((dictionary.open(start, reader.input.size, bytes, target.name), target.timestamp))
}
