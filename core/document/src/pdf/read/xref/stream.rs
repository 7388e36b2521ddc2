//! Cross-reference streams (ISO 32000-2, 7.5.8).

use std::sync::Arc;

use crate::source::ReadAt;

use super::{Entries, Entry, Section, SectionKind};
use crate::pdf::error::PdfError;
use crate::pdf::limits::MAX_OBJECTS;
use crate::pdf::read::filter;
use crate::pdf::read::input::Input;
use crate::pdf::read::stream::{listed, raw_data};
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::{Scanner, Tail};

/// A section, and whether its length is as it says, its data end as they should, and are as many as it announces.
pub(super) fn read<S: ReadAt>(input: &Input<S>, offset: u64) -> Result<(Section, bool), PdfError> {
    let damaged = |what| PdfError::DamagedXref { offset, what };
    let indirect = input.well_formed(offset)?;
    let data_start = indirect.object.stream.ok_or(damaged("neither a table nor a stream"))?;
    let trailer = Arc::new(indirect.object).root();
    if !trailer.get("Type").is_some_and(|kind| kind.is_name(b"XRef")) {
        return Err(damaged("a stream of another type"));
    }
    let length = trailer.get("Length").and_then(|length| length.unsigned::<u64>());
    let raw = raw_data(input, data_start, length)?;
    let end = stream_end(input, data_start + raw.len() as u64)?.ok_or(damaged("the file ends inside it"))?;
    let direct = |key: &str| listed(trailer.get(key), &|value| Ok(value));
    let is_as_long = length == Some(raw.len() as u64);
    let (data, is_ended) = filter::decode_and_look(raw, &direct("Filter")?, &direct("DecodeParms")?)?;
    input.count_unpacked(&data)?;
    let (entries, is_whole) = read_fields(&trailer, &data).ok_or(damaged("/W, /Index or /Size"))?;
    let own = Some(indirect.id.number);
    Ok((
        Section { kind: SectionKind::Stream, offset, end, own, entries, hidden: None, trailer },
        is_as_long && is_ended && is_whole,
    ))
}

/// Behind `endstream endobj`, if that stands at `offset`.
pub(crate) fn stream_end<S: ReadAt>(input: &Input<S>, offset: u64) -> Result<Option<u64>, PdfError> {
    let window = input.bytes(offset, 64)?;
    let mut scanner = Scanner::new(&window, 0, Tail::End);
    if scanner.next_word() != Ok(b"endstream") {
        return Ok(None);
    }
    let behind_stream = scanner.at;
    let end = if scanner.next_word() == Ok(b"endobj") { scanner.at } else { behind_stream };
    Ok(Some(offset + end as u64))
}

/// The entries, and whether there are just as many data as are announced.
fn read_fields(trailer: &Value, data: &[u8]) -> Option<(Entries, bool)> {
    let widths: Vec<usize> = trailer.get("W")?.elements().iter().filter_map(Value::unsigned).collect();
    let [kind, second, third] = widths[..] else { return None };
    let row = [kind, second, third].iter().all(|width| *width <= 8).then_some(kind + second + third)?;
    let size: u32 = trailer.get("Size")?.unsigned()?;
    let mut index: Vec<u32> = vec![0, size];
    if let Some(given) = trailer.get("Index") {
        index = given.elements().iter().map(Value::unsigned).collect::<Option<_>>()?;
    }
    let mut rows = data.chunks_exact(row.max(1));
    let mut entries = Vec::new();
    for pair in index.chunks_exact(2) {
        for step in 0..pair[1] {
            // Fewer rows than announced: what is missing is not there.
            let Some(fields) = rows.next() else { return Some((Entries::new(entries), false)) };
            let number = pair[0].checked_add(step).filter(|number| *number <= MAX_OBJECTS)?;
            let field = |from: usize, width: usize| {
                fields[from..from + width].iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte))
            };
            let kind_of = if kind == 0 { 1 } else { field(0, kind) };
            let (second, third) = (field(kind, second), field(kind + second, third));
            let entry = match kind_of {
                1 => Entry::InFile { offset: second, generation: u16::try_from(third).ok()? },
                2 => Entry::InStream { container: u32::try_from(second).ok()?, index: u32::try_from(third).ok()? },
                _ => Entry::Free,
            };
            entries.push((number, entry));
        }
    }
    let is_whole = rows.next().is_none() && data.len().is_multiple_of(row.max(1));
    Some((Entries::new(entries), is_whole))
}
