//! PDF (ISO 32000-2): read by position, sealed by an appended revision, verified revision by revision.

mod appearance;
mod error;
mod form;
pub mod limits;
mod place;
mod read;
mod sign;
mod syntax;
mod verify;
mod write;

pub use error::PdfError;
pub use place::page::PageIndex;
pub use place::{Corner, Placement};
pub use sign::marks::Mark;
pub use sign::request::StampRequest;
pub use sign::{Pdf, SEAL_RECORD_KEY};
pub use syntax::text::SigningTime;
pub use verify::verify;
pub use write::sealed::{Prepared, Sealed};
