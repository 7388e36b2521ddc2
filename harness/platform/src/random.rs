//! The operating system's random source.

use getrandom::SysRng;
use rand_core::{Rng as _, UnwrapErr};

/// The operating system's random source. A system without one cannot run a platform: drawing then stops the call.
pub(crate) const fn os() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    os().fill_bytes(&mut bytes);
    bytes
}
