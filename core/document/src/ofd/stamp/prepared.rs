use std::fmt;

use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::key::{Prehash, Signature};
use eseal_crypto::tsp::TimestampToken;

use super::sealed::{Sealed, Unfinished};
use super::value::{Draft, Value};
use crate::ofd::error::OfdError;
use crate::source::ReadAt;

/// A package that lacks only the signature: a seal's, or that of an integrity manifest. Dropped, it leaves nothing behind.
pub struct Prepared<S> {
    pub(super) unfinished: Unfinished<S>,
    pub(super) draft: Draft,
    pub(super) digest: Digest,
}

impl<S: ReadAt> Prepared<S> {
    /// What the key has to sign: `TBS_Sign` (GB/T 38540-2020, 7.2); of an integrity manifest the signed attributes (GB/T
    /// 35275-2017, 8).
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        self.draft.to_be_signed()
    }

    /// What is left of that for a key that is elsewhere to sign.
    ///
    /// # Errors
    /// `ses.unsupported-algorithm`, `cms.unsupported-algorithm`.
    pub fn prehash(&self) -> Result<Prehash, OfdError> {
        self.draft.prehash()
    }

    /// SM3 of `Signature.xml`, which has the digest of every file that is protected, or of `OFDEntries.xml`; part of [`Self::to_be_signed`].
    #[must_use]
    pub const fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The identifier of the signature; of a manifest its name.
    #[must_use]
    pub fn id(&self) -> &str {
        self.unfinished.id()
    }

    /// Puts the signature in its place, after it was seen to be the signer's.
    ///
    /// # Errors
    /// `ses.bad-signature`, `cms.bad-signature`.
    pub fn complete(self, signature: &Signature) -> Result<Sealed<S>, OfdError> {
        Ok(self.sign(signature)?.without_timestamp())
    }

    /// Takes the signature, after it was seen to be the signer's, and waits for a timestamp on it.
    ///
    /// # Errors
    /// `ses.bad-signature`, `cms.bad-signature`.
    pub fn sign(self, signature: &Signature) -> Result<Signed<S>, OfdError> {
        Ok(Signed { unfinished: self.unfinished, value: self.draft.finish(signature)? })
    }
}

/// A signed package that may still get a timestamp on its signature. Dropped, it leaves nothing behind.
pub struct Signed<S> {
    unfinished: Unfinished<S>,
    value: Value,
}

impl<S: ReadAt> Signed<S> {
    /// What a timestamp authority is to stamp: SM3 of the signature's value (GB/T 38540-2020, 7.2).
    #[must_use]
    pub fn signature_digest(&self) -> Digest {
        self.value.signature_digest(DigestAlgorithm::Sm3)
    }

    /// Adds the timestamp, after it was seen to be about this signature. Whether the authority is believed is for whoever
    /// asked it to see.
    ///
    /// # Errors
    /// `tsp.wrong-imprint` for a timestamp on something else, and the other codes of
    /// [`TimestampError`](eseal_crypto::tsp::TimestampError).
    pub fn with_timestamp(self, token: &TimestampToken) -> Result<Sealed<S>, OfdError> {
        token.verify(&self.value.signature_digest(token.digest_algorithm()))?;
        let value = self.value.with_timestamp(token)?;
        Ok(self.unfinished.finish(value.to_der()))
    }

    /// Puts the signature in its place without a timestamp.
    #[must_use]
    pub fn without_timestamp(self) -> Sealed<S> {
        self.unfinished.finish(self.value.to_der())
    }
}

impl<S> fmt::Debug for Prepared<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared").field("digest", &self.digest).finish_non_exhaustive()
    }
}

impl<S> fmt::Debug for Signed<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed").finish_non_exhaustive()
    }
}
