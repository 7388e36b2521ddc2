//! What tests need to be somebody: a root, parties under it, and randomness that repeats; and OFD packages to seal.
//!
//! For the tests of every crate. Everything here is invented and panics where it cannot go on.
#![allow(clippy::expect_used, clippy::missing_panics_doc, reason = "only tests call this, and a test ends by a panic")]

mod authority;
pub mod ofd;
mod repeatable;
pub mod seal;

pub use authority::{Authority, Party};
pub use repeatable::Repeatable;

/// The seconds of a day.
pub const DAY: u64 = 86_400;
