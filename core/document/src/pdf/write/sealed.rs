//! The sealed document, and how it gets into a file.

use std::fmt;
use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write};
use std::path::Path;

use eseal_crypto::digest::{Digest, DigestAlgorithm};

use crate::append::{Journal, WriteAt};
use crate::copy::copy_start;
use crate::save::{self, Start};
use crate::source::ReadAt;

use crate::pdf::document::Pdf;
use crate::pdf::error::PdfError;
use crate::pdf::read::blocks::read_range;
use crate::pdf::write::append::Appendix;
use crate::pdf::write::base::{Base, Extended};

/// A sealed document: the old bytes and finished revisions behind them. Saving can be tried again without a new signature.
///
/// It can be read like the file that it will be, and [opened again](Self::reopen) to go on.
pub struct Sealed<S> {
    base: Base<S>,
    field: Option<String>,
}

impl<S> fmt::Debug for Sealed<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed").field("field", &self.field).finish_non_exhaustive()
    }
}

impl<S: ReadAt> Sealed<S> {
    /// A revision more behind a file, and the name of the field that it gave a signature or timestamp.
    pub(crate) fn new(mut base: Base<S>, revision: Vec<u8>, field: Option<String>) -> Self {
        if base.file.appended.is_empty() {
            base.file.appended = revision;
        } else {
            base.file.appended.extend_from_slice(&revision);
        }
        Self { base, field }
    }

    /// The name of the field that got a signature or timestamp last; empty if only validation data was added.
    #[must_use]
    pub fn field(&self) -> &str {
        self.field.as_deref().unwrap_or_default()
    }

    /// The bytes that go behind the old file: one revision or several.
    #[must_use]
    pub fn revision(&self) -> &[u8] {
        &self.base.file.appended
    }

    /// Opens the document as it will be, to add validation data or a document timestamp before anything is written. The
    /// old bytes are not hashed again.
    ///
    /// # Errors
    /// As [`Pdf::open`].
    pub fn reopen(self) -> Result<Pdf<S>, PdfError> {
        Pdf::reopen(self.base)
    }

    /// Length of the sealed file.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.base.size()
    }

    /// Writes old bytes and revision. If this fails, what was written so far is no sealed file: for a file on disk use
    /// [`Self::save_as`].
    ///
    /// # Errors
    /// `pdf.source-changed`, `pdf.disk-full`, `pdf.write-failed`, `pdf.read-failed`.
    pub fn write_to(&self, sink: &mut impl Write) -> Result<(), PdfError> {
        let Extended { source, size, .. } = &self.base.file;
        read_range(source, 0..*size, &mut |block| sink.write_all(block).map_err(PdfError::writing))?;
        self.write_behind(sink)
    }

    /// Writes the revision behind the old bytes, which are there, after those were seen not to have changed.
    fn write_behind(&self, sink: &mut impl Write) -> Result<(), PdfError> {
        let Extended { source, appended, .. } = &self.base.file;
        self.base.snapshot.check(source)?;
        sink.write_all(appended).map_err(PdfError::writing)?;
        sink.flush().map_err(PdfError::writing)
    }

    /// Writes the sealed file to `path`, which may be the old file's own: a temporary file in the same directory is
    /// written, read back as far as it is new, synchronised, and renamed. A kill or a full disk at any moment leaves what
    /// was at `path` before. Where the source is a file and the system can, the new file shares the old bytes with it.
    ///
    /// # Errors
    /// As [`Self::write_to`], and `pdf.read-back`.
    pub fn save_as(&self, path: &Path) -> Result<(), PdfError> {
        let tag = &Digest::of(DigestAlgorithm::Sha256, self.revision()).to_string()[..16];
        let base = self.base.file.source.as_file();
        let fill = |file: &mut File, start: Start| -> Result<(), Saving> {
            let is_copied = match start {
                Start::Clone => file.seek(SeekFrom::Start(self.base.file.size)).map(|_| true)?,
                Start::Empty => base.is_some_and(|base| copy_start(base, self.base.file.size, file).is_ok()),
            };
            if is_copied { self.write_behind(file) } else { self.write_to(file) }?;
            Ok(self.read_back(file)?)
        };
        save::replace_file(path, tag, base, fill).map_err(|Saving(error)| error)
    }

    /// Puts the revision behind the old file where that lies, at `path`: nothing is copied, and inode, permissions, owner and
    /// other names of the file stay. What is about to be appended is noted in a hidden journal beside the file first
    /// (`.NAME.eseal-journal`), so that after a kill, a full disk or a power cut at any moment [`crate::open`] finds
    /// exactly the old file or exactly the new one.
    ///
    /// If this fails, the file is as it was and the call can be tried again.
    ///
    /// # Errors
    /// `pdf.source-changed` if the file is not the one that was hashed, `pdf.in-use`, `pdf.disk-full`, `pdf.write-failed`
    /// (also where files cannot be locked or no journal can be made: use [`Self::save_as`]), `pdf.read-failed`,
    /// `pdf.read-back`, `pdf.limit-exceeded`, `pdf.append-unfinished`.
    pub fn append_to(&self, path: &Path) -> Result<(), PdfError> {
        self.appendix().to_path(path)
    }

    /// As [`Self::append_to`], for a document that came as a descriptor: the host gives a journal of its own for it, and
    /// calls [`crate::recover_at`] with both before it opens the document again. Nobody else may write meanwhile.
    ///
    /// # Errors
    /// As [`Self::append_to`].
    pub fn append_at(&self, document: &impl WriteAt, journal: &mut impl Journal) -> Result<(), PdfError> {
        self.appendix().to_target(document, journal)
    }

    fn appendix(&self) -> Appendix<'_> {
        Appendix {
            snapshot: &self.base.snapshot,
            size: self.base.file.size,
            revision: self.revision(),
            old: self.base.source_digest(),
        }
    }

    /// Whether the appended bytes, and as many bytes in all as there should be, are in the file.
    fn read_back(&self, file: &File) -> Result<(), PdfError> {
        if file.size().map_err(PdfError::Read)? != self.size() {
            return Err(PdfError::ReadBack);
        }
        let mut written = vec![0; self.revision().len()];
        file.read_exact_at(self.base.file.size, &mut written).map_err(PdfError::Read)?;
        if written == self.revision() { Ok(()) } else { Err(PdfError::ReadBack) }
    }
}

/// As the file that it will be.
impl<S: ReadAt> ReadAt for Sealed<S> {
    fn size(&self) -> io::Result<u64> {
        self.base.file.size()
    }

    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.base.file.read_exact_at(offset, buf)
    }
}

/// Either side's failure while saving.
struct Saving(PdfError);

impl From<std::io::Error> for Saving {
    fn from(error: std::io::Error) -> Self {
        Self(PdfError::writing(error))
    }
}

impl From<PdfError> for Saving {
    fn from(error: PdfError) -> Self {
        Self(error)
    }
}
