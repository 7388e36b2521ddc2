//! Reading much, a little at a time.

use std::ops::Range;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;

/// How much is read at once for hashing and copying.
const BLOCK: usize = 64 << 10;

/// Some of the bytes, block by block.
pub(crate) fn read_range<S: ReadAt>(
    source: &S,
    range: Range<u64>,
    take: &mut impl FnMut(&[u8]) -> Result<(), PdfError>,
) -> Result<(), PdfError> {
    let mut block = vec![0; BLOCK];
    let mut at = range.start;
    while at < range.end {
        let length = usize::try_from(range.end - at).map_or(BLOCK, |left| left.min(BLOCK));
        source.read_exact_at(at, &mut block[..length]).map_err(PdfError::reading)?;
        take(&block[..length])?;
        at += length as u64;
    }
    Ok(())
}
