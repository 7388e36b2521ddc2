//! OFD (GB/T 33190-2016): packages are read strictly, sealed by GB/T 38540-2020 or GM/T 0031-2025, and verified in every form
//! that is in the field.

mod document;
mod error;
pub mod limits;
mod path;
mod signature;
mod stamp;
mod verify;
mod xml;
mod zip;

pub use document::{Ofd, Page};
pub use error::OfdError;
pub use signature::StampAnnot;
pub use stamp::{CrossPage, Grouping, Mark, Prepared, Protection, Sealed, Signed, StampRequest};
pub use verify::{seals, verify, verify_with};

use crate::source::ReadAt;

/// Whether this looks like an OFD package: a zip file with an `OFD.xml`, whatever its name. What is a zip file but cannot be
/// read is taken for one, so that the reason is told.
#[must_use]
pub fn is_ofd<S: ReadAt>(source: S) -> bool {
    let mut start = [0; 4];
    let begins_as_zip = source.read_exact_at(0, &mut start).is_ok() && start == *b"PK\x03\x04";
    match zip::Archive::open(source) {
        Ok(archive) => archive.contains(document::ENTRY_FILE),
        Err(OfdError::NotOfd | OfdError::Read(_)) => false,
        Err(_) => begins_as_zip,
    }
}
