//! Giving out what a signer saw, and with which seal it was sealed.

use std::io::Write;

use eseal_crypto::ses::SealSignature;

use crate::source::ReadAt;

use super::byte_range;
use super::signatures::{self, Signature};
use crate::pdf::error::PdfError;
use crate::pdf::read::blocks::read_range;
use crate::pdf::read::options::OpenOptions;
use crate::pdf::read::reader::Reader;

/// Writes the file as it was when the signature in `field` was made: all bytes up to the end of what it covers, so that a
/// reader of PDF opens exactly the revision that was signed. Also for a signature that a later revision took away. Answers
/// how many bytes that are. Nothing is said about whether the signature holds.
///
/// # Errors
/// `pdf.no-such-signature`, if no field of that name has a signature that covers a part of the file; `pdf.write-failed`,
/// `pdf.disk-full`; and as [`Pdf::open_with`](crate::pdf::Pdf::open_with).
pub fn extract_signed<S: ReadAt>(
    source: S,
    options: &OpenOptions,
    field: &str,
    out: &mut impl Write,
) -> Result<u64, PdfError> {
    let reader = Reader::open(source, options)?;
    let found = signatures::find(&reader)?.into_iter().find(|found| found.field.name == field);
    let covered = found.and_then(|found| byte_range::read(&found.value, reader.input.size).ok());
    let end = covered.ok_or(PdfError::NoSuchSignature)?.end;
    read_range(&reader.input.source, 0..end, &mut |block| out.write_all(block).map_err(PdfError::writing))?;
    Ok(end)
}

/// What seals sealed a document, unjudged, each with the name of its signature's field; also one that a later revision took away.
/// Signatures without a seal are left out: [`verify`](super::verify) says what is wrong with them.
///
/// # Errors
/// As [`Pdf::open_with`](crate::pdf::Pdf::open_with).
pub fn seals<S: ReadAt>(source: S, options: &OpenOptions) -> Result<Vec<(String, SealSignature)>, PdfError> {
    let reader = Reader::open(source, options)?;
    let seal = |found: Signature| {
        let contents = byte_range::contents(&found.value)?;
        Some((found.field.name, SealSignature::from_padded_der(&contents).ok()?))
    };
    Ok(signatures::find(&reader)?.into_iter().filter_map(seal).collect())
}
