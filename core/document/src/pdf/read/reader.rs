//! The file as a graph of objects, at its newest revision.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::limits::{MAX_REFERENCE_CHAIN, MAX_STREAM_BYTES};
use crate::pdf::read::filter;
use crate::pdf::read::input::Input;
use crate::pdf::read::xref::{Entry, Xref};
use crate::pdf::syntax::object::{Object, Value};
use crate::pdf::syntax::token::{Fault, ObjectId, Scanner, Tail};

/// Object streams kept unpacked; one more is unpacked again when it is needed.
const KEPT_CONTAINERS: usize = 4;

/// Reads objects of one file on demand.
pub(crate) struct Reader<S> {
    pub(crate) input: Input<S>,
    pub(crate) xref: Xref,
    /// Where `startxref` stands.
    pub(crate) startxref_at: u64,
    containers: RefCell<Vec<(u32, Arc<Container>)>>,
}

impl<S> fmt::Debug for Reader<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("size", &self.input.size).finish_non_exhaustive()
    }
}

/// An unpacked object stream (ISO 32000-2, 7.5.7).
struct Container {
    data: Vec<u8>,
    /// Object number and where it starts in `data`.
    index: Vec<(u32, usize)>,
}

impl<S: ReadAt> Reader<S> {
    pub(crate) fn open(source: S) -> Result<Self, PdfError> {
        let input = Input::new(source)?;
        let header = input.header()?;
        let (recorded, startxref_at) = input.startxref()?;
        let xref = Xref::load(&input, header, recorded)?;
        if xref.sections.iter().any(|section| section.trailer.get("Encrypt").is_some_and(|entry| !entry.is_null())) {
            return Err(PdfError::Encrypted);
        }
        let reader = Self { input, xref, startxref_at, containers: RefCell::default() };
        reader.catalog()?;
        Ok(reader)
    }

    pub(crate) fn root_id(&self) -> Result<ObjectId, PdfError> {
        let root = self.xref.trailer().get("Root").and_then(|root| root.reference());
        root.ok_or(PdfError::DamagedXref { offset: self.xref.newest().offset, what: "the trailer has no /Root" })
    }

    pub(crate) fn catalog(&self) -> Result<Value, PdfError> {
        let id = self.root_id()?;
        let catalog = self.get(id)?;
        if !catalog.is_dictionary() {
            return Err(PdfError::DamagedXref { offset: self.xref.newest().offset, what: "/Root leads to no catalog" });
        }
        Ok(catalog)
    }

    /// The object of that name, or null if there is none.
    pub(crate) fn get(&self, id: ObjectId) -> Result<Value, PdfError> {
        let object = match self.xref.get(id.number) {
            Some(Entry::InFile { offset, generation }) if generation == id.generation => self.in_file(id, offset)?,
            Some(Entry::InStream { container, .. }) if id.generation == 0 => self.in_stream(id.number, container)?,
            _ => Object::null(),
        };
        Ok(object.root())
    }

    fn in_file(&self, id: ObjectId, offset: u64) -> Result<Arc<Object>, PdfError> {
        let damaged = |what| PdfError::DamagedXref { offset, what };
        let position = offset.checked_add(self.xref.base).filter(|position| *position < self.input.size);
        let position = position.ok_or(damaged("an object lies behind the end of the file"))?;
        let found = self.input.indirect(position).map_err(|error| match error {
            PdfError::DamagedObject { what: what @ "no object starts here", .. } => damaged(what),
            other => other,
        })?;
        if found.id != id {
            return Err(damaged("another object starts there"));
        }
        Ok(found.object)
    }

    fn in_stream(&self, number: u32, container: u32) -> Result<Arc<Object>, PdfError> {
        let unpacked = self.container(container)?;
        let damaged = |what| PdfError::DamagedXref { offset: u64::from(container), what };
        let index = &unpacked.index;
        let at = index.iter().position(|(listed, _)| *listed == number);
        let at = at.ok_or(damaged("an object stream does not hold what it should"))?;
        let start = index[at].1;
        // Objects need not stand in the order of the index, so the end of one is the nearest later start.
        let end = index.iter().map(|(_, other)| *other).filter(|other| *other > start).min();
        let piece = unpacked.data.get(start..end.unwrap_or(unpacked.data.len()));
        let piece = piece.ok_or(damaged("an object stream is shorter than its index"))?.to_vec();
        let object = Object::parse(piece, 0).map_err(|fault| match fault {
            Fault::Limit(what) => PdfError::LimitExceeded { what },
            Fault::Malformed(what) => PdfError::DamagedObject { offset: start as u64, what },
            Fault::Incomplete => PdfError::DamagedObject { offset: start as u64, what: "the stream ends inside it" },
        })?;
        Ok(Arc::new(object))
    }

    fn container(&self, number: u32) -> Result<Arc<Container>, PdfError> {
        if let Some((_, kept)) = self.containers.borrow().iter().find(|(kept, _)| *kept == number) {
            return Ok(Arc::clone(kept));
        }
        let damaged = |what| PdfError::DamagedXref { offset: u64::from(number), what };
        // Only an object in the file itself: an object stream inside an object stream could lead in a circle.
        let Some(Entry::InFile { offset, generation }) = self.xref.get(number) else {
            return Err(damaged("an object stream that is not in the file"));
        };
        let stream = self.in_file(ObjectId { number, generation }, offset)?;
        let header = stream.root();
        let data = self.stream_data(&header)?;
        let count: usize = header.get("N").and_then(|count| count.unsigned()).ok_or(damaged("/N"))?;
        let first: usize = header.get("First").and_then(|first| first.unsigned()).ok_or(damaged("/First"))?;
        let mut scanner = Scanner::new(data.get(..first).ok_or(damaged("/First"))?, 0, Tail::End);
        let mut index = Vec::new();
        for _ in 0..count {
            let pair = scanner.unsigned().ok().flatten().zip(scanner.unsigned().ok().flatten());
            let (number, offset) = pair.ok_or(damaged("the index of an object stream"))?;
            let number = u32::try_from(number).map_err(|_| damaged("the index of an object stream"))?;
            let start = usize::try_from(offset).ok().and_then(|offset| offset.checked_add(first));
            index.push((number, start.ok_or(damaged("the index of an object stream"))?));
        }
        let unpacked = Arc::new(Container { data, index });
        let mut kept = self.containers.borrow_mut();
        if kept.len() >= KEPT_CONTAINERS {
            kept.remove(0);
        }
        kept.push((number, Arc::clone(&unpacked)));
        Ok(unpacked)
    }

    /// An object stream's data without its filters. What its dictionary refers to must be in the file itself
    /// (ISO 32000-2, 7.5.7), so that no object stream is needed to read an object stream.
    pub(crate) fn stream_data(&self, stream: &Value) -> Result<Vec<u8>, PdfError> {
        let damaged = |what| PdfError::DamagedObject { offset: stream.object().offset.unwrap_or_default(), what };
        let start = stream.object().stream.ok_or(damaged("a stream was expected"))?;
        let entry = |key: &str| stream.get(key).map(|value| self.in_file_value(value)).transpose();
        let length: usize = entry("Length")?.and_then(|length| length.unsigned()).ok_or(damaged("no /Length"))?;
        if length > MAX_STREAM_BYTES {
            return Err(PdfError::LimitExceeded { what: "size of a stream" });
        }
        let raw = self.input.bytes(start, length)?;
        filter::decode(raw, entry("Filter")?.as_ref(), entry("DecodeParms")?.as_ref())
    }

    fn in_file_value(&self, value: Value) -> Result<Value, PdfError> {
        let Some(id) = value.reference() else { return Ok(value) };
        match self.xref.get(id.number) {
            Some(Entry::InFile { offset, generation }) if generation == id.generation => {
                Ok(self.in_file(id, offset)?.root())
            }
            _ => Ok(Object::null().root()),
        }
    }

    /// The value itself, over references.
    pub(crate) fn resolve(&self, value: Value) -> Result<Value, PdfError> {
        self.locate(Some(value)).map(|(_, value)| value)
    }

    /// The value itself and, if it is an indirect object, which; nothing is null.
    pub(crate) fn locate(&self, value: Option<Value>) -> Result<(Option<ObjectId>, Value), PdfError> {
        let mut value = value.unwrap_or_else(|| Object::null().root());
        let mut last = None;
        for _ in 0..MAX_REFERENCE_CHAIN {
            match value.reference() {
                None => return Ok((last, value)),
                Some(id) => (last, value) = (Some(id), self.get(id)?),
            }
        }
        Err(PdfError::LimitExceeded { what: "references in a row" })
    }

    /// A dictionary's value over references; null if there is none.
    pub(crate) fn lookup(&self, dictionary: &Value, key: &str) -> Result<Value, PdfError> {
        self.locate(dictionary.get(key)).map(|(_, value)| value)
    }
}
