//! The signature dictionary with open places (ISO 32000-2, 12.8.1; ETSI EN 319 142-1).

use std::fmt::Write as _;
use std::ops::Range;

use eseal_crypto::cms::estimated_size;

use crate::pdf::error::PdfError;
use crate::pdf::limits::MAX_SEAL_RECORD_BYTES;
use crate::pdf::sign::SEAL_RECORD_KEY;
use crate::pdf::sign::request::StampRequest;
use crate::pdf::syntax::text::{byte_string, text_string};

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
    pub(super) fn new(request: &StampRequest<'_>) -> Result<Self, PdfError> {
        let mut text = String::from("<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached\n/ByteRange ");
        let byte_range = text.len()..text.len() + BYTE_RANGE_WIDTH;
        text.push_str(&" ".repeat(BYTE_RANGE_WIDTH));
        text.push_str("\n/Contents ");
        let contents_start = text.len();
        text.push('<');
        text.push_str(&"0".repeat(estimated_size(request.signer, 0) * 2));
        text.push('>');
        let contents = contents_start..text.len();
        text.push_str("\n/M ");
        text.push_str(&request.signing_time.to_pdf()?);
        let texts = [("Name", request.name), ("Reason", request.reason), ("Location", request.location)];
        for (key, value) in texts.into_iter().filter_map(|(key, value)| Some((key, value?))) {
            let _ = write!(text, "\n/{key} {}", text_string(value, "name, reason or location")?);
        }
        if let Some(record) = request.seal_record {
            let record = byte_string(record, MAX_SEAL_RECORD_BYTES, "seal record")?;
            let _ = write!(text, "\n/{SEAL_RECORD_KEY} {record}");
        }
        text.push_str(">>");
        Ok(Self { bytes: text.into_bytes(), contents, byte_range })
    }
}
