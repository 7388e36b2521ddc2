//! One signature while it is judged: the order of the checks, and what they add up to.

use eseal_crypto::cert::{TrustAnchors, UnixTime};

use crate::report::{Changes, Check, CheckVerdict, Coverage, Integrity, SignatureReport, Trust, Verdict};
use crate::source::ReadAt;

use super::byte_range;
use super::cryptography::Cryptography;
use crate::pdf::error::PdfError;
use crate::pdf::form::Field;
use crate::pdf::read::reader::Reader;
use crate::pdf::sign::SEAL_RECORD_KEY;
use crate::pdf::syntax::object::Value;

pub(super) const PADES: &str = "ETSI.CAdES.detached";
pub(super) const CMS_DETACHED: &str = "adbe.pkcs7.detached";

pub(super) const ISO_SIGNATURES: &str = "ISO 32000-2, 12.8.1";

/// One signature while it is judged.
pub(super) struct Case<'a, S> {
    pub(super) reader: &'a Reader<S>,
    pub(super) field: &'a Field,
    pub(super) signature: Value,
    pub(super) checks: Vec<Check>,
}

impl<S: ReadAt> Case<'_, S> {
    pub(super) fn judge(mut self, anchors: &TrustAnchors, at: UnixTime) -> Result<SignatureReport, PdfError> {
        let format = self.signature.get("SubFilter").and_then(|format| format.name());
        let format = String::from_utf8_lossy(&format.unwrap_or_default()).into_owned();
        let covered = match byte_range::read(&self.signature, self.reader.input.size) {
            Ok(covered) => {
                self.add("pdf.byte-range", ISO_SIGNATURES, CheckVerdict::Pass, "covers all but the signature value");
                Some(covered)
            }
            Err(what) => {
                self.add("pdf.byte-range", ISO_SIGNATURES, CheckVerdict::Fail, what);
                None
            }
        };
        let cryptography = self.check_cryptography(&format, covered.as_ref())?;
        let (coverage, changes) = self.check_file(covered.as_ref());
        let trust = self.check_trust(cryptography.signed_data.as_ref(), anchors, at);
        let time = self.check_time(cryptography.signed_data.as_ref());
        let level = self.level(&format, &cryptography, time);
        let verdict = self.verdict(&cryptography, coverage, changes, trust);
        let signer_certificate = cryptography.signed_data.as_ref().map(|signed| signed.signer().sha256());
        let signer = cryptography.signed_data.as_ref().map(|signed| {
            let signer = signed.signer();
            signer.subject_common_name().unwrap_or_else(|| signer.subject_rfc4514())
        });
        Ok(SignatureReport {
            field: self.field.name.clone(),
            signer,
            signer_certificate,
            format,
            level,
            time,
            integrity: cryptography.integrity,
            coverage,
            changes,
            trust,
            verdict,
            checks: self.checks,
            // Only a direct value is inside the signed bytes for certain.
            seal_record: self.signature.get(SEAL_RECORD_KEY).and_then(|record| record.string()),
        })
    }

    pub(super) fn add(
        &mut self,
        code: &'static str,
        clause: &'static str,
        verdict: CheckVerdict,
        detail: impl Into<String>,
    ) {
        self.checks.push(Check { code, clause, verdict, detail: detail.into() });
    }

    /// ETSI EN 319 102-1, 5.3: what is broken or changed fails; what cannot be known is indeterminate.
    fn verdict(&self, cryptography: &Cryptography, coverage: Coverage, changes: Changes, trust: Trust) -> Verdict {
        let is_intact = cryptography.integrity == Integrity::Intact;
        if (!is_intact && !cryptography.is_unsupported)
            || coverage == Coverage::Partial
            || changes == Changes::Forbidden
        {
            return Verdict::Invalid;
        }
        let nothing_fails = self.checks.iter().all(|check| check.verdict != CheckVerdict::Fail);
        if is_intact && trust == Trust::Trusted && nothing_fails { Verdict::Valid } else { Verdict::Indeterminate }
    }
}
