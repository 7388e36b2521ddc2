//! When a signature was made, and who says so.

use eseal_crypto::cms::SignedData;

use crate::report::{CheckVerdict, SigningInstant, TimeSource};
use crate::source::ReadAt;

use super::case::{Case, ISO_SIGNATURES};
use crate::pdf::syntax::text::parse_date;

impl<S: ReadAt> Case<'_, S> {
    pub(super) fn check_time(&mut self, signed_data: Option<&SignedData>) -> Option<SigningInstant> {
        let stated = self.signature.get("M").and_then(|time| time.string()).and_then(|time| parse_date(&time));
        let attribute = signed_data.and_then(SignedData::signing_time);
        let at = stated.or(attribute);
        match at {
            Some(_) => self.add("pdf.signing-time", ISO_SIGNATURES, CheckVerdict::Warn, "stated by the signer alone"),
            None => self.add("pdf.signing-time", ISO_SIGNATURES, CheckVerdict::Warn, "no time is stated"),
        }
        Some(SigningInstant { at: at?, source: TimeSource::Claimed })
    }
}
