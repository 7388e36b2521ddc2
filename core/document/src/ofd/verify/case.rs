//! One signature while it is judged: the order of the checks, and what they add up to.

use eseal_crypto::cert::{Certificate, Chain, Purpose};

use super::coverage::{Extent, Parts};
use super::value::Value;
use super::{Described, Digests};
use crate::ofd::document::Ofd;
use crate::ofd::error::OfdError;
use crate::ofd::signature::{Description, Kind};
use crate::report::{Changes, CheckVerdict, Coverage, Integrity, SignatureReport, TimeSource, Trust, Verdict};
use crate::source::ReadAt;
use crate::trust::{Checks, Knowledge, VerifyOptions, judge};

const CLAUSE: &str = "GB/T 33190-2016, 18.2";

/// One signature while it is judged.
pub(super) struct Case<'a, S> {
    pub(super) ofd: &'a Ofd<S>,
    /// What it is called in the report.
    field: &'a str,
    pub(super) knowledge: Knowledge,
    pub(super) checks: Checks,
}

impl<'a, S: ReadAt> Case<'a, S> {
    pub(super) fn new(ofd: &'a Ofd<S>, field: &'a str) -> Self {
        Self { ofd, field, knowledge: Knowledge::default(), checks: Checks::default() }
    }

    pub(super) fn judge(
        mut self,
        signature: &Described,
        parts: &Parts,
        digests: &Digests,
        options: &VerifyOptions,
    ) -> Result<SignatureReport, OfdError> {
        self.know(options);
        let (base, description) = match (&signature.listed.description, &signature.description) {
            (Some(base), Ok(description)) => (base, description),
            (_, described) => {
                let detail = described.as_ref().map_or_else(ToString::to_string, |_| String::new());
                self.checks.add("ofd.signature-description", CLAUSE, CheckVerdict::Fail, detail);
                return Ok(self.report(Value::unread(), None, options));
            }
        };
        self.checks.add("ofd.signature-description", CLAUSE, CheckVerdict::Pass, "it can be read");
        let value = self.check_value(signature.listed.kind, base, description, options)?;
        let protected = self.check_references(base, description, digests)?;
        let extent = self.check_coverage(base, &protected, parts);
        self.check_stamps(&description.stamps);
        let integrity = value.integrity.max(protected.integrity);
        Ok(self.report(Value { integrity, ..value }, Some(extent), options))
    }

    /// Takes in what a verifier knows beforehand.
    pub(super) fn know(&mut self, options: &VerifyOptions) {
        self.knowledge.add_certificates(&options.certificates);
        self.knowledge.add_data(&options.revocation);
    }

    fn check_value(
        &mut self,
        listed: Kind,
        base: &str,
        description: &Description,
        options: &VerifyOptions,
    ) -> Result<Value, OfdError> {
        match self.read_value(base, description) {
            Err(error @ OfdError::Read(_)) => Err(error),
            Err(error) => {
                self.checks.add("ofd.signed-value", CLAUSE, CheckVerdict::Fail, error.to_string());
                Ok(Value::unread())
            }
            Ok(bytes) => Ok(self.check_value_bytes(listed, base, description, &bytes, options)),
        }
    }

    fn judge_trust(&mut self, chain: Option<&Chain>, value: &Value, options: &VerifyOptions) -> Trust {
        let Some(chain) = chain else {
            let detail = "there is no certificate to judge";
            self.checks.add("cert.trust", "RFC 5280, 6.1", CheckVerdict::NotChecked, detail);
            return Trust::Unknown;
        };
        let at = value.judged_at.unwrap_or(options.at);
        let judgement = judge(chain, Purpose::DocumentSigning, &options.anchors, at, &self.knowledge);
        self.checks.extend(judgement.checks);
        judgement.trust
    }

    /// What all checks add up to.
    pub(super) fn report(mut self, value: Value, extent: Option<Extent>, options: &VerifyOptions) -> SignatureReport {
        let extent = extent.unwrap_or(Extent { coverage: Coverage::Partial, changes: Changes::Forbidden });
        let trust = value.judged.unwrap_or_else(|| {
            self.check_time(&value);
            self.judge_trust(value.chain.as_ref(), &value, options)
        });
        let is_known = value.integrity == Integrity::Intact && !value.is_in_doubt;
        let verdict = match trust {
            _ if self.checks.is_refuted() || extent.changes == Changes::Forbidden => Verdict::Invalid,
            Trust::Expired | Trust::Revoked => Verdict::Invalid,
            Trust::Trusted if is_known => Verdict::Valid,
            _ => Verdict::Indeterminate,
        };
        let signer = value.chain.as_ref().map(Chain::leaf);
        let name = |signer: &Certificate| signer.subject_common_name().unwrap_or_else(|| signer.subject_rfc4514());
        SignatureReport {
            field: self.field.to_owned(),
            signer: signer.map(name),
            signer_certificate: signer.map(Certificate::sha256),
            format: value.format,
            level: None,
            time: value.time,
            integrity: value.integrity,
            coverage: extent.coverage,
            changes: extent.changes,
            changes_detail: Vec::new(),
            trust,
            verdict,
            checks: self.checks.into_list(),
            seal_record: None,
            seal: value.seal,
        }
    }

    fn check_time(&mut self, value: &Value) {
        let (verdict, detail) = match value.time.map(|time| time.source) {
            None => (CheckVerdict::Warn, "no time is stated"),
            Some(TimeSource::Claimed) => (CheckVerdict::Warn, "stated by the signer alone"),
            Some(_) => (CheckVerdict::Pass, "proven by a timestamp"),
        };
        self.checks.add("ofd.signing-time", CLAUSE, verdict, detail);
    }
}
