//! The data of streams that make up a page.

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::limits::{MAX_CONTENT_BYTES, MAX_CONTENT_STREAMS, MAX_PAGE_CMAP_ENTRIES};
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;

/// How much may still be unpacked and read for one page.
#[derive(Debug)]
pub(crate) struct Allowance {
    bytes: usize,
    cmap_entries: usize,
}

impl Allowance {
    pub(crate) fn new() -> Self {
        Self { bytes: MAX_CONTENT_BYTES, cmap_entries: MAX_PAGE_CMAP_ENTRIES }
    }

    fn take(&mut self, bytes: usize) -> Result<(), PdfError> {
        let left = self.bytes.checked_sub(bytes);
        self.bytes = left.ok_or(PdfError::LimitExceeded { what: "size of a page's content" })?;
        Ok(())
    }

    /// Accounts for a `CMap` that was read.
    pub(crate) fn take_cmap_entries(&mut self, entries: usize) -> Result<(), PdfError> {
        let left = self.cmap_entries.checked_sub(entries);
        self.cmap_entries = left.ok_or(PdfError::LimitExceeded { what: "entries of a page's CMaps" })?;
        Ok(())
    }

    /// A stream's data; `None` if it is none or cannot be unpacked, which a viewer shows as nothing.
    pub(crate) fn read<S: ReadAt>(&mut self, reader: &Reader<S>, stream: &Value) -> Result<Option<Vec<u8>>, PdfError> {
        let data = if stream.object().stream.is_some() { readable(reader.stream_data(stream))? } else { None };
        self.take(data.as_ref().map_or(0, Vec::len))?;
        Ok(data)
    }

    /// All streams of `/Contents`, with white space between them (ISO 32000-2, 7.8.2).
    pub(crate) fn contents<S: ReadAt>(&mut self, reader: &Reader<S>, page: &Value) -> Result<Vec<u8>, PdfError> {
        let contents = reader.lookup(page, "Contents")?;
        if !contents.is_array() {
            return Ok(self.read(reader, &contents)?.unwrap_or_default());
        }
        let mut joined = Vec::new();
        for (index, part) in contents.elements().into_iter().enumerate() {
            if index >= MAX_CONTENT_STREAMS {
                return Err(PdfError::LimitExceeded { what: "content streams of a page" });
            }
            let Some(part) = readable(reader.resolve(part))? else { continue };
            if let Some(data) = self.read(reader, &part)? {
                joined.extend_from_slice(&data);
                joined.push(b'\n');
            }
        }
        Ok(joined)
    }
}

/// What is damaged or packed in an unknown way is nothing; a limit or a failing source stays an error.
pub(crate) fn readable<T>(result: Result<T, PdfError>) -> Result<Option<T>, PdfError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(PdfError::DamagedObject { .. } | PdfError::DamagedXref { .. } | PdfError::UnsupportedFilter) => Ok(None),
        Err(error) => Err(error),
    }
}
