//! Sealing a package.

mod cross_page;
mod describe;
mod keyword;
mod mark;
mod prepare;
mod prepared;
mod request;
mod sealed;
mod value;

pub use cross_page::{CrossPage, Grouping};
pub use mark::Mark;
pub use prepared::{Prepared, Signed};
pub use request::{Protection, SignRequest, StampRequest};
pub use sealed::Sealed;
