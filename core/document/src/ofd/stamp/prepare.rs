use std::collections::HashSet;

use data_encoding::BASE64;
use eseal_crypto::cert::{Certificate, Chain, TrustAnchors, UnixTime};
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::ses::{Seal, SealSignatureDraft};

use super::describe::{Facts, List, with_list};
use super::mark::Mark;
use super::prepared::Prepared;
use super::sealed::Unfinished;
use super::value::Draft;
use crate::ofd::document::{ENTRY_FILE, Ofd};
use crate::ofd::error::OfdError;
use crate::ofd::manifest::{self, MANIFEST_FILE};
use crate::ofd::path;
use crate::ofd::signature::StampAnnot;
use crate::ofd::verify::{Digests, described, verify_open};
use crate::ofd::xml;
use crate::ofd::zip::NewEntry;
use crate::report::{Integrity, Verdict};
use crate::source::ReadAt;
use crate::trust::VerifyOptions;

/// Whether others may sign after this signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Protection {
    /// The list of signatures is left out of what is protected: others may follow.
    #[default]
    Continue,
    /// Everything is protected: nobody may sign any more.
    Whole,
}

/// A seal to be put on a package.
#[derive(Debug, Clone)]
#[must_use]
pub struct StampRequest<'a> {
    seal: &'a Seal,
    signer: &'a Certificate,
    time: UnixTime,
    marks: Vec<Mark>,
    protection: Protection,
    replaces_manifest: bool,
}

impl<'a> StampRequest<'a> {
    /// The seal, used with the certificate of `signer`, which its list must have, at `time` by the signer's clock.
    pub const fn new(seal: &'a Seal, signer: &'a Certificate, time: UnixTime) -> Self {
        Self { seal, signer, time, marks: Vec::new(), protection: Protection::Continue, replaces_manifest: false }
    }

    /// Shows the seal; may be asked for several times. Without, nothing is seen of it.
    pub fn mark(mut self, mark: Mark) -> Self {
        self.marks.push(mark);
        self
    }

    /// Shows the seal at several places: those of a [`CrossPage`](super::CrossPage) seal, say.
    pub fn marks(mut self, marks: impl IntoIterator<Item = Mark>) -> Self {
        self.marks.extend(marks);
        self
    }

    /// Whether others may sign after this signature; they may if nothing else is asked for.
    pub const fn protection(mut self, protection: Protection) -> Self {
        self.protection = protection;
        self
    }

    /// Takes the integrity manifest of the package out, if it has one, because it allows no other file and a new one is to
    /// follow ([`Sealed::prepare_manifest`](super::Sealed::prepare_manifest)). Without, such a package is not sealed.
    pub const fn replace_manifest(mut self) -> Self {
        self.replaces_manifest = true;
        self
    }
}

impl<S: ReadAt> Ofd<S> {
    /// Makes everything but the signature. Every file of the package is digested once.
    ///
    /// # Errors
    /// `ofd.signature-broken`, `ofd.locked` and `ofd.closed-by-manifest` for what signatures are there, `ofd.no-such-page`, `ofd.outside-page`,
    /// `ses.signer-not-listed` and the other codes of [`SesError`](eseal_crypto::ses::SesError), and as [`Ofd::open`].
    pub fn prepare(self, request: &StampRequest<'_>) -> Result<Prepared<S>, OfdError> {
        let digests = Digests::default();
        self.check_signatures(&digests, request.time)?;
        let gone = manifest::parts(&self);
        if !gone.is_empty() && !request.replaces_manifest {
            return Err(OfdError::ClosedByManifest);
        }
        self.check_locks(|list, name| name == list || is_among(&gone, name))?;
        let stamps = self.place(&request.marks)?;
        let mut entries = Vec::new();
        let list_name = self.list_name(&mut entries)?;
        let existing = self.archive.find(&list_name).map(|_| self.read_xml(&list_name)).transpose()?;
        let list = List::read(existing.as_deref())?;
        let folder = self.free_folder(&list_name);
        let [description, seal, value] =
            ["Signature.xml", "Seal.esl", "SignedValue.dat"].map(|name| format!("{folder}/{name}"));
        let id = list.next_id();
        let taken = id + stamps.len() as u64;
        entries.push(NewEntry { name: seal.clone(), bytes: request.seal.to_der().to_vec() });
        let list = NewEntry { name: list_name.clone(), bytes: list.with(&description, taken)?.into_bytes() };
        let is_protected =
            |name: &str| (request.protection == Protection::Whole || name != list_name) && !is_among(&gone, name);
        entries.push(list);
        let references = self.references(&entries, is_protected, &digests)?;
        let facts = Facts {
            first_id: id + 1,
            time: request.time,
            references: &references,
            stamps: &stamps,
            seal: &seal,
            value: &value,
        };
        let bytes = facts.to_xml().into_bytes();
        let digest = Digest::of(DigestAlgorithm::Sm3, &bytes);
        let draft = SealSignatureDraft {
            seal: request.seal.clone(),
            data: digest,
            property_info: format!("/{description}"),
            time: request.time,
            extensions: Vec::new(),
        };
        let signature = draft.prepare(request.signer)?;
        entries.push(NewEntry { name: description, bytes });
        let unfinished = Unfinished::new(self, entries, gone, value, id.to_string())?;
        Ok(Prepared { unfinished, draft: Draft::Seal(Box::new(signature)), digest })
    }

    /// Makes all but the signature of an integrity manifest for the package as it is, in the place of the one that it may have;
    /// see [`Sealed::prepare_manifest`](super::Sealed::prepare_manifest).
    ///
    /// # Errors
    /// `ofd.signature-broken`, `ofd.locked`, the codes of [`CmsError`](eseal_crypto::cms::CmsError), and as [`Ofd::open`].
    pub fn prepare_manifest(self, signer: &Chain, time: UnixTime) -> Result<Prepared<S>, OfdError> {
        self.check_signatures(&Digests::default(), time)?;
        let gone = manifest::parts(&self);
        self.check_locks(|_, name| is_among(&gone, name))?;
        Unfinished::new(self, Vec::new(), gone, String::new(), MANIFEST_FILE.to_owned())?.with_manifest(signer, time)
    }

    /// A signature behind others vouches for them: they have to hold.
    fn check_signatures(&self, digests: &Digests, at: UnixTime) -> Result<(), OfdError> {
        let report = verify_open(self, digests, &VerifyOptions::new(TrustAnchors::default(), at))?;
        let manifest = report.manifest.filter(|manifest| manifest.verdict == Verdict::Invalid);
        if let Some(manifest) = manifest {
            return Err(OfdError::BrokenSignature { id: manifest.field });
        }
        for signature in report.signatures {
            if signature.integrity == Integrity::Broken && signature.verdict == Verdict::Invalid {
                return Err(OfdError::BrokenSignature { id: signature.field });
            }
        }
        Ok(())
    }

    /// Signatures that are there have to allow that the files change which `changes` picks, by the list that names the signature
    /// and the file.
    fn check_locks(&self, changes: impl Fn(&str, &str) -> bool) -> Result<(), OfdError> {
        for signature in described(self)? {
            let (Some(base), Ok(description)) = (&signature.listed.description, &signature.description) else {
                continue;
            };
            let find = |file: &str| path::find(base, file, |name| self.archive.contains(name)).ok().flatten();
            let named = description.references.iter().filter_map(|reference| find(&reference.file));
            if named.into_iter().any(|name| changes(&signature.listed.list, &name)) {
                return Err(OfdError::Locked { id: signature.listed.id });
            }
        }
        Ok(())
    }

    fn place(&self, marks: &[Mark]) -> Result<Vec<StampAnnot>, OfdError> {
        if marks.is_empty() {
            return Ok(Vec::new());
        }
        let pages = self.page_refs()?;
        marks.iter().map(|mark| mark.on(&self.page(&pages, pages.get(mark.page.get())?)?)).collect()
    }

    /// The name of the list of signatures; a package that has none gets a place for it.
    fn list_name(&self, entries: &mut Vec<NewEntry>) -> Result<String, OfdError> {
        let Some(body) = self.bodies.first() else { return Err(OfdError::NotOfd) };
        if let Some(list) = &body.signatures {
            return Ok(list.clone());
        }
        let folder = body.root.rsplit_once('/').map_or("", |(folder, _)| folder);
        let name = format!("{folder}/Signs/Signatures.xml").trim_start_matches('/').to_owned();
        let bytes = self.read_xml(ENTRY_FILE)?;
        let text = with_list(xml::text(&bytes)?, &name)?;
        entries.push(NewEntry { name: ENTRY_FILE.to_owned(), bytes: text.into_bytes() });
        Ok(name)
    }

    /// A folder beside the list in which there is nothing.
    fn free_folder(&self, list: &str) -> String {
        let folder = list.rsplit_once('/').map_or_else(String::new, |(folder, _)| format!("{folder}/"));
        let lower = folder.to_lowercase();
        let below = |name: &str| name.to_lowercase().strip_prefix(&lower)?.split('/').next().map(str::to_owned);
        let taken: HashSet<String> = self.archive.names().filter_map(below).collect();
        // One more than there are names, so that one is free.
        let free = (0..=taken.len()).map(|n| format!("Sign_{n}")).find(|name| !taken.contains(&name.to_lowercase()));
        folder + &free.unwrap_or_default()
    }

    /// Every file that is protected, and its digest in base64.
    fn references(
        &self,
        entries: &[NewEntry],
        is_protected: impl Fn(&str) -> bool,
        digests: &Digests,
    ) -> Result<Vec<(String, String)>, OfdError> {
        let mut references = Vec::new();
        let is_new = |name: &str| entries.iter().any(|entry| entry.name == name);
        for file in self.archive.files().filter(|file| !is_new(&file.name) && is_protected(&file.name)) {
            let digest = digests.of(&self.archive, &file.name, DigestAlgorithm::Sm3)?;
            let digest = digest.ok_or(OfdError::Malformed { what: "an entry that cannot be unpacked" })?;
            references.push((file.name.clone(), BASE64.encode(digest.as_bytes())));
        }
        for entry in entries.iter().filter(|entry| is_protected(&entry.name)) {
            let digest = Digest::of(DigestAlgorithm::Sm3, &entry.bytes);
            references.push((entry.name.clone(), BASE64.encode(digest.as_bytes())));
        }
        Ok(references)
    }
}

fn is_among(names: &[String], name: &str) -> bool {
    names.iter().any(|one| one == name)
}
