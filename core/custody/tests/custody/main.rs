//! What the crate promises, seen from outside. One program, because linking costs more than running.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "test code")]

mod conformance;
mod faulty_host;
mod faulty_store;
mod file_store;
mod held_key;
mod vault;
