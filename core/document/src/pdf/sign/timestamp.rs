//! A timestamp over the whole document (ISO 32000-2, 12.8.5; ETSI EN 319 142-1, 5.4.3).

use eseal_crypto::digest::DigestAlgorithm;

use crate::source::ReadAt;

use crate::pdf::document::Pdf;
use crate::pdf::error::PdfError;
use crate::pdf::form;
use crate::pdf::read::reader::Reader;
use crate::pdf::sign::dictionary::SignatureDictionary;
use crate::pdf::sign::target;
use crate::pdf::sub_filter::SubFilter;
use crate::pdf::write::prepared::{OpenRevision, PreparedTimestamp};
use crate::pdf::write::revision::Revision;

const KIND: &str = "DocTimeStamp";

impl<S: ReadAt> Pdf<S> {
    /// Builds a revision with the place for a timestamp left open, `reserve` bytes of it, and hashes everything else. The
    /// timestamp proves that all signatures and all validation data were there at its time (level B-LTA); it may follow
    /// every signature, certifications included. It is never seen on a page.
    ///
    /// # Errors
    /// `pdf.source-changed`, and as [`Self::open`].
    pub fn prepare_document_timestamp(self, reserve: usize) -> Result<PreparedTimestamp<S>, PdfError> {
        let (document, revision) = self.mending(|reader| draft(reader, reserve))?;
        Ok(PreparedTimestamp(document.wait(revision, DigestAlgorithm::Sha256)?))
    }
}

fn draft<S: ReadAt>(reader: &Reader<S>, reserve: usize) -> Result<OpenRevision, PdfError> {
    let fields = form::fields(reader)?;
    let name = form::unused_names(&fields).next().unwrap_or_default();
    let mut revision = Revision::new(reader)?;
    let id = revision.allocate()?;
    let dictionary = SignatureDictionary::new(KIND, SubFilter::DocumentTimestamp, reserve, "");
    let start = revision.write(id, &dictionary.bytes);
    target::add(reader, &mut revision, &[], std::iter::once(name.clone()), id)?;
    let bytes = revision.finish(reader)?;
    Ok(dictionary.open(start, reader.input.size, bytes, name))
}
