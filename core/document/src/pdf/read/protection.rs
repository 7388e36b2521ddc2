//! The encryption dictionary (ISO 32000-2, 7.6.2, 7.6.4 and 7.6.6).

use std::sync::Arc;

use crate::source::ReadAt;

use crate::pdf::encryption::{Handler, Method, Methods, ObjectCipher, Password, Security};
use crate::pdf::error::PdfError;
use crate::pdf::read::options::OpenOptions;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::ObjectId;

/// The encryption of a file that was unlocked.
#[derive(Debug, Clone)]
pub(crate) struct Encryption {
    security: Arc<Security>,
    /// Of the key that opened it.
    key_bytes: usize,
    description: Description,
    /// The encryption dictionary's own object, of which no string is encrypted.
    pub(crate) own: Option<ObjectId>,
}

/// What the file says about its encryption.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Description {
    version: i64,
    handler: Handler,
    methods: Methods,
}

impl Encryption {
    /// The encryption of a file, unlocked by the empty password or the one given; `None` if it has none.
    pub(crate) fn unlock<S: ReadAt>(reader: &Reader<S>, options: &OpenOptions) -> Result<Option<Self>, PdfError> {
        let Some((own, description)) = describe(reader)? else { return Ok(None) };
        let empty = Password::new([]);
        let unlocked = [Some(&empty), options.password()].into_iter().flatten().find_map(|password| {
            description.key_sizes().find_map(|key_bytes| {
                let handler = Handler { key_bytes, ..description.handler.clone() };
                Some((key_bytes, Security::unlock(&handler, &description.methods, password)?))
            })
        });
        match unlocked {
            Some((key_bytes, security)) => Ok(Some(Self { security: Arc::new(security), key_bytes, description, own })),
            None if options.password().is_some() => Err(PdfError::WrongPassword),
            None => Err(PdfError::PasswordNeeded),
        }
    }

    /// The length of the key, if the file says another one and could say this one (`/V` 2, the only one whose length varies).
    pub(crate) fn misstated_key_bytes(&self) -> Option<usize> {
        let said = self.description.handler.key_bytes;
        let is_variable = self.description.version == 2;
        Some(self.key_bytes).filter(|used| is_variable && *used != said)
    }

    /// The same key, after the file was made to say something else about it.
    pub(super) fn described_by<S: ReadAt>(self, reader: &Reader<S>) -> Result<Option<Self>, PdfError> {
        Ok(describe(reader)?.map(|(own, description)| Self { description, own, ..self }))
    }

    /// What encrypts the strings and streams of an object.
    pub(crate) fn cipher(&self, id: ObjectId) -> ObjectCipher {
        ObjectCipher::new(Arc::clone(&self.security), id)
    }

    /// The encryption of an earlier revision of the same file: with the same key, or none.
    pub(crate) fn of_earlier<S: ReadAt>(reader: &Reader<S>, newest: Option<&Self>) -> Result<Option<Self>, PdfError> {
        match (describe(reader)?, newest) {
            (None, _) => Ok(None),
            (Some((own, description)), Some(newest)) if description == newest.description => {
                Ok(Some(Self { own, ..newest.clone() }))
            }
            _ => Err(PdfError::UnsupportedEncryption),
        }
    }
}

impl Description {
    /// Sizes of the key to try: what the file says, then what others take where it says something odd.
    fn key_sizes(&self) -> impl Iterator<Item = usize> {
        let said = self.handler.key_bytes;
        let others: &[usize] = if self.handler.revision < 5 { &[16, 5] } else { &[] };
        std::iter::once(said).chain(others.iter().copied().filter(move |other| *other != said))
    }
}

fn describe<S: ReadAt>(reader: &Reader<S>) -> Result<Option<(Option<ObjectId>, Description)>, PdfError> {
    let trailer = reader.xref.trailer();
    let (own, dictionary) = reader.locate(trailer.get("Encrypt"))?;
    if dictionary.is_null() {
        return Ok(None);
    }
    let entry = |key: &str| reader.lookup(&dictionary, key);
    if !entry("Filter")?.is_name(b"Standard") {
        return Err(PdfError::UnsupportedEncryption);
    }
    let number = |key: &str, default: i64| Ok::<_, PdfError>(entry(key)?.integer().unwrap_or(default));
    let text = |key: &str| Ok::<_, PdfError>(entry(key)?.string().unwrap_or_default());
    let version = number("V", 0)?;
    let revision = u8::try_from(number("R", 0)?).ok().filter(|revision| (2..=6).contains(revision));
    let revision = revision.ok_or(PdfError::UnsupportedEncryption)?;
    if !matches!((version, revision), (1 | 2, 2 | 3) | (4, 4) | (5, 5 | 6)) {
        return Err(PdfError::UnsupportedEncryption);
    }
    let ids = reader.lookup(trailer, "ID")?.elements();
    let file_id = match ids.first() {
        Some(first) => reader.resolve(first.clone())?.string().unwrap_or_default(),
        None => Vec::new(),
    };
    let encrypts_metadata =
        !matches!(entry("EncryptMetadata")?.kind(), crate::pdf::syntax::token::Kind::Boolean(false));
    let handler = Handler {
        revision,
        key_bytes: key_bytes(version, number("Length", 40)?),
        owner: text("O")?,
        user: text("U")?,
        owner_key: text("OE")?,
        user_key: text("UE")?,
        permissions: number("P", 0)?,
        encrypts_metadata,
        file_id,
    };
    let methods = methods(reader, &dictionary, version, encrypts_metadata)?;
    Ok(Some((own, Description { version, handler, methods })))
}

/// `/Length` is in bits, but some writers give bytes.
fn key_bytes(version: i64, length: i64) -> usize {
    match (version, length) {
        (1, _) => 5,
        (4, _) => 16,
        (5, _) => 32,
        (_, 5..=16) => usize::try_from(length).unwrap_or(5),
        (_, 40..=128) => usize::try_from(length / 8).unwrap_or(5),
        _ => 5,
    }
}

fn methods<S: ReadAt>(
    reader: &Reader<S>,
    dictionary: &Value,
    version: i64,
    metadata: bool,
) -> Result<Methods, PdfError> {
    if version < 4 {
        return Ok(Methods { strings: Method::Rc4, streams: Method::Rc4, named: Vec::new(), metadata: true });
    }
    let mut named = vec![(b"Identity".to_vec(), Method::Identity)];
    for (name, filter) in reader.lookup(dictionary, "CF")?.entries() {
        let filter = reader.resolve(filter)?;
        let method = match reader.lookup(&filter, "CFM")?.name().as_deref() {
            None | Some(b"None") => Method::Identity,
            Some(b"V2") => Method::Rc4,
            Some(b"AESV2") => Method::Aes128,
            Some(b"AESV3") => Method::Aes256,
            Some(_) => return Err(PdfError::UnsupportedEncryption),
        };
        named.push((name.name().unwrap_or_default(), method));
    }
    let chosen = |key: &str| match reader.lookup(dictionary, key)?.name() {
        None => Ok(Method::Identity),
        Some(name) => find(&named, &name).ok_or(PdfError::UnsupportedEncryption),
    };
    let (strings, streams) = (chosen("StrF")?, chosen("StmF")?);
    Ok(Methods { strings, streams, named, metadata })
}

pub(crate) fn find(named: &[(Vec<u8>, Method)], name: &[u8]) -> Option<Method> {
    named.iter().find(|(other, _)| other == name).map(|(_, method)| *method)
}
