//! Instants on the wire and on the phone's own running clock.

use eseal_crypto::cert::UnixTime;
use serde::{Deserialize, Serialize};

/// An instant as whole seconds since 1970-01-01T00:00:00Z, as written in every wire type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// Seconds from `earlier` to `self`; 0 when `earlier` is later.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl From<Timestamp> for UnixTime {
    fn from(value: Timestamp) -> Self {
        Self(value.0)
    }
}

/// Milliseconds of a clock that only runs forward. The phone judges expiry by this one and never by its wall clock,
/// which the user can turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonotonicMs(pub u64);
