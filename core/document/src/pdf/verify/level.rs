//! The baseline level a signature reaches (ETSI EN 319 142-1).

use crate::report::{CheckVerdict, Integrity, Level, SigningInstant};
use crate::source::ReadAt;

use super::case::{Case, PADES};
use super::cryptography::Cryptography;

const PADES_BASELINE: &str = "ETSI EN 319 142-1, 6.3";

impl<S: ReadAt> Case<'_, S> {
    /// B-B: the format, a named certificate, the time in `/M` and not in the signature value.
    pub(super) fn level(
        &mut self,
        format: &str,
        cryptography: &Cryptography,
        time: Option<SigningInstant>,
    ) -> Option<Level> {
        if format != PADES || cryptography.integrity == Integrity::Broken {
            return None;
        }
        let has_time = time.is_some() && self.signature.get("M").is_some();
        let has_attribute = cryptography.signed_data.as_ref().is_some_and(|signed| signed.signing_time().is_some());
        let is_baseline = cryptography.names_certificate && has_time && !has_attribute;
        let (verdict, detail) = if is_baseline {
            (CheckVerdict::Pass, "baseline B")
        } else {
            (CheckVerdict::Warn, "no signing certificate named, no /M, or a signing-time attribute")
        };
        self.add("pades.baseline", PADES_BASELINE, verdict, detail);
        is_baseline.then_some(Level::BaselineB)
    }
}
