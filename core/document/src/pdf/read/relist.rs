//! The objects that a file's own cross-references lead to, where some of them lead nowhere, or the file was cut behind them.
//!
//! Other objects of the same numbers may be in the file: older ones, or put there so that what is signed is not what was
//! seen. Readers show what the cross-references say, so that is what is sealed.

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::read::input::Input;
use crate::pdf::read::scan::Landmarks;
use crate::pdf::read::xref::{Entry, SectionKind, Xref};
use crate::pdf::syntax::token::ObjectId;

/// One cross-reference for all that the file's own list, as the last revision left them that is there as a whole. Only for what
/// they do not lead to stands the last object of that number. `None` if they cannot be followed.
pub(super) fn relist<S: ReadAt>(input: &Input<S>, header: u64, found: &Landmarks) -> Result<Option<Xref>, PdfError> {
    let own = match input.last_whole_startxref().and_then(|recorded| Xref::load(input, header, recorded)) {
        Ok(own) => own,
        Err(error) if error.is_damage() => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut entries = own.live();
    let mut missed = Vec::new();
    for (number, entry) in &entries {
        let Entry::InFile { offset, generation } = *entry else { continue };
        let id = ObjectId { number: *number, generation };
        let is_there = match offset.checked_add(own.base) {
            Some(position) => input.is_start_of(id, position)?,
            None => false,
        };
        if !is_there {
            missed.push(*number);
        }
    }
    for number in missed {
        let mark = found.objects.get(&number);
        match mark.and_then(|mark| Some((mark.offset.checked_sub(own.base)?, mark.generation))) {
            Some((offset, generation)) => entries.insert(number, Entry::InFile { offset, generation }),
            None => entries.remove(&number),
        };
    }
    let is_packed = entries.values().any(|entry| matches!(entry, Entry::InStream { .. }));
    let kind = if is_packed { SectionKind::Stream } else { own.newest().kind };
    let trailer = own.trailer().clone();
    Ok(Some(Xref::rebuilt(own.base, entries.into_iter().collect(), kind, trailer)))
}
