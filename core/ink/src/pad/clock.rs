//! From the device's time to the log's, which never goes back.

use crate::Sample;

/// A stroke that starts so long before the last sample, ms, comes from a clock that was started again: a phone that was
/// switched off between two strokes. It follows that sample after as long.
pub const CLOCK_RESTART_MS: f64 = 1_000.0;

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Clock {
    /// What is added to the device's time, ms.
    pub(super) shift_ms: f64,
}

impl Clock {
    pub(super) fn log_ms(self, device_ms: f64) -> f64 {
        device_ms + self.shift_ms
    }

    /// The time of a stroke's first sample.
    pub(super) fn first_ms(&mut self, device_ms: f64, last: Option<&Sample>) -> f64 {
        if let Some(last) = last
            && self.log_ms(device_ms) < last.t_ms - CLOCK_RESTART_MS
        {
            self.shift_ms = last.t_ms + CLOCK_RESTART_MS - device_ms;
        }
        self.log_ms(device_ms)
    }
}
