//! Encrypted files: the standard security handler, revisions 2 to 6 (ISO 32000-2, 7.6).
//!
//! Only what opening an encrypted file and adding to it need: this is no protection that the sealing relies on. RC4 and MD5
//! are here because the files are.

mod cipher;
mod key;
mod password;

use std::fmt;
use std::sync::Arc;

use md5::{Digest as _, Md5};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::pdf::syntax::token::ObjectId;

use self::cipher::{BLOCK, decrypt_aes, encrypt_aes, rc4};
use self::key::FileKey;

pub(crate) use key::Handler;
pub use password::Password;

/// What one kind of data is encrypted with (ISO 32000-2, table 25).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// Not at all.
    Identity,
    /// RC4 with a key for each object.
    Rc4,
    /// AES-128-CBC with a key for each object.
    Aes128,
    /// AES-256-CBC with the file's key.
    Aes256,
}

/// What is encrypted with what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Methods {
    pub(crate) strings: Method,
    pub(crate) streams: Method,
    /// The crypt filters that a stream can name for itself.
    pub(crate) named: Vec<(Vec<u8>, Method)>,
    /// Whether metadata streams are encrypted like others.
    pub(crate) metadata: bool,
}

/// What is told apart when streams are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StreamKind {
    /// `/Type /Metadata`, which `/EncryptMetadata` is about.
    Metadata,
    /// `/Type /XRef`, never encrypted.
    CrossReference,
    Other,
}

impl Methods {
    /// What a stream without a crypt filter of its own is encrypted with.
    pub(crate) fn of_stream(&self, kind: StreamKind) -> Method {
        match kind {
            StreamKind::CrossReference => Method::Identity,
            StreamKind::Metadata if !self.metadata => Method::Identity,
            StreamKind::Metadata | StreamKind::Other => self.streams,
        }
    }
}

/// An unlocked file: its key and what to do with it.
#[derive(PartialEq, Eq)]
pub(crate) struct Security {
    key: FileKey,
    pub(crate) methods: Methods,
}

impl fmt::Debug for Security {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Security").field("methods", &self.methods).finish_non_exhaustive()
    }
}

impl Security {
    /// Unlocks a file; `None` if the password is neither the user's nor the owner's.
    pub(crate) fn unlock(handler: &Handler, methods: &Methods, password: &Password) -> Option<Self> {
        let key = handler.unlock(password).or_else(|| {
            // Where neither strings nor streams are encrypted (attachments alone are), no key is needed.
            let is_open = methods.strings == Method::Identity && methods.streams == Method::Identity;
            is_open.then(FileKey::default)
        })?;
        Some(Self { key, methods: methods.clone() })
    }

    /// Takes the encryption off data of an object; data that cannot have been encrypted is given back as it is.
    pub(crate) fn decrypt(&self, method: Method, id: ObjectId, mut data: Vec<u8>) -> Vec<u8> {
        let key = self.object_key(method, id);
        match method {
            Method::Identity => data,
            Method::Rc4 => {
                rc4(&key, &mut data);
                data
            }
            Method::Aes128 | Method::Aes256 => decrypt_aes(&key, &data).unwrap_or(data),
        }
    }

    /// Encrypts data of an object.
    ///
    /// The initialisation vector follows from the key, the object and the data, as in a synthetic IV: who has no key
    /// cannot foresee it, and only the same data under the same number looks the same twice. So no random source is needed
    /// where the digest over the file has to be the same for the same request.
    pub(crate) fn encrypt(&self, method: Method, id: ObjectId, mut data: Vec<u8>) -> Vec<u8> {
        let key = self.object_key(method, id);
        match method {
            Method::Identity => data,
            Method::Rc4 => {
                rc4(&key, &mut data);
                data
            }
            Method::Aes128 | Method::Aes256 => {
                let seed = Sha256::new()
                    .chain_update(b"eseal pdf iv")
                    .chain_update(&*self.key)
                    .chain_update(id.number.to_be_bytes())
                    .chain_update(id.generation.to_be_bytes())
                    .chain_update(&data)
                    .finalize();
                let mut iv = [0; BLOCK];
                iv.copy_from_slice(&seed[..BLOCK]);
                encrypt_aes(&key, iv, &data).unwrap_or(data)
            }
        }
    }

    /// Algorithms 1 and 1.A.
    fn object_key(&self, method: Method, id: ObjectId) -> FileKey {
        match method {
            Method::Identity => FileKey::default(),
            Method::Aes256 => self.key.clone(),
            Method::Rc4 | Method::Aes128 => {
                let mut hasher = Md5::new();
                hasher.update(&*self.key);
                hasher.update(&id.number.to_le_bytes()[..3]);
                hasher.update(id.generation.to_le_bytes());
                if method == Method::Aes128 {
                    hasher.update(b"sAlT");
                }
                let mut key = Zeroizing::new(hasher.finalize().to_vec());
                key.truncate((self.key.len() + 5).min(16));
                key
            }
        }
    }
}

/// A file's security as it applies to one object.
#[derive(Debug, Clone)]
pub(crate) struct ObjectCipher {
    security: Arc<Security>,
    id: ObjectId,
}

impl ObjectCipher {
    pub(crate) fn new(security: Arc<Security>, id: ObjectId) -> Self {
        Self { security, id }
    }

    pub(crate) fn decrypt_string(&self, data: Vec<u8>) -> Vec<u8> {
        self.security.decrypt(self.security.methods.strings, self.id, data)
    }

    pub(crate) fn encrypt_string(&self, data: Vec<u8>) -> Vec<u8> {
        self.security.encrypt(self.security.methods.strings, self.id, data)
    }

    /// The data of a stream, of metadata or not, that names no crypt filter.
    pub(crate) fn encrypt_stream(&self, kind: StreamKind, data: Vec<u8>) -> Vec<u8> {
        self.security.encrypt(self.security.methods.of_stream(kind), self.id, data)
    }

    pub(crate) fn decrypt_stream(&self, method: Method, data: Vec<u8>) -> Vec<u8> {
        self.security.decrypt(method, self.id, data)
    }

    pub(crate) fn methods(&self) -> &Methods {
        &self.security.methods
    }
}

/// How the strings of an object stand in the file.
#[derive(Debug, Clone, Default)]
pub(crate) enum Protection {
    /// As they are.
    #[default]
    None,
    /// Encrypted, each by itself.
    Strings(ObjectCipher),
    /// As they are, because the object stream around them is encrypted as a whole: written on its own, the object has to be
    /// encrypted.
    Packed(ObjectCipher),
}
