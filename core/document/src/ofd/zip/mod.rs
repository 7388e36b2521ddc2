//! The zip file that an OFD package is, read by position and strictly: what two readers could read differently is refused.

mod content;
mod directory;
mod fields;
mod local;
mod write;

use std::collections::HashMap;

use eseal_crypto::digest::{Digest, DigestAlgorithm, Hasher};

pub(crate) use self::write::{NewEntry, Rewrite};

use super::error::OfdError;
use super::limits::{FREE_INFLATED_LEN, MAX_INFLATED_LEN, MAX_INFLATION, MAX_PACKAGE_LEN};
use crate::source::ReadAt;

/// How an entry's bytes are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    Stored,
    Deflated,
}

/// A file in the archive.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Decoded; as in the archive, without a slash before it.
    pub(crate) name: String,
    method: Method,
    crc: u32,
    packed: u64,
    size: u64,
    /// Where its local header begins, where its data do, and where all of it ends.
    start: u64,
    data: u64,
    end: u64,
    /// Its record in the central directory, without the place of its local header and without lengths of 64 bits.
    record: Vec<u8>,
}

/// An archive whose directory was read, and agrees with itself.
#[derive(Debug)]
pub(crate) struct Archive<S> {
    source: S,
    size: u64,
    entries: Vec<Entry>,
    by_name: HashMap<String, usize>,
}

impl<S: ReadAt> Archive<S> {
    pub(crate) fn open(source: S) -> Result<Self, OfdError> {
        let size = source.size()?;
        if size > MAX_PACKAGE_LEN {
            return Err(OfdError::LimitExceeded { what: "length" });
        }
        let directory = directory::read(&source, size)?;
        let entries = local::check(&source, directory)?;
        let inflated = entries.iter().map(|entry| entry.size).fold(0, u64::saturating_add);
        let most = FREE_INFLATED_LEN.max(size.saturating_mul(MAX_INFLATION)).min(MAX_INFLATED_LEN);
        if inflated > most {
            return Err(OfdError::LimitExceeded { what: "inflated length" });
        }
        let mut by_name = HashMap::with_capacity(entries.len());
        let mut folded = std::collections::HashSet::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            // Where names differ only in case, a reader on a file system without case sees another file than we do.
            if !folded.insert(entry.name.to_lowercase()) {
                return Err(OfdError::UnsafeName { what: "two entries of one name" });
            }
            by_name.insert(entry.name.clone(), index);
        }
        Ok(Self { source, size, entries, by_name })
    }

    /// Length of the archive in bytes.
    pub(crate) const fn size(&self) -> u64 {
        self.size
    }

    pub(crate) const fn source(&self) -> &S {
        &self.source
    }

    /// Every file, in the order of the directory; folders are none.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| !entry.name.ends_with('/'))
    }

    /// The names of files and folders.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name.as_str())
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Entry> {
        self.by_name.get(name).and_then(|index| self.entries.get(*index)).filter(|entry| !entry.name.ends_with('/'))
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// An entry of at most `most` bytes, whole.
    pub(crate) fn read(&self, entry: &Entry, most: u64) -> Result<Vec<u8>, OfdError> {
        if entry.size > most {
            return Err(OfdError::LimitExceeded { what: "length of an entry" });
        }
        let mut bytes = Vec::with_capacity(usize::try_from(entry.size).unwrap_or_default());
        self.pour(entry, &mut |piece| bytes.extend_from_slice(piece))?;
        Ok(bytes)
    }

    /// The digest of an entry, however long it is.
    pub(crate) fn digest(&self, entry: &Entry, algorithm: DigestAlgorithm) -> Result<Digest, OfdError> {
        let mut hasher = Hasher::new(algorithm);
        self.pour(entry, &mut |piece| hasher.update(piece))?;
        Ok(hasher.finish())
    }

    /// An entry piece by piece; an error after some pieces says that they were not what the archive promised.
    pub(crate) fn pour(&self, entry: &Entry, sink: &mut dyn FnMut(&[u8])) -> Result<(), OfdError> {
        content::pour(&self.source, entry, sink)
    }
}
