//! PDF (ISO 32000-2): read by position, sealed by an appended revision, verified revision by revision.

mod appearance;
mod content;
mod document;
mod encryption;
mod error;
mod form;
pub mod limits;
mod lint;
mod place;
mod read;
mod sign;
mod syntax;
mod verify;
mod write;

pub use appearance::font::Font;
pub use appearance::image::Image;
pub use appearance::picture::Picture;
pub use appearance::text::{TextBlock, TextSide};
pub use document::{EmptySignatureField, Pdf};
pub use encryption::Password;
pub use error::PdfError;
pub use lint::{Finding, Severity};
pub use place::free_space::FreeSpace;
pub use place::keyword::{Anchor, Keyword, Lines, Occurrence};
pub use place::page::PageIndex;
pub use place::{Along, Corner, CrossPage, Margins, Opening, PageChoice, Placement, Side};
pub use read::options::OpenOptions;
pub use sign::SEAL_RECORD_KEY;
pub use sign::lock::{Certification, Lock};
pub use sign::marks::Mark;
pub use sign::request::{FieldChoice, Profile, StampRequest};
pub use sign::validation_data::{Evidence, ValidationData};
pub use syntax::text::SigningTime;
pub use verify::{VerifyOptions, extract_signed, verify, verify_with};
pub use write::prepared::{Prepared, PreparedTimestamp, Signed};
pub use write::sealed::Sealed;
