//! Keys and signatures.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::{ID_EC_PUBLIC_KEY, SECP_256_R_1};
use spki::AlgorithmIdentifierRef;

use crate::Suite;

mod public;
mod signature;
mod signing;
mod verification;

pub use public::PublicKey;
pub use signature::{Signature, SignatureError};
pub use signing::SigningKey;
pub(crate) use verification::{VerificationError, VerificationKey};

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

/// The suite that keys of this algorithm and curve belong to (RFC 5480 §2.1.1).
fn suite_of(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Suite, KeyError> {
    let unsupported = |oid: ObjectIdentifier| KeyError::UnsupportedAlgorithm { oid: oid.to_string() };
    if algorithm.oid != ID_EC_PUBLIC_KEY {
        return Err(unsupported(algorithm.oid));
    }
    let curve = algorithm.parameters_oid().map_err(|_| KeyError::Malformed)?;
    if curve == SECP_256_R_1 { Ok(Suite::P256Sha256) } else { Err(unsupported(curve)) }
}
