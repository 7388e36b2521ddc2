//! The second half of sealing: the signature in its place, and the sealed file saved.

use std::fmt;
use std::fs::File;
use std::io::Write;
use std::ops::Range;
use std::path::Path;

use eseal_crypto::cert::Chain;
use eseal_crypto::cms::SignedAttributes;
use eseal_crypto::digest::Digest;
use eseal_crypto::key::Signature;

use crate::append::{Journal, WriteAt};
use crate::save;
use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::read::blocks::read_range;
use crate::pdf::read::snapshot::Snapshot;
use crate::pdf::write::append::Appendix;
use crate::pdf::write::revision::hex;

/// The file as it was.
pub(crate) struct OldFile<S> {
    pub(crate) source: S,
    pub(crate) size: u64,
    pub(crate) snapshot: Snapshot,
}

/// The bytes to be appended.
pub(crate) struct Draft {
    pub(crate) bytes: Vec<u8>,
    /// Where in `bytes` the value of `/Contents` stands, angle brackets included.
    pub(crate) contents: Range<usize>,
}

/// A sealed document that lacks only the signature.
pub struct Prepared<S> {
    pub(crate) file: OldFile<S>,
    pub(crate) draft: Draft,
    pub(crate) field: String,
    pub(crate) digest: Digest,
    pub(crate) attributes: SignedAttributes,
    pub(crate) signer: Chain,
}

impl<S> fmt::Debug for Prepared<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared").field("field", &self.field).field("digest", &self.digest).finish_non_exhaustive()
    }
}

impl<S: ReadAt> Prepared<S> {
    /// What the key has to sign: the DER of the signed attributes, about 150 bytes. The signature is over their digest.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        self.attributes.to_be_signed()
    }

    /// The digest of the document as it will be, over `/ByteRange`; part of [`Self::to_be_signed`].
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The name of the new signature field.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Puts the signature in its place, after it was verified over the digest of the one pass and the file was seen not to
    /// have changed in length, last 4 KiB and time of change.
    ///
    /// # Errors
    /// `cms.bad-signature`, `pdf.source-changed`, `pdf.placeholder-too-small`, `pdf.read-failed`.
    pub fn complete(self, signature: &Signature) -> Result<Sealed<S>, PdfError> {
        let cms = self.attributes.finish(signature, &self.signer)?;
        let mut revision = self.draft.bytes;
        let digits = hex_digits(cms.to_der());
        let place = &mut revision[self.draft.contents.start + 1..self.draft.contents.end - 1];
        let Some(used) = place.get_mut(..digits.len()) else {
            return Err(PdfError::PlaceholderTooSmall { needed: cms.to_der().len(), reserved: place.len() / 2 });
        };
        used.copy_from_slice(&digits);
        self.file.snapshot.check(&self.file.source)?;
        let contents = self.draft.contents;
        Ok(Sealed { file: self.file, revision, contents, field: self.field, digest: self.digest })
    }
}

/// A sealed document: the old bytes and a finished revision behind them. Saving can be tried again without a new signature.
pub struct Sealed<S> {
    file: OldFile<S>,
    revision: Vec<u8>,
    /// Where in `revision` the value of `/Contents` stands, angle brackets included.
    contents: Range<usize>,
    field: String,
    digest: Digest,
}

impl<S> fmt::Debug for Sealed<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed").field("field", &self.field).field("digest", &self.digest).finish_non_exhaustive()
    }
}

impl<S: ReadAt> Sealed<S> {
    /// The name of the new signature field.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The digest over `/ByteRange`.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The bytes that go behind the old file.
    #[must_use]
    pub fn revision(&self) -> &[u8] {
        &self.revision
    }

    /// Length of the sealed file.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.file.size + self.revision.len() as u64
    }

    /// Writes old bytes and revision. If this fails, what was written so far is no sealed file: for a file on disk use
    /// [`Self::save_as`].
    ///
    /// # Errors
    /// `pdf.source-changed`, `pdf.disk-full`, `pdf.write-failed`, `pdf.read-failed`.
    pub fn write_to(&self, sink: &mut impl Write) -> Result<(), PdfError> {
        let OldFile { source, size, snapshot } = &self.file;
        read_range(source, 0..*size, &mut |block| sink.write_all(block).map_err(PdfError::writing))?;
        snapshot.check(source)?;
        sink.write_all(&self.revision).map_err(PdfError::writing)?;
        sink.flush().map_err(PdfError::writing)
    }

    /// Writes the sealed file to `path`, which may be the old file's own: a temporary file in the same directory is
    /// written, read back as far as it is new, synchronised, and renamed. A kill or a full disk at any moment leaves what
    /// was at `path` before.
    ///
    /// # Errors
    /// As [`Self::write_to`], and `pdf.read-back`.
    pub fn save_as(&self, path: &Path) -> Result<(), PdfError> {
        let tag = &self.digest.to_string()[..16];
        let fill = |file: &mut File| -> Result<(), Saving> {
            self.write_to(file)?;
            Ok(self.read_back(file)?)
        };
        save::replace_file(path, tag, fill).map_err(|Saving(error)| error)
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
            snapshot: &self.file.snapshot,
            size: self.file.size,
            revision: &self.revision,
            contents: self.contents.clone(),
            digest: &self.digest,
        }
    }

    /// Whether the appended bytes, and as many bytes in all as there should be, are in the file.
    fn read_back(&self, file: &File) -> Result<(), PdfError> {
        if file.size().map_err(PdfError::Read)? != self.size() {
            return Err(PdfError::ReadBack);
        }
        let mut written = vec![0; self.revision.len()];
        file.read_exact_at(self.file.size, &mut written).map_err(PdfError::Read)?;
        if written == self.revision { Ok(()) } else { Err(PdfError::ReadBack) }
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

fn hex_digits(bytes: &[u8]) -> Vec<u8> {
    let token = hex(bytes).into_bytes();
    token[1..token.len() - 1].to_vec()
}
