//! Accounting for every byte behind a signed revision.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::read::reader::Reader;
use crate::pdf::read::xref::{Section, stream_end};
use crate::pdf::syntax::token::{Scanner, Tail, is_space};

/// How much is looked at for the next white space, comment or keyword.
const WINDOW: usize = 4 << 10;

/// Bytes that belong to nothing, behind the ends of signed revisions.
#[derive(Debug, Default)]
pub(crate) struct Strangers {
    /// From where on it was looked, and where the first stranger stands.
    runs: Vec<(u64, Option<u64>)>,
}

impl Strangers {
    /// Looks from each of `ends` on; what lies behind several of them is looked at once.
    pub(crate) fn find<S: ReadAt>(reader: &Reader<S>, ends: &BTreeSet<u64>) -> Result<Self, PdfError> {
        let mut strangers = Self::default();
        for end in ends {
            if !strangers.answers(*end) {
                strangers.runs.push((*end, first_stranger(reader, *end)?));
            }
        }
        Ok(strangers)
    }

    fn answers(&self, end: u64) -> bool {
        self.runs.iter().any(|(start, found)| *start <= end && found.is_none_or(|at| at >= end))
    }

    /// The first stranger behind one of the ends that were looked from.
    pub(crate) fn first(&self, end: u64) -> Option<u64> {
        self.runs.iter().filter(|(start, _)| *start <= end).filter_map(|(_, found)| *found).find(|at| *at >= end)
    }
}

/// Where, from byte `start` on, the first byte stands that is neither white space, comment, `startxref`, nor part of a
/// cross-reference section or of an object that the section behind it lists. Behind the last section's end-of-file mark
/// there may only be white space.
fn first_stranger<S: ReadAt>(reader: &Reader<S>, start: u64) -> Result<Option<u64>, PdfError> {
    let mut sections: Vec<&Arc<Section>> =
        reader.xref.sections.iter().filter(|section| section.offset >= start).collect();
    sections.sort_by_key(|section| section.offset);
    let base = reader.xref.base;
    let mut ahead = sections.iter();
    let mut next = ahead.next();
    let mut listed: HashSet<u64> = next.map(|section| section.offsets(base).collect()).unwrap_or_default();
    let mut at = start;
    // References may point to the white space in front of what they are to.
    let mut blank_from = start;
    let mut is_behind_section = false;
    while at < reader.input.size {
        while next.is_some_and(|section| section.end <= at && section.offset < at) {
            next = ahead.next();
            if let Some(section) = next {
                listed = section.offsets(base).collect();
            }
        }
        let window = reader.input.bytes(at, WINDOW)?;
        let is_last = next.is_none();
        let is_end = is_last && !is_behind_section;
        let blank = if is_end { blank_length_at_the_end(&window) } else { blank_length(&window) };
        if blank > 0 {
            at += blank as u64;
            continue;
        }
        let behind = match next {
            Some(section) if (blank_from..=at).contains(&section.offset) => Some(section.end),
            Some(_) if (blank_from..=at).any(|offset| listed.contains(&offset)) => match object_end(reader, at) {
                // What nobody can read has no end.
                Err(error) if error.is_damage() => None,
                end => end?,
            },
            // What ends the last section was seen to be right when the file was opened.
            _ if is_behind_section => mark_length(&window).map(|length| at + length as u64),
            _ => None,
        };
        is_behind_section = next.is_some_and(|section| (blank_from..=at).contains(&section.offset));
        match behind {
            Some(behind) if behind > at => (at, blank_from) = (behind, behind),
            _ => return Ok(Some(at)),
        }
    }
    Ok(None)
}

fn blank_length_at_the_end(window: &[u8]) -> usize {
    window.iter().take_while(|byte| is_space(**byte)).count()
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

/// `startxref`, the number and `%%EOF`.
fn mark_length(window: &[u8]) -> Option<usize> {
    let mut scanner = Scanner::new(window, 0, Tail::End);
    let is_keyword = scanner.word() == Ok(b"startxref");
    let number = scanner.unsigned().ok().flatten();
    if !is_keyword || number.is_none() {
        return None;
    }
    let blank = blank_length_at_the_end(&window[scanner.at..]);
    let at = scanner.at + blank;
    Some(if window[at..].starts_with(b"%%EOF") { at + 5 } else { scanner.at })
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
