//! What the crate promises, seen from outside. One program, because linking costs more than running.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "test code")]

mod chain;
mod cms;
mod foreign;
mod gbt_35275;
mod hostile;
mod issue;
mod keys;
mod making;
mod national;
mod openssl;
mod openssl_services;
mod openssl_sm2;
mod pyhanko;
mod revocation;
mod ses;
mod sm2;
mod support;
mod tsp;
mod vectors;
