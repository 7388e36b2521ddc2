//! From bytes at a position to objects: cross-references, object streams, filters (ISO 32000-2, 7.4, 7.5).

pub(crate) mod blocks;
pub(crate) mod filter;
pub(crate) mod input;
pub(crate) mod reader;
pub(crate) mod snapshot;
pub(crate) mod xref;
