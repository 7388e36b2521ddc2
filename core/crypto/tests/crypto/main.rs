//! What the crate promises, seen from outside. One program, because linking costs more than running.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "test code")]

mod chain;
mod cms;
mod foreign;
mod issue;
mod keys;
mod openssl;
mod openssl_services;
mod pyhanko;
mod revocation;
mod support;
mod tsp;
mod vectors;
