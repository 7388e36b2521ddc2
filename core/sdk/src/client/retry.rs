//! When and how long to wait before the same request is sent again.

use std::time::Duration;

use rand_core::Rng;

use crate::error::Error;

/// How often a repeatable request is sent at most.
pub(super) const TRIES: u32 = 4;
const BASE_MS: u64 = 300;
const CAP_MS: u64 = 20_000;
const RETRY_AFTER_CAP_MS: u64 = 60_000;

/// The pause before try number `tried + 1`, or nothing when trying again is useless: full jitter over a doubling bound, or what
/// the platform asked for.
pub(super) fn pause(error: &Error, tried: u32, rng: &mut impl Rng) -> Option<Duration> {
    let passing = matches!(error, Error::Transport(_) | Error::Platform(_)) && error.retryable();
    if !passing || tried >= TRIES {
        return None;
    }
    let bound = BASE_MS.saturating_mul(1 << tried.min(16)).min(CAP_MS);
    let asked = error.retry_after_ms().map(|ms| ms.min(RETRY_AFTER_CAP_MS));
    let jitter = rng.next_u64() % (bound + 1);
    Some(Duration::from_millis(asked.map_or(jitter, |ms| ms.saturating_add(jitter / 4))))
}
