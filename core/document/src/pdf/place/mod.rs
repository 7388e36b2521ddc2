//! Where on its pages a seal goes, and which part of it.

pub(crate) mod cross_page;
pub(crate) mod free_space;
mod geometry;
pub(crate) mod keyword;
pub(crate) mod page;
mod placement;

pub use cross_page::{Along, CrossPage, Margins, Opening, PageChoice, Side};
pub(crate) use geometry::{Geometry, Placed, Rotation};
pub use placement::{Corner, Placement};
