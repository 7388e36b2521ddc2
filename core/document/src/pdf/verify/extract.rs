//! Giving out what a signer saw.

use std::io::Write;

use crate::source::ReadAt;

use super::byte_range;
use super::signatures;
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
