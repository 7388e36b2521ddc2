//! From bytes at a position to objects: cross-references, object streams, filters (ISO 32000-2, 7.4, 7.5), encryption
//! (7.6), and what to do where the cross-references are damaged.

pub(crate) mod blocks;
mod container;
pub(crate) mod filter;
pub(crate) mod input;
mod kept;
pub(crate) mod options;
pub(crate) mod protection;
pub(crate) mod reader;
mod recover;
mod relist;
mod renewed;
mod scan;
pub(crate) mod snapshot;
mod stream;
pub(crate) mod xref;
