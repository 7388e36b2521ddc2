use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use zeroize::Zeroizing;

use crate::{MAX_VALUE_LEN, SealedStore, StoreError, StoreKey};

/// A directory with one file for each value, readable by its owner only, sealed by nothing.
///
/// A value is written beside its place, flushed, and renamed into it: a kill at any moment leaves the old value or the new
/// one. One process uses a directory at a time.
#[derive(Debug)]
pub struct FileStore {
    directory: PathBuf,
    /// Two writes of one name would meet in one temporary file.
    writing: Mutex<()>,
}

/// Names of values start with a letter or digit, so this one is none of theirs.
const TEMPORARY: &str = ".writing";

impl FileStore {
    /// Uses that directory, which it makes if need be.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be made or entered.
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let directory = directory.into();
        make_private_directory(&directory).map_err(|error| refusal(&error))?;
        // What a killed process left half-written.
        ignore_absence(fs::remove_file(directory.join(TEMPORARY))).map_err(|error| refusal(&error))?;
        Ok(Self { directory, writing: Mutex::new(()) })
    }

    fn path(&self, name: &StoreKey) -> PathBuf {
        self.directory.join(name.as_str())
    }

    fn replace(&self, name: &StoreKey, bytes: &[u8]) -> io::Result<()> {
        let _alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let temporary = self.directory.join(TEMPORARY);
        let replaced = write_flushed(&temporary, bytes).and_then(|()| fs::rename(&temporary, self.path(name)));
        if replaced.is_err() {
            // The failure is what matters; what is left here now, the next write or opening removes.
            let _ = fs::remove_file(&temporary);
        }
        replaced.and_then(|()| self.sync_directory())
    }

    /// The new name itself must survive a loss of power, too.
    fn sync_directory(&self) -> io::Result<()> {
        if cfg!(unix) { File::open(&self.directory)?.sync_all() } else { Ok(()) }
    }
}

#[async_trait]
impl SealedStore for FileStore {
    async fn read(&self, name: &StoreKey) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let path = self.path(name);
        match fs::metadata(&path) {
            Ok(metadata) if metadata.len() > MAX_VALUE_LEN as u64 => return Err(StoreError::Damaged),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(refusal(&error)),
        }
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(refusal(&error)),
        }
    }

    async fn write_atomic(&self, name: &StoreKey, bytes: &[u8]) -> Result<(), StoreError> {
        self.replace(name, bytes).map_err(|error| refusal(&error))
    }

    async fn delete(&self, name: &StoreKey) -> Result<(), StoreError> {
        let removed = ignore_absence(fs::remove_file(self.path(name)));
        removed.and_then(|()| self.sync_directory()).map_err(|error| refusal(&error))
    }
}

fn write_flushed(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = create_private_file(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn ignore_absence(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// The kind of error only: paths name users.
fn refusal(error: &io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full,
        kind => StoreError::Unexpected { detail: kind.to_string() },
    }
}

#[cfg(unix)]
fn make_private_directory(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make_private_directory(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

#[cfg(unix)]
fn create_private_file(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn create_private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).open(path)
}
