//! The evidence bundle (M12): everything that shows a third party, offline, that one person consented to one operation.
//!
//! The bundle is the four statements as they were signed. Each carries its signer's chain; the reader brings the roots. What the
//! person was shown is made again from the request and compared with what they signed.

use eseal_crypto::cert::TrustAnchors;
use serde::{Deserialize, Serialize};

use crate::consent::{ConsentStatement, Decision, Receipt, View};
use crate::intent::Intent;
use crate::jws::{Compact, JwsError, Verified};
use crate::template::{self, ShownText};

/// Largest bundle that is read, in bytes.
pub const EVIDENCE_MAX: usize = 1024 * 1024;

/// Which form the bundle has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EvidenceFormat {
    /// The first.
    #[serde(rename = "eseal-evidence/1")]
    V1,
}

/// The bundle, a JSON file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The bundle's form.
    pub format: EvidenceFormat,
    /// What was asked, by the relying party.
    pub intent: Compact<Intent>,
    /// What the phone was given, by the consent service.
    pub view: Compact<View>,
    /// What the person answered.
    pub consent: Compact<ConsentStatement>,
    /// What was recorded, by the consent service.
    pub receipt: Compact<Receipt>,
}

/// A text that is no evidence bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an evidence bundle: {detail}")]
pub struct EvidenceError {
    detail: String,
}

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceCheck {
    /// Stable code, `evidence.…`.
    pub code: &'static str,
    /// What was found.
    pub outcome: Result<(), String>,
}

/// What a bundle proves.
pub struct EvidenceReport {
    /// Every check, in order. The bundle is good when none failed.
    pub checks: Vec<EvidenceCheck>,
    /// The proven facts; only when every check passed.
    pub proven: Option<Proven>,
}

/// Facts of a bundle whose every check passed.
pub struct Proven {
    /// What was asked.
    pub intent: Verified<Intent>,
    /// What was answered.
    pub consent: Verified<ConsentStatement>,
    /// What was recorded.
    pub receipt: Verified<Receipt>,
    /// What the person had read.
    pub text: ShownText,
}

impl Evidence {
    /// Reads a bundle.
    ///
    /// # Errors
    /// [`EvidenceError`] when it is none.
    pub fn from_json(bytes: &[u8]) -> Result<Self, EvidenceError> {
        if bytes.len() > EVIDENCE_MAX {
            return Err(EvidenceError { detail: "too large".to_owned() });
        }
        serde_json::from_slice(bytes).map_err(|error| EvidenceError { detail: error.to_string() })
    }

    /// Checks everything a third party can check with nothing but the roots. Validity of certificates is judged at the recorded
    /// time, which the consent service vouches for.
    #[must_use]
    pub fn verify(&self, anchors: &TrustAnchors) -> EvidenceReport {
        let mut checks = Checks(Vec::new());
        let proven = self.prove(anchors, &mut checks);
        let all = checks.0.iter().all(|check| check.outcome.is_ok());
        EvidenceReport { checks: checks.0, proven: proven.filter(|_| all) }
    }

    fn prove(&self, anchors: &TrustAnchors, checks: &mut Checks) -> Option<Proven> {
        let receipt = checks.statement("evidence.receipt-signature", || {
            let receipt = self.receipt.parse()?;
            let at = receipt.peek().recorded_at;
            receipt.verify(anchors, at)
        })?;
        let at = receipt.recorded_at;
        let view = checks.statement("evidence.view-signature", || self.view.parse()?.verify(anchors, at))?;
        let intent = checks.statement("evidence.intent-signature", || self.intent.parse()?.verify(anchors, at))?;
        let consent = checks.statement("evidence.consent-signature", || self.consent.parse()?.verify(anchors, at))?;

        let relying_party = intent.signer()?;
        checks.add(
            "evidence.relying-party",
            relying_party.subject_serial_number().as_deref() == Some(intent.rp_id.as_str()),
        );
        let allowed = relying_party.operation_types().unwrap_or_default();
        checks.add("evidence.operation-allowed", allowed.iter().any(|name| name == intent.op.type_name()));
        let consenter = consent.signer()?;
        checks
            .add("evidence.consenter", consenter.subject_serial_number().as_deref() == Some(consent.subject.as_str()));
        checks.add("evidence.addressed", consent.subject == intent.subject.person_id);
        checks.add("evidence.same-request", self.same_request(&intent, &view, &consent, &receipt));
        checks
            .add("evidence.same-nonces", consent.n_c == view.n_c && consent.n_s == view.n_s && receipt.n_c == view.n_c);
        checks.add("evidence.same-device", consent.device_id == view.device_id);
        checks.add("evidence.same-operation", intent.op.digest().is_ok_and(|digest| digest == consent.op_digest));
        let documents = intent.documents.iter().map(|document| &document.sha256);
        checks.add("evidence.same-documents", documents.eq(consent.documents.iter()));
        let recorded = receipt.consent_digest == consent.digest() && receipt.decision == consent.decision;
        checks.add("evidence.recorded", recorded);
        let in_time = intent.created_at <= view.server_time && view.server_time <= at && at <= intent.expires_at;
        checks.add("evidence.in-time", in_time && at <= view.expires_at);
        let rp_name = relying_party.subject_common_name().unwrap_or_default();
        let text = template::render_version(&intent, &rp_name, consent.shown.locale, consent.shown.version).ok();
        checks.add("evidence.shown", text.as_ref().is_some_and(|text| text.shown == consent.shown));
        checks.add("evidence.approved", consent.decision == Decision::Approve);
        Some(Proven { intent, consent, receipt, text: text? })
    }

    fn same_request(&self, intent: &Intent, view: &View, consent: &ConsentStatement, receipt: &Receipt) -> bool {
        view.intent == self.intent
            && consent.intent_digest == self.intent.digest()
            && [consent.intent_id, receipt.intent_id].iter().all(|id| *id == intent.intent_id)
            && consent.rp_id == intent.rp_id
    }
}

struct Checks(Vec<EvidenceCheck>);

impl Checks {
    fn add(&mut self, code: &'static str, holds: bool) {
        let outcome = if holds { Ok(()) } else { Err("does not hold".to_owned()) };
        self.0.push(EvidenceCheck { code, outcome });
    }

    fn statement<T>(
        &mut self,
        code: &'static str,
        verify: impl FnOnce() -> Result<Verified<T>, JwsError>,
    ) -> Option<Verified<T>> {
        let result = verify();
        let outcome = result.as_ref().map(|_| ()).map_err(ToString::to_string);
        self.0.push(EvidenceCheck { code, outcome });
        result.ok()
    }
}
