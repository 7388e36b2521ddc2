//! The `eseal` command as a script uses it: the program itself, files, exit status, JSON.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "test code")]

mod desk;
mod ink;
mod national;
mod ofd;
mod seal;
mod stamp;
