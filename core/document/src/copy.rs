//! Copying a file's bytes into a new one without handling them, where the system can.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// Starts a new file at `path` that shares its bytes with `base` until one of both is written to: nothing is copied.
///
/// `None` where the file system or the system cannot do that; then there is no file at `path`.
#[cfg(target_vendor = "apple")]
pub(crate) fn clone(base: &File, path: &Path) -> Option<File> {
    use rustix::fs::{CWD, CloneFlags, fclonefileat};
    fclonefileat(base, CWD, path, CloneFlags::empty()).ok()?;
    let opened = File::options().read(true).write(true).open(path);
    if opened.is_err() {
        // The clone has the base's permissions, and those may forbid writing.
        let _ = std::fs::remove_file(path);
    }
    opened.ok()
}

/// Elsewhere files are cloned by copying: [`copy_start`].
#[cfg(not(target_vendor = "apple"))]
pub(crate) fn clone(_: &File, _: &Path) -> Option<File> {
    None
}

/// Puts the first `size` bytes of `base` into the empty `target`, which is left at its end. The system may let both share
/// them, as it does on Btrfs and XFS, and it copies within the kernel elsewhere.
///
/// If this fails, `target` is empty again and at its start.
///
/// # Errors
/// What the system answered; also where it cannot do this.
pub(crate) fn copy_start(base: &File, size: u64, target: &mut File) -> io::Result<()> {
    let copied = copy_in_kernel(base, size, target);
    let end = match copied {
        Ok(()) => size,
        Err(_) => target.set_len(0).map(|()| 0)?,
    };
    target.seek(SeekFrom::Start(end))?;
    target.flush()?;
    copied
}

#[cfg(target_os = "linux")]
fn copy_in_kernel(base: &File, size: u64, target: &File) -> io::Result<()> {
    let (mut from, mut to) = (0, 0);
    while from < size {
        let left = usize::try_from(size - from).unwrap_or(usize::MAX);
        // Positions are given, so that the base's own is not moved under whoever reads it.
        if rustix::fs::copy_file_range(base, Some(&mut from), target, Some(&mut to), left)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(())
}

/// Not on Android either: before version 14 its filter of system calls may kill the process for this one.
#[cfg(not(target_os = "linux"))]
fn copy_in_kernel(_: &File, _: u64, _: &File) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn the_start_of_a_file_is_copied_and_the_rest_goes_behind_it() {
        let (mut base, mut target) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
        let bytes: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
        base.write_all(&bytes).unwrap();
        base.seek(SeekFrom::Start(7)).unwrap();
        if let Err(error) = copy_start(&base, 1_000_001, &mut target) {
            assert_ne!(error.kind(), io::ErrorKind::UnexpectedEof);
            target.write_all(&bytes[..1_000_001]).unwrap();
        }
        target.write_all(b"end").unwrap();
        let mut copied = Vec::new();
        target.rewind().unwrap();
        target.read_to_end(&mut copied).unwrap();
        assert!(copied == [&bytes[..1_000_001], b"end"].concat());
        assert_eq!(base.stream_position().unwrap(), 7);
    }

    #[test]
    fn a_base_that_is_too_short_leaves_nothing() {
        let (mut base, mut target) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
        base.write_all(b"short").unwrap();
        assert!(copy_start(&base, 100, &mut target).is_err());
        assert_eq!((target.metadata().unwrap().len(), target.stream_position().unwrap()), (0, 0));
    }
}
