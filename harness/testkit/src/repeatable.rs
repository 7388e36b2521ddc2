use std::convert::Infallible;

use eseal_crypto::digest::{Digest, DigestAlgorithm};
use rand_core::{TryCryptoRng, TryRng};

/// A random source that gives the same bytes for the same seed, so that a failure can be repeated.
pub struct Repeatable {
    seed: u64,
    block: u64,
}

impl Repeatable {
    /// The source of a seed, at its first byte.
    #[must_use]
    pub const fn seeded(seed: u64) -> Self {
        Self { seed, block: 0 }
    }
}

impl TryRng for Repeatable {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(32) {
            self.block += 1;
            let input = [self.seed.to_le_bytes(), self.block.to_le_bytes()].concat();
            let digest = Digest::of(DigestAlgorithm::Sha256, &input);
            chunk.copy_from_slice(&digest.as_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Repeatable {}
