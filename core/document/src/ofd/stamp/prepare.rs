use std::collections::HashSet;

use data_encoding::BASE64;
use eseal_crypto::cert::{Chain, TrustAnchors, UnixTime};
use eseal_crypto::cms::SignedAttributes;
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::ses::{Seal, SealSignatureDraft};

use super::describe::{Facts, List, with_list};
use super::mark::Mark;
use super::prepared::Prepared;
use super::request::{Protection, SignRequest, StampRequest, Terms};
use super::sealed::Unfinished;
use super::value::Draft;
use crate::ofd::document::{ENTRY_FILE, Ofd};
use crate::ofd::error::OfdError;
use crate::ofd::manifest::{self, MANIFEST_FILE};
use crate::ofd::path;
use crate::ofd::signature::{Kind, StampAnnot};
use crate::ofd::verify::{Digests, described, verify_open};
use crate::ofd::xml;
use crate::ofd::zip::NewEntry;
use crate::report::{Integrity, Verdict};
use crate::source::ReadAt;
use crate::trust::VerifyOptions;

impl<S: ReadAt> Ofd<S> {
    /// Makes everything but the signature. Every file of the package is digested once.
    ///
    /// # Errors
    /// `ofd.signature-broken`, `ofd.locked` and `ofd.closed-by-manifest` for what signatures are there, `ofd.no-such-page`, `ofd.outside-page`,
    /// `ses.signer-not-listed` and the other codes of [`SesError`](eseal_crypto::ses::SesError), and as [`Ofd::open`].
    pub fn prepare(self, request: &StampRequest<'_>) -> Result<Prepared<S>, OfdError> {
        let described = self.describe(request.terms, Some(request.seal), &request.marks)?;
        let draft = SealSignatureDraft {
            seal: request.seal.clone(),
            data: described.digest,
            property_info: format!("/{}", described.name),
            time: request.terms.time,
            extensions: Vec::new(),
        };
        let signature = draft.prepare(request.signer)?;
        described.prepared(self, Draft::Seal(Box::new(signature)))
    }

    /// As [`Self::prepare`], without a seal: the value is a signature of GB/T 35275-2017 (`Type="Sign"`).
    ///
    /// # Errors
    /// As [`Self::prepare`], with the codes of [`CmsError`](eseal_crypto::cms::CmsError) for those of seals.
    pub fn prepare_signature(self, request: &SignRequest<'_>) -> Result<Prepared<S>, OfdError> {
        let described = self.describe(request.terms, None, &[])?;
        let SignRequest { signer, terms } = request;
        let attributes = SignedAttributes::gbt_35275(&described.digest, signer.leaf(), terms.time)?;
        described.prepared(self, Draft::Cms(Box::new((attributes, (*signer).clone()))))
    }

    /// What a signature adds, and what is signed; after it was seen that the package allows it.
    fn describe(&self, terms: Terms, seal: Option<&Seal>, marks: &[Mark]) -> Result<Described, OfdError> {
        let digests = Digests::default();
        self.check_signatures(&digests, terms.time)?;
        let gone = manifest::parts(self);
        if !gone.is_empty() && !terms.replaces_manifest {
            return Err(OfdError::ClosedByManifest);
        }
        self.check_locks(|list, name| name == list || is_among(&gone, name))?;
        let stamps = self.place(marks)?;
        let mut entries = Vec::new();
        let list_name = self.list_name(&mut entries)?;
        let existing = self.archive.find(&list_name).map(|_| self.read_xml(&list_name)).transpose()?;
        let list = List::read(existing.as_deref())?;
        let folder = self.free_folder(&list_name);
        let [name, seal_name, value] =
            ["Signature.xml", "Seal.esl", "SignedValue.dat"].map(|name| format!("{folder}/{name}"));
        let id = list.next_id();
        let taken = id + stamps.len() as u64;
        entries.extend(seal.map(|seal| NewEntry { name: seal_name.clone(), bytes: seal.to_der().to_vec() }));
        let kind = if seal.is_some() { Kind::Seal } else { Kind::Sign };
        let list = NewEntry { name: list_name.clone(), bytes: list.with(kind, &name, taken)?.into_bytes() };
        let is_protected =
            |name: &str| (terms.protection == Protection::Whole || name != list_name) && !is_among(&gone, name);
        entries.push(list);
        let references = self.references(&entries, is_protected, &digests)?;
        let facts = Facts {
            first_id: id + 1,
            time: terms.time,
            references: &references,
            stamps: &stamps,
            seal: seal.map(|_| seal_name.as_str()),
            value: &value,
        };
        let bytes = facts.to_xml().into_bytes();
        let digest = Digest::of(DigestAlgorithm::Sm3, &bytes);
        entries.push(NewEntry { name: name.clone(), bytes });
        Ok(Described { entries, gone, name, value, id: id.to_string(), digest })
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
            if signature.integrity == Integrity::Broken {
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
        let folder = body.root.rsplit_once('/').map_or_else(String::new, |(folder, _)| format!("{folder}/"));
        // A list that `OFD.xml` does not name is none, and what it names is not taken over.
        let taken: HashSet<String> = self.archive.names().map(str::to_lowercase).collect();
        let names = (1..=taken.len()).map(|n| format!("{folder}Signs_{n}/Signatures.xml"));
        let mut names = [format!("{folder}Signs/Signatures.xml")].into_iter().chain(names);
        let name = names.find(|name| !taken.contains(&name.to_lowercase())).unwrap_or_default();
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

/// What a signature adds to a package, but its value.
struct Described {
    entries: Vec<NewEntry>,
    gone: Vec<String>,
    /// The name of the description.
    name: String,
    /// That of the value.
    value: String,
    id: String,
    /// Of the description.
    digest: Digest,
}

impl Described {
    fn prepared<S: ReadAt>(self, ofd: Ofd<S>, draft: Draft) -> Result<Prepared<S>, OfdError> {
        let unfinished = Unfinished::new(ofd, self.entries, self.gone, self.value, self.id)?;
        Ok(Prepared { unfinished, draft, digest: self.digest })
    }
}

fn is_among(names: &[String], name: &str) -> bool {
    names.iter().any(|one| one == name)
}
