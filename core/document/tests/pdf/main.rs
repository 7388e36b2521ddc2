//! What the PDF half of the crate promises, seen from outside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "test code"
)]

mod appearance;
mod append;
mod builder;
mod changes;
mod conformance;
mod corpus;
mod corpus_lopdf;
mod cross_page;
mod damage;
mod encryption;
mod font;
mod free_space;
mod gallery;
mod keyword;
mod marks;
mod party;
mod peers;
mod picture;
mod place;
mod recovery;
mod saving;
mod seal;
mod tamper;
mod xref;
