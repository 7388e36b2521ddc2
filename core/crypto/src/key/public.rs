use std::fmt;

use der::Decode;
use p256::ecdsa::VerifyingKey;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use p256::pkcs8::{DecodePublicKey, EncodePublicKey};
use spki::SubjectPublicKeyInfoRef;

use super::{KeyError, Prehash, Signature, SignatureError, sm2};
use crate::Suite;
use crate::digest::{Digest, DigestAlgorithm};

/// A public key of one of the suites.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    spki: Vec<u8>,
    point: Point,
}

#[derive(Clone, PartialEq, Eq)]
enum Point {
    P256(VerifyingKey),
    Sm2(::sm2::PublicKey),
}

impl PublicKey {
    /// Reads a DER `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7, RFC 5480). The point must be written uncompressed, so that
    /// one key has one encoding and one fingerprint.
    ///
    /// # Errors
    /// [`KeyError::UnsupportedAlgorithm`] for a key that is not of a known suite, [`KeyError::Malformed`] for anything else.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyError> {
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| KeyError::Malformed)?;
        let public = match Suite::of_key(&info.algorithm)? {
            Suite::EcdsaP256Sha256 => VerifyingKey::from_public_key_der(der).ok().and_then(Self::from_p256),
            Suite::Sm2Sm3 => ::sm2::PublicKey::from_public_key_der(der).ok().and_then(Self::from_sm2),
        };
        public.filter(|public| public.spki == der).ok_or(KeyError::Malformed)
    }

    pub(super) fn from_p256(key: VerifyingKey) -> Option<Self> {
        Some(Self { spki: key.to_public_key_der().ok()?.into_vec(), point: Point::P256(key) })
    }

    pub(super) fn from_sm2(key: ::sm2::PublicKey) -> Option<Self> {
        Some(Self { spki: key.to_public_key_der().ok()?.into_vec(), point: Point::Sm2(key) })
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
        match self.point {
            Point::P256(_) => Suite::EcdsaP256Sha256,
            Point::Sm2(_) => Suite::Sm2Sm3,
        }
    }

    /// SHA-256 of the DER `SubjectPublicKeyInfo`, whatever the suite.
    #[must_use]
    pub fn fingerprint(&self) -> Digest {
        Digest::of(DigestAlgorithm::Sha256, &self.spki)
    }

    /// What this key's private half signs for a message.
    #[must_use]
    pub fn prehash(&self, message: &[u8]) -> Prehash {
        let bytes = match &self.point {
            Point::P256(_) => {
                let digest = Digest::of(DigestAlgorithm::Sha256, message);
                let mut bytes = [0; Prehash::LEN];
                bytes.iter_mut().zip(digest.as_bytes()).for_each(|(to, from)| *to = *from);
                bytes
            }
            Point::Sm2(key) => sm2::prehash(key, message),
        };
        Prehash::new(self.suite(), bytes)
    }

    /// Verifies a signature over a message.
    ///
    /// # Errors
    /// [`SignatureError::Invalid`] when it is not this key's signature over this message.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), SignatureError> {
        self.verify_prehash(&self.prehash(message), signature)
    }

    /// Verifies a signature over a message of which only [`Self::prehash`] is at hand.
    ///
    /// # Errors
    /// [`SignatureError::WrongDigest`] when it is of another suite, else as [`Self::verify`].
    pub fn verify_prehash(&self, prehash: &Prehash, signature: &Signature) -> Result<(), SignatureError> {
        if prehash.suite() != self.suite() {
            return Err(SignatureError::WrongDigest);
        }
        let holds = match &self.point {
            Point::P256(key) => {
                signature.to_p256().is_some_and(|signature| key.verify_prehash(prehash.as_bytes(), &signature).is_ok())
            }
            Point::Sm2(key) => {
                signature.suite() == Suite::Sm2Sm3 && sm2::verify(key, prehash.as_bytes(), &signature.to_fixed())
            }
        };
        if holds { Ok(()) } else { Err(SignatureError::Invalid) }
    }

    /// Whether a DER `ECDSA-Sig-Value` is this key's over this digest, which may be of any algorithm: others sign longer
    /// digests with the same keys (FIPS 186-5 §6.4.1 cuts them).
    pub(super) fn verifies_ecdsa(&self, digest: &Digest, signature: &[u8]) -> bool {
        let Point::P256(key) = &self.point else { return false };
        let signature = Signature::from_der(Suite::EcdsaP256Sha256, signature).ok().and_then(Signature::to_p256);
        signature.is_some_and(|signature| key.verify_prehash(digest.as_bytes(), &signature).is_ok())
    }

    /// Whether a signature value of either form is this key's over this message, in SM2.
    pub(super) fn verifies_sm2(&self, message: &[u8], signature: &[u8]) -> bool {
        let signature = Signature::from_either(Suite::Sm2Sm3, signature);
        signature.is_ok_and(|signature| self.verify(message, &signature).is_ok())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({:?}, {})", self.suite(), self.fingerprint())
    }
}
