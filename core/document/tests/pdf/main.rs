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
mod certification;
mod changes;
mod conformance;
mod corpus;
mod corpus_lopdf;
mod cross_page;
mod damage;
mod encryption;
mod extract;
mod fields;
mod font;
mod free_space;
mod gallery;
mod keyword;
mod levels;
mod marks;
mod party;
mod peers;
mod picture;
mod place;
mod profiles;
mod pyhanko;
mod recovery;
mod repair;
mod saving;
mod seal;
mod services;
mod structure;
mod tamper;
mod xref;
