//! Where it is noted what is about to be appended.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::record::MAX_RECORD_BYTES;
use super::target::WriteAt;
use crate::save::{side_name, sync_directory};

/// What the name of a journal beside a document ends with.
const SUFFIX: &str = ".eseal-journal";

/// A place for one record that outlives the process and a power cut: beside the file, or in the host's own storage where
/// there is a descriptor and no path.
///
/// There is one journal for each document: what is found in it is about that document, and it is asked for again when the
/// document is opened next.
pub trait Journal {
    /// Puts `record` in place of whatever was stored, and waits until it is where a power cut does not reach it. Being cut
    /// off in between may leave a part of it: that is recognised.
    ///
    /// # Errors
    /// What the system answered.
    fn store(&mut self, record: &[u8]) -> io::Result<()>;

    /// What is stored now; `None` if nothing is.
    ///
    /// # Errors
    /// What the system answered.
    fn load(&mut self) -> io::Result<Option<Vec<u8>>>;

    /// Forgets what is stored.
    ///
    /// # Errors
    /// What the system answered.
    fn clear(&mut self) -> io::Result<()>;
}

/// A journal in a file, or whatever else can be written by position, that the host opened for reading and writing: empty
/// when nothing is stored.
#[derive(Debug)]
pub struct FileJournal<T> {
    file: T,
}

impl<T: WriteAt> FileJournal<T> {
    /// A journal in this file; a reference to one will do.
    #[must_use]
    pub fn new(file: T) -> Self {
        Self { file }
    }
}

impl<T: WriteAt> Journal for FileJournal<T> {
    fn store(&mut self, record: &[u8]) -> io::Result<()> {
        self.file.set_size(0)?;
        self.file.write_all_at(0, record)?;
        self.file.sync()
    }

    fn load(&mut self) -> io::Result<Option<Vec<u8>>> {
        let size = usize::try_from(self.file.size()?).ok().filter(|size| *size <= MAX_RECORD_BYTES);
        let mut record = vec![0; size.ok_or(io::ErrorKind::FileTooLarge)?];
        self.file.read_exact_at(0, &mut record)?;
        Ok(if record.is_empty() { None } else { Some(record) })
    }

    fn clear(&mut self) -> io::Result<()> {
        self.file.set_size(0)?;
        self.file.sync()
    }
}

/// A journal in a hidden file in the document's own directory, there only while there is something to settle.
#[derive(Debug)]
pub(super) struct SideFile {
    path: PathBuf,
    directory: PathBuf,
}

impl SideFile {
    /// The journal of the document at `path`, which is no link.
    pub(super) fn beside(path: &Path) -> io::Result<Self> {
        let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Ok(Self { path: directory.join(side_name(name, SUFFIX)), directory: directory.to_owned() })
    }

    pub(super) fn is_there(&self) -> io::Result<bool> {
        match fs::symlink_metadata(&self.path) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl Journal for SideFile {
    fn store(&mut self, record: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        // The document's new bytes are for nobody whom the document is not for.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&self.path)?;
        file.write_all(record)?;
        file.sync_all()?;
        sync_directory(&self.directory)
    }

    fn load(&mut self) -> io::Result<Option<Vec<u8>>> {
        if !self.is_there()? {
            return Ok(None);
        }
        if !fs::symlink_metadata(&self.path)?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the journal is no file"));
        }
        let mut record = Vec::new();
        let limit = MAX_RECORD_BYTES as u64;
        let read = File::open(&self.path)?.take(limit + 1).read_to_end(&mut record)?;
        if read as u64 > limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(Some(record))
    }

    fn clear(&mut self) -> io::Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => sync_directory(&self.directory),
        }
    }
}
