//! Keys and signatures.

mod public;
mod signature;
mod signing;

pub use public::PublicKey;
pub use signature::{Signature, SignatureError};
pub use signing::SigningKey;

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
}

impl KeyError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "key.malformed",
            Self::UnsupportedAlgorithm { .. } => "key.unsupported-algorithm",
        }
    }
}
