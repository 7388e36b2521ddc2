//! Statements between a relying party, a consent service and a phone that exist only here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub, reason = "test code")]

mod evidence;
mod machine;
mod world;
