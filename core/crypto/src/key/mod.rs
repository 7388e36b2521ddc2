//! Keys and signatures.

mod prehash;
mod public;
mod signature;
mod signing;
mod sm2;
mod verification;

use crate::suite::UnknownKey;

pub use prehash::Prehash;
pub use public::PublicKey;
pub use signature::{Signature, SignatureError};
pub use signing::SigningKey;
pub(crate) use verification::{Fault, VerificationError, VerificationKey};

/// A key that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not the encoding it should be, or not a point of the curve.
    #[error("not a well-formed key")]
    Malformed,
    /// A key of an algorithm or curve that none of the suites has.
    #[error("keys of the algorithm {oid} are not supported")]
    UnsupportedAlgorithm {
        /// The object identifier of the algorithm or, where that is known, of the curve.
        oid: String,
    },
    /// A private key under a password, which has to be taken off first.
    #[error("the private key is encrypted")]
    Encrypted,
}

impl KeyError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "key.malformed",
            Self::UnsupportedAlgorithm { .. } => "key.unsupported-algorithm",
            Self::Encrypted => "key.encrypted",
        }
    }
}

impl From<UnknownKey> for KeyError {
    fn from(unknown: UnknownKey) -> Self {
        match unknown {
            UnknownKey::Malformed => Self::Malformed,
            UnknownKey::Other(oid) => Self::UnsupportedAlgorithm { oid: oid.to_string() },
        }
    }
}
