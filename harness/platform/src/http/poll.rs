//! Long polls: an answer as soon as something changed, or after a while.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

/// Longest wait of one call, in seconds.
pub(crate) const WAIT_MAX_S: u64 = 30;
/// A waiter looks again after this even when nobody told it to: expiry by the clock tells nobody.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Wakes those who wait whenever something changed.
#[derive(Clone)]
pub(crate) struct Hub {
    changes: watch::Sender<u64>,
}

impl Hub {
    pub(crate) fn new() -> Self {
        Self { changes: watch::Sender::new(0) }
    }

    pub(crate) fn changed(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// A wait of so many seconds, cut short when the platform stops. Made before the first look, so that no change falls
    /// between look and wait.
    pub(crate) fn wait(&self, wait_s: u64, stopping: watch::Receiver<bool>) -> Wait {
        let end = Instant::now() + Duration::from_secs(wait_s.min(WAIT_MAX_S));
        Wait { end, changes: self.subscribe(), stopping }
    }
}

/// The time that one call has to wait for a change.
pub(crate) struct Wait {
    end: Instant,
    changes: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
}

impl Wait {
    /// Waits until it is worth looking again; `false` when there is no time left.
    pub(crate) async fn again(&mut self) -> bool {
        let now = Instant::now();
        if now >= self.end || *self.stopping.borrow() {
            return false;
        }
        let next_look = self.end.min(now + LOOK_AGAIN);
        tokio::select! {
            _ = timeout_at(next_look, self.changes.changed()) => {},
            _ = self.stopping.changed() => {},
        }
        true
    }
}
