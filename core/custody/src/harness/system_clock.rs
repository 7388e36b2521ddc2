use std::time::{Instant, SystemTime, UNIX_EPOCH};

use eseal_crypto::cert::UnixTime;

use crate::Clock;

/// The clocks of the machine that the harness runs on.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// A clock whose monotonic count starts now.
    #[must_use]
    pub fn start() -> Self {
        Self { start: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn monotonic_ms(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn unix_time(&self) -> UnixTime {
        // A machine whose clock stands before 1970 is at 1970.
        UnixTime(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs())
    }
}
