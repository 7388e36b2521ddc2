//! The revision put behind the old file where that lies, by path or by descriptor.

use std::path::Path;

use eseal_crypto::digest::{Digest, Hasher};

use crate::append::{self, AppendError, Journal, WriteAt};
use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::read::blocks::read_range;
use crate::pdf::read::snapshot::Snapshot;

impl From<AppendError> for PdfError {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::InUse => Self::InUse,
            AppendError::Changed => Self::SourceChanged,
            AppendError::TooLong => Self::LimitExceeded { what: "bytes to append" },
            AppendError::Unsettled(error) => Self::AppendUnfinished(error),
            AppendError::Read(error) => Self::reading(error),
            AppendError::Write(error) => Self::writing(error),
            AppendError::ReadBack => Self::ReadBack,
        }
    }
}

/// What is appended to what.
pub(crate) struct Appendix<'a> {
    /// The old file as it was hashed.
    pub(crate) snapshot: &'a Snapshot,
    /// Its length.
    pub(crate) size: u64,
    /// The bytes that go behind it.
    pub(crate) revision: &'a [u8],
    /// The digest of the old file, if all of it was read.
    pub(crate) old: Option<Digest>,
}

impl Appendix<'_> {
    pub(crate) fn to_path(&self, path: &Path) -> Result<(), PdfError> {
        append::append_to(path, |file| self.check(file), self.size, self.revision)
    }

    pub(crate) fn to_target(&self, target: &impl WriteAt, journal: &mut impl Journal) -> Result<(), PdfError> {
        append::settle(target, journal)?;
        self.check(target)?;
        Ok(append::append(target, journal, self.size, self.revision)?)
    }

    /// Whether the target is the file that was hashed. Where the time of its last change is not known or another one, as
    /// after an append that failed and was undone, its bytes decide.
    fn check(&self, target: &impl ReadAt) -> Result<(), PdfError> {
        let now = Snapshot::take(target)?;
        let is_same = now.is_surely(self.snapshot) || now.is_perhaps(self.snapshot) && self.is_old(target, &now)?;
        if is_same { Ok(()) } else { Err(PdfError::SourceChanged) }
    }

    /// Whether these are the old bytes: reads all of them, if that was done before.
    fn is_old(&self, target: &impl ReadAt, now: &Snapshot) -> Result<bool, PdfError> {
        let Some(old) = self.old else { return Ok(now == self.snapshot) };
        let mut hasher = Hasher::new(old.algorithm());
        read_range(target, 0..self.size, &mut |block| {
            hasher.update(block);
            Ok(())
        })?;
        Ok(hasher.finish() == old)
    }
}
