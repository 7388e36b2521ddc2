//! Random bytes: a generator seeded by the host's source for each use, so that a failing source is an error and not a panic.

use chacha20::ChaCha20Rng;
use rand_core::SeedableRng;
use zeroize::Zeroizing;

use crate::error::Error;

/// Where seeds come from. The built-in one is [`SystemEntropy`]; a test brings its own.
pub trait Entropy: Send + Sync {
    /// Fills `seed` with unpredictable bytes.
    ///
    /// # Errors
    /// [`Error::NoRandomness`] when there are none.
    fn fill(&self, seed: &mut [u8; 32]) -> Result<(), Error>;
}

/// The operating system's source.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, seed: &mut [u8; 32]) -> Result<(), Error> {
        getrandom::fill(seed).map_err(|_| Error::NoRandomness)
    }
}

pub(crate) fn generator(entropy: &dyn Entropy) -> Result<ChaCha20Rng, Error> {
    let mut seed = Zeroizing::new([0; 32]);
    entropy.fill(&mut seed)?;
    Ok(ChaCha20Rng::from_seed(*seed))
}
