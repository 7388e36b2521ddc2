//! Peers agree. Other people's programs judge what we seal, each time a file sealed anew under a CA made for it; and we judge
//! what they sign. What all of them said is in `target/interop/peers.md` afterwards.
//!
//! A program that is not on this machine is named as SKIPPED; `cargo xtask test --setup` installs them all, and
//! `cargo xtask test peers` builds those that live on the JVM.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "test code")]

mod archive;
mod authority;
mod demo;
mod level;
mod look;
mod ofd;
mod ours;
mod peers;
mod sealed;
mod signed_parts;
mod table;
mod theirs;

/// The same contract with a cross-reference table and with a cross-reference stream.
const CONTRACTS: [&str; 2] = ["contract/contract.pdf", "contract/contract-xref-stream.pdf"];
