//! What the targets share: somebody who seals, small PDFs, and what must hold of every sealed file.
#![allow(missing_docs, reason = "only for the targets beside it")]

#[allow(dead_code, reason = "the tests of the crate use more of it")]
#[path = "../../../core/document/tests/pdf/builder.rs"]
mod builder;
pub mod der;
pub mod invariants;
pub mod ofd;
#[allow(dead_code, reason = "the tests of the crate use more of it")]
#[path = "../../../core/document/tests/ofd/party.rs"]
mod ofd_party;
pub mod package;
#[allow(dead_code, reason = "the tests of the crate use more of it")]
#[path = "../../../core/document/tests/pdf/party.rs"]
mod party;
#[cfg(feature = "peers")]
mod peers;
pub mod script;
pub mod seeds;

use eseal_crypto::cert::UnixTime;
use eseal_document::pdf::{PdfError, StampRequest};
use eseal_document::report::Report;

use self::party::Party;

thread_local! {
    static PARTY: &'static Party = Box::leak(Box::new(Party::new("Test", 1)));
}

fn party() -> &'static Party {
    PARTY.with(|party| *party)
}

/// The request every target seals with.
pub fn request() -> StampRequest<'static> {
    party().request(party::somewhere())
}

/// # Errors
/// Why the file is refused.
pub fn seal(file: &[u8]) -> Result<Vec<u8>, PdfError> {
    party().seal(file)
}

/// # Errors
/// Why the file cannot be read.
pub fn verify(file: &[u8]) -> Result<Report, PdfError> {
    party().verify(file)
}

pub const NOW: UnixTime = party::NOW;
