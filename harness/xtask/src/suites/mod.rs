//! The suites of `cargo xtask test`, one function each.

pub(crate) mod cargo;
pub(crate) mod demo;
pub(crate) mod dependencies;
pub(crate) mod fuzz;
pub(crate) mod leaks;
pub(crate) mod licences;
pub(crate) mod peers;
pub(crate) mod phones;
