//! From objects to an appended revision, and from there to a file (ISO 32000-2, 7.5.6).

pub(crate) mod append;
pub(crate) mod base;
pub(crate) mod prepared;
mod protect;
pub(crate) mod revision;
pub(crate) mod sealed;
pub(crate) mod splice;
pub(crate) mod unsigned;
mod xref;
