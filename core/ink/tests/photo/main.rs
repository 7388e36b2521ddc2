//! Photographs of signatures on paper.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    clippy::cast_lossless,
    clippy::cast_possible_wrap,
    clippy::print_stderr,
    missing_docs,
    reason = "test code"
)]

mod corpus;
mod input;
mod scene;
mod score;
mod slant;
mod variations;
