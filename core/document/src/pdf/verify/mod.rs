//! Verifying every signature of a PDF, and what became of the file after each.

pub(crate) mod broken;
mod byte_range;
mod case;
mod changes;
mod coverage;
mod cryptography;
mod extract;
mod hashing;
mod level;
mod region;
mod seal;
mod signatures;
mod store;
mod time;

pub use extract::{extract_signed, seals};

use std::collections::BTreeSet;

use eseal_crypto::cert::{TrustAnchors, UnixTime};

use crate::report::{Coverage, Format, Integrity, Report};
use crate::source::ReadAt;
use crate::trust::{Judged, VerifyOptions};

use self::case::Case;
use self::changes::History;
use self::coverage::File;
use self::hashing::Digests;
use self::level::{Archive, Evidence};
use crate::pdf::error::PdfError;
use crate::pdf::read::options::OpenOptions;
use crate::pdf::read::reader::Reader;

/// Verifies every signature of a PDF. Certificates are judged against `anchors` at the time `at`; without anchors nothing
/// is trusted and no verdict is better than indeterminate.
///
/// # Errors
/// Why the file cannot be read, as [`Pdf::open`](super::Pdf::open): damaged files have no report.
pub fn verify<S: ReadAt>(source: S, anchors: &TrustAnchors, at: UnixTime) -> Result<Report, PdfError> {
    verify_with(source, &OpenOptions::new(), &VerifyOptions::new(anchors.clone(), at))
}

/// Verifies every signature of a PDF. What a trusted timestamp dates is judged at that time: certificates that ran out or
/// were revoked later do no harm.
///
/// # Errors
/// Why the file cannot be read, as [`Pdf::open_with`](super::Pdf::open_with): damaged files have no report.
pub fn verify_with<S: ReadAt>(source: S, open: &OpenOptions, options: &VerifyOptions) -> Result<Report, PdfError> {
    let reader = Reader::open(source, open)?;
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
    let stored = store::knowledge(&reader)?;
    let mut knowledge = store::knowledge(&reader)?;
    knowledge.add_certificates(&options.certificates);
    knowledge.add_data(&options.revocation);
    let mut archives = Vec::new();
    let mut cases = Vec::new();
    for (mut case, cryptography, then) in judged {
        if let Some(signed_data) = cryptography.signed_data() {
            knowledge.add_signature(signed_data);
        }
        let file = then.as_ref().map_or_else(File::unclear, |then| case.check_file(then, &history));
        let is_timestamp = cryptography.token().is_some() && cryptography.integrity == Integrity::Intact;
        if let Some(then) = then.filter(|_| is_timestamp && file.coverage != Coverage::Partial) {
            archives.push(Archive { end: then.input.size, store: store::knowledge(&then)? });
        }
        cases.push((case, cryptography, file));
    }
    let stamped = cases.iter().filter_map(|(case, cryptography, file)| {
        let holds = cryptography.integrity == Integrity::Intact && file.coverage != Coverage::Partial && !case.removed;
        Some((case.covered.as_ref()?.end, cryptography.token().filter(|_| holds)?))
    });
    let timestamps = time::document_timestamps(stamped, &knowledge, options);
    let chains = Judged::default();
    let evidence = Evidence { store: &stored, archives: &archives, timestamps: &timestamps, options, judged: &chains };
    let report =
        |(case, cryptography, file): (Case<'_, S>, _, _)| case.report(&cryptography, file, &knowledge, &evidence);
    Ok(Report::new(Format::Pdf, cases.into_iter().map(report).collect()))
}

/// How many signatures a file has or had.
pub(crate) fn signature_count<S: ReadAt>(reader: &Reader<S>) -> Result<usize, PdfError> {
    Ok(signatures::find(reader)?.len())
}
