//! Documents: open, place, stamp, sign, verify.
//!
//! PDF ([`pdf`]), OFD ([`ofd`]), and the data of electronic seals ([`ses`]). Signing is external: [`pdf::Pdf::prepare`] and
//! [`ofd::Ofd::prepare`] answer with what a key, wherever it is, has to sign; `complete` takes the signature. Nothing here
//! fetches, reads a clock or draws random numbers, and the
//! document is read by position ([`ReadAt`]), never whole.

mod append;
mod copy;
mod error;
mod format;
pub mod ofd;
pub mod pdf;
pub mod report;
mod save;
pub mod ses;
mod source;
mod trust;

pub use append::{FileJournal, Journal, MAX_APPENDED_BYTES, Recovery, WriteAt};
pub use error::DocumentError;
pub use format::format_of;
pub use source::ReadAt;
pub use trust::VerifyOptions;

use std::fs::File;
use std::path::Path;

use eseal_crypto::cert::{TrustAnchors, UnixTime};

/// Verifies every signature of a document, by the format that it is of ([`format_of`]). Certificates are judged against
/// `anchors`, where nothing proves or states an earlier time, at the time `at`.
///
/// # Errors
/// Why the document cannot be read.
pub fn verify<S: ReadAt>(source: S, anchors: &TrustAnchors, at: UnixTime) -> Result<report::Report, DocumentError> {
    verify_with(source, &pdf::OpenOptions::new(), &VerifyOptions::new(anchors.clone(), at))
}

/// As [`verify`], with all that a verifier may know beforehand, and what opening a PDF may need.
///
/// # Errors
/// As [`verify`].
pub fn verify_with<S: ReadAt>(
    source: S,
    open: &pdf::OpenOptions,
    options: &VerifyOptions,
) -> Result<report::Report, DocumentError> {
    match format_of(&source)? {
        report::Format::Pdf => Ok(pdf::verify_with(source, open, options)?),
        report::Format::Ofd => Ok(ofd::verify_with(source, options)?),
    }
}

/// Opens the document at `path` for reading, after [`recover`] has settled what a killed process left: this is how documents
/// are opened by path, for sealing as for verifying.
///
/// # Errors
/// `pdf.read-failed`, `pdf.in-use`, `pdf.append-unfinished`.
pub fn open(path: &Path) -> Result<File, pdf::PdfError> {
    recover(path)?;
    File::open(path).map_err(pdf::PdfError::Read)
}

/// Settles an append to the document at `path` ([`pdf::Sealed::append_to`]) that was cut off by a kill or a power cut: what
/// follows is exactly the old file or exactly the new one. Costs one look into the directory if there is nothing to settle.
///
/// # Errors
/// `pdf.read-failed`, `pdf.in-use` while another process is appending, `pdf.append-unfinished` where the file may not be
/// written.
pub fn recover(path: &Path) -> Result<Recovery, pdf::PdfError> {
    Ok(append::recover(path)?)
}

/// As [`recover`], for a document that came as a descriptor: `journal` is the one that was given when it was appended to.
///
/// # Errors
/// `pdf.append-unfinished`.
pub fn recover_at(document: &impl WriteAt, journal: &mut impl Journal) -> Result<Recovery, pdf::PdfError> {
    Ok(append::settle(document, journal)?)
}
