use std::fmt;

use der::Decode;
use p256::ecdsa::VerifyingKey;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use p256::pkcs8::{DecodePublicKey, EncodePublicKey};
use spki::SubjectPublicKeyInfoRef;

use super::{KeyError, Signature, SignatureError, suite_of};
use crate::Suite;
use crate::digest::{Digest, DigestAlgorithm};

/// A public key of one of the suites.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    suite: Suite,
    spki: Vec<u8>,
    key: VerifyingKey,
}

impl PublicKey {
    /// Reads a DER `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7, RFC 5480). The point must be written uncompressed, so that
    /// one key has one encoding and one fingerprint.
    ///
    /// # Errors
    /// [`KeyError::UnsupportedAlgorithm`] for a key that is not of a known suite, [`KeyError::Malformed`] for anything else.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyError> {
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| KeyError::Malformed)?;
        let suite = suite_of(&info.algorithm)?;
        let key = VerifyingKey::from_public_key_der(der).map_err(|_| KeyError::Malformed)?;
        let public = Self::new(suite, key).ok_or(KeyError::Malformed)?;
        if public.spki == der { Ok(public) } else { Err(KeyError::Malformed) }
    }

    fn new(suite: Suite, key: VerifyingKey) -> Option<Self> {
        let spki = key.to_public_key_der().ok()?.into_vec();
        Some(Self { suite, spki, key })
    }

    pub(super) fn from_p256(key: VerifyingKey) -> Option<Self> {
        Self::new(Suite::P256Sha256, key)
    }

    /// The DER `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn to_spki_der(&self) -> Vec<u8> {
        self.spki.clone()
    }

    pub(crate) fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// The suite that the key belongs to.
    #[must_use]
    pub const fn suite(&self) -> Suite {
        self.suite
    }

    /// SHA-256 of the DER `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn fingerprint(&self) -> Digest {
        Digest::of(DigestAlgorithm::Sha256, &self.spki)
    }

    /// Verifies a signature over a message, digested as the suite says.
    ///
    /// # Errors
    /// [`SignatureError::Invalid`] when it is not this key's signature over this message.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), SignatureError> {
        self.verify_digest(&Digest::of(self.suite.digest_algorithm(), message), signature)
    }

    /// Verifies a signature over a message of which only the digest is at hand.
    ///
    /// # Errors
    /// [`SignatureError::WrongDigest`] when the digest is not of the suite's algorithm, else as [`Self::verify`].
    pub fn verify_digest(&self, digest: &Digest, signature: &Signature) -> Result<(), SignatureError> {
        if digest.algorithm() != self.suite.digest_algorithm() {
            return Err(SignatureError::WrongDigest);
        }
        self.key.verify_prehash(digest.as_bytes(), signature.as_p256()).map_err(|_| SignatureError::Invalid)
    }

    /// Whether a DER `ECDSA-Sig-Value` is this key's over this digest, which may be of any algorithm: others sign longer
    /// digests with the same keys (FIPS 186-5 §6.4.1 cuts them).
    pub(super) fn verifies_ecdsa(&self, digest: &Digest, signature: &[u8]) -> bool {
        Signature::from_der(signature)
            .is_ok_and(|signature| self.key.verify_prehash(digest.as_bytes(), signature.as_p256()).is_ok())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({:?}, {})", self.suite, self.fingerprint())
    }
}
