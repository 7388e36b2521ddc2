//! Appending to, and settling, the file that a path leads to: one process at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::journal::SideFile;
use super::{AppendError, Recovery, append, settle};

/// Puts `bytes` behind the first `size` bytes of the file at `path`, after `check` has said that it is the file it should
/// be. Its inode, permissions, owner and other names stay.
pub(crate) fn append_to<E: From<AppendError>>(
    path: &Path,
    check: impl FnOnce(&File) -> Result<(), E>,
    size: u64,
    bytes: &[u8],
) -> Result<(), E> {
    // A link stays a link, and the journal lies beside what it leads to.
    let path = fs::canonicalize(path).map_err(AppendError::Write)?;
    let mut journal = SideFile::beside(&path).map_err(AppendError::Write)?;
    let file = open_alone(&path, AppendError::Write)?;
    settle(&file, &mut journal)?;
    check(&file)?;
    append(&file, &mut journal, size, bytes)?;
    Ok(still_there(&path, &file)?)
}

/// Settles an append to the file at `path` that was cut off.
pub(crate) fn recover(path: &Path) -> Result<Recovery, AppendError> {
    let path: PathBuf = fs::canonicalize(path).map_err(AppendError::Read)?;
    let mut journal = SideFile::beside(&path).map_err(AppendError::Read)?;
    if !journal.is_there().map_err(AppendError::Read)? {
        return Ok(Recovery::Clean);
    }
    let file = open_alone(&path, AppendError::Unsettled)?;
    settle(&file, &mut journal)
}

/// The file, locked against others who append; the lock ends with the file or the process. Where files cannot be locked,
/// a journal that was left could not be told from one that is being written, so nothing is appended in place there.
fn open_alone(path: &Path, failed: fn(io::Error) -> AppendError) -> Result<File, AppendError> {
    let file = OpenOptions::new().read(true).write(true).open(path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(AppendError::InUse),
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    // Between opening and locking, the name may have been given to another file.
    still_there(path, &file)?;
    Ok(file)
}

#[cfg(unix)]
fn still_there(path: &Path, file: &File) -> Result<(), AppendError> {
    use std::os::unix::fs::MetadataExt as _;
    let identity = |metadata: &fs::Metadata| (metadata.dev(), metadata.ino());
    let (named, opened) = (fs::metadata(path), file.metadata().map_err(AppendError::Read)?);
    if named.is_ok_and(|named| identity(&named) == identity(&opened)) { Ok(()) } else { Err(AppendError::Changed) }
}

/// Elsewhere a file that is open cannot be renamed over.
#[cfg(not(unix))]
fn still_there(path: &Path, _: &File) -> Result<(), AppendError> {
    fs::metadata(path).map(drop).map_err(AppendError::Read)
}
