use std::fmt;

use p256::ecdsa;

/// A signature that cannot be read or does not verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Not the DER or fixed form of a signature, or a number out of range.
    #[error("not a well-formed signature")]
    Malformed,
    /// Well-formed, but not this key's signature over this message.
    #[error("the signature is not this key's over this message")]
    Invalid,
    /// A digest of an algorithm that the key's suite does not sign.
    #[error("the digest is not of the key's suite")]
    WrongDigest,
}

impl SignatureError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "signature.malformed",
            Self::Invalid => "signature.invalid",
            Self::WrongDigest => "signature.wrong-digest",
        }
    }
}

/// An ECDSA signature, always in its low-s form: of the two signatures `(r, s)` and `(r, n − s)` that anyone can turn
/// into each other, the one with the smaller s, so that equal signatures are equal values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature(ecdsa::Signature);

impl Signature {
    /// Length of the fixed form in bytes.
    pub const FIXED_LEN: usize = 64;
    /// Length of the longest DER form in bytes.
    pub const MAX_DER_LEN: usize = 72;

    /// Reads `ECDSA-Sig-Value` (RFC 3279 §2.2.3) in DER: as key stores answer, and as certificates and CMS carry it.
    ///
    /// # Errors
    /// [`SignatureError::Malformed`] for anything but the one DER encoding of two numbers in 1..n.
    pub fn from_der(der: &[u8]) -> Result<Self, SignatureError> {
        let signature = ecdsa::Signature::from_der(der).map_err(|_| SignatureError::Malformed)?;
        if signature.to_der().as_bytes() != der {
            return Err(SignatureError::Malformed);
        }
        Ok(Self::from_p256(&signature))
    }

    /// The DER `ECDSA-Sig-Value`.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        self.0.to_der().as_bytes().to_vec()
    }

    /// Reads `r || s`, each 32 bytes big-endian (IEEE P1363, RFC 7518 §3.4).
    ///
    /// # Errors
    /// [`SignatureError::Malformed`] unless it is 64 bytes with both numbers in 1..n.
    pub fn from_fixed(bytes: &[u8]) -> Result<Self, SignatureError> {
        ecdsa::Signature::from_slice(bytes)
            .map(|signature| Self::from_p256(&signature))
            .map_err(|_| SignatureError::Malformed)
    }

    /// `r || s`, each 32 bytes big-endian.
    #[must_use]
    pub fn to_fixed(&self) -> [u8; Self::FIXED_LEN] {
        self.0.to_bytes().into()
    }

    pub(super) fn from_p256(signature: &ecdsa::Signature) -> Self {
        Self(signature.normalize_s())
    }

    pub(super) const fn as_p256(&self) -> &ecdsa::Signature {
        &self.0
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({:x})", self.0)
    }
}
