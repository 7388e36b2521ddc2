//! Noticing that a file changed between two moments, without reading all of it again.

use std::time::SystemTime;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::read::input::Input;

/// How many bytes at the end are compared.
const TAIL: usize = 4 << 10;

/// What a file looked like when it was opened.
///
/// Compared are its length, its last 4 KiB, and the time of its last change where the source knows one. A change that
/// keeps all three is not noticed here; the sealed file then fails its own verification.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Snapshot {
    size: u64,
    tail: Vec<u8>,
    modified: Option<SystemTime>,
}

impl Snapshot {
    pub(crate) fn take<S: ReadAt>(source: &S) -> Result<Self, PdfError> {
        let input = Input::new(source)?;
        let tail = input.bytes(input.size.saturating_sub(TAIL as u64), TAIL)?;
        Ok(Self { size: input.size, tail, modified: source.modified().map_err(PdfError::Read)? })
    }

    /// Nothing that is compared is another, and the time of the last change is among it.
    pub(crate) fn is_surely(&self, other: &Self) -> bool {
        self == other && self.modified.is_some()
    }

    /// Length and last bytes are the same, whatever the time of the last change.
    pub(crate) fn is_perhaps(&self, other: &Self) -> bool {
        self.size == other.size && self.tail == other.tail
    }

    pub(crate) fn check<S: ReadAt>(&self, source: &S) -> Result<(), PdfError> {
        match Self::take(source) {
            Ok(now) if now == *self => Ok(()),
            Ok(_) => Err(PdfError::SourceChanged),
            Err(error) => Err(error),
        }
    }
}
