//! A file and what was put behind it but is not written yet: a signature, its validation data and a document timestamp are
//! one revision after the other, and the file is written once.

use std::io;
use std::time::SystemTime;

use eseal_crypto::digest::{Digest, DigestAlgorithm, Hasher};

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::read::blocks::read_range;
use crate::pdf::read::protection::Encryption;
use crate::pdf::read::snapshot::Snapshot;

/// The first `size` bytes of a source with others behind them.
#[derive(Debug)]
pub(crate) struct Extended<S> {
    pub(crate) source: S,
    pub(crate) size: u64,
    pub(crate) appended: Vec<u8>,
}

impl<S: ReadAt> Extended<S> {
    /// With nothing behind it yet.
    pub(crate) fn new(source: S) -> Result<Self, PdfError> {
        let size = source.size().map_err(PdfError::Read)?;
        Ok(Self { source, size, appended: Vec::new() })
    }
}

impl<S: ReadAt> ReadAt for Extended<S> {
    fn size(&self) -> io::Result<u64> {
        Ok(self.size + self.appended.size()?)
    }

    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let in_source = usize::try_from(self.size.saturating_sub(offset)).map_or(buf.len(), |left| left.min(buf.len()));
        let (old, new) = buf.split_at_mut(in_source);
        if !old.is_empty() {
            self.source.read_exact_at(offset, old)?;
        }
        if new.is_empty() { Ok(()) } else { self.appended.read_exact_at(offset.saturating_sub(self.size), new) }
    }

    fn modified(&self) -> io::Result<Option<SystemTime>> {
        self.source.modified()
    }
}

/// The state of a digest behind the last byte of the source.
#[derive(Debug, Clone)]
pub(crate) struct Hashed {
    algorithm: DigestAlgorithm,
    hasher: Hasher,
}

/// A file that is being sealed, as it is so far.
#[derive(Debug)]
pub(crate) struct Base<S> {
    pub(crate) file: Extended<S>,
    pub(crate) snapshot: Snapshot,
    /// Kept from the one pass over the source.
    pub(crate) hashed: Option<Hashed>,
    /// What opened it, if it is encrypted.
    pub(crate) encryption: Option<Encryption>,
}

impl<S: ReadAt> Base<S> {
    /// Length, what was appended included.
    pub(crate) fn size(&self) -> u64 {
        self.file.size + self.file.appended.len() as u64
    }

    /// A digest that has taken in everything there is. Reads the source only the first time.
    pub(crate) fn hasher(&mut self, algorithm: DigestAlgorithm) -> Result<Hasher, PdfError> {
        let mut hasher = match &self.hashed {
            Some(hashed) if hashed.algorithm == algorithm => hashed.hasher.clone(),
            _ => {
                let mut hasher = Hasher::new(algorithm);
                read_range(&self.file.source, 0..self.file.size, &mut |block| {
                    hasher.update(block);
                    Ok(())
                })?;
                self.snapshot.check(&self.file.source)?;
                self.hashed = Some(Hashed { algorithm, hasher: hasher.clone() });
                hasher
            }
        };
        hasher.update(&self.file.appended);
        Ok(hasher)
    }

    /// The digest of the source alone, if it was read.
    pub(crate) fn source_digest(&self) -> Option<Digest> {
        self.hashed.as_ref().map(|hashed| hashed.hasher.clone().finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_appended_is_read_as_if_it_were_there() {
        let mut extended = Extended::new(b"01234".as_slice()).unwrap();
        extended.appended = b"56789".to_vec();
        assert_eq!(extended.size().unwrap(), 10);
        for (offset, length) in [(0, 10), (0, 5), (5, 5), (3, 4), (9, 1), (10, 0), (4, 1)] {
            let mut bytes = vec![0; length];
            extended.read_exact_at(offset as u64, &mut bytes).unwrap();
            assert_eq!(bytes, b"0123456789"[offset..offset + length], "{offset} {length}");
        }
        for (offset, length) in [(0, 11), (5, 6), (10, 1), (11, 1)] {
            let refused = extended.read_exact_at(offset, &mut vec![0; length]).unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::UnexpectedEof, "{offset} {length}");
        }
    }

    #[test]
    fn the_source_is_hashed_once() {
        let file = Extended::new(b"old ".as_slice()).unwrap();
        let snapshot = Snapshot::take(&file.source).unwrap();
        let mut base = Base { file, snapshot, hashed: None, encryption: None };
        assert_eq!(base.source_digest(), None);
        for new in ["", "new", "newer"] {
            base.file.appended = new.into();
            let digest = base.hasher(DigestAlgorithm::Sha256).unwrap().finish();
            assert_eq!(digest, Digest::of(DigestAlgorithm::Sha256, format!("old {new}").as_bytes()));
        }
        assert_eq!(base.source_digest(), Some(Digest::of(DigestAlgorithm::Sha256, b"old ")));
        assert_eq!(base.size(), 9);
    }
}
