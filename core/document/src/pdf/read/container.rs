//! Object streams (ISO 32000-2, 7.5.7).

use std::sync::Arc;

use crate::source::ReadAt;

use crate::pdf::encryption::Protection;
use crate::pdf::error::PdfError;
use crate::pdf::read::reader::Reader;
use crate::pdf::read::xref::Entry;
use crate::pdf::syntax::mend::{Mended, mend};
use crate::pdf::syntax::object::{Object, Value};
use crate::pdf::syntax::token::{Fault, ObjectId, Scanner, Tail};

/// An unpacked object stream.
#[derive(Debug)]
pub(crate) struct Container {
    data: Vec<u8>,
    /// Object number and where it starts in `data`.
    pub(crate) index: Vec<(u32, usize)>,
    /// Where they start, in order.
    starts: Vec<usize>,
}

impl Container {
    fn new(header: &Value, data: Vec<u8>) -> Result<Self, &'static str> {
        let count: usize = header.get("N").and_then(|count| count.unsigned()).ok_or("/N")?;
        let first: usize = header.get("First").and_then(|first| first.unsigned()).ok_or("/First")?;
        let mut scanner = Scanner::new(data.get(..first).ok_or("/First")?, 0, Tail::End);
        let mut index = Vec::new();
        for _ in 0..count {
            let pair = scanner.unsigned().ok().flatten().zip(scanner.unsigned().ok().flatten());
            // Fewer than announced: what is missing is not there.
            let Some((number, offset)) = pair else { break };
            let number = u32::try_from(number).map_err(|_| "the index of an object stream")?;
            let start = usize::try_from(offset).ok().and_then(|offset| offset.checked_add(first));
            index.push((number, start.ok_or("the index of an object stream")?));
        }
        // Objects need not stand in the order of the index, so the end of one is the nearest later start.
        let mut starts: Vec<usize> = index.iter().map(|(_, start)| *start).collect();
        starts.sort_unstable();
        Ok(Self { data, index, starts })
    }

    /// The bytes of the object at `place` in the index, and where they start.
    fn piece(&self, place: usize) -> Result<(usize, &[u8]), PdfError> {
        let start = self.index.get(place).map_or(usize::MAX, |(_, start)| *start);
        let later = self.starts.partition_point(|other| *other <= start);
        let end = self.starts.get(later).copied().unwrap_or(self.data.len());
        let what = "an object stream is shorter than its index";
        let piece = self.data.get(start..end).ok_or(PdfError::DamagedObject { offset: start as u64, what })?;
        Ok((start, piece))
    }
}

fn parse_piece(start: usize, piece: &[u8]) -> Result<Object, PdfError> {
    Object::parse(piece.to_vec(), 0).map_err(|fault| match fault {
        Fault::Limit(what) => PdfError::LimitExceeded { what },
        Fault::Malformed(what) => PdfError::DamagedObject { offset: start as u64, what },
        Fault::Incomplete => PdfError::DamagedObject { offset: start as u64, what: "the stream ends inside it" },
    })
}

/// What is not closed ends where the next object begins, though no `endobj` says so.
fn mend_piece(piece: &[u8]) -> Result<Mended, Fault> {
    mend(&[piece, b" endobj"].concat(), 0, Tail::End)
}

impl<S: ReadAt> Reader<S> {
    pub(super) fn in_stream(&self, number: u32, container: u32) -> Result<Arc<Object>, PdfError> {
        let unpacked = self.container(container)?;
        let place = unpacked.index.iter().position(|(listed, _)| *listed == number);
        let missing = "an object stream does not hold what it should";
        let place = place.ok_or(PdfError::DamagedXref { offset: u64::from(container), what: missing })?;
        let (start, piece) = unpacked.piece(place)?;
        let mut is_mended = false;
        let mut object = match parse_piece(start, piece) {
            Err(PdfError::DamagedObject { .. }) if self.input.is_mending => match mend_piece(piece) {
                Ok(mended) => {
                    is_mended = true;
                    parse_piece(start, &mended.bytes)?
                }
                Err(_) => parse_piece(start, piece)?,
            },
            outcome => outcome?,
        };
        let id = ObjectId { number, generation: 0 };
        if let Some(encryption) = &self.encryption {
            object.protection = Protection::Packed(encryption.cipher(id));
        }
        let object = Arc::new(object);
        if is_mended {
            self.renewed.add(id, &object)?;
        }
        Ok(object)
    }

    /// An object stream, unpacked.
    pub(super) fn container(&self, number: u32) -> Result<Arc<Container>, PdfError> {
        if let Some(kept) = self.containers.borrow_mut().find(number) {
            return Ok(kept);
        }
        let damaged = |what| PdfError::DamagedXref { offset: u64::from(number), what };
        // Only an object in the file itself: an object stream inside an object stream could lead in a circle.
        let Some(Entry::InFile { offset, generation }) = self.xref.get(number) else {
            return Err(damaged("an object stream that is not in the file"));
        };
        let stream = self.in_file(ObjectId { number, generation }, offset)?;
        let header = stream.root();
        // What its dictionary refers to must be in the file itself, so that no object stream is needed to read one.
        let data = self.decoded(&header, &|value| self.in_file_value(value))?;
        self.input.count_unpacked(&data)?;
        let unpacked = Arc::new(Container::new(&header, data).map_err(damaged)?);
        self.containers.borrow_mut().keep(number, &unpacked);
        Ok(unpacked)
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
}

/// Object streams kept unpacked; one more is unpacked again when it is needed.
const KEPT: usize = 4;

/// The object streams used last.
#[derive(Debug, Default)]
pub(crate) struct KeptContainers(Vec<(u32, Arc<Container>)>);

impl KeptContainers {
    fn find(&mut self, number: u32) -> Option<Arc<Container>> {
        let at = self.0.iter().position(|(kept, _)| *kept == number)?;
        let found = self.0.remove(at);
        let container = Arc::clone(&found.1);
        self.0.push(found);
        Some(container)
    }

    fn keep(&mut self, number: u32, container: &Arc<Container>) {
        if self.0.len() >= KEPT {
            self.0.remove(0);
        }
        self.0.push((number, Arc::clone(container)));
    }
}
