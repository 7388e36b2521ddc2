use std::cell::RefCell;
use std::collections::HashMap;

use eseal_crypto::digest::{Digest, DigestAlgorithm};

use crate::ofd::error::OfdError;
use crate::ofd::zip::Archive;
use crate::source::ReadAt;

/// The digests of a package's files, each made once however many signatures protect it.
#[derive(Debug, Default)]
pub(crate) struct Digests {
    made: RefCell<HashMap<(String, DigestAlgorithm), Digest>>,
}

impl Digests {
    /// The digest of a file; `None` where there is no such file, or it cannot be unpacked.
    pub(crate) fn of<S: ReadAt>(
        &self,
        archive: &Archive<S>,
        name: &str,
        algorithm: DigestAlgorithm,
    ) -> Result<Option<Digest>, OfdError> {
        let key = (name.to_owned(), algorithm);
        if let Some(digest) = self.made.borrow().get(&key) {
            return Ok(Some(*digest));
        }
        let Some(entry) = archive.find(name) else { return Ok(None) };
        match archive.digest(entry, algorithm) {
            Ok(digest) => {
                self.made.borrow_mut().insert(key, digest);
                Ok(Some(digest))
            }
            Err(error @ OfdError::Read(_)) => Err(error),
            Err(_) => Ok(None),
        }
    }
}
