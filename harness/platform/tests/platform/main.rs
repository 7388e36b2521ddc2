//! The platform over real TLS and a real SQLite file, with phones and browsers that are played by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "test code")]

mod browser;
mod consents;
mod enrolment;
mod operator;
mod phone;
mod pki;
mod portal;
mod requests;
mod restart;
mod seals;
mod world;
