use eseal_crypto::cert::UnixTime;

/// The host's clocks.
pub trait Clock: Send + Sync {
    /// Milliseconds of a clock that only runs forward, sleep included, from any start. Expiry is judged by this one.
    fn monotonic_ms(&self) -> u64;

    /// The wall clock, which the user can turn: for display, and for the validity of certificates.
    fn unix_time(&self) -> UnixTime;
}
