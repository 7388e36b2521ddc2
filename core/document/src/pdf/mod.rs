//! PDF (ISO 32000-2): read by position, sealed by an appended revision, verified revision by revision.

mod appearance;
mod blocks;
mod byte_range;
mod changes;
mod error;
mod filter;
mod form;
mod input;
pub mod limits;
mod object;
mod page;
mod permission;
mod place;
mod reader;
mod region;
mod revision;
mod sealed;
mod sign;
mod snapshot;
mod splice;
mod text;
mod token;
mod verify;
mod xref;

pub use error::PdfError;
pub use page::PageIndex;
pub use place::{Corner, Placement};
pub use sealed::{Prepared, Sealed};
pub use sign::{Pdf, SEAL_RECORD_KEY, StampRequest};
pub use text::SigningTime;
pub use verify::verify;
