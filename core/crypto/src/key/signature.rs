use std::fmt;

use data_encoding::HEXLOWER;
use der::asn1::UintRef;
use der::{Decode, Sequence};
use p256::ecdsa;

use crate::Suite;

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

/// Length of one of the two numbers, in bytes.
const NUMBER_LEN: usize = 32;

/// A signature of one of the suites: two numbers r and s in 1..n.
///
/// Of ECDSA always in its low-s form: of the two signatures `(r, s)` and `(r, n − s)` that anyone can turn into each other,
/// the one with the smaller s, so that equal signatures are equal values. SM2 has no such pairs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    suite: Suite,
    fixed: [u8; Signature::FIXED_LEN],
}

/// `ECDSA-Sig-Value` (RFC 3279 §2.2.3) and `SM2Signature` (GM/T 0009-2012 §7.3).
#[derive(Sequence)]
struct Numbers<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

impl Signature {
    /// Length of the fixed form in bytes.
    pub const FIXED_LEN: usize = 2 * NUMBER_LEN;
    /// Length of the longest DER form in bytes.
    pub const MAX_DER_LEN: usize = 72;

    /// Reads `ECDSA-Sig-Value` (RFC 3279 §2.2.3) or `SM2Signature` (GM/T 0009-2012 §7.3) in DER: as key stores answer, and as
    /// certificates and CMS carry it.
    ///
    /// # Errors
    /// [`SignatureError::Malformed`] for anything but the one DER encoding of two numbers in 1..n.
    pub fn from_der(suite: Suite, der: &[u8]) -> Result<Self, SignatureError> {
        let numbers = Numbers::from_der(der).map_err(|_| SignatureError::Malformed)?;
        let mut fixed = [0; Self::FIXED_LEN];
        let (r, s) = fixed.split_at_mut(NUMBER_LEN);
        place(r, numbers.r)?;
        place(s, numbers.s)?;
        // The number and not its form is what counts from here on: another form is another's.
        if encode(&fixed) == der { Self::from_fixed(suite, &fixed) } else { Err(SignatureError::Malformed) }
    }

    /// The DER form.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        encode(&self.fixed)
    }

    /// Reads `r || s`, each 32 bytes big-endian (IEEE P1363, RFC 7518 §3.4).
    ///
    /// # Errors
    /// [`SignatureError::Malformed`] unless it is 64 bytes with both numbers in 1..n.
    pub fn from_fixed(suite: Suite, bytes: &[u8]) -> Result<Self, SignatureError> {
        let fixed = match suite {
            Suite::EcdsaP256Sha256 => {
                let read = ecdsa::Signature::from_slice(bytes).map_err(|_| SignatureError::Malformed)?;
                read.normalize_s().to_bytes().into()
            }
            Suite::Sm2Sm3 => {
                let fixed: [u8; Self::FIXED_LEN] = bytes.try_into().map_err(|_| SignatureError::Malformed)?;
                let (r, s) = fixed.split_at(NUMBER_LEN);
                let in_range = [r, s].iter().all(|number| sm2::NonZeroScalar::try_from(*number).is_ok());
                if in_range { fixed } else { return Err(SignatureError::Malformed) }
            }
        };
        Ok(Self { suite, fixed })
    }

    /// Reads either form: in the field SM2 signatures stand as `r || s` where their formats want DER.
    ///
    /// # Errors
    /// [`SignatureError::Malformed`] for what is neither.
    pub fn from_either(suite: Suite, bytes: &[u8]) -> Result<Self, SignatureError> {
        Self::from_der(suite, bytes).or_else(|_| Self::from_fixed(suite, bytes))
    }

    /// `r || s`, each 32 bytes big-endian.
    #[must_use]
    pub const fn to_fixed(&self) -> [u8; Self::FIXED_LEN] {
        self.fixed
    }

    /// The suite that it is of.
    #[must_use]
    pub const fn suite(&self) -> Suite {
        self.suite
    }

    pub(super) fn from_p256(signature: &ecdsa::Signature) -> Self {
        Self { suite: Suite::EcdsaP256Sha256, fixed: signature.normalize_s().to_bytes().into() }
    }

    /// Of numbers that were made here, or are known to be in range.
    pub(super) const fn from_sm2(fixed: [u8; Self::FIXED_LEN]) -> Self {
        Self { suite: Suite::Sm2Sm3, fixed }
    }

    pub(super) fn to_p256(self) -> Option<ecdsa::Signature> {
        (self.suite == Suite::EcdsaP256Sha256).then(|| ecdsa::Signature::from_slice(&self.fixed).ok()).flatten()
    }
}

/// Puts a number at the end of its place.
fn place(whole: &mut [u8], number: UintRef<'_>) -> Result<(), SignatureError> {
    let bytes = number.as_bytes();
    let start = whole.len().checked_sub(bytes.len()).ok_or(SignatureError::Malformed)?;
    whole.get_mut(start..).ok_or(SignatureError::Malformed)?.copy_from_slice(bytes);
    Ok(())
}

/// `SEQUENCE { INTEGER, INTEGER }`, whose lengths all fit one byte.
fn encode(fixed: &[u8; Signature::FIXED_LEN]) -> Vec<u8> {
    let integers: Vec<u8> = fixed.chunks(NUMBER_LEN).flat_map(integer).collect();
    [&[0x30, short(integers.len())], integers.as_slice()].concat()
}

fn integer(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count().min(NUMBER_LEN - 1);
    let significant = number.get(zeros..).unwrap_or_default();
    // A first bit of one would make it negative.
    let sign = if significant.first().is_some_and(|byte| byte & 0x80 != 0) { &[0][..] } else { &[] };
    [&[0x02, short(sign.len() + significant.len())], sign, significant].concat()
}

fn short(len: usize) -> u8 {
    u8::try_from(len).unwrap_or(0x7f)
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({:?}, {})", self.suite, HEXLOWER.encode(&self.fixed))
    }
}
