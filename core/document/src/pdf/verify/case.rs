//! One signature while it is judged: the order of the checks, and what they add up to.

use eseal_crypto::cert::{Certificate, Purpose};
use eseal_crypto::cms::SignedData;
use eseal_crypto::tsp::TimestampToken;

use crate::report::{
    Changes, CheckVerdict, Coverage, Integrity, Level, SignatureReport, SigningInstant, TimeSource, Trust, Verdict,
};
use crate::source::ReadAt;
use crate::trust::{Checks, Knowledge};

use super::byte_range::{self, Covered};
use super::coverage::File;
use super::cryptography::{Cryptography, SignatureValue};
use super::level::Evidence;
use super::signatures::Signature;
use crate::pdf::form::Field;
use crate::pdf::read::reader::Reader;
use crate::pdf::sign::SEAL_RECORD_KEY;
use crate::pdf::sub_filter::SubFilter;
use crate::pdf::syntax::object::Value;

pub(super) const ISO_SIGNATURES: &str = "ISO 32000-2, 12.8.1";

/// One signature while it is judged.
pub(super) struct Case<'a, S> {
    pub(super) reader: &'a Reader<S>,
    pub(super) field: Field,
    /// A later revision took the field away.
    pub(super) removed: bool,
    pub(super) signature: Value,
    /// `/SubFilter`.
    pub(super) format: String,
    /// The same, if it is known.
    pub(super) sub_filter: Option<SubFilter>,
    pub(super) covered: Option<Covered>,
    pub(super) checks: Checks,
}

impl<'a, S: ReadAt> Case<'a, S> {
    /// Begins to judge `found`, and reads what it covers.
    pub(super) fn open(reader: &'a Reader<S>, found: Signature) -> Self {
        let Signature { field, value: signature, removed } = found;
        let format = signature.get("SubFilter").and_then(|format| format.name());
        let format = String::from_utf8_lossy(&format.unwrap_or_default()).into_owned();
        let sub_filter = SubFilter::of(&format);
        let checks = Checks::default();
        let mut case = Self { reader, field, removed, signature, format, sub_filter, covered: None, checks };
        match byte_range::read(&case.signature, reader.input.size) {
            Ok(covered) => {
                case.checks.add(
                    "pdf.byte-range",
                    ISO_SIGNATURES,
                    CheckVerdict::Pass,
                    "covers all but the signature value",
                );
                case.covered = Some(covered);
            }
            Err(what) => case.checks.add("pdf.byte-range", ISO_SIGNATURES, CheckVerdict::Fail, what),
        }
        case
    }

    /// What all checks add up to.
    pub(super) fn report(
        mut self,
        cryptography: &Cryptography,
        file: File,
        knowledge: &Knowledge,
        evidence: &Evidence<'_>,
    ) -> SignatureReport {
        if self.removed {
            let detail = "a later revision took the signature's field away";
            self.checks.add("pdf.signature-removed", ISO_SIGNATURES, CheckVerdict::Fail, detail);
        }
        let finding = match &cryptography.value {
            Some(SignatureValue::Timestamp(token)) => self.judge_timestamp(token, cryptography, evidence),
            Some(SignatureValue::Seal(seal)) => self.judge_seal(seal, cryptography, knowledge, evidence),
            Some(SignatureValue::Signature(_)) | None => self.judge_signature(cryptography, knowledge, evidence),
        };
        let verdict = self.verdict(&finding, &file);
        let signer = cryptography.signer();
        let name = |signer: &Certificate| signer.subject_common_name().unwrap_or_else(|| signer.subject_rfc4514());
        SignatureReport {
            field: self.field.name.clone(),
            signer: signer.map(name),
            signer_certificate: signer.map(Certificate::sha256),
            format: self.format,
            level: finding.level,
            time: finding.time,
            integrity: finding.integrity,
            coverage: file.coverage,
            changes: file.changes,
            changes_detail: file.detail,
            trust: finding.trust,
            verdict,
            checks: self.checks.into_list(),
            // Only a direct value is inside the signed bytes for certain.
            seal_record: self.signature.get(SEAL_RECORD_KEY).and_then(|record| record.string()),
            seal: cryptography.seal().map(|signature| Box::new(signature.seal().clone())),
        }
    }

    /// A signature is judged when it was made, as far as that is proven.
    fn judge_signature(
        &mut self,
        cryptography: &Cryptography,
        knowledge: &Knowledge,
        evidence: &Evidence<'_>,
    ) -> Finding {
        let options = evidence.options;
        let times = self.check_time(cryptography.signed_data(), evidence.timestamps, knowledge, options);
        let trust = if let Some(chain) = cryptography.signed_data().map(SignedData::chain) {
            let at = times.proven.unwrap_or(options.at);
            let judgement = evidence.judged.judge(chain, Purpose::DocumentSigning, &options.anchors, at, knowledge);
            self.checks.extend(judgement.checks);
            judgement.trust
        } else {
            let detail = "there is no certificate to judge";
            self.checks.add("cert.trust", "RFC 5280, 6.1", CheckVerdict::NotChecked, detail);
            Trust::Unknown
        };
        let level = self.level(cryptography, &times, evidence);
        Finding { level, ..Finding::new(times.instant, trust, cryptography) }
    }

    /// A document timestamp was judged when it was asked what it proves.
    fn judge_timestamp(
        &mut self,
        token: &TimestampToken,
        cryptography: &Cryptography,
        evidence: &Evidence<'_>,
    ) -> Finding {
        let instant = SigningInstant { at: token.time(), source: TimeSource::DocumentTimestamp };
        let end = self.covered.as_ref().map(|covered| covered.end);
        let judged = evidence.timestamps.iter().find(|stamp| Some(stamp.end) == end);
        self.checks.extend(judged.into_iter().flat_map(|stamp| stamp.checks.clone()));
        Finding::new(Some(instant), judged.map_or(Trust::Unknown, |stamp| stamp.trust), cryptography)
    }

    /// ETSI EN 319 102-1, 5.3: what is broken or changed fails; what cannot be known is indeterminate.
    fn verdict(&self, finding: &Finding, file: &File) -> Verdict {
        if finding.is_refuted
            || finding.integrity == Integrity::Broken
            || self.removed
            || file.coverage == Coverage::Partial
            || file.changes == Changes::Forbidden
        {
            return Verdict::Invalid;
        }
        let nothing_fails = self.checks.iter().all(|check| check.verdict != CheckVerdict::Fail);
        let is_known = finding.integrity == Integrity::Intact && !finding.is_in_doubt;
        let is_good = finding.trust == Trust::Trusted && nothing_fails && !file.is_covered_over;
        if is_known && is_good { Verdict::Valid } else { Verdict::Indeterminate }
    }
}

/// What was found about a signature's value and whose it is.
pub(super) struct Finding {
    pub(super) time: Option<SigningInstant>,
    pub(super) level: Option<Level>,
    pub(super) trust: Trust,
    pub(super) integrity: Integrity,
    /// Something besides its bytes could not be checked.
    pub(super) is_in_doubt: bool,
    /// Something speaks against it besides its bytes.
    pub(super) is_refuted: bool,
}

impl Finding {
    fn new(time: Option<SigningInstant>, trust: Trust, cryptography: &Cryptography) -> Self {
        let integrity = cryptography.integrity;
        Self { time, level: None, trust, integrity, is_in_doubt: false, is_refuted: false }
    }
}
