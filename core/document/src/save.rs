//! Writing a file so that a kill, a full disk or a power cut leaves the old file or the new one, never half of one.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use eseal_crypto::digest::{Digest, DigestAlgorithm};

use crate::copy;

/// What the names of unfinished files end with.
const UNFINISHED: &str = ".eseal-part";
/// Characters of the tag in such a name.
pub(crate) const TAG_LENGTH: usize = 16;
/// What file systems take as a name.
const MAX_NAME_BYTES: usize = 255;

/// What a temporary file begins as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// It holds nothing.
    Empty,
    /// It holds all that the base holds.
    Clone,
}

/// Replaces, or makes, the file at `target`: `fill` writes a temporary file in the same directory, which is synchronised
/// and then renamed over the target; the directory is synchronised last.
///
/// `tag`, [`TAG_LENGTH`] characters, goes into the temporary name. What a killed process left behind for the same target is removed first; a
/// temporary file that another process is writing is locked by it and stays. Where the system lets files share their bytes
/// until one is written to, the temporary file starts as a clone of `base`.
///
/// # Errors
/// What `fill` or the system answered; then the target is as it was and the temporary file is removed.
pub(crate) fn replace_file<E: From<io::Error>>(
    target: &Path,
    tag: &str,
    base: Option<&File>,
    fill: impl FnOnce(&mut File, Start) -> Result<(), E>,
) -> Result<(), E> {
    // A link stays a link: what it leads to is replaced.
    let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_path_buf());
    let name = target.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidFilename))?;
    let directory = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    remove_leftovers(directory, name);
    let temporary = directory.join(temporary_name(name, tag));
    let outcome = write_temporary(&temporary, &target, base, fill)
        .and_then(|()| fs::rename(&temporary, &target).map_err(E::from))
        .and_then(|()| sync_directory(directory).map_err(E::from));
    if outcome.is_err() {
        // If even this fails, the next save to the same target tries again.
        let _ = fs::remove_file(&temporary);
    }
    outcome
}

fn write_temporary<E: From<io::Error>>(
    temporary: &Path,
    target: &Path,
    base: Option<&File>,
    fill: impl FnOnce(&mut File, Start) -> Result<(), E>,
) -> Result<(), E> {
    let (mut part, start) = match base.and_then(|base| copy::clone(base, temporary)) {
        Some(clone) => (clone, Start::Clone),
        None => (OpenOptions::new().read(true).write(true).create_new(true).open(temporary)?, Start::Empty),
    };
    // Where files cannot be locked, leftovers are not recognised as such and stay.
    let _ = part.try_lock();
    if let Ok(metadata) = fs::metadata(target) {
        part.set_permissions(metadata.permissions())?;
    }
    fill(&mut part, start)?;
    Ok(part.sync_all()?)
}

fn temporary_name(target: &OsStr, tag: &str) -> OsString {
    side_name(target, &format!(".{tag}{UNFINISHED}"))
}

/// The name of a hidden file beside the file called `name`: where that name is too long to have something put to it, its
/// digest stands for it.
pub(crate) fn side_name(name: &OsStr, suffix: &str) -> OsString {
    let mut side = OsString::from(".");
    if name.len() + 1 + suffix.len() <= MAX_NAME_BYTES {
        side.push(name);
    } else {
        side.push(&Digest::of(DigestAlgorithm::Sha256, name.as_encoded_bytes()).to_string()[..32]);
    }
    side.push(suffix);
    side
}

/// Best effort: nothing depends on it.
fn remove_leftovers(directory: &Path, target: &OsStr) {
    // As long as the names that are looked for, so that it is shortened where they are.
    let start = temporary_name(target, &"x".repeat(TAG_LENGTH));
    let start = &start.as_encoded_bytes()[..start.len() - TAG_LENGTH - UNFINISHED.len()];
    let is_leftover = |name: &OsStr| {
        let name = name.as_encoded_bytes();
        name.starts_with(start) && name.ends_with(UNFINISHED.as_bytes())
    };
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    for path in entries.filter(|entry| is_leftover(&entry.file_name())).map(|entry| entry.path()) {
        if is_abandoned(&path) {
            let _ = fs::remove_file(path);
        }
    }
}

/// Whoever writes a temporary file holds a lock on it as long as it lives.
fn is_abandoned(path: &PathBuf) -> bool {
    OpenOptions::new().write(true).open(path).is_ok_and(|file| file.try_lock().is_ok())
}

/// Makes the rename last; only Unix lets a directory be synchronised.
pub(crate) fn sync_directory(directory: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("eseal-document-save-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn names(folder: &Path) -> Vec<OsString> {
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    }

    #[test]
    fn the_target_is_replaced_and_nothing_else_stays() {
        let folder = folder("replace");
        let target = folder.join("a.pdf");
        for text in ["first", "second"] {
            replace_file::<io::Error>(&target, "tag", None, |file, _| file.write_all(text.as_bytes())).unwrap();
            assert_eq!(fs::read_to_string(&target).unwrap(), text);
        }
        assert_eq!(names(&folder), ["a.pdf"]);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_failure_leaves_the_old_file_and_no_other() {
        let folder = folder("failure");
        let target = folder.join("a.pdf");
        fs::write(&target, "old").unwrap();
        let refused = replace_file::<io::Error>(&target, "tag", None, |file, _| {
            file.write_all(b"half")?;
            Err(io::ErrorKind::StorageFull.into())
        });
        assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert_eq!(fs::read_to_string(&target).unwrap(), "old");
        assert_eq!(names(&folder), ["a.pdf"]);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_a_killed_process_left_is_removed_and_what_another_writes_stays() {
        let folder = folder("leftover");
        let target = folder.join("a.pdf");
        fs::write(folder.join(".a.pdf.dead.eseal-part"), "half").unwrap();
        fs::write(folder.join(".b.pdf.dead.eseal-part"), "of another target").unwrap();
        let alive = File::create(folder.join(".a.pdf.alive.eseal-part")).unwrap();
        alive.try_lock().unwrap();
        replace_file::<io::Error>(&target, "tag", None, |file, _| file.write_all(b"new")).unwrap();
        assert_eq!(names(&folder), [".a.pdf.alive.eseal-part", ".b.pdf.dead.eseal-part", "a.pdf"]);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_target_that_is_no_file_name_is_refused() {
        assert!(replace_file::<io::Error>(Path::new("/"), "tag", None, |_, _| Ok(())).is_err());
        let missing = std::env::temp_dir().join("eseal-document-no-such-folder").join("a.pdf");
        assert!(replace_file::<io::Error>(&missing, "tag", None, |_, _| Ok(())).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = folder("link");
        fs::write(folder.join("real.pdf"), "old").unwrap();
        std::os::unix::fs::symlink("real.pdf", folder.join("link.pdf")).unwrap();
        replace_file::<io::Error>(&folder.join("link.pdf"), "tag", None, |file, _| file.write_all(b"new")).unwrap();
        assert!(fs::symlink_metadata(folder.join("link.pdf")).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(folder.join("real.pdf")).unwrap(), "new");
        fs::remove_dir_all(folder).unwrap();
    }
}
