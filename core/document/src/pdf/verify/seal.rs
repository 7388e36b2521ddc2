//! Seals: judged by their own room, and held against the dictionary around them.

use eseal_crypto::ses::SealSignature;

use crate::report::{CheckVerdict, Integrity, SigningInstant, Trust, Verdict};
use crate::ses::SealJudge;
use crate::source::ReadAt;
use crate::trust::Knowledge;

use super::byte_range::Covered;
use super::case::{Case, Finding, ISO_SIGNATURES};
use super::cryptography::Cryptography;
use super::level::Evidence;
use super::time::TOLERANCE;
use crate::pdf::syntax::text::parse_date;

const DATA: &str = "GB/T 38540-2020, 7.3 c";

impl<S: ReadAt> Case<'_, S> {
    /// The data that were sealed are all covered bytes.
    pub(super) fn judge_seal(
        &mut self,
        signature: &SealSignature,
        cryptography: &Cryptography,
        knowledge: &Knowledge,
        evidence: &Evidence<'_>,
    ) -> Finding {
        let options = evidence.options;
        let (Some(covered), Some(digest)) = (self.covered.clone(), cryptography.digest) else {
            self.checks.add("ses.data-hash", DATA, CheckVerdict::Fail, "it is not known which bytes are covered");
            return Finding {
                time: None,
                level: None,
                trust: Trust::Unknown,
                integrity: Integrity::Broken,
                is_in_doubt: false,
                is_refuted: true,
            };
        };
        let judge = SealJudge {
            anchors: &options.anchors,
            maker_anchors: options.maker_anchors_or_all(),
            timestamp_anchors: options.timestamp_anchors_or_all(),
            certificates: knowledge.certificates(),
            revocation: &knowledge.revocation,
            at: options.at,
        };
        let found = judge.judge(signature, &digest);
        self.checks.add_weighed(found.checks, found.verdict);
        self.check_property(signature.property_info(), &covered);
        self.check_stated_time(found.time);
        Finding {
            time: found.time,
            level: None,
            trust: found.trust,
            integrity: found.integrity,
            is_in_doubt: found.verdict == Verdict::Indeterminate,
            is_refuted: found.verdict == Verdict::Invalid,
        }
    }

    /// The signer's word for what was sealed is free; one that is a range of bytes has to be this one.
    fn check_property(&mut self, property: &str, covered: &Covered) {
        if !property.starts_with('[') {
            return;
        }
        let (verdict, detail) = if property == covered.to_string() {
            (CheckVerdict::Pass, "it names the covered bytes")
        } else {
            (CheckVerdict::Warn, "it names other bytes than the covered ones")
        };
        self.checks.add("ses.property-info", DATA, verdict, detail);
    }

    /// Readers show `/M`; certificates are judged at the time in the seal signature.
    fn check_stated_time(&mut self, judged: Option<SigningInstant>) {
        let stated = self.signature.get("M").and_then(|time| time.string()).and_then(|time| parse_date(&time));
        let (Some(stated), Some(judged)) = (stated, judged) else { return };
        let (verdict, detail) = if stated.0.abs_diff(judged.at.0) <= TOLERANCE {
            (CheckVerdict::Pass, "/M states the time of the seal signature")
        } else {
            (CheckVerdict::Warn, "/M states another time than the seal signature")
        };
        self.checks.add("pdf.signing-time", ISO_SIGNATURES, verdict, detail);
    }
}
