//! The signature dictionary with open places (ISO 32000-2, 12.8.1; ETSI EN 319 142-1).

use std::fmt::Write as _;
use std::ops::Range;

use crate::pdf::error::PdfError;
use crate::pdf::limits::MAX_SEAL_RECORD_BYTES;
use crate::pdf::sign::SEAL_RECORD_KEY;
use crate::pdf::sign::request::StampRequest;
use crate::pdf::sub_filter::SubFilter;
use crate::pdf::syntax::text::{byte_string, text_string};
use crate::pdf::write::prepared::OpenRevision;

/// Four numbers of at most twenty digits, brackets and spaces.
const BYTE_RANGE_WIDTH: usize = 88;

/// A signature dictionary and where in it the open places are.
pub(super) struct SignatureDictionary {
    pub(super) bytes: Vec<u8>,
    /// The value of `/Contents`, angle brackets included.
    pub(super) contents: Range<usize>,
    pub(super) byte_range: Range<usize>,
}

impl SignatureDictionary {
    /// `kind` is its `/Type`; `entries` come behind the open places, `reserved` bytes fit into `/Contents`.
    pub(super) fn new(kind: &str, sub_filter: SubFilter, reserved: usize, entries: &str) -> Self {
        let (filter, sub_filter) = (sub_filter.filter(), sub_filter.name());
        let mut text = format!("<</Type /{kind} /Filter /{filter} /SubFilter /{sub_filter}\n/ByteRange ");
        let byte_range = text.len()..text.len() + BYTE_RANGE_WIDTH;
        text.push_str(&" ".repeat(BYTE_RANGE_WIDTH));
        text.push_str("\n/Contents ");
        let contents_start = text.len();
        text.push('<');
        text.push_str(&"0".repeat(reserved * 2));
        text.push('>');
        let contents = contents_start..text.len();
        text.push_str(entries);
        text.push_str(">>");
        Self { bytes: text.into_bytes(), contents, byte_range }
    }

    /// Fills `/ByteRange` in a finished revision, in which the dictionary starts at `start`, behind a file of `before`
    /// bytes. What stays open is the value of `/Contents`.
    pub(super) fn open(&self, start: usize, before: u64, mut bytes: Vec<u8>, field: String) -> OpenRevision {
        let contents = self.contents.start + start..self.contents.end + start;
        let (gap_start, gap_end) = (before + contents.start as u64, before + contents.end as u64);
        let rest = (bytes.len() - contents.end) as u64;
        let text = format!("[0 {gap_start} {gap_end} {rest}]");
        let place = self.byte_range.start + start;
        bytes[place..place + text.len()].copy_from_slice(text.as_bytes());
        OpenRevision { bytes, contents, byte_range: text, field }
    }
}

/// When, who, why and where, as the signer says, and the seal's record.
pub(super) fn statements(request: &StampRequest<'_>) -> Result<String, PdfError> {
    let mut text = format!("\n/M {}", request.signing_time.to_pdf()?);
    let texts = [("Name", request.name), ("Reason", request.reason), ("Location", request.location)];
    for (key, value) in texts.into_iter().filter_map(|(key, value)| Some((key, value?))) {
        let _ = write!(text, "\n/{key} {}", text_string(value, "name, reason or location")?);
    }
    if let Some(record) = request.seal_record {
        let record = byte_string(record, MAX_SEAL_RECORD_BYTES, "seal record")?;
        let _ = write!(text, "\n/{SEAL_RECORD_KEY} {record}");
    }
    Ok(text)
}
