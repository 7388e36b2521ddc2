//! Certificates and revocation data for whoever verifies later (ISO 32000-2, 12.8.4.3; ETSI EN 319 142-1, 5.4.2).

use std::collections::HashMap;
use std::fmt::Write as _;

use eseal_crypto::cert::Certificate;
use eseal_crypto::digest::sha1_name;
use eseal_crypto::revocation::{Crl, OcspResponse, RevocationData};

use crate::source::ReadAt;

use crate::pdf::document::Pdf;
use crate::pdf::error::PdfError;
use crate::pdf::form;
use crate::pdf::limits::{MAX_VALIDATION_BYTES, MAX_VALIDATION_OBJECTS};
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::ObjectId;
use crate::pdf::write::revision::{Revision, array_of};
use crate::pdf::write::sealed::Sealed;
use crate::pdf::write::splice::reference;

/// Certificates and what was said about their revocation.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Certificates, in any order.
    pub certificates: Vec<Certificate>,
    /// OCSP responses and CRLs.
    pub revocation: RevocationData,
}

/// What is needed to verify the signatures of a document later, when nobody can be asked any more (level B-LT).
#[derive(Debug, Clone, Default)]
pub struct ValidationData {
    shared: Evidence,
    signatures: Vec<(String, Evidence)>,
}

impl ValidationData {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Evidence that is not for one signature alone.
    #[must_use]
    pub fn shared(mut self, evidence: Evidence) -> Self {
        self.shared.certificates.extend(evidence.certificates);
        for response in evidence.revocation.ocsp_responses() {
            self.shared.revocation.add_ocsp(response.clone());
        }
        for crl in evidence.revocation.crls() {
            self.shared.revocation.add_crl(crl.clone());
        }
        self
    }

    /// Evidence for the signature or timestamp in the field of this fully qualified name. It is also listed under that
    /// signature (`/VRI`), unless something is already.
    #[must_use]
    pub fn signature(mut self, field: &str, evidence: Evidence) -> Self {
        self.signatures.push((field.to_owned(), evidence));
        self
    }
}

/// The lists of the document security store and of `/VRI` entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Certificate,
    OcspResponse,
    Crl,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Certificate, Self::OcspResponse, Self::Crl];

    /// The key in the store (ISO 32000-2, table 261).
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Certificate => "Certs",
            Self::OcspResponse => "OCSPs",
            Self::Crl => "CRLs",
        }
    }

    /// The key in an entry of `/VRI` (ISO 32000-2, table 262).
    const fn entry_key(self) -> &'static str {
        match self {
            Self::Certificate => "Cert",
            Self::OcspResponse => "OCSP",
            Self::Crl => "CRL",
        }
    }

    fn of(self, evidence: &Evidence) -> Vec<&[u8]> {
        match self {
            Self::Certificate => evidence.certificates.iter().map(Certificate::to_der).collect(),
            Self::OcspResponse => evidence.revocation.ocsp_responses().iter().map(OcspResponse::to_der).collect(),
            Self::Crl => evidence.revocation.crls().iter().map(Crl::to_der).collect(),
        }
    }
}

impl<S: ReadAt> Pdf<S> {
    /// Adds validation data as a revision of its own: to the document security store that is there, or to a new one.
    /// What the store has already is not added again. Allowed after every signature, certifications included.
    ///
    /// # Errors
    /// `pdf.no-such-field` for evidence on a signature that is not there, `pdf.limit-exceeded`, and as [`Self::open`].
    pub fn append_validation_data(self, data: &ValidationData) -> Result<Sealed<S>, PdfError> {
        let (document, revision) = self.mending(|reader| Store::open(reader)?.extend(data))?;
        Ok(Sealed::new(document.into_base(), revision.unwrap_or_default(), None))
    }
}

/// The `/VRI` key of a signature: SHA-1 of the value of `/Contents`, padding included, in upper-case hexadecimal.
pub(crate) fn entry_name(contents: &[u8]) -> String {
    sha1_name(contents).iter().fold(String::new(), |mut name, byte| {
        let _ = write!(name, "{byte:02X}");
        name
    })
}

/// The document security store: what is in it, and what is added.
struct Store<'a, S> {
    reader: &'a Reader<S>,
    /// The store's object, if it is one, and its dictionary.
    place: (Option<ObjectId>, Value),
    /// What is in its lists, by content.
    known: HashMap<(Kind, Vec<u8>), ObjectId>,
    revision: Revision,
    added: HashMap<Kind, Vec<ObjectId>>,
}

impl<'a, S: ReadAt> Store<'a, S> {
    fn open(reader: &'a Reader<S>) -> Result<Self, PdfError> {
        let place = reader.locate(reader.catalog()?.get("DSS"))?;
        let mut known = HashMap::new();
        for kind in Kind::ALL {
            for (id, data) in listed(reader, &place.1, kind)? {
                known.entry((kind, data)).or_insert(id);
            }
        }
        Ok(Self { reader, place, known, revision: Revision::new(reader)?, added: HashMap::new() })
    }

    /// The revision, or nothing if everything is there already.
    fn extend(mut self, data: &ValidationData) -> Result<Option<Vec<u8>>, PdfError> {
        let mut entries = Vec::new();
        for (field, evidence) in &data.signatures {
            let name = self.entry_name_of(field)?;
            let lists = self.add(evidence)?;
            if !self.has_entry(&name)? && !lists.is_empty() && !entries.iter().any(|(known, _)| *known == name) {
                let id = self.revision.allocate()?;
                self.revision.write(id, format!("<<{lists}>>").as_bytes());
                entries.push((name, id));
            }
        }
        self.add(&data.shared)?;
        if self.added.is_empty() && entries.is_empty() {
            return Ok(None);
        }
        self.write(&entries)?;
        Ok(Some(self.revision.finish(self.reader)?))
    }

    fn entry_name_of(&self, field: &str) -> Result<String, PdfError> {
        let no_such_field = || PdfError::NoSuchField { name: field.to_owned() };
        let fields = form::fields(self.reader)?;
        let found = fields.iter().find(|candidate| candidate.is_signature && candidate.name == field);
        let value = found.and_then(|field| field.value.clone()).ok_or_else(no_such_field)?;
        let contents = self.reader.resolve(value)?.get("Contents").and_then(|contents| contents.string());
        Ok(entry_name(&contents.ok_or_else(no_such_field)?))
    }

    fn has_entry(&self, name: &str) -> Result<bool, PdfError> {
        Ok(self.reader.lookup(&self.place.1, "VRI")?.get(name).is_some())
    }

    /// Adds what is not there yet; answers with the lists for an entry of `/VRI`.
    fn add(&mut self, evidence: &Evidence) -> Result<String, PdfError> {
        let mut lists = String::new();
        for kind in Kind::ALL {
            let mut ids = Vec::new();
            for data in kind.of(evidence) {
                let id = self.object_of(kind, data)?;
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            if !ids.is_empty() {
                let _ = write!(lists, "/{} {} ", kind.entry_key(), array_of(&ids));
            }
        }
        Ok(lists)
    }

    fn object_of(&mut self, kind: Kind, data: &[u8]) -> Result<ObjectId, PdfError> {
        if let Some(id) = self.known.get(&(kind, data.to_vec())) {
            return Ok(*id);
        }
        let id = self.revision.allocate()?;
        self.revision.write_stream(id, "", data);
        self.known.insert((kind, data.to_vec()), id);
        self.added.entry(kind).or_default().push(id);
        Ok(id)
    }

    fn write(&mut self, entries: &[(String, ObjectId)]) -> Result<(), PdfError> {
        let (reader, root, catalog) = (self.reader, self.reader.root_id()?, self.reader.catalog()?);
        let mut new_entries = String::new();
        for (name, id) in entries {
            let _ = write!(new_entries, "/{name} {} ", reference(*id));
        }
        let (id, store) = &self.place;
        if !store.is_dictionary() {
            let mut text = String::from("<</Type /DSS ");
            for kind in Kind::ALL {
                if let Some(ids) = self.added.get(&kind) {
                    let _ = write!(text, "/{} {} ", kind.key(), array_of(ids));
                }
            }
            if !entries.is_empty() {
                let _ = write!(text, "/VRI <<{new_entries}>>");
            }
            text.push_str(">>");
            let id = self.revision.allocate()?;
            self.revision.write(id, text.as_bytes());
            self.revision.edit(root, &catalog).set(&catalog, "DSS", reference(id).as_bytes());
            return Ok(());
        }
        let holder = id.unwrap_or(root);
        for kind in Kind::ALL {
            if let Some(ids) = self.added.get(&kind) {
                form::append(reader, &mut self.revision, (holder, store), kind.key(), ids)?;
            }
        }
        let (list_id, list) = reader.locate(store.get("VRI"))?;
        if list.is_dictionary() {
            let draft = self.revision.edit(list_id.unwrap_or(holder), &list);
            for (name, id) in entries {
                draft.set(&list, name, reference(*id).as_bytes());
            }
        } else if !entries.is_empty() {
            self.revision.edit(holder, store).set(store, "VRI", format!("<<{new_entries}>>").as_bytes());
        }
        Ok(())
    }
}

/// One of the store's lists: the streams' objects and data. What is no stream or cannot be unpacked is passed over.
pub(crate) fn listed<S: ReadAt>(
    reader: &Reader<S>,
    store: &Value,
    kind: Kind,
) -> Result<Vec<(ObjectId, Vec<u8>)>, PdfError> {
    let mut found = Vec::new();
    let mut size = 0_usize;
    for element in reader.lookup(store, kind.key())?.elements() {
        let (Some(id), value) = reader.locate(Some(element))? else { continue };
        if found.len() >= MAX_VALIDATION_OBJECTS || size > MAX_VALIDATION_BYTES {
            return Err(PdfError::LimitExceeded { what: "validation data" });
        }
        if value.object().stream.is_some()
            && let Ok(data) = reader.stream_data(&value)
        {
            size += data.len();
            found.push((id, data));
        }
    }
    Ok(found)
}
