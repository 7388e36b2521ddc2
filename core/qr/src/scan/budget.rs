//! How much may be spent on a frame.

/// A limit on the work of one call, in units of about one pixel looked at: on any machine the same frame under the same
/// limit gives the same answer. A caller with a clock can add it.
pub struct Budget<'c> {
    left: u64,
    spent: u64,
    is_over: Option<&'c mut dyn FnMut() -> bool>,
    until_next_look: u64,
}

/// Units between two looks at the caller's clock.
const LOOK_EVERY: u64 = 50_000;

/// There is nothing left to spend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exhausted;

impl<'c> Budget<'c> {
    /// Units for a frame of a moving picture: about 9 ms of a 2020s desktop core.
    pub const FRAME: u64 = 2_000_000;
    /// Units for a still picture: about 26 ms, and
    pub const STILL: u64 = 6_000_000;
    /// so many more for each of its pixels.
    pub const STILL_PER_PIXEL: u64 = 1;

    /// At most so many units.
    #[must_use]
    pub const fn units(units: u64) -> Self {
        Self { left: units, spent: 0, is_over: None, until_next_look: LOOK_EVERY }
    }

    /// Ends early when the closure says so. It is asked a few times per millisecond.
    #[must_use]
    pub fn until(mut self, is_over: &'c mut dyn FnMut() -> bool) -> Self {
        self.is_over = Some(is_over);
        self
    }

    /// Units that were spent so far.
    #[must_use]
    pub const fn spent(&self) -> u64 {
        self.spent
    }

    /// Takes units off, before or after the work that they stand for.
    pub(crate) fn spend(&mut self, units: usize) -> Result<(), Exhausted> {
        let units = units as u64;
        if units > self.left {
            self.left = 0;
            return Err(Exhausted);
        }
        self.left -= units;
        self.spent += units;
        if let Some(is_over) = &mut self.is_over {
            self.until_next_look = self.until_next_look.saturating_sub(units);
            if self.until_next_look == 0 {
                self.until_next_look = LOOK_EVERY;
                if is_over() {
                    self.left = 0;
                }
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for Budget<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Budget").field("left", &self.left).field("spent", &self.spent).finish_non_exhaustive()
    }
}
