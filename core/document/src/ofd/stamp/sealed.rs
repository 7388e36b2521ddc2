use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::SystemTime;

use eseal_crypto::cert::{TrustAnchors, UnixTime};
use eseal_crypto::digest::{Digest, DigestAlgorithm};

use crate::ofd::document::Ofd;
use crate::ofd::error::OfdError;
use crate::ofd::verify::{Digests, verify_open};
use crate::ofd::zip::{NewEntry, Rewrite};
use crate::report::{Integrity, SignatureReport, Verdict};
use crate::save::{self, TAG_LENGTH};
use crate::source::ReadAt;
use crate::trust::VerifyOptions;

/// A package with all that a signature adds, but its value.
pub(super) struct Unfinished<S> {
    ofd: Ofd<S>,
    entries: Vec<NewEntry>,
    /// The name of the file that is still to come.
    value: String,
    id: String,
    modified: Option<SystemTime>,
}

impl<S: ReadAt> Unfinished<S> {
    pub(super) fn new(ofd: Ofd<S>, entries: Vec<NewEntry>, value: String, id: String) -> Result<Self, OfdError> {
        let modified = ofd.archive.source().modified()?;
        Ok(Self { ofd, entries, value, id, modified })
    }

    pub(super) fn finish(mut self, value: &[u8]) -> Sealed<S> {
        self.entries.push(NewEntry { name: self.value.clone(), bytes: value.to_vec() });
        Sealed(self)
    }
}

impl<S> Unfinished<S> {
    pub(super) fn id(&self) -> &str {
        &self.id
    }
}

/// A sealed package. Saving can be tried again without a new signature.
///
/// Files that stay as they are lie in it as they lay in the old one, byte for byte.
pub struct Sealed<S>(Unfinished<S>);

impl<S: ReadAt> Sealed<S> {
    /// The identifier of the signature.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.id()
    }

    /// Writes the package, unchecked: for a file on disk use [`Self::save_as`].
    ///
    /// # Errors
    /// `ofd.source-changed`, `ofd.disk-full`, `ofd.write-failed`, `ofd.read-failed`, `ofd.limit-exceeded`.
    pub fn write_to(&self, sink: &mut impl Write) -> Result<(), OfdError> {
        self.check_source()?;
        Rewrite::new(&self.0.ofd.archive, &self.0.entries).write_to(sink)?;
        sink.flush().map_err(OfdError::Write)?;
        self.check_source()
    }

    /// Writes the package to `path`, which may be the old one's own: a temporary file in the same directory is written, read
    /// again and verified, synchronised, and renamed. A kill or a full disk at any moment leaves what was at `path` before.
    ///
    /// # Errors
    /// As [`Self::write_to`], and `ofd.read-back`.
    pub fn save_as(&self, path: &Path) -> Result<(), OfdError> {
        let value = self.0.entries.last().map_or(&[][..], |entry| &entry.bytes);
        let tag = &Digest::of(DigestAlgorithm::Sha256, value).to_string()[..TAG_LENGTH];
        let fill = |file: &mut File, _| -> Result<(), Saving> {
            self.write_to(&mut BufWriter::with_capacity(256 * 1024, &mut *file))?;
            Ok(self.read_back(&*file)?)
        };
        save::replace_file(path, tag, None, fill).map_err(|Saving(error)| error)
    }

    /// Whether what was written verifies, the new signature and those before it.
    fn read_back(&self, written: &File) -> Result<(), OfdError> {
        let options = VerifyOptions::new(TrustAnchors::default(), UnixTime(0));
        let report = Ofd::open(written).and_then(|ofd| verify_open(&ofd, &Digests::default(), &options));
        let report = report.map_err(|_| OfdError::ReadBack)?;
        let is_new = |signature: &&SignatureReport| signature.field == self.id();
        let holds = report.signatures.iter().filter(is_new).any(|signature| signature.integrity == Integrity::Intact);
        // What cannot be verified here, a bare signature say, could not be before either.
        let is_refuted = |signature: &SignatureReport| signature.verdict == Verdict::Invalid;
        let is_broken = |signature: &SignatureReport| signature.integrity == Integrity::Broken && is_refuted(signature);
        if holds && !report.signatures.iter().any(is_broken) { Ok(()) } else { Err(OfdError::ReadBack) }
    }

    fn check_source(&self) -> Result<(), OfdError> {
        let archive = &self.0.ofd.archive;
        let is_same = archive.source().size()? == archive.size() && archive.source().modified()? == self.0.modified;
        if is_same { Ok(()) } else { Err(OfdError::SourceChanged) }
    }
}

impl<S> fmt::Debug for Sealed<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed").field("id", &self.0.id).finish_non_exhaustive()
    }
}

/// Either side's failure while saving.
struct Saving(OfdError);

impl From<io::Error> for Saving {
    fn from(error: io::Error) -> Self {
        Self(OfdError::Write(error))
    }
}

impl From<OfdError> for Saving {
    fn from(error: OfdError) -> Self {
        Self(error)
    }
}
