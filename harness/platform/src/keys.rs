//! Keys that live in the data directory: one PEM file each, private key and certificates together, so that there is never one
//! without the other.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use eseal_crypto::cert::{Chain, Issuer};
use eseal_crypto::key::SigningKey;
use zeroize::Zeroizing;

use crate::error::PlatformError;

const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----";

/// The folder of the keys; readable by its owner alone.
pub(crate) struct KeyFolder {
    path: PathBuf,
}

impl KeyFolder {
    pub(crate) fn open(data_dir: &Path) -> Result<Self, PlatformError> {
        let path = data_dir.join("keys");
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(&path);
        made.map_err(|source| PlatformError::File { path: path.clone(), source })?;
        Ok(Self { path })
    }

    /// The CA of this name; made and kept if there is none yet.
    pub(crate) fn issuer(
        &self,
        name: &str,
        make: impl FnOnce() -> Result<Issuer, PlatformError>,
    ) -> Result<Issuer, PlatformError> {
        let path = self.file(name);
        if let Some((key, chain)) = load(&path)? {
            return Issuer::new(key, chain).map_err(|_| PlatformError::DamagedKey { path });
        }
        let issuer = make()?;
        save(&path, issuer.key(), issuer.chain())?;
        Ok(issuer)
    }

    /// The key of this name with its chain; made and kept if there is none yet.
    pub(crate) fn key(
        &self,
        name: &str,
        make: impl FnOnce() -> Result<(SigningKey, Chain), PlatformError>,
    ) -> Result<(SigningKey, Chain), PlatformError> {
        let path = self.file(name);
        if let Some(pair) = load(&path)? {
            return Ok(pair);
        }
        let (key, chain) = make()?;
        save(&path, &key, &chain)?;
        Ok((key, chain))
    }

    /// A secret of 32 bytes; drawn and kept if there is none yet.
    pub(crate) fn secret(&self, name: &str) -> Result<Zeroizing<[u8; 32]>, PlatformError> {
        let path = self.path.join(format!("{name}.secret"));
        let damaged = || PlatformError::DamagedKey { path: path.clone() };
        match fs::read(&path).map(Zeroizing::new) {
            Ok(bytes) => Ok(Zeroizing::new(bytes.as_slice().try_into().map_err(|_| damaged())?)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let secret = Zeroizing::new(crate::random::bytes());
                write_private(&path, secret.as_slice())?;
                Ok(secret)
            }
            Err(source) => Err(PlatformError::File { path, source }),
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path.join(format!("{name}.pem"))
    }
}

fn load(path: &Path) -> Result<Option<(SigningKey, Chain)>, PlatformError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(PlatformError::File { path: path.to_owned(), source }),
    };
    let damaged = || PlatformError::DamagedKey { path: path.to_owned() };
    let split = text.find(CERTIFICATE).ok_or_else(damaged)?;
    let (key, chain) = text.split_at(split);
    let key = SigningKey::from_pkcs8_pem(key).map_err(|_| damaged())?;
    let chain = Chain::from_pem(chain).map_err(|_| damaged())?;
    if chain.leaf().public_key() == Ok(key.public_key()) { Ok(Some((key, chain))) } else { Err(damaged()) }
}

fn save(path: &Path, key: &SigningKey, chain: &Chain) -> Result<(), PlatformError> {
    let text = Zeroizing::new(format!("{}{}", &*key.to_pkcs8_pem()?, chain.to_pem()));
    write_private(path, text.as_bytes())
}

/// Writes a new file that its owner alone can read: whole or not at all.
fn write_private(path: &Path, bytes: &[u8]) -> Result<(), PlatformError> {
    let half = path.with_extension("new");
    let write = || {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&half)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&half, path)?;
        path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    };
    write().map_err(|source| PlatformError::File { path: path.to_owned(), source })
}
