//! Sealing a package.

mod cross_page;
mod describe;
mod keyword;
mod mark;
mod prepare;
mod prepared;
mod sealed;
mod value;

pub use cross_page::{CrossPage, Grouping};
pub use mark::Mark;
pub use prepare::{Protection, StampRequest};
pub use prepared::{Prepared, Signed};
pub use sealed::Sealed;
