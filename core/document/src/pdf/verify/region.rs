//! Accounting for every byte behind a signed revision.

use std::collections::HashSet;
use std::sync::Arc;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::read::reader::Reader;
use crate::pdf::read::xref::{Section, stream_end};
use crate::pdf::syntax::token::{Scanner, Tail, is_space};

/// How much is looked at for the next white space, comment or keyword.
const WINDOW: usize = 4 << 10;

/// Where, from byte `start` on, the first byte stands that is neither white space, comment, `startxref`, nor part of one
/// of the `sections` or of an object they list; `None` if there is none.
pub(crate) fn first_stranger<S: ReadAt>(
    reader: &Reader<S>,
    start: u64,
    sections: &[Arc<Section>],
) -> Result<Option<u64>, PdfError> {
    let base = reader.xref.base;
    let objects: HashSet<u64> = sections.iter().flat_map(|section| section.offsets(base)).collect();
    let mut at = start;
    while at < reader.input.size {
        let window = reader.input.bytes(at, WINDOW)?;
        let blank = match sections {
            // Without a later revision there is nothing that a comment could be part of.
            [] => window.iter().take_while(|byte| is_space(**byte)).count(),
            _ => blank_length(&window),
        };
        if blank > 0 {
            at += blank as u64;
            continue;
        }
        if sections.is_empty() {
            return Ok(Some(at));
        }
        let next = if let Some(section) = sections.iter().find(|section| section.offset == at) {
            Some(section.end)
        } else if objects.contains(&at) {
            object_end(reader, at)?
        } else {
            startxref_length(&window).map(|length| at + length as u64)
        };
        match next {
            Some(next) if next > at => at = next,
            _ => return Ok(Some(at)),
        }
    }
    Ok(None)
}

/// White space, and comments that end in the window.
fn blank_length(window: &[u8]) -> usize {
    let mut at = 0;
    loop {
        match window.get(at) {
            Some(byte) if is_space(*byte) => at += 1,
            Some(b'%') => {
                let rest = &window[at..];
                let line = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
                match line {
                    Some(length) => at += length,
                    // A comment that fills the window hides more than a mark of the format.
                    None if rest.len() < 16 => at += rest.len(),
                    None => return at,
                }
            }
            _ => return at,
        }
    }
}

fn startxref_length(window: &[u8]) -> Option<usize> {
    let mut scanner = Scanner::new(window, 0, Tail::End);
    let is_keyword = scanner.word() == Ok(b"startxref");
    let number = scanner.unsigned().ok().flatten();
    (is_keyword && number.is_some()).then_some(scanner.at)
}

fn object_end<S: ReadAt>(reader: &Reader<S>, offset: u64) -> Result<Option<u64>, PdfError> {
    let object = Arc::new(reader.input.indirect(offset)?.object);
    let Some(data) = object.stream else { return Ok(object.end) };
    let length = reader.lookup(&object.root(), "Length")?.unsigned::<u64>();
    match length.and_then(|length| data.checked_add(length)) {
        Some(end) if end <= reader.input.size => stream_end(&reader.input, end),
        _ => Ok(None),
    }
}
