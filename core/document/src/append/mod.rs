//! Bytes put behind a file where it lies, so that a kill, a full disk or a power cut leaves the old file or the new one.
//!
//! What is about to happen is written into a [`Journal`] and synchronised first; then the bytes are written and
//! synchronised; then the journal is emptied. Whoever opens the file next settles a journal that was left: bytes that are
//! not all there are cut off again. Nothing here knows what the bytes mean.

mod journal;
mod path;
mod record;
mod target;

use std::io;

pub use journal::{FileJournal, Journal};
pub(crate) use path::{append_to, recover};
pub use target::WriteAt;

use self::record::Record;

/// Most bytes that are appended in one go: the journal holds a copy of them.
pub const MAX_APPENDED_BYTES: usize = 256 << 20;

/// What was found when a file was opened whose last append may have been cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// No append was cut off.
    Clean,
    /// An append had begun and nothing of it was in the file, which is the old one.
    Old,
    /// An append was cut off; what there was of it was removed, and the file is the old one.
    Trimmed,
    /// An append had been finished but for its journal: the file is the new one.
    New,
    /// The file is not the one that the journal tells of; it was left as it is, and the journal was dropped.
    Foreign,
}

/// Why nothing was appended, or could not be settled.
#[derive(Debug)]
pub(crate) enum AppendError {
    /// Another process is appending to the file.
    InUse,
    /// The file is not the one that it was, or its name leads to another one now.
    Changed,
    /// More than [`MAX_APPENDED_BYTES`].
    TooLong,
    /// What an append left that was cut off cannot be settled.
    Unsettled(io::Error),
    /// The file or its journal could not be read.
    Read(io::Error),
    /// The file or its journal could not be written.
    Write(io::Error),
    /// What was written does not read back the same.
    ReadBack,
}

/// Puts `bytes` behind the first `size` bytes of `target`, which are all there are.
///
/// If this fails, the target is as it was, or, if not even that could be brought about, the journal keeps what the next
/// [`settle`] needs.
pub(crate) fn append(
    target: &(impl WriteAt + ?Sized),
    journal: &mut (impl Journal + ?Sized),
    size: u64,
    bytes: &[u8],
) -> Result<(), AppendError> {
    if bytes.len() > MAX_APPENDED_BYTES {
        return Err(AppendError::TooLong);
    }
    if target.size().map_err(AppendError::Read)? != size {
        return Err(AppendError::Changed);
    }
    let record = Record::of(target, size, bytes).map_err(AppendError::Read)?;
    if let Err(error) = journal.store(&record.encode()) {
        // Half a record says nothing, so it does not matter if it stays.
        let _ = journal.clear();
        return Err(AppendError::Write(error));
    }
    let written = write(target, size, bytes);
    // A journal that stays behind a finished append is found to be over when the file is opened next.
    let is_settled = written.is_ok() || target.set_size(size).and_then(|()| target.sync()).is_ok();
    if is_settled {
        let _ = journal.clear();
    }
    written
}

fn write(target: &(impl WriteAt + ?Sized), size: u64, bytes: &[u8]) -> Result<(), AppendError> {
    target.write_all_at(size, bytes).and_then(|()| target.sync()).map_err(AppendError::Write)?;
    if target.size().map_err(AppendError::Read)? != size + bytes.len() as u64 {
        return Err(AppendError::ReadBack);
    }
    let mut there = vec![0; bytes.len()];
    target.read_exact_at(size, &mut there).map_err(AppendError::Read)?;
    if there == bytes { Ok(()) } else { Err(AppendError::ReadBack) }
}

/// Brings a file whose last append was cut off back to what it was before, or finds that it is whole; then empties the
/// journal.
pub(crate) fn settle(
    target: &(impl WriteAt + ?Sized),
    journal: &mut (impl Journal + ?Sized),
) -> Result<Recovery, AppendError> {
    let Some(stored) = journal.load().map_err(AppendError::Unsettled)? else { return Ok(Recovery::Clean) };
    let settled = match Record::decode(&stored) {
        Some(record) => bring_back(target, &record),
        // The journal itself was cut off, so nothing had been appended yet.
        None => Ok(Recovery::Old),
    };
    settled.and_then(|found| journal.clear().map(|()| found)).map_err(AppendError::Unsettled)
}

fn bring_back(target: &(impl WriteAt + ?Sized), record: &Record<'_>) -> io::Result<Recovery> {
    let found = record.compare(target)?;
    match found {
        Recovery::Trimmed => target.set_size(record.size).and_then(|()| target.sync())?,
        // Whole, but perhaps not yet where a power cut does not reach it.
        Recovery::New => target.sync()?,
        Recovery::Clean | Recovery::Old | Recovery::Foreign => {}
    }
    Ok(found)
}
