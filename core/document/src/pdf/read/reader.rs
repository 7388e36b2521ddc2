//! The file as a graph of objects, at its newest revision.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use crate::source::{Prefix, ReadAt};

use crate::pdf::encryption::Protection;
use crate::pdf::error::PdfError;
use crate::pdf::limits::MAX_REFERENCE_CHAIN;
use crate::pdf::read::container::KeptContainers;
use crate::pdf::read::input::Input;
use crate::pdf::read::kept::KeptObjects;
use crate::pdf::read::options::OpenOptions;
use crate::pdf::read::protection::Encryption;
use crate::pdf::read::recover::{self, rebuild};
use crate::pdf::read::renewed::Renewed;
use crate::pdf::read::xref::{Condition, Continuation, Entry, Xref};
use crate::pdf::syntax::object::{Object, Value};
use crate::pdf::syntax::token::ObjectId;

/// Reads objects of one file on demand.
pub(crate) struct Reader<S> {
    pub(crate) input: Input<S>,
    pub(crate) xref: Xref,
    /// Where `startxref` stands.
    pub(crate) startxref_at: u64,
    pub(super) encryption: Option<Encryption>,
    pub(super) containers: RefCell<KeptContainers>,
    kept: KeptObjects,
    /// What the revision that is appended has to say anew. Empty for a verifier.
    pub(crate) renewed: Renewed,
}

impl<S> fmt::Debug for Reader<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("size", &self.input.size).finish_non_exhaustive()
    }
}

impl<S: ReadAt> Reader<S> {
    /// Opens a file whose cross-references lead to its objects, as a verifier has to have it.
    pub(crate) fn open(source: S, options: &OpenOptions) -> Result<Self, PdfError> {
        let mut reader = Self::read(Input::new(source)?).map_err(|(_, error)| error)?;
        reader.encryption = Encryption::unlock(&reader, options)?;
        reader.catalog()?;
        Ok(reader)
    }

    /// Opens a file to add to it: where its cross-references are damaged and nobody has signed it yet, they are made
    /// anew, and the appended revision carries all of them.
    pub(crate) fn open_to_append(source: S, options: &OpenOptions) -> Result<Self, PdfError> {
        let input = Input::mending(source)?;
        let (input, error) = match Self::read(input) {
            Ok(mut reader) => {
                let unlocked = Encryption::unlock(&reader, options).and_then(|encryption| {
                    reader.encryption = encryption;
                    reader.page_tree()
                });
                match unlocked {
                    Ok(_) => return reader.completing_what_is_irregular(),
                    Err(error) => (reader.input, error),
                }
            }
            Err(failed) => failed,
        };
        rebuild(input, &|reader| Encryption::unlock(reader, options), error)
    }

    /// Opens a file again that was opened before and has only been appended to.
    pub(crate) fn reopen(source: S, encryption: Option<&Encryption>) -> Result<Self, PdfError> {
        let input = Input::mending(source)?;
        let mut reader = Self::read(input).map_err(|(_, error)| error)?;
        reader.encryption = Encryption::of_earlier(&reader, encryption)?;
        reader.catalog()?;
        Ok(reader)
    }

    /// The file as it ended at byte `end`, opened by the same password.
    pub(crate) fn earlier(&self, end: u64) -> Result<Reader<Prefix<&S>>, PdfError> {
        let input = Input::new(Prefix::new(&self.input.source, end))?;
        let (recorded, startxref_at) = input.startxref()?;
        let start = recorded.checked_add(self.xref.base);
        let known = self.xref.sections.iter().position(|section| Some(section.offset) == start && section.end <= end);
        let mut reader = match known.and_then(|newest| self.xref.earlier(newest, recorded)) {
            Some(xref) => Reader::new(input, xref, startxref_at),
            None => Reader::read(input).map_err(|(_, error)| error)?,
        };
        reader.kept = self.kept.clone();
        reader.encryption = Encryption::of_earlier(&reader, self.encryption.as_ref())?;
        reader.catalog()?;
        Ok(reader)
    }

    /// The same file with cross-references made anew, after `damage` was met.
    pub(crate) fn rebuilt(self, damage: PdfError) -> Result<Self, PdfError> {
        if self.xref.condition == Condition::Rebuilt {
            return Err(damage);
        }
        let encryption = self.encryption;
        rebuild(self.input, &|reader| Encryption::of_earlier(reader, encryption.as_ref()), damage)
    }

    /// Refuses to put objects right in a signed file: that would change what was signed.
    pub(crate) fn check_may_renew(&self) -> Result<(), PdfError> {
        recover::check_may_renew(self)
    }

    fn read(input: Input<S>) -> Result<Self, (Input<S>, PdfError)> {
        let found = input.header().and_then(|header| {
            let (recorded, startxref_at) = input.startxref()?;
            let mut xref = Xref::load(&input, header.unwrap_or(0), recorded)?;
            if header.is_none() {
                xref.condition = Condition::Irregular;
            }
            Ok((xref, startxref_at))
        });
        match found {
            Ok((xref, startxref_at)) => Ok(Self::new(input, xref, startxref_at)),
            Err(error) => Err((input, error)),
        }
    }

    pub(super) fn new(input: Input<S>, xref: Xref, startxref_at: u64) -> Self {
        Self {
            input,
            xref,
            startxref_at,
            encryption: None,
            containers: RefCell::default(),
            kept: KeptObjects::default(),
            renewed: Renewed::default(),
        }
    }

    /// What most readers understand and some do not is put right by a complete cross-reference, if nobody has signed yet.
    fn completing_what_is_irregular(mut self) -> Result<Self, PdfError> {
        if self.xref.condition == Condition::Irregular && !recover::is_signed(&self)? {
            self.xref.continuation = Continuation::Complete;
        }
        Ok(self)
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

    /// The root of the page tree.
    pub(super) fn page_tree(&self) -> Result<Value, PdfError> {
        let pages = self.lookup(&self.catalog()?, "Pages")?;
        let offset = self.xref.newest().offset;
        let missing = PdfError::DamagedXref { offset, what: "the catalog has no /Pages" };
        if pages.is_dictionary() { Ok(pages) } else { Err(missing) }
    }

    /// The object of that name, or null if there is none.
    pub(crate) fn get(&self, id: ObjectId) -> Result<Value, PdfError> {
        if let Some(renewed) = self.renewed.get(id) {
            return Ok(renewed.root());
        }
        let found = match self.xref.get(id.number) {
            Some(Entry::InFile { offset, generation }) if generation == id.generation => self.in_file(id, offset),
            Some(Entry::InStream { container, .. }) if id.generation == 0 => self.in_stream(id.number, container),
            _ => Ok(Object::null()),
        };
        match found {
            Ok(object) => Ok(object.root()),
            // After a rebuild nothing better will be found.
            Err(error) if error.is_damage() && self.xref.condition == Condition::Rebuilt => Ok(Object::null().root()),
            Err(error) => Err(error),
        }
    }

    pub(super) fn in_file(&self, id: ObjectId, offset: u64) -> Result<Arc<Object>, PdfError> {
        let damaged = |what| PdfError::DamagedXref { offset, what };
        let position = offset.checked_add(self.xref.base).filter(|position| *position < self.input.size);
        let position = position.ok_or(damaged("an object lies behind the end of the file"))?;
        if let Some(kept) = self.kept.find(id, position, self.input.size).filter(|_| self.encryption.is_none()) {
            return Ok(kept);
        }
        let mut found = self.input.indirect(position).map_err(|error| match error {
            PdfError::DamagedObject { what: what @ "no object starts here", .. } => damaged(what),
            other => other,
        })?;
        if found.id != id {
            return Err(damaged("another object starts there"));
        }
        if let Some(encryption) = self.encryption.as_ref().filter(|encryption| encryption.own != Some(id)) {
            found.object.protection = Protection::Strings(encryption.cipher(id));
        }
        let object = Arc::new(found.object);
        if found.is_mended {
            self.renewed.add(id, &object)?;
        } else if self.encryption.is_none() {
            self.kept.keep(id, position, &object);
        }
        Ok(object)
    }

    /// Whether any object of the file is a signature that could hold. Reads all of it.
    pub(crate) fn is_signed(&self) -> Result<bool, PdfError> {
        recover::is_signed(self)
    }

    /// Has the appended revision say an object anew, spelt as it will stand in the file.
    pub(crate) fn renew(&self, id: ObjectId, bytes: Vec<u8>) -> Result<(), PdfError> {
        let unusable = |_| PdfError::DamagedObject { offset: 0, what: "an object cannot be put right" };
        let mut object = Object::parse(bytes, 0).map_err(unusable)?;
        if let Some(encryption) = self.encryption.as_ref().filter(|encryption| encryption.own != Some(id)) {
            object.protection = Protection::Strings(encryption.cipher(id));
        }
        self.renewed.add(id, &Arc::new(object))
    }

    /// A value as an object of its own, under a number that is free; `None` where strings in it are encrypted under the number
    /// of the object around it.
    pub(crate) fn move_out(&self, value: &Value) -> Option<(ObjectId, Value)> {
        let id = ObjectId { number: self.next_number(), generation: 0 };
        let Ok(mut object) = Object::parse(value.raw().to_vec(), 0) else { return None };
        object.protection = match (&value.object().protection, &self.encryption) {
            (Protection::Strings(_), _) if value.has_strings() => return None,
            (Protection::Packed(_), Some(encryption)) => Protection::Packed(encryption.cipher(id)),
            (Protection::Strings(_), Some(encryption)) => Protection::Strings(encryption.cipher(id)),
            _ => Protection::None,
        };
        Some((id, Arc::new(object).root()))
    }

    /// Reads what the file says of its encryption again, after that was renewed.
    pub(crate) fn describe_encryption_anew(&mut self) -> Result<(), PdfError> {
        if let Some(encryption) = self.encryption.take() {
            self.encryption = encryption.described_by(self)?;
        }
        Ok(())
    }

    /// The first number that no object has.
    pub(crate) fn next_number(&self) -> u32 {
        self.xref.next_number().max(self.renewed.next_number())
    }

    pub(crate) fn encryption(&self) -> Option<&Encryption> {
        self.encryption.as_ref()
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
