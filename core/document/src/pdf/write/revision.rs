//! Writing an appended revision (ISO 32000-2, 7.5.6): objects, cross-references of the file's own kind, trailer.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use eseal_crypto::digest::{Digest, DigestAlgorithm};

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::limits::MAX_OBJECTS;
use crate::pdf::read::reader::Reader;
use crate::pdf::read::xref::SectionKind;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::ObjectId;
use crate::pdf::write::splice::{Draft, references};

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
/// Offsets in a table have ten digits.
const MAX_TABLE_OFFSET: u64 = 9_999_999_999;

/// A revision being written: the bytes that go behind the file.
#[derive(Debug)]
pub(crate) struct Revision {
    bytes: Vec<u8>,
    /// What is added to a position in `bytes` to have the offset that cross-references use.
    shift: u64,
    objects: BTreeMap<u32, (u64, u16)>,
    /// Objects of the file that are to be changed.
    edits: BTreeMap<ObjectId, Draft>,
    next: u32,
}

impl Revision {
    pub(crate) fn new<S: ReadAt>(reader: &Reader<S>) -> Result<Self, PdfError> {
        let last = reader.input.bytes(reader.input.size.saturating_sub(1), 1)?;
        let ends_a_line = matches!(last.first(), Some(b'\n' | b'\r'));
        Ok(Self {
            bytes: if ends_a_line { Vec::new() } else { b"\n".to_vec() },
            shift: reader.input.size - reader.xref.base,
            objects: BTreeMap::new(),
            edits: BTreeMap::new(),
            next: reader.xref.next_number(),
        })
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
    pub(crate) fn write(&mut self, id: ObjectId, value: &[u8]) -> usize {
        self.objects.insert(id.number, (self.position(), id.generation));
        self.bytes.extend_from_slice(format!("{} {} obj\n", id.number, id.generation).as_bytes());
        let start = self.bytes.len();
        self.bytes.extend_from_slice(value);
        self.bytes.extend_from_slice(b"\nendobj\n");
        start
    }

    /// Writes a stream; `entries` are those of its dictionary besides `/Length`.
    pub(crate) fn write_stream(&mut self, id: ObjectId, entries: &str, data: &[u8]) {
        let mut value = format!("<<{entries} /Length {}>>\nstream\n", data.len()).into_bytes();
        value.extend_from_slice(data);
        value.extend_from_slice(b"\nendstream");
        self.write(id, &value);
    }

    /// The changes to an object of the file. Whoever changes it, it is written once, by [`Self::finish`].
    pub(crate) fn edit(&mut self, id: ObjectId, object: &Value) -> &mut Draft {
        self.edits.entry(id).or_insert_with(|| Draft::new(object))
    }

    fn write_edits(&mut self) {
        for (id, draft) in std::mem::take(&mut self.edits) {
            if !draft.is_unchanged() {
                self.write(id, &draft.finish());
            }
        }
    }

    fn position(&self) -> u64 {
        self.shift + self.bytes.len() as u64
    }

    /// Writes cross-references and trailer; answers all bytes of the revision.
    pub(crate) fn finish<S: ReadAt>(mut self, reader: &Reader<S>) -> Result<Vec<u8>, PdfError> {
        self.write_edits();
        let trailer = reader.xref.trailer();
        let identifiers = identifiers(reader, &self.bytes)?;
        let startxref = self.position();
        let kind = reader.xref.newest().kind;
        let own = match kind {
            SectionKind::Table => None,
            SectionKind::Stream => Some(self.allocate()?),
        };
        let size = self.next;
        let mut entries = format!("/Size {size} /Prev {} /ID {identifiers}", reader.xref.recorded).into_bytes();
        for (key, value) in trailer.entries() {
            if !OWN_KEYS.iter().any(|own| key.is_name(own)) {
                entries.extend_from_slice(&[b"\n", key.raw(), b" ", value.raw()].concat());
            }
        }
        match own {
            None => {
                let table = self.table()?;
                self.bytes.extend_from_slice(table.as_bytes());
                self.bytes.extend_from_slice(&[b"trailer\n<<", entries.as_slice(), b"\n>>\n"].concat());
            }
            Some(own) => {
                self.objects.insert(own.number, (startxref, own.generation));
                let (header, data) = self.fields();
                let mut stream = format!("{} {} obj\n<</Type /XRef {header} ", own.number, own.generation).into_bytes();
                stream.extend_from_slice(&entries);
                stream.extend_from_slice(format!("\n/Length {}>>\nstream\n", data.len()).as_bytes());
                stream.extend_from_slice(&data);
                stream.extend_from_slice(b"\nendstream\nendobj\n");
                self.bytes.extend_from_slice(&stream);
            }
        }
        self.bytes.extend_from_slice(format!("startxref\n{startxref}\n%%EOF\n").as_bytes());
        Ok(self.bytes)
    }

    /// The objects in runs of numbers that follow each other.
    fn runs(&self) -> Vec<Vec<(u32, u64, u16)>> {
        let mut runs: Vec<Vec<(u32, u64, u16)>> = Vec::new();
        for (&number, &(offset, generation)) in &self.objects {
            match runs.last_mut() {
                Some(run) if run.last().is_some_and(|last| last.0 + 1 == number) => {
                    run.push((number, offset, generation));
                }
                _ => runs.push(vec![(number, offset, generation)]),
            }
        }
        runs
    }

    fn table(&self) -> Result<String, PdfError> {
        let mut out = String::from("xref\n");
        for run in self.runs() {
            let _ = writeln!(out, "{} {}", run[0].0, run.len());
            for (_, offset, generation) in run {
                if offset > MAX_TABLE_OFFSET {
                    return Err(PdfError::LimitExceeded { what: "size of a file with a cross-reference table" });
                }
                // Exactly 20 bytes each: some viewers count them.
                let _ = writeln!(out, "{offset:010} {generation:05} n ");
            }
        }
        Ok(out)
    }

    /// `/W` and `/Index` of a cross-reference stream, and its data.
    fn fields(&self) -> (String, Vec<u8>) {
        let highest = self.objects.values().map(|(offset, _)| *offset).max().unwrap_or(0);
        let width = (8 - highest.leading_zeros() as usize / 8).max(1);
        let (mut index, mut data) = (String::new(), Vec::new());
        for run in self.runs() {
            let _ = write!(index, "{}{} {}", if index.is_empty() { "" } else { " " }, run[0].0, run.len());
            for (_, offset, generation) in run {
                data.push(1);
                data.extend_from_slice(&offset.to_be_bytes()[8 - width..]);
                data.extend_from_slice(&generation.to_be_bytes());
            }
        }
        (format!("/W [1 {width} 2] /Index [{index}]"), data)
    }
}

/// The trailer's `/ID` (ISO 32000-2, 14.4): the first part stays, the second follows from what is written.
fn identifiers<S: ReadAt>(reader: &Reader<S>, written: &[u8]) -> Result<String, PdfError> {
    let given = reader.lookup(reader.xref.trailer(), "ID")?.elements();
    let mut kept = Vec::new();
    for part in given {
        kept.push(reader.resolve(part)?);
    }
    let first = kept.first().filter(|first| first.string().is_some_and(|first| !first.is_empty()));
    let mut seed = kept.get(1).and_then(Value::string).unwrap_or_default();
    seed.extend_from_slice(&reader.input.size.to_be_bytes());
    seed.extend_from_slice(written);
    let digest = Digest::of(DigestAlgorithm::Sha256, &seed).to_string();
    let second = format!("<{}>", &digest[..32]);
    let first = first.map_or_else(|| second.clone(), |first| hex(&first.string().unwrap_or_default()));
    Ok(format!("[{first} {second}]"))
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
