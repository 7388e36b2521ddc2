//! The data of streams (ISO 32000-2, 7.3.8): where it ends, decrypted, without its filters.

use crate::source::ReadAt;

use crate::pdf::encryption::{Method, Protection, StreamKind};
use crate::pdf::error::PdfError;
use crate::pdf::limits::MAX_STREAM_BYTES;
use crate::pdf::read::filter;
use crate::pdf::read::input::{Input, find};
use crate::pdf::read::protection;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::{Scanner, Tail};

/// How much is read at once in search of `endstream`.
const BLOCK: usize = 64 << 10;
const END: &[u8] = b"endstream";

type Follow<'a> = dyn Fn(Value) -> Result<Value, PdfError> + 'a;

impl<S: ReadAt> Reader<S> {
    /// The data of a stream, decrypted and without its filters.
    pub(crate) fn stream_data(&self, stream: &Value) -> Result<Vec<u8>, PdfError> {
        self.decoded(stream, &|value| self.resolve(value))
    }

    /// The data of a stream as it is stored: encrypted, and with its filters.
    pub(crate) fn stored_data(&self, stream: &Value) -> Result<Vec<u8>, PdfError> {
        let offset = stream.object().offset.unwrap_or_default();
        let start = stream.object().stream.ok_or(PdfError::DamagedObject { offset, what: "a stream was expected" })?;
        let length = self.lookup(stream, "Length").ok().and_then(|length| length.unsigned::<u64>());
        raw_data(&self.input, start, length)
    }

    /// The same, following references by `follow`.
    pub(super) fn decoded(&self, stream: &Value, follow: &Follow<'_>) -> Result<Vec<u8>, PdfError> {
        let entry = |key: &str| stream.get(key).map(follow).transpose();
        let start = stream.object().stream;
        let offset = stream.object().offset.unwrap_or_default();
        let start = start.ok_or(PdfError::DamagedObject { offset, what: "a stream was expected" })?;
        let length = entry("Length").ok().flatten().and_then(|length| length.unsigned::<u64>());
        let raw = raw_data(&self.input, start, length)?;
        let filters = listed(entry("Filter")?, follow)?;
        let parameters = listed(entry("DecodeParms")?, follow)?;
        let raw = decrypted(stream, &filters, &parameters, raw);
        filter::decode(raw, &filters, &parameters)
    }
}

/// A value or the elements of an array, over references.
pub(super) fn listed(value: Option<Value>, follow: &Follow<'_>) -> Result<Vec<Value>, PdfError> {
    match value {
        Some(value) if value.is_array() => value.elements().into_iter().map(follow).collect(),
        Some(value) if !value.is_null() => Ok(vec![value]),
        _ => Ok(Vec::new()),
    }
}

fn decrypted(stream: &Value, filters: &[Value], parameters: &[Value], raw: Vec<u8>) -> Vec<u8> {
    let Protection::Strings(cipher) = &stream.object().protection else { return raw };
    let methods = cipher.methods();
    let own = filters.first().is_some_and(|filter| filter.is_name(b"Crypt")).then(|| {
        let name = parameters.first().and_then(|parameters| parameters.get("Name")).and_then(|name| name.name());
        name.and_then(|name| protection::find(&methods.named, &name)).unwrap_or(Method::Identity)
    });
    let method = own.unwrap_or_else(|| methods.of_stream(kind(stream)));
    cipher.decrypt_stream(method, raw)
}

fn kind(stream: &Value) -> StreamKind {
    match stream.get("Type").and_then(|name| name.name()).as_deref() {
        Some(b"XRef") => StreamKind::CrossReference,
        Some(b"Metadata") => StreamKind::Metadata,
        _ => StreamKind::Other,
    }
}

/// The bytes of a stream as they stand in the file: as many as `/Length` says, if `endstream` follows them, else up to the
/// first `endstream`.
pub(super) fn raw_data<S: ReadAt>(input: &Input<S>, start: u64, length: Option<u64>) -> Result<Vec<u8>, PdfError> {
    let is_inside = |length: &u64| start.checked_add(*length).is_some_and(|end| end <= input.size);
    if let Some(length) = length.filter(is_inside).and_then(|length| usize::try_from(length).ok()) {
        if length > MAX_STREAM_BYTES {
            return Err(PdfError::LimitExceeded { what: "size of a stream" });
        }
        let mut bytes = input.bytes(start, length + 32)?;
        let mut scanner = Scanner::new(&bytes, length, Tail::End);
        scanner.skip_white();
        if bytes[scanner.at..].starts_with(END) {
            bytes.truncate(length);
            return Ok(bytes);
        }
    }
    search_end(input, start)
}

fn search_end<S: ReadAt>(input: &Input<S>, start: u64) -> Result<Vec<u8>, PdfError> {
    let mut data = Vec::new();
    loop {
        let at = start + data.len() as u64;
        let block = input.bytes(at, BLOCK)?;
        if block.is_empty() {
            // Cut off: what there is may be enough.
            return Ok(data);
        }
        let from = data.len().saturating_sub(END.len());
        data.extend_from_slice(&block);
        if let Some(end) = find(&data[from..], END) {
            data.truncate(from + end);
            if data.last() == Some(&b'\n') {
                data.pop();
            }
            if data.last() == Some(&b'\r') {
                data.pop();
            }
            return Ok(data);
        }
        if data.len() > MAX_STREAM_BYTES {
            return Err(PdfError::LimitExceeded { what: "size of a stream" });
        }
    }
}
