//! Documents: open, place, stamp, sign, verify.
//!
//! PDF so far ([`pdf`]). Signing is external: [`pdf::Pdf::prepare`] answers with what a key, wherever it is, has to sign;
//! [`pdf::Prepared::complete`] takes the signature. Nothing here fetches, reads a clock or draws random numbers, and the
//! document is read by position ([`ReadAt`]), never whole.

pub mod pdf;
pub mod report;
mod save;
mod source;

pub use source::ReadAt;

use eseal_crypto::cert::{TrustAnchors, UnixTime};

/// Verifies a document of any format known here: today [`pdf::verify`].
///
/// # Errors
/// Why the document cannot be read.
pub fn verify<S: ReadAt>(source: S, anchors: &TrustAnchors, at: UnixTime) -> Result<report::Report, pdf::PdfError> {
    pdf::verify(source, anchors, at)
}
