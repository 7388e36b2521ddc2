//! Verifying every signature of a PDF, and what became of the file after each.

pub(crate) mod broken;
mod byte_range;
mod case;
mod changes;
mod coverage;
mod cryptography;
mod hashing;
mod level;
mod region;
mod signatures;
mod time;
mod trust;

use std::collections::BTreeSet;

use eseal_crypto::cert::{TrustAnchors, UnixTime};

use crate::report::{Format, Report};
use crate::source::ReadAt;

use self::case::Case;
use self::changes::History;
use self::coverage::File;
use self::hashing::Digests;
use crate::pdf::error::PdfError;
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
    let mut cases = Vec::new();
    for found in signatures::find(&reader)? {
        let mut case = Case::open(&reader, found);
        let envelope = case.open_envelope();
        cases.push((case, envelope));
    }
    let wanted: Vec<_> = cases
        .iter()
        .filter_map(|(case, envelope)| Some((case.covered.clone()?, envelope.digest_algorithm()?)))
        .collect();
    let digests = Digests::of(&reader, &wanted)?;
    let mut judged = Vec::new();
    for (mut case, envelope) in cases {
        let cryptography = case.check_cryptography(envelope, &digests);
        let then = case.signed_revision();
        judged.push((case, cryptography, then));
    }
    let ends: BTreeSet<u64> =
        judged.iter().filter_map(|(_, _, then)| then.as_ref().map(|then| then.input.size)).collect();
    let history = History::follow(&reader, &ends)?;
    let conclude = |(mut case, cryptography, then): (Case<'_, S>, _, Option<_>)| {
        let file = then.map_or_else(File::unclear, |then| case.check_file(&then, &history));
        case.report(&cryptography, file, anchors, at)
    };
    Ok(Report::new(Format::Pdf, judged.into_iter().map(conclude).collect()))
}
