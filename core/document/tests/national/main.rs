//! PDFs sealed by national algorithms: CMS of SM2 in two dialects, electronic seals, and both worlds in one sealing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "test code")]

#[path = "../pdf/builder.rs"]
#[expect(dead_code, reason = "shared with the suite that needs all of it")]
mod builder;

mod cms;
mod desk;
mod dual;
mod long_term;
mod mutations;
mod names;
mod old;
mod seals;
