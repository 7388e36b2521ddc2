use const_oid::ObjectIdentifier;

use super::{KeyError, PublicKey};
use crate::digest::Digest;
use crate::suite::{RefusedAlgorithm, SignatureScheme};

/// A key that signatures are verified with: one of our suites, or one of others' kinds that nothing here signs with.
#[derive(Clone)]
pub(crate) enum VerificationKey {
    /// Of one of the suites.
    Own(PublicKey),
}

/// Why a signature is not believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum VerificationError {
    /// The key cannot be used.
    Key(KeyError),
    /// An algorithm that is not known.
    Unknown(ObjectIdentifier),
    /// An algorithm that is broken.
    Weak(ObjectIdentifier),
    /// Not this key's signature over this message.
    Invalid,
}

impl From<RefusedAlgorithm> for VerificationError {
    fn from(refused: RefusedAlgorithm) -> Self {
        match refused {
            RefusedAlgorithm::Unknown(oid) => Self::Unknown(oid),
            RefusedAlgorithm::Weak(oid) => Self::Weak(oid),
        }
    }
}

impl From<KeyError> for VerificationError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl VerificationKey {
    /// Reads a DER `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7).
    pub(crate) fn from_spki_der(der: &[u8]) -> Result<Self, KeyError> {
        PublicKey::from_spki_der(der).map(Self::Own)
    }

    /// The key, if it is of one of the suites.
    pub(crate) const fn as_own(&self) -> &PublicKey {
        match self {
            Self::Own(key) => key,
        }
    }

    /// Verifies a signature value, as certificates and CMS carry it, over a message.
    pub(crate) fn verify(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), VerificationError> {
        let digest = Digest::of(scheme.digest_algorithm(), message);
        let holds = match (self, scheme) {
            (Self::Own(key), SignatureScheme::Ecdsa(_)) => key.verifies_ecdsa(&digest, signature),
        };
        if holds { Ok(()) } else { Err(VerificationError::Invalid) }
    }
}
