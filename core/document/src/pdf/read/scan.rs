//! One pass over all bytes of a file for what stands out in them: where objects start, and a few names.

use std::collections::BTreeMap;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::limits::{MAX_FOUND_OBJECTS, MAX_OBJECTS};
use crate::pdf::read::blocks::read_range;
use crate::pdf::read::input::Input;
use crate::pdf::syntax::token::{ObjectId, is_regular, is_space, unsigned};

/// Bytes kept of what was read before, so that nothing is cut at the border of two blocks. No mark is longer.
const OVERLAP: usize = 64;
/// Marks of one kind that are kept; of more, the first.
const MAX_MARKS: usize = 1 << 16;

/// What stood out.
#[derive(Debug, Default)]
pub(super) struct Landmarks {
    /// The last object of each number.
    pub(super) objects: BTreeMap<u32, Landmark>,
    /// Behind each `trailer`.
    pub(super) trailers: Vec<u64>,
    /// Where objects start that have such a name in them.
    pub(super) xref_streams: Vec<u64>,
    pub(super) containers: Vec<u64>,
    pub(super) catalogs: Vec<u64>,
    pub(super) byte_ranges: Vec<u64>,
    /// Where the object starts that is being read.
    current: Option<u64>,
}

/// `number generation obj`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Landmark {
    pub(super) offset: u64,
    pub(super) generation: u16,
}

pub(super) fn scan<S: ReadAt>(input: &Input<S>) -> Result<Landmarks, PdfError> {
    let mut found = Landmarks::default();
    let mut window: Vec<u8> = Vec::new();
    // Where `window` starts in the file, and how much of it was looked at.
    let (mut start, mut done) = (0_u64, 0_usize);
    read_range(&input.source, 0..input.size, &mut |block| {
        let dropped = done.saturating_sub(OVERLAP);
        window.drain(..dropped);
        start += dropped as u64;
        done -= dropped;
        window.extend_from_slice(block);
        let is_last = start + window.len() as u64 >= input.size;
        let until = if is_last { window.len() } else { window.len().saturating_sub(OVERLAP) };
        found.look(&window, start, done..until)?;
        done = until.max(done);
        Ok(())
    })?;
    Ok(found)
}

impl Landmarks {
    fn look(&mut self, window: &[u8], start: u64, range: std::ops::Range<usize>) -> Result<(), PdfError> {
        for at in range {
            match window[at] {
                b'o' => self.look_for_object(window, start, at)?,
                b'/' => self.look_at_name(&window[at..]),
                b't' if window[at..].starts_with(b"trailer") => keep(&mut self.trailers, start + at as u64 + 7),
                _ => {}
            }
        }
        Ok(())
    }

    fn look_for_object(&mut self, window: &[u8], start: u64, at: usize) -> Result<(), PdfError> {
        if !window[at..].starts_with(b"obj") || window.get(at + 3).is_some_and(u8::is_ascii_alphabetic) {
            return Ok(());
        }
        let Some((id, first)) = identity_before(&window[..at]) else { return Ok(()) };
        let offset = start + first as u64;
        self.current = Some(offset);
        if self.objects.len() >= MAX_FOUND_OBJECTS {
            return Err(PdfError::LimitExceeded { what: "objects in the file" });
        }
        self.objects.insert(id.number, Landmark { offset, generation: id.generation });
        Ok(())
    }

    fn look_at_name(&mut self, rest: &[u8]) {
        let Some(current) = self.current else { return };
        let is = |name: &[u8]| rest.starts_with(name) && !rest.get(name.len()).is_some_and(|next| is_regular(*next));
        let marks = if is(b"/ObjStm") {
            &mut self.containers
        } else if is(b"/XRef") {
            &mut self.xref_streams
        } else if is(b"/Catalog") {
            &mut self.catalogs
        } else if is(b"/ByteRange") {
            &mut self.byte_ranges
        } else {
            return;
        };
        if marks.last() != Some(&current) {
            keep(marks, current);
        }
    }
}

fn keep(marks: &mut Vec<u64>, mark: u64) {
    if marks.len() < MAX_MARKS {
        marks.push(mark);
    }
}

/// The number and generation that end right before `obj`, and where they start.
fn identity_before(before: &[u8]) -> Option<(ObjectId, usize)> {
    let (rest, generation) = number_before(before)?;
    let (rest, number) = number_before(rest)?;
    let is_apart = rest.last().is_none_or(|byte| !matches!(byte, b'+' | b'-' | b'.'));
    let number = u32::try_from(number).ok().filter(|number| is_apart && (1..=MAX_OBJECTS).contains(number))?;
    Some((ObjectId { number, generation: u16::try_from(generation).ok()? }, rest.len()))
}

/// White space, and the digits before it.
fn number_before(before: &[u8]) -> Option<(&[u8], u64)> {
    let end = before.iter().rposition(|byte| !is_space(*byte))? + 1;
    let digits = before[..end].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let number = unsigned(&before[end - digits..end]).filter(|_| end < before.len() && digits <= 10)?;
    Some((&before[..end - digits], number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn landmarks(bytes: &[u8]) -> Landmarks {
        scan(&Input::new(bytes).unwrap()).unwrap()
    }

    #[test]
    fn objects_are_found_wherever_they_stand() {
        let found =
            landmarks(b"1 0 obj<</Type/Catalog>>endobj2 0\robj 3 0 objection endobj\n4 1 obj x 2 0 obj trailer<<>>");
        let offsets: Vec<_> = found.objects.iter().map(|(number, mark)| (*number, mark.offset)).collect();
        assert_eq!(offsets, [(1, 0), (2, 69), (4, 59)]);
        assert_eq!(found.objects[&4].generation, 1);
        assert_eq!((found.catalogs, found.trailers), (vec![0], vec![84]));
    }

    #[test]
    fn nothing_is_lost_between_two_blocks() {
        for before in (64 << 10) - 40..(64 << 10) + 40 {
            let mut bytes = vec![b' '; before];
            bytes.extend_from_slice(b"123 45 obj /ObjStm /ByteRange trailer");
            let found = landmarks(&bytes);
            assert_eq!(found.objects[&123].offset, before as u64);
            assert_eq!((found.containers.len(), found.byte_ranges.len(), found.trailers.len()), (1, 1, 1), "{before}");
        }
    }

    #[test]
    fn numbers_that_are_none_are_passed_over() {
        assert!(landmarks(b"0 0 obj -1 0 obj 1.0 0 obj 1 70000 obj 99999999 0 obj 1 0obj obj").objects.is_empty());
    }
}
