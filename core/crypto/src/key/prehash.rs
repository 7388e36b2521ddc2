use std::fmt;

use super::SignatureError;
use crate::Suite;

/// What remains of a message for a key to sign: its digest for ECDSA; for SM2 `e = SM3(ZA ‖ M)`, in which the signer's public
/// key is included, so that it is another for each key (GB/T 32918.2-2016 §5.5, §6.1).
///
/// A key that is elsewhere (split, or in a device or service) is given this and never the message.
/// [`PublicKey::prehash`](super::PublicKey::prehash) makes it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Prehash {
    suite: Suite,
    bytes: [u8; Prehash::LEN],
}

impl Prehash {
    /// Length in bytes.
    pub const LEN: usize = 32;

    pub(super) const fn new(suite: Suite, bytes: [u8; Self::LEN]) -> Self {
        Self { suite, bytes }
    }

    /// Takes over what was made elsewhere: it is the sender's word that it belongs to the message and, in SM2, to the key.
    ///
    /// # Errors
    /// [`SignatureError::WrongDigest`] unless it is [`Self::LEN`] bytes long.
    pub fn from_bytes(suite: Suite, bytes: &[u8]) -> Result<Self, SignatureError> {
        Ok(Self { suite, bytes: bytes.try_into().map_err(|_| SignatureError::WrongDigest)? })
    }

    /// The suite whose keys can sign it.
    #[must_use]
    pub const fn suite(&self) -> Suite {
        self.suite
    }

    /// The bytes, to be handed to whoever signs.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.bytes
    }
}

impl fmt::Debug for Prehash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Prehash({:?}, {})", self.suite, data_encoding::HEXLOWER.encode(&self.bytes))
    }
}
