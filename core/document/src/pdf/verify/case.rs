//! One signature while it is judged: the order of the checks, and what they add up to.

use eseal_crypto::cert::{Certificate, Chain, Purpose};
use eseal_crypto::tsp::TimestampToken;

use crate::report::{
    Changes, CheckVerdict, Coverage, Integrity, Level, SignatureReport, SigningInstant, TimeSource, Trust, Verdict,
};
use crate::source::ReadAt;
use crate::trust::{Checks, Knowledge};

use super::byte_range::{self, Covered};
use super::coverage::File;
use super::cryptography::Cryptography;
use super::level::Evidence;
use super::signatures::Signature;
use crate::pdf::form::Field;
use crate::pdf::read::reader::Reader;
use crate::pdf::sign::SEAL_RECORD_KEY;
use crate::pdf::syntax::object::Value;

pub(super) const PADES: &str = "ETSI.CAdES.detached";
pub(super) const CMS_DETACHED: &str = "adbe.pkcs7.detached";
pub(super) const DOCUMENT_TIMESTAMPS: &str = "ETSI.RFC3161";

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
    pub(super) covered: Option<Covered>,
    pub(super) checks: Checks,
}

impl<'a, S: ReadAt> Case<'a, S> {
    /// Begins to judge `found`, and reads what it covers.
    pub(super) fn open(reader: &'a Reader<S>, found: Signature) -> Self {
        let Signature { field, value: signature, removed } = found;
        let format = signature.get("SubFilter").and_then(|format| format.name());
        let format = String::from_utf8_lossy(&format.unwrap_or_default()).into_owned();
        let mut case = Self { reader, field, removed, signature, format, covered: None, checks: Checks::default() };
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
        let (time, level, trust) = match cryptography.token() {
            Some(token) => self.judge_timestamp(token, evidence),
            None => self.judge_signature(cryptography, knowledge, evidence),
        };
        let verdict = self.verdict(cryptography, &file, trust);
        let signer = cryptography.chain().map(Chain::leaf);
        let name = |signer: &Certificate| signer.subject_common_name().unwrap_or_else(|| signer.subject_rfc4514());
        SignatureReport {
            field: self.field.name.clone(),
            signer: signer.map(name),
            signer_certificate: signer.map(Certificate::sha256),
            format: self.format,
            level,
            time,
            integrity: cryptography.integrity,
            coverage: file.coverage,
            changes: file.changes,
            changes_detail: file.detail,
            trust,
            verdict,
            checks: self.checks.into_list(),
            // Only a direct value is inside the signed bytes for certain.
            seal_record: self.signature.get(SEAL_RECORD_KEY).and_then(|record| record.string()),
        }
    }

    /// A signature is judged when it was made, as far as that is proven.
    fn judge_signature(
        &mut self,
        cryptography: &Cryptography,
        knowledge: &Knowledge,
        evidence: &Evidence<'_>,
    ) -> (Option<SigningInstant>, Option<Level>, Trust) {
        let options = evidence.options;
        let times = self.check_time(cryptography.signed_data(), evidence.timestamps, knowledge, options);
        let trust = if let Some(chain) = cryptography.chain() {
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
        (times.instant, level, trust)
    }

    /// A document timestamp was judged when it was asked what it proves.
    fn judge_timestamp(
        &mut self,
        token: &TimestampToken,
        evidence: &Evidence<'_>,
    ) -> (Option<SigningInstant>, Option<Level>, Trust) {
        let instant = SigningInstant { at: token.time(), source: TimeSource::DocumentTimestamp };
        let end = self.covered.as_ref().map(|covered| covered.end);
        let judged = evidence.timestamps.iter().find(|stamp| Some(stamp.end) == end);
        self.checks.extend(judged.into_iter().flat_map(|stamp| stamp.checks.clone()));
        (Some(instant), None, judged.map_or(Trust::Unknown, |stamp| stamp.trust))
    }

    /// ETSI EN 319 102-1, 5.3: what is broken or changed fails; what cannot be known is indeterminate.
    fn verdict(&self, cryptography: &Cryptography, file: &File, trust: Trust) -> Verdict {
        let is_intact = cryptography.integrity == Integrity::Intact;
        if (!is_intact && !cryptography.is_unsupported)
            || self.removed
            || file.coverage == Coverage::Partial
            || file.changes == Changes::Forbidden
        {
            return Verdict::Invalid;
        }
        let nothing_fails = self.checks.iter().all(|check| check.verdict != CheckVerdict::Fail);
        let is_known = trust == Trust::Trusted && nothing_fails && !file.is_covered_over;
        if is_intact && is_known { Verdict::Valid } else { Verdict::Indeterminate }
    }
}
