//! Message digests that carry the name of their algorithm.

use std::fmt;

use data_encoding::HEXLOWER_PERMISSIVE;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use sm3::Sm3;

/// A digest algorithm that signatures are believed with. SHA-1 and MD5 are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DigestAlgorithm {
    /// SHA-256 (FIPS 180-4), the digest of [`crate::Suite::EcdsaP256Sha256`].
    Sha256,
    /// SHA-384 (FIPS 180-4), in other people's signatures.
    Sha384,
    /// SHA-512 (FIPS 180-4), in other people's signatures.
    Sha512,
    /// SM3 (GB/T 32905-2016), the digest of [`crate::Suite::Sm2Sm3`].
    Sm3,
}

/// The longest digest, in bytes.
const MAX_DIGEST_LEN: usize = 64;

impl DigestAlgorithm {
    /// Length of a digest in bytes.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "no digest is empty")]
    pub const fn len(self) -> usize {
        match self {
            Self::Sha256 | Self::Sm3 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// Bytes that do not form a digest of the named algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a digest of the named algorithm")]
pub struct DigestError;

impl DigestError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        "digest.malformed"
    }
}

/// A finished digest and the algorithm that made it. Digests of different algorithms are never equal.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest {
    algorithm: DigestAlgorithm,
    /// Zero behind the algorithm's length.
    bytes: [u8; MAX_DIGEST_LEN],
}

impl Digest {
    /// Digests `data` in one call.
    #[must_use]
    pub fn of(algorithm: DigestAlgorithm, data: &[u8]) -> Self {
        let mut hasher = Hasher::new(algorithm);
        hasher.update(data);
        hasher.finish()
    }

    /// Takes over a digest that was made elsewhere.
    ///
    /// # Errors
    /// [`DigestError`] when the length is not the algorithm's.
    pub fn from_bytes(algorithm: DigestAlgorithm, bytes: &[u8]) -> Result<Self, DigestError> {
        if bytes.len() != algorithm.len() {
            return Err(DigestError);
        }
        let mut whole = [0; MAX_DIGEST_LEN];
        whole.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        Ok(Self { algorithm, bytes: whole })
    }

    /// Reads hexadecimal digits of either case.
    ///
    /// # Errors
    /// [`DigestError`] when they are not hexadecimal or not of the algorithm's length.
    pub fn from_hex(algorithm: DigestAlgorithm, hex: &str) -> Result<Self, DigestError> {
        let bytes = HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).map_err(|_| DigestError)?;
        Self::from_bytes(algorithm, &bytes)
    }

    /// The algorithm that made it.
    #[must_use]
    pub const fn algorithm(&self) -> DigestAlgorithm {
        self.algorithm
    }

    /// The digest itself.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        self.bytes.split_at(self.algorithm.len()).0
    }
}

impl AsRef<[u8]> for Digest {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

/// Lower-case hexadecimal.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}({self})", self.algorithm)
    }
}

/// A digest in the making: for data that never is in memory as a whole.
#[derive(Clone)]
pub struct Hasher {
    state: State,
}

#[derive(Clone)]
enum State {
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
    Sm3(Sm3),
}

impl Hasher {
    /// Starts a digest.
    #[must_use]
    pub fn new(algorithm: DigestAlgorithm) -> Self {
        let state = match algorithm {
            DigestAlgorithm::Sha256 => State::Sha256(Sha256::new()),
            DigestAlgorithm::Sha384 => State::Sha384(Sha384::new()),
            DigestAlgorithm::Sha512 => State::Sha512(Sha512::new()),
            DigestAlgorithm::Sm3 => State::Sm3(Sm3::new()),
        };
        Self { state }
    }

    /// Takes in the next bytes.
    pub fn update(&mut self, data: &[u8]) {
        match &mut self.state {
            State::Sha256(state) => state.update(data),
            State::Sha384(state) => state.update(data),
            State::Sha512(state) => state.update(data),
            State::Sm3(state) => state.update(data),
        }
    }

    /// Ends the digest.
    #[must_use]
    pub fn finish(self) -> Digest {
        let mut bytes = [0; MAX_DIGEST_LEN];
        let algorithm = self.algorithm();
        let place = bytes.split_at_mut(algorithm.len()).0;
        match self.state {
            State::Sha256(state) => place.copy_from_slice(&state.finalize()),
            State::Sha384(state) => place.copy_from_slice(&state.finalize()),
            State::Sha512(state) => place.copy_from_slice(&state.finalize()),
            State::Sm3(state) => place.copy_from_slice(&state.finalize()),
        }
        Digest { algorithm, bytes }
    }

    const fn algorithm(&self) -> DigestAlgorithm {
        match self.state {
            State::Sha256(_) => DigestAlgorithm::Sha256,
            State::Sha384(_) => DigestAlgorithm::Sha384,
            State::Sha512(_) => DigestAlgorithm::Sha512,
            State::Sm3(_) => DigestAlgorithm::Sm3,
        }
    }
}

/// The state of an unfinished digest says something about what was digested, so only the algorithm is shown.
impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hasher({:?})", self.algorithm())
    }
}

/// Length of a [`sha1_name`] in bytes.
pub const SHA1_NAME_LEN: usize = 20;

/// SHA-1 of `data`, where a standard names things by it: `CertID` (RFC 6960 §4.1.1), key identifiers, `/VRI` keys
/// (ETSI EN 319 142-1 §5.4.2.3). It is no [`Digest`], so that no signature can be believed with it.
#[must_use]
pub fn sha1_name(data: &[u8]) -> [u8; SHA1_NAME_LEN] {
    Sha1::digest(data).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of FIPS 180 and GB/T 32905-2016 A.1 for "abc".
    const ABC: [(DigestAlgorithm, &str); 4] = [
        (DigestAlgorithm::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            DigestAlgorithm::Sha384,
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        ),
        (
            DigestAlgorithm::Sha512,
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
             2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ),
        (DigestAlgorithm::Sm3, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
    ];

    #[test]
    fn digests_the_standards_examples_in_one_piece_and_in_many() {
        for (algorithm, abc) in ABC {
            assert_eq!(Digest::of(algorithm, b"abc").to_string(), abc);
            let mut hasher = Hasher::new(algorithm);
            for piece in [&b"a"[..], b"", b"bc"] {
                hasher.update(piece);
            }
            assert_eq!(hasher.finish().to_string(), abc);
        }
        assert_eq!(data_encoding::HEXLOWER.encode(&sha1_name(b"abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
    }

    /// GB/T 32905-2016 A.2: more than one block.
    #[test]
    fn digests_the_second_example_of_sm3() {
        let digest = Digest::of(DigestAlgorithm::Sm3, "abcd".repeat(16).as_bytes());
        assert_eq!(digest.to_string(), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
    }

    #[test]
    fn reads_back_what_it_writes_and_nothing_shorter_or_longer() {
        for (algorithm, abc) in ABC {
            let digest = Digest::of(algorithm, b"abc");
            assert_eq!(Digest::from_hex(algorithm, abc), Ok(digest));
            assert_eq!(Digest::from_hex(algorithm, &abc.to_uppercase()), Ok(digest));
            assert_eq!(Digest::from_bytes(algorithm, digest.as_ref()), Ok(digest));
            for bad in ["", "ba", &abc[2..], &format!("{abc}00"), &abc.replace('b', "g")] {
                assert_eq!(Digest::from_hex(algorithm, bad), Err(DigestError), "{bad}");
            }
        }
    }

    #[test]
    fn equal_bytes_of_different_algorithms_are_different_digests() {
        let zeros = |algorithm: DigestAlgorithm| Digest::from_bytes(algorithm, &vec![0; algorithm.len()]).unwrap();
        assert_ne!(zeros(DigestAlgorithm::Sha256), zeros(DigestAlgorithm::Sha384));
        assert_ne!(zeros(DigestAlgorithm::Sha384), zeros(DigestAlgorithm::Sha512));
        assert_ne!(zeros(DigestAlgorithm::Sha256), zeros(DigestAlgorithm::Sm3));
    }
}
