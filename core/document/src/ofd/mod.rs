//! OFD (GB/T 33190-2016): packages are read strictly, sealed by GB/T 38540-2020 or GM/T 0031-2025, and verified in every form
//! that is in the field.

mod document;
mod error;
pub mod limits;
mod manifest;
mod path;
mod signature;
mod stamp;
mod text;
mod verify;
mod xml;
mod zip;

pub use document::{Ofd, Page};
pub use error::OfdError;
pub use signature::StampAnnot;
pub use stamp::{CrossPage, Grouping, Mark, Prepared, Protection, Sealed, SignRequest, Signed, StampRequest};
pub use verify::{seals, verify, verify_with};
