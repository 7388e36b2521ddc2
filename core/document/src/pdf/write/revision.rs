//! Writing an appended revision (ISO 32000-2, 7.5.6): objects, cross-references of the file's own kind, trailer.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use eseal_crypto::digest::{Digest, DigestAlgorithm};

use crate::source::ReadAt;

use crate::pdf::encryption::{ObjectCipher, StreamKind};
use crate::pdf::error::PdfError;
use crate::pdf::limits::MAX_OBJECTS;
use crate::pdf::read::protection::Encryption;
use crate::pdf::read::reader::Reader;
use crate::pdf::read::xref::{Continuation, Entry, SectionKind};
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::ObjectId;
use crate::pdf::write::protect::protect;
use crate::pdf::write::splice::{Draft, references};
use crate::pdf::write::xref::{self, MAX_TABLE_OFFSET};

/// Trailer keys that belong to one section and are not carried over.
pub(crate) const OWN_KEYS: [&[u8]; 13] = [
    b"Size",
    b"Prev",
    b"XRefStm",
    b"ID",
    b"Type",
    b"W",
    b"Index",
    b"Length",
    b"Filter",
    b"DecodeParms",
    b"F",
    b"FFilter",
    b"FDecodeParms",
];
/// A revision being written: the bytes that go behind the file.
#[derive(Debug)]
pub(crate) struct Revision {
    bytes: Vec<u8>,
    /// What is added to a position in `bytes` to have the offset that cross-references use.
    shift: u64,
    objects: BTreeMap<u32, Entry>,
    /// Objects of the file that are to be changed.
    edits: BTreeMap<ObjectId, Draft>,
    /// Lists that are to stay as they are: who adds to one gets a list of his own.
    left_alone: HashSet<ObjectId>,
    /// Objects that are to stay as they are, and what their changed copies are called.
    copies: BTreeMap<ObjectId, ObjectId>,
    next: u32,
    /// The first number that was free.
    first_new: u32,
    /// In an encrypted file.
    encryption: Option<Encryption>,
}

impl Revision {
    pub(crate) fn new<S: ReadAt>(reader: &Reader<S>) -> Result<Self, PdfError> {
        if reader.xref.trailer().get("AuthCode").is_some_and(|code| !code.is_null()) {
            return Err(PdfError::IntegrityCode);
        }
        let last = reader.input.bytes(reader.input.size.saturating_sub(1), 1)?;
        let ends_a_line = matches!(last.first(), Some(b'\n' | b'\r'));
        Ok(Self {
            bytes: if ends_a_line { Vec::new() } else { b"\n".to_vec() },
            shift: reader.input.size - reader.xref.base,
            objects: BTreeMap::new(),
            edits: BTreeMap::new(),
            left_alone: HashSet::new(),
            copies: BTreeMap::new(),
            next: reader.next_number(),
            first_new: reader.next_number(),
            encryption: reader.encryption().cloned(),
        })
    }

    /// Has lists that are used from several places stay as they are.
    pub(crate) fn leave_alone(&mut self, lists: impl IntoIterator<Item = ObjectId>) {
        self.left_alone.extend(lists);
    }

    pub(crate) fn is_left_alone(&self, list: ObjectId) -> bool {
        self.left_alone.contains(&list)
    }

    /// Has an object stay as it is, and a copy written that takes the changes; answers what that is called.
    pub(crate) fn copy(&mut self, id: ObjectId, object: &Value) -> Result<ObjectId, PdfError> {
        let copy = self.allocate()?;
        self.copies.insert(id, copy);
        self.edit(id, object);
        Ok(copy)
    }

    pub(crate) fn is_copied(&self, id: ObjectId) -> bool {
        self.copies.contains_key(&id)
    }

    /// Which objects of the file get another content.
    pub(crate) fn edited(&self) -> impl Iterator<Item = ObjectId> {
        self.edits.keys().copied().filter(|id| !self.copies.contains_key(id))
    }

    /// A number for a new object.
    pub(crate) fn allocate(&mut self) -> Result<ObjectId, PdfError> {
        if self.next > MAX_OBJECTS {
            return Err(PdfError::LimitExceeded { what: "objects in the file" });
        }
        let id = ObjectId { number: self.next, generation: 0 };
        self.next += 1;
        Ok(id)
    }

    /// Writes an object; answers where its value starts in [`Self::finish`]'s bytes.
    ///
    /// In an encrypted file the strings of a new object are encrypted here; a signature's `/Contents` is not, if it follows
    /// `/ByteRange`, and what stands before it in the object keeps its place if no string does. An object of the file is
    /// written as it is given: as it stood, with what [`Self::edit`] put into it.
    pub(crate) fn write(&mut self, id: ObjectId, value: &[u8]) -> usize {
        let entry = Entry::InFile { offset: self.position(), generation: id.generation };
        self.objects.insert(id.number, entry);
        self.bytes.extend_from_slice(format!("{} {} obj\n", id.number, id.generation).as_bytes());
        let start = self.bytes.len();
        match self.cipher(id).filter(|_| id.number >= self.first_new) {
            Some(cipher) => self.bytes.extend_from_slice(&protect(value, &cipher)),
            None => self.bytes.extend_from_slice(value),
        }
        self.bytes.extend_from_slice(b"\nendobj\n");
        start
    }

    /// Writes a stream; `entries` are those of its dictionary besides `/Length`, without encrypted strings.
    pub(crate) fn write_stream(&mut self, id: ObjectId, entries: &str, data: &[u8]) {
        let cipher = self.cipher(id);
        let data = match &cipher {
            Some(cipher) => Cow::Owned(cipher.encrypt_stream(kind(entries), data.to_vec())),
            None => Cow::Borrowed(data),
        };
        let mut value = format!("<<{entries} /Length {}>>\nstream\n", data.len()).into_bytes();
        if let Some(cipher) = cipher.filter(|_| id.number < self.first_new) {
            value = protect(&value, &cipher);
        }
        value.extend_from_slice(&data);
        value.extend_from_slice(b"\nendstream");
        self.write(id, &value);
    }

    fn cipher(&self, id: ObjectId) -> Option<ObjectCipher> {
        self.encryption.as_ref().map(|encryption| encryption.cipher(id))
    }

    /// The changes to an object of the file. Whoever changes it, it is written once, by [`Self::finish`].
    pub(crate) fn edit(&mut self, id: ObjectId, object: &Value) -> &mut Draft {
        self.edits.entry(id).or_insert_with(|| Draft::new(object))
    }

    fn write_edits(&mut self) {
        for (id, draft) in std::mem::take(&mut self.edits) {
            let copy = self.copies.get(&id).copied();
            if copy.is_some() || !draft.is_unchanged() {
                self.write(copy.unwrap_or(id), &draft.finish());
            }
        }
    }

    /// Writes what the file does not say in a way that everybody understands.
    fn write_renewed<S: ReadAt>(&mut self, reader: &Reader<S>) -> Result<(), PdfError> {
        loop {
            let renewed = reader.renewed.objects();
            let left: Vec<_> = renewed.into_iter().filter(|(id, _)| !self.objects.contains_key(&id.number)).collect();
            // The length of a stream may be an object that is put right, too.
            if left.is_empty() {
                return Ok(());
            }
            for (id, object) in left {
                let value = object.root();
                let mut draft = Draft::new(&value);
                let data =
                    object.stream.filter(|_| value.is_dictionary()).map(|_| reader.stored_data(&value)).transpose()?;
                if let Some(data) = &data {
                    draft.set(&value, "Length", data.len().to_string().as_bytes());
                }
                let mut bytes = draft.finish();
                if let Some(data) = data {
                    bytes.extend_from_slice(&[b"\nstream\n", data.as_slice(), b"\nendstream"].concat());
                }
                self.write(id, &bytes);
            }
        }
    }

    fn position(&self) -> u64 {
        self.shift + self.bytes.len() as u64
    }

    /// Writes cross-references and trailer; answers all bytes of the revision.
    pub(crate) fn finish<S: ReadAt>(mut self, reader: &Reader<S>) -> Result<Vec<u8>, PdfError> {
        let kept = given_identifiers(reader)?;
        self.write_edits();
        self.write_renewed(reader)?;
        let startxref = self.position();
        let is_complete = reader.xref.continuation == Continuation::Complete;
        let mut entries = std::mem::take(&mut self.objects);
        if is_complete {
            let mut all = reader.xref.live();
            all.append(&mut entries);
            entries = xref::complete(all);
        }
        // In a file with tables too, what a table cannot hold goes into a stream.
        let is_table = reader.xref.newest().kind == SectionKind::Table
            && startxref <= MAX_TABLE_OFFSET
            && xref::fits_table(&entries);
        let own = if is_table { None } else { Some(self.allocate()?) };
        let chain = if is_complete { String::new() } else { format!(" /Prev {}", reader.xref.start()) };
        let mut trailer = format!("/Size {}{chain}", self.next).into_bytes();
        trailer.extend_from_slice(format!(" /ID {}", identifiers(reader, &kept, &self.bytes)).as_bytes());
        for (key, value) in reader.xref.trailer().entries() {
            if !OWN_KEYS.iter().any(|own| key.is_name(own)) {
                trailer.extend_from_slice(&[b"\n", key.raw(), b" ", value.raw()].concat());
            }
        }
        if let Some(own) = own {
            entries.insert(own.number, Entry::InFile { offset: startxref, generation: own.generation });
            let (header, data) = xref::fields(&entries);
            let start = format!("{} {} obj\n<</Type /XRef {header} ", own.number, own.generation);
            let length = format!("\n/Length {}>>\nstream\n", data.len());
            let parts: [&[u8]; 5] = [start.as_bytes(), &trailer, length.as_bytes(), &data, b"\nendstream\nendobj\n"];
            self.bytes.extend_from_slice(&parts.concat());
        } else {
            let table = xref::table(&entries);
            self.bytes.extend_from_slice(&[table.as_bytes(), b"trailer\n<<", &trailer, b"\n>>\n"].concat());
        }
        self.bytes.extend_from_slice(format!("startxref\n{startxref}\n%%EOF\n").as_bytes());
        Ok(self.bytes)
    }
}

fn kind(entries: &str) -> StreamKind {
    if entries.contains("/Type /Metadata") { StreamKind::Metadata } else { StreamKind::Other }
}

/// The parts of the trailer's `/ID` (ISO 32000-2, 14.4).
fn given_identifiers<S: ReadAt>(reader: &Reader<S>) -> Result<Vec<Vec<u8>>, PdfError> {
    let given = reader.lookup(reader.xref.trailer(), "ID")?.elements();
    given.into_iter().map(|part| Ok(reader.resolve(part)?.string().unwrap_or_default())).collect()
}

/// The new `/ID`: the first part stays, the second follows from what is written.
fn identifiers<S: ReadAt>(reader: &Reader<S>, kept: &[Vec<u8>], written: &[u8]) -> String {
    let mut seed = kept.get(1).cloned().unwrap_or_default();
    seed.extend_from_slice(&reader.input.size.to_be_bytes());
    seed.extend_from_slice(written);
    let digest = Digest::of(DigestAlgorithm::Sha256, &seed).to_string();
    let second = format!("<{}>", &digest[..32]);
    let first = match kept.first() {
        Some(first) if !first.is_empty() => hex(first),
        // The key of an encrypted file follows from the first part, also where that is missing.
        _ if reader.encryption().is_some() => hex(&[]),
        _ => second.clone(),
    };
    format!("[{first} {second}]")
}

/// Bytes as a hexadecimal string.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2 + 2);
    out.push('<');
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
    out.push('>');
    out
}

/// An array of references.
pub(crate) fn array_of(ids: &[ObjectId]) -> String {
    format!("[{}]", references(ids))
}
