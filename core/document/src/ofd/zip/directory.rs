//! The end of the archive and its central directory (APPNOTE 4.3.12 to 4.3.16).

use super::super::error::OfdError;
use super::super::limits::{MAX_DIRECTORY_LEN, MAX_ENTRIES, MAX_NAME_LEN};
use super::Method;
use super::fields::Fields;
use crate::source::ReadAt;

const END: &[u8; 4] = b"PK\x05\x06";
const END_64: &[u8; 4] = b"PK\x06\x06";
const LOCATOR_64: &[u8; 4] = b"PK\x06\x07";
pub(super) const RECORD: &[u8; 4] = b"PK\x01\x02";

const END_LEN: u64 = 22;
const END_64_LEN: usize = 56;
const LOCATOR_64_LEN: usize = 20;
const MAX_COMMENT_LEN: u64 = 0xFFFF;
/// Lengths of 64 bits are in an extra field of this number.
const EXTRA_64: u16 = 1;

/// Flags: encrypted, strongly encrypted, directory encrypted; what is patched; UTF-8; lengths follow the data.
const FLAGS_ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
const FLAG_PATCHED: u16 = 1 << 5;
pub(super) const FLAG_UTF_8: u16 = 1 << 11;
pub(super) const FLAG_DESCRIPTOR: u16 = 1 << 3;

/// A record of the central directory.
pub(super) struct Record {
    pub(super) raw_name: Vec<u8>,
    pub(super) name: String,
    pub(super) flags: u16,
    pub(super) method: Method,
    pub(super) crc: u32,
    pub(super) packed: u64,
    pub(super) size: u64,
    /// In the source, whatever was before the archive.
    pub(super) start: u64,
    /// To be written again: see [`super::Entry`].
    pub(super) rewritten: Vec<u8>,
}

/// The central directory.
pub(super) struct Directory {
    pub(super) records: Vec<Record>,
    /// Where it begins.
    pub(super) start: u64,
}

struct End {
    entries: u64,
    len: u64,
    offset: u64,
    /// Where the records about the end begin: the directory lies right before.
    position: u64,
}

pub(super) fn read<S: ReadAt>(source: &S, size: u64) -> Result<Directory, OfdError> {
    let end = find_end(source, size)?;
    if end.len > MAX_DIRECTORY_LEN || end.entries > MAX_ENTRIES as u64 {
        return Err(OfdError::LimitExceeded { what: "entries" });
    }
    let start = end.position.checked_sub(end.len).ok_or(BAD_END)?;
    // Bytes before the archive move everything by as much.
    let moved = start.checked_sub(end.offset).ok_or(BAD_END)?;
    let mut bytes = vec![0; usize::try_from(end.len).map_err(|_| BAD_END)?];
    source.read_exact_at(start, &mut bytes)?;
    let mut fields = Fields(&bytes);
    let mut records = Vec::new();
    for _ in 0..end.entries {
        records.push(read_record(&mut fields, moved)?);
    }
    if !fields.0.is_empty() {
        return Err(OfdError::Malformed { what: "a directory with something behind it" });
    }
    Ok(Directory { records, start })
}

const BAD_END: OfdError = OfdError::Malformed { what: "the end of the zip file" };

fn find_end<S: ReadAt>(source: &S, size: u64) -> Result<End, OfdError> {
    let window = size.min(END_LEN + MAX_COMMENT_LEN);
    let from = size - window;
    let mut tail = vec![0; usize::try_from(window).map_err(|_| BAD_END)?];
    source.read_exact_at(from, &mut tail)?;
    // Only one whose comment ends with the file: another reader may take another, and see another directory.
    let fits = |at: &usize| {
        let comment = tail.get(at + 20..at + 22).and_then(|len| len.try_into().ok()).map(u16::from_le_bytes);
        tail[*at..].starts_with(END) && comment.is_some_and(|len| at + 22 + usize::from(len) == tail.len())
    };
    let mut candidates = (0..tail.len().saturating_sub(21)).rev().filter(fits);
    let at = candidates.next().ok_or(OfdError::NotOfd)?;
    if candidates.next().is_some() {
        return Err(OfdError::Malformed { what: "two ends of the zip file" });
    }
    let position = from + at as u64;
    let mut fields = Fields(&tail[at + 4..]);
    let disks = [fields.u16()?, fields.u16()?];
    let counts = [fields.u16()?, fields.u16()?];
    let (len, offset) = (fields.u32()?, fields.u32()?);
    if let Some(end) = find_end_64(source, position)? {
        return Ok(end);
    }
    if disks != [0, 0] || counts[0] != counts[1] {
        return Err(OfdError::Unsupported { what: "a zip file of several parts" });
    }
    Ok(End { entries: counts[0].into(), len: len.into(), offset: offset.into(), position })
}

fn find_end_64<S: ReadAt>(source: &S, end: u64) -> Result<Option<End>, OfdError> {
    let Some(locator) = end.checked_sub(LOCATOR_64_LEN as u64) else { return Ok(None) };
    let mut bytes = [0; LOCATOR_64_LEN];
    source.read_exact_at(locator, &mut bytes)?;
    if !bytes.starts_with(LOCATOR_64) {
        return Ok(None);
    }
    // Right before its locator: what the locator says may be off by bytes before the archive.
    let position = locator.checked_sub(END_64_LEN as u64).ok_or(BAD_END)?;
    let mut bytes = [0; END_64_LEN];
    source.read_exact_at(position, &mut bytes)?;
    let mut fields = Fields(&bytes);
    if fields.bytes(4)? != END_64 || fields.u64()? != END_64_LEN as u64 - 12 {
        return Err(BAD_END);
    }
    fields.u32()?;
    let disks = [fields.u32()?, fields.u32()?];
    let counts = [fields.u64()?, fields.u64()?];
    let (len, offset) = (fields.u64()?, fields.u64()?);
    if disks != [0, 0] || counts[0] != counts[1] {
        return Err(OfdError::Unsupported { what: "a zip file of several parts" });
    }
    Ok(Some(End { entries: counts[0], len, offset, position }))
}

fn read_record(fields: &mut Fields<'_>, moved: u64) -> Result<Record, OfdError> {
    const BAD: OfdError = OfdError::Malformed { what: "a record of the directory" };
    let whole = fields.0;
    if fields.bytes(4)? != RECORD {
        return Err(BAD);
    }
    fields.u32()?;
    let flags = fields.u16()?;
    let method = fields.u16()?;
    fields.u32()?;
    let crc = fields.u32()?;
    let (packed, size) = (fields.u32()?, fields.u32()?);
    let (name_len, extra_len, comment_len) = (fields.u16()?, fields.u16()?, fields.u16()?);
    let disk = fields.u16()?;
    fields.bytes(6)?;
    let start = fields.u32()?;
    let raw_name = fields.bytes(name_len.into())?;
    let extra = fields.bytes(extra_len.into())?;
    fields.bytes(comment_len.into())?;
    if flags & FLAGS_ENCRYPTED != 0 {
        return Err(OfdError::Encrypted);
    }
    if disk != 0 && disk != u16::MAX || flags & FLAG_PATCHED != 0 {
        return Err(OfdError::Unsupported { what: "an entry in another part of the zip file" });
    }
    let method = match method {
        0 => Method::Stored,
        8 => Method::Deflated,
        _ => return Err(OfdError::Unsupported { what: "a method of compression" }),
    };
    let Extra { mut long, rest } = Extra::read(extra)?;
    let mut wide = |short: u32| if short == u32::MAX { long.u64() } else { Ok(short.into()) };
    let (size, packed, start) = (wide(size)?, wide(packed)?, wide(start)?);
    if method == Method::Stored && packed != size {
        return Err(BAD);
    }
    let number = |long: u64| u32::try_from(long).map(u32::to_le_bytes).map_err(|_| BAD);
    let extra_len = u16::try_from(rest.len()).map_err(|_| BAD)?.to_le_bytes();
    let fixed = &whole[..46];
    let record = [&fixed[..20], &number(packed)?, &number(size)?, &fixed[28..30], &extra_len, &[0; 4]];
    let record = [&record.concat(), &fixed[36..42], &[0; 4], raw_name, &rest].concat();
    Ok(Record {
        name: decode_name(raw_name, flags)?,
        raw_name: raw_name.to_vec(),
        flags,
        method,
        crc,
        packed,
        size,
        start: start.checked_add(moved).ok_or(BAD)?,
        rewritten: record,
    })
}

/// The extra fields of a record: lengths of 64 bits, and all others.
struct Extra<'a> {
    long: Fields<'a>,
    rest: Vec<u8>,
}

impl<'a> Extra<'a> {
    fn read(extra: &'a [u8]) -> Result<Self, OfdError> {
        let mut fields = Fields(extra);
        let mut long = Fields(&[]);
        let mut rest = Vec::new();
        // Some writers leave a byte or two of nothing at the end.
        while fields.0.len() >= 4 {
            let whole = fields.0;
            let (id, len) = (fields.u16()?, usize::from(fields.u16()?));
            let value = fields.bytes(len)?;
            if id == EXTRA_64 {
                long = Fields(value);
            } else {
                rest.extend_from_slice(&whole[..4 + len]);
            }
        }
        Ok(Self { long, rest })
    }
}

/// The name as text, where no reader can be led astray by it.
fn decode_name(raw: &[u8], flags: u16) -> Result<String, OfdError> {
    let unsafe_name = |what| Err(OfdError::UnsafeName { what });
    if raw.is_empty() || raw.len() > MAX_NAME_LEN {
        return unsafe_name("none, or too long");
    }
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) if flags & FLAG_UTF_8 != 0 => return unsafe_name("not UTF-8"),
        // What Chinese systems write without saying so.
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(raw).0.into_owned(),
    };
    if name.chars().any(|c| c.is_control() || c == '\\') {
        return unsafe_name("a backslash or control character");
    }
    if name.starts_with('/') {
        return unsafe_name("absolute");
    }
    let mut parts = name.strip_suffix('/').unwrap_or(&name).split('/');
    if parts.any(|part| matches!(part, "" | "." | "..")) || name.as_bytes().get(1) == Some(&b':') {
        return unsafe_name("leads out of the package");
    }
    Ok(name)
}
