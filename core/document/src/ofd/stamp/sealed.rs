use std::collections::HashSet;
use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::SystemTime;

use eseal_crypto::cert::{Chain, TrustAnchors, UnixTime};
use eseal_crypto::cms::SignedAttributes;
use eseal_crypto::digest::{Digest, DigestAlgorithm};

use super::prepared::Prepared;
use super::value::Draft;
use crate::ofd::document::Ofd;
use crate::ofd::error::OfdError;
use crate::ofd::manifest::{self, MANIFEST_FILE};
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
    /// Names of files that were in it and are not any more.
    gone: Vec<String>,
    /// The name of the file that is still to come.
    value: String,
    id: String,
    modified: Option<SystemTime>,
}

impl<S: ReadAt> Unfinished<S> {
    pub(super) fn new(
        ofd: Ofd<S>,
        entries: Vec<NewEntry>,
        gone: Vec<String>,
        value: String,
        id: String,
    ) -> Result<Self, OfdError> {
        let modified = ofd.archive.source().modified()?;
        Ok(Self { ofd, entries, gone, value, id, modified })
    }

    /// As it is, with an integrity manifest in the place of one that it may have.
    pub(super) fn with_manifest(mut self, signer: &Chain, time: UnixTime) -> Result<Prepared<S>, OfdError> {
        // An earlier one was added last, and its value after it.
        if let Some(at) = self.entries.iter().position(|entry| entry.name == MANIFEST_FILE) {
            self.entries.truncate(at);
        }
        self.value = self.free_name();
        let bytes = manifest::write(self.files(), &self.value, time);
        let digest = Digest::of(DigestAlgorithm::Sm3, &bytes);
        let attributes = SignedAttributes::gbt_35275(&digest, signer.leaf(), time)?;
        self.entries.push(NewEntry { name: MANIFEST_FILE.to_owned(), bytes });
        Ok(Prepared { unfinished: self, draft: Draft::Cms(Box::new((attributes, signer.clone()))), digest })
    }

    /// The names of all files, but of those that are still to come.
    fn files(&self) -> impl Iterator<Item = &str> {
        let added = self.entries.iter().map(|entry| entry.name.as_str());
        let is_new = |name: &str| self.entries.iter().any(|entry| entry.name == name);
        let old = self.ofd.archive.files().map(|entry| entry.name.as_str());
        old.filter(move |name| !is_new(name) && !self.gone.iter().any(|gone| gone == name)).chain(added)
    }

    /// A name for the value of a manifest's signature, beside `OFD.xml`.
    fn free_name(&self) -> String {
        let first = |name: &str| name.split('/').next().unwrap_or_default().to_lowercase();
        let taken: HashSet<String> = self.files().map(first).collect();
        let names = (1..=taken.len()).map(|n| format!("signedvalue_{n}.dat"));
        let free = ["signedvalue.dat".to_owned()].into_iter().chain(names).find(|name| !taken.contains(name));
        free.unwrap_or_default()
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
    /// The identifier of the signature; of a manifest alone its name.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.id()
    }

    /// Makes all but the signature of an integrity manifest (GM/T 0099-2020, 7.4) for the package with its seal: the names of
    /// all its files, signed by `signer` (GB/T 35275-2017, SM2) at `time` by the signer's clock, so that files that are
    /// smuggled in are found. Nobody seals the package any more without taking the manifest's place.
    ///
    /// # Errors
    /// `cms.unsupported-algorithm` for a key that is not of SM2, and the other codes of [`CmsError`](eseal_crypto::cms::CmsError).
    pub fn prepare_manifest(self, signer: &Chain, time: UnixTime) -> Result<Prepared<S>, OfdError> {
        self.0.with_manifest(signer, time)
    }

    /// Writes the package, unchecked: for a file on disk use [`Self::save_as`].
    ///
    /// # Errors
    /// `ofd.source-changed`, `ofd.disk-full`, `ofd.write-failed`, `ofd.read-failed`, `ofd.limit-exceeded`.
    pub fn write_to(&self, sink: &mut impl Write) -> Result<(), OfdError> {
        self.check_source()?;
        Rewrite::new(&self.0.ofd.archive, &self.0.entries, &self.0.gone).write_to(sink)?;
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
        let all = || report.signatures.iter().chain(report.manifest.as_deref());
        let is_new = |signature: &&SignatureReport| signature.field == self.id();
        let holds = all().filter(is_new).any(|signature| signature.integrity == Integrity::Intact);
        let is_closed = report.manifest.as_ref().is_none_or(|manifest| manifest.verdict != Verdict::Invalid);
        // What cannot be verified here, a bare signature say, could not be before either.
        let is_broken = |signature: &SignatureReport| signature.integrity == Integrity::Broken;
        if holds && is_closed && !all().any(is_broken) { Ok(()) } else { Err(OfdError::ReadBack) }
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
