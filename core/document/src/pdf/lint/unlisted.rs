//! Objects that stand in the file and that no cross-reference lists: an attacker's update can bring them to life without
//! adding anything that is seen to be new.

use std::collections::{BTreeMap, HashSet};

use crate::source::ReadAt;

use super::{Findings, Severity};
use crate::pdf::error::PdfError;
use crate::pdf::read::reader::Reader;

/// Bytes of a file that are looked through.
const MAX_BYTES: u64 = 64 << 20;
const BLOCK: usize = 1 << 20;
/// How far before `obj` its numbers begin.
const HEAD: usize = 20;

pub(super) fn look<S: ReadAt>(reader: &Reader<S>, findings: &mut Findings) -> Result<(), PdfError> {
    let base = reader.xref.base;
    let listed: HashSet<u64> = reader.xref.sections.iter().flat_map(|section| section.offsets(base)).collect();
    let own: HashSet<u64> = reader.xref.sections.iter().map(|section| section.offset).collect();
    let mut unlisted: BTreeMap<u32, usize> = BTreeMap::new();
    let mut at = 0;
    while at < reader.input.size.min(MAX_BYTES) {
        let block = reader.input.bytes(at, BLOCK + 2 * HEAD)?;
        for found in find(&block, b" obj") {
            let Some((number, start)) = head(&block, found) else { continue };
            let offset = at + start as u64;
            // Blocks lie over each other, so that no object is cut.
            let is_first_seen = found >= HEAD || at == 0;
            if is_first_seen && found < BLOCK + HEAD && !listed.contains(&offset) && !own.contains(&offset) {
                *unlisted.entry(number).or_default() += 1;
            }
        }
        at += BLOCK as u64;
    }
    for number in unlisted.into_keys() {
        let detail = format!("an object {number} stands in the file and is in no cross-reference");
        findings.add(Severity::Warning, "lint.unlisted-object", (None, Some(number)), detail);
    }
    Ok(())
}

fn find<'a>(block: &'a [u8], word: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    block.windows(word.len()).enumerate().filter(move |(_, window)| *window == word).map(|(at, _)| at)
}

/// The number in `12 0 obj`, and where it starts, if the head of an object stands before `at` at the start of a line.
fn head(block: &[u8], at: usize) -> Option<(u32, usize)> {
    let before = &block[at.saturating_sub(HEAD)..at];
    let digits = |text: &[u8]| text.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let generation = digits(before);
    let rest = before.get(..before.len().checked_sub(generation + 1)?)?;
    let is_space = generation > 0 && before.get(rest.len()) == Some(&b' ');
    let number = digits(rest);
    let line = rest.len().checked_sub(number)?;
    let starts_a_line = line == 0 || matches!(rest.get(line - 1), Some(b'\r' | b'\n'));
    if !is_space || number == 0 || !starts_a_line {
        return None;
    }
    let value = std::str::from_utf8(&rest[line..]).ok()?.parse().ok()?;
    Some((value, at - generation - 1 - number))
}
