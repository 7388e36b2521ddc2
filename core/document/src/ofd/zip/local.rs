//! What the archive says at each entry must be what its directory says, and no byte may belong to two entries.

use super::super::error::OfdError;
use super::Entry;
use super::directory::{Directory, FLAG_DESCRIPTOR, Record};
use super::fields::Fields;
use crate::source::ReadAt;

const HEADER: &[u8; 4] = b"PK\x03\x04";
const HEADER_LEN: usize = 30;
const DESCRIPTOR: &[u8; 4] = b"PK\x07\x08";
/// With its mark and lengths of 64 bits.
const LONGEST_DESCRIPTOR: u64 = 24;

const DISAGREES: OfdError = OfdError::Malformed { what: "an entry that the directory describes otherwise" };

pub(super) fn check<S: ReadAt>(source: &S, directory: Directory) -> Result<Vec<Entry>, OfdError> {
    let before = directory.start;
    let entries = directory.records.into_iter().map(|record| check_one(source, record, before));
    let entries = entries.collect::<Result<Vec<_>, _>>()?;
    let mut ranges: Vec<_> = entries.iter().map(|entry| (entry.start, entry.end)).collect();
    ranges.sort_unstable();
    if ranges.windows(2).any(|pair| pair[0].1 > pair[1].0) {
        return Err(OfdError::Malformed { what: "entries that overlap" });
    }
    Ok(entries)
}

fn check_one<S: ReadAt>(source: &S, record: Record, before: u64) -> Result<Entry, OfdError> {
    let mut header = vec![0; HEADER_LEN + record.raw_name.len()];
    source.read_exact_at(record.start, &mut header)?;
    let mut fields = Fields(&header);
    if fields.bytes(4)? != HEADER {
        return Err(DISAGREES);
    }
    fields.u16()?;
    let flags = fields.u16()?;
    let method = match record.method {
        super::Method::Stored => 0,
        super::Method::Deflated => 8,
    };
    let agrees = fields.u16()? == method && (flags ^ record.flags) & FLAG_DESCRIPTOR == 0;
    fields.u32()?;
    let (crc, packed, size) = (fields.u32()?, fields.u32()?, fields.u32()?);
    let (name_len, extra_len) = (fields.u16()?, fields.u16()?);
    let agrees = agrees && usize::from(name_len) == record.raw_name.len() && fields.0 == record.raw_name;
    // Lengths are said before the data, behind them, or in an extra field.
    let is_same = |short: u32, said: u64| u64::from(short) == said || short == u32::MAX;
    let has_descriptor = flags & FLAG_DESCRIPTOR != 0;
    let is_told_before = crc == record.crc && is_same(packed, record.packed) && is_same(size, record.size);
    if !(agrees && (is_told_before || has_descriptor)) {
        return Err(DISAGREES);
    }
    let data = record.start + HEADER_LEN as u64 + u64::from(name_len) + u64::from(extra_len);
    let end_of_data = data.checked_add(record.packed).filter(|end| *end <= before).ok_or(DISAGREES)?;
    let descriptor = if has_descriptor { descriptor_len(source, &record, end_of_data, before)? } else { 0 };
    Ok(Entry {
        name: record.name,
        method: record.method,
        crc: record.crc,
        packed: record.packed,
        size: record.size,
        start: record.start,
        data,
        end: end_of_data + descriptor,
        record: record.rewritten,
    })
}

/// How long the descriptor behind the data is: with or without its mark, lengths of 32 or 64 bits.
fn descriptor_len<S: ReadAt>(source: &S, record: &Record, at: u64, before: u64) -> Result<u64, OfdError> {
    let mut bytes = vec![0; usize::try_from(LONGEST_DESCRIPTOR.min(before - at)).map_err(|_| DISAGREES)?];
    source.read_exact_at(at, &mut bytes)?;
    let crc = record.crc.to_le_bytes();
    let long = [record.packed.to_le_bytes(), record.size.to_le_bytes()].concat();
    let short = [&long[..4], &long[8..12]].concat();
    let forms = [&short, &long].map(|lengths| [crc.as_slice(), lengths].concat());
    let marked = forms.iter().map(|form| [DESCRIPTOR.as_slice(), form].concat());
    let found = marked.chain(forms.iter().cloned()).find(|form| bytes.starts_with(form));
    // A writer that knew the lengths may have said so before the data in spite of the flag, and left the descriptor out.
    Ok(found.map_or(0, |form| form.len() as u64))
}
