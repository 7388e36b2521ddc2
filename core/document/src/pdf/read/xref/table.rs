//! `xref` … `trailer` (ISO 32000-2, 7.5.4 and 7.5.5).

use std::sync::Arc;

use crate::source::ReadAt;

use super::{Entries, Entry, Hidden, Section, SectionKind, as_xref, stream};
use crate::pdf::error::PdfError;
use crate::pdf::limits::MAX_OBJECTS;
use crate::pdf::read::input::Input;
use crate::pdf::syntax::object::Object;
use crate::pdf::syntax::token::{Fault, Scanner, Tail, is_space, parse};

pub(super) fn read<S: ReadAt>(input: &Input<S>, base: u64, offset: u64) -> Result<(Section, bool), PdfError> {
    let (entries, mut at, mut is_regular) = read_rows(input, offset).map_err(|error| as_xref(error, offset))?;
    let parse_trailer = |bytes: &[u8], tail| parse(bytes, 0, tail);
    let (nodes, bytes) = input.grow(at, parse_trailer).map_err(|error| as_xref(error, offset))?;
    let trailer = Arc::new(Object::new(Some(at), bytes, nodes)).root();
    if !trailer.is_dictionary() {
        return Err(PdfError::DamagedXref { offset: at, what: "the trailer is no dictionary" });
    }
    at += trailer.span().end as u64;
    let hidden = match trailer.get("XRefStm") {
        None => None,
        Some(position) => {
            let position = position.unsigned::<u64>().and_then(|position| position.checked_add(base));
            let position = position.ok_or(PdfError::DamagedXref { offset, what: "/XRefStm is no offset" })?;
            let (stream, is_stream_regular) =
                stream::read(input, position).map_err(|error| as_xref(error, position))?;
            is_regular &= is_stream_regular;
            Some((stream.own, Hidden { offset: stream.offset, entries: stream.entries }))
        }
    };
    let (own, hidden) = hidden.map_or((None, None), |(own, hidden)| (own, Some(hidden)));
    Ok((Section { kind: SectionKind::Table, offset, end: at, own, entries, hidden, trailer }, is_regular))
}

/// The rows of a table from `xref` on, where the trailer dictionary starts, and whether the numbers are as they were counted.
fn read_rows<S: ReadAt>(input: &Input<S>, offset: u64) -> Result<(Entries, u64, bool), PdfError> {
    let (header, _) = input.grow(offset, |bytes, tail| {
        let mut scanner = Scanner::new(bytes, 0, tail);
        scanner.word()?;
        Ok(scanner.at)
    })?;
    let mut at = offset + header as u64;
    let mut entries = Vec::new();
    let mut is_regular = true;
    loop {
        let (head, _) = input.grow(at, read_subsection_head)?;
        let Some((first, count, length)) = head else {
            let (trailer, _) = input.grow(at, |bytes, tail| {
                let mut scanner = Scanner::new(bytes, 0, tail);
                scanner.next_word()?;
                Ok(scanner.at)
            })?;
            return Ok((Entries::new(entries), at + trailer as u64, is_regular));
        };
        at += length as u64;
        let is_counted;
        (at, is_counted) = read_subsection(input, at, first, count, &mut entries)?;
        is_regular &= is_counted;
    }
}

/// `first count` and its length, or `None` at `trailer`.
fn read_subsection_head(bytes: &[u8], tail: Tail) -> Result<Option<(u32, u32, usize)>, Fault> {
    let mut scanner = Scanner::new(bytes, 0, tail);
    scanner.skip_space();
    if scanner.clone().word()? == b"trailer" {
        return Ok(None);
    }
    let numbers = scanner.unsigned()?.zip(scanner.unsigned()?);
    let (first, count) = numbers.ok_or(Fault::Malformed("neither a subsection nor a trailer"))?;
    let limited = |number: u64| u32::try_from(number).ok().filter(|number| *number <= MAX_OBJECTS);
    let (Some(first), Some(count)) = (limited(first), limited(count)) else {
        return Err(Fault::Limit("objects in the file"));
    };
    Ok(Some((first, count, scanner.at)))
}

/// Rows are read as tokens: many files have rows of 19 bytes, or with other white space (ISO 32000-2, 7.5.4 asks for 20).
fn read_subsection<S: ReadAt>(
    input: &Input<S>,
    mut at: u64,
    first: u32,
    count: u32,
    entries: &mut Vec<(u32, Entry)>,
) -> Result<(u64, bool), PdfError> {
    const ROWS: u32 = 3_000;
    let mut done = 0;
    let mut shift = 0;
    while done < count {
        let wanted = (count - done).min(ROWS);
        // 20 bytes a row and some more, so that most tables need one read a block.
        let window = input.bytes(at, wanted as usize * 20 + 64)?;
        let mut scanner = Scanner::new(&window, 0, Tail::End);
        for _ in 0..wanted {
            let row_start = scanner.at;
            let Some(entry) = read_plain_row(&mut scanner, &window).or_else(|| read_row(&mut scanner)) else {
                return Err(PdfError::DamagedXref { offset: at + row_start as u64, what: "a row of the table" });
            };
            // A table that should start at 0 and says 1 is a known mistake of writers.
            if done == 0 && first == 1 && matches!(entry, (Entry::Free, 65_535)) {
                shift = 1;
            }
            entries.push((first - shift + done, entry.0));
            done += 1;
            if window.len() - scanner.at < 40 && done < count {
                break;
            }
        }
        at += scanner.at as u64;
    }
    Ok((at, shift == 0))
}

/// A row as the standard wants it, behind the line end of the one before: most rows are, and files have many.
fn read_plain_row(scanner: &mut Scanner<'_>, window: &[u8]) -> Option<(Entry, u64)> {
    const ROW: usize = 20;
    let row: &[u8; ROW + 1] = window.get(scanner.at..)?.first_chunk()?;
    let is_spaced = [0, 1, 12, 18, ROW].iter().all(|at| is_space(row[*at]));
    let number = |digits: &[u8]| {
        let add = |number, digit: &u8| digit.is_ascii_digit().then(|| number * 10 + u64::from(digit - b'0'));
        digits.iter().try_fold(0_u64, add)
    };
    let row = entry(number(&row[2..12])?, number(&row[13..18])?, &row[19..ROW]).filter(|_| is_spaced)?;
    scanner.at += ROW;
    Some(row)
}

fn read_row(scanner: &mut Scanner<'_>) -> Option<(Entry, u64)> {
    let offset = scanner.unsigned().ok()??;
    let generation = scanner.unsigned().ok()??;
    entry(offset, generation, scanner.next_word().ok()?)
}

/// An entry, and its generation as it is written.
fn entry(offset: u64, generation: u64, kind: &[u8]) -> Option<(Entry, u64)> {
    let entry = match kind {
        b"n" => match u16::try_from(generation) {
            // Offset 0 cannot be an object: writers mark deleted objects so.
            Ok(generation) if offset > 0 => Entry::InFile { offset, generation },
            _ => Entry::Free,
        },
        b"f" => Entry::Free,
        _ => return None,
    };
    Some((entry, generation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_row_is_read_as_any_row_is() {
        let mut plain = 0;
        for row in [
            "0000000017 00000 n",
            "9999999999 65535 n",
            "0000000000 65535 f",
            "0000000000 00000 n",
            "0000000017 65536 n",
            "0000000017 00000 x",
            "000000001x 00000 n",
            "0000000017  0000 n",
            "000000017 000000 n",
            "0000000017\t00000\tf",
        ] {
            for (before, behind) in
                [("\r\n", "\r\n"), (" \n", "\n"), ("\n", "\n0"), ("\n%", "\n"), ("\n\n", "x"), ("", "")]
            {
                let window = [before, row, behind].concat();
                let scanner = || Scanner::new(window.as_bytes(), 0, Tail::End);
                let (mut fast, mut slow) = (scanner(), scanner());
                if let Some(read) = read_plain_row(&mut fast, window.as_bytes()) {
                    assert_eq!((Some(read), fast.at), (read_row(&mut slow), slow.at), "{window:?}");
                    plain += 1;
                } else {
                    assert_eq!(fast.at, 0, "{window:?}");
                }
            }
        }
        assert_eq!(plain, 12);
    }
}
