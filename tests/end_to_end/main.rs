//! The SDK against the platform over real TLS: what must go through goes through, and what must not has its own answer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub, reason = "test code")]

mod batches;
mod consents;
mod documents;
mod enrolment;
mod national;
mod network;
mod services;
mod world;
