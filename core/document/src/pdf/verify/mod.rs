//! Verifying every signature of a PDF, and what became of the file after each.

mod byte_range;
mod case;
mod changes;
mod coverage;
mod cryptography;
mod level;
mod region;
mod time;
mod trust;

use eseal_crypto::cert::{TrustAnchors, UnixTime};

use crate::report::{Format, Report};
use crate::source::ReadAt;

use self::case::Case;
use crate::pdf::error::PdfError;
use crate::pdf::form;
use crate::pdf::limits::MAX_SIGNATURES;
use crate::pdf::read::options::OpenOptions;
use crate::pdf::read::reader::Reader;

/// Verifies every signature of a PDF. Certificates are judged against `anchors` at the time `at`; without anchors nothing
/// is trusted and no verdict is better than indeterminate.
///
/// # Errors
/// Why the file cannot be read, as [`Pdf::open`](super::Pdf::open): damaged files have no report.
pub fn verify<S: ReadAt>(source: S, anchors: &TrustAnchors, at: UnixTime) -> Result<Report, PdfError> {
    verify_with(source, &OpenOptions::new(), anchors, at)
}

/// As [`verify`], for a file that has to be opened by a password.
///
/// # Errors
/// Why the file cannot be read, as [`Pdf::open_with`](super::Pdf::open_with): damaged files have no report.
pub fn verify_with<S: ReadAt>(
    source: S,
    options: &OpenOptions,
    anchors: &TrustAnchors,
    at: UnixTime,
) -> Result<Report, PdfError> {
    let reader = Reader::open(source, options)?;
    let mut signatures = Vec::new();
    for field in form::fields(&reader)?.iter().filter(|field| field.is_signature) {
        let Some(value) = &field.value else { continue };
        let value = reader.resolve(value.clone())?;
        if value.is_null() {
            continue;
        }
        if signatures.len() >= MAX_SIGNATURES {
            return Err(PdfError::LimitExceeded { what: "signatures" });
        }
        let case = Case { reader: &reader, field, signature: value, checks: Vec::new() };
        signatures.push(case.judge(anchors, at)?);
    }
    Ok(Report::new(Format::Pdf, signatures))
}
