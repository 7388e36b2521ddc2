//! Message digests that carry the name of their algorithm.

use std::fmt;

use data_encoding::HEXLOWER_PERMISSIVE;
use sha2::{Digest as _, Sha256};

/// A digest algorithm of one of the suites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DigestAlgorithm {
    /// SHA-256 (FIPS 180-4).
    Sha256,
}

/// Every supported algorithm (SHA-256, and SM3 when it joins) gives 256 bits.
const DIGEST_LEN: usize = 32;

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
    bytes: [u8; DIGEST_LEN],
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
        let bytes = bytes.try_into().map_err(|_| DigestError)?;
        Ok(Self { algorithm, bytes })
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
        &self.bytes
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
        self.bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
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
}

impl Hasher {
    /// Starts a digest.
    #[must_use]
    pub fn new(algorithm: DigestAlgorithm) -> Self {
        let state = match algorithm {
            DigestAlgorithm::Sha256 => State::Sha256(Sha256::new()),
        };
        Self { state }
    }

    /// Takes in the next bytes.
    pub fn update(&mut self, data: &[u8]) {
        match &mut self.state {
            State::Sha256(state) => state.update(data),
        }
    }

    /// Ends the digest.
    #[must_use]
    pub fn finish(self) -> Digest {
        match self.state {
            State::Sha256(state) => Digest { algorithm: DigestAlgorithm::Sha256, bytes: state.finalize().into() },
        }
    }
}

/// The state of an unfinished digest says something about what was digested, so only the algorithm is shown.
impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let State::Sha256(_) = &self.state;
        f.write_str("Hasher(Sha256)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn digests_the_example_of_fips_180_in_one_piece_and_in_many() {
        assert_eq!(Digest::of(DigestAlgorithm::Sha256, b"abc").to_string(), ABC);
        let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
        for piece in [&b"a"[..], b"", b"bc"] {
            hasher.update(piece);
        }
        assert_eq!(hasher.finish().to_string(), ABC);
    }

    #[test]
    fn reads_back_what_it_writes_and_nothing_shorter_or_longer() {
        let digest = Digest::of(DigestAlgorithm::Sha256, b"abc");
        assert_eq!(Digest::from_hex(DigestAlgorithm::Sha256, ABC), Ok(digest));
        assert_eq!(Digest::from_hex(DigestAlgorithm::Sha256, &ABC.to_uppercase()), Ok(digest));
        assert_eq!(Digest::from_bytes(DigestAlgorithm::Sha256, digest.as_ref()), Ok(digest));
        for bad in ["", "ba", &ABC[2..], &format!("{ABC}00"), &ABC.replace('b', "g")] {
            assert_eq!(Digest::from_hex(DigestAlgorithm::Sha256, bad), Err(DigestError), "{bad}");
        }
    }
}
