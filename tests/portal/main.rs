//! The portal in a real browser: a person signs in, claims, a phone scans what is on the screen, and the page follows.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    unreachable_pub,
    reason = "test code"
)]

mod browser;
mod claim;
mod other_ends;
mod world;
