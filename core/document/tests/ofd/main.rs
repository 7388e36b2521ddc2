//! OFD packages: read, sealed, verified, and every way in which one can be wrong.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    missing_docs,
    reason = "test code"
)]

mod field;
mod hostile;
mod keyword;
mod manifest;
mod mutations;
mod party;
mod samples;
mod sealing;
