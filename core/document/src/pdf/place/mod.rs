//! Where on its pages a seal goes, and which part of it.

pub(crate) mod cross_page;
mod geometry;
pub(crate) mod page;
mod placement;

pub use cross_page::{Along, CrossPage, Margins, Opening, PageChoice, Side};
pub(crate) use geometry::{Geometry, Placed, Rotation};
pub use placement::{Corner, Placement};
