//! The answer as JSON.

use std::path::{Path, PathBuf};

use eseal_crypto::cert::TrustAnchors;
use eseal_crypto::ses::Seal;
use eseal_document::report::{Branch, Change, Check, Level, SignatureReport, Verdict};
use eseal_protocol::evidence::Evidence;
use eseal_sdk::{Verification, VerifiedSeal};
use serde_json::{Value, json};

pub(super) fn document_answer(found: &Verification, extracted: &[Option<PathBuf>]) -> Value {
    let report = &found.report;
    let paths = extracted.iter().map(Option::as_deref).chain(std::iter::repeat(None));
    let signatures = report.signatures.iter().zip(&found.seals).zip(paths);
    let mut answer = json!({
        "format": report.format.as_str(),
        "verdict": report.verdict.as_str(),
        "signatures": signatures.map(|((found, seal), path)| signature(found, seal.as_ref(), path)).collect::<Vec<_>>(),
        "checks": report.checks.iter().map(check).collect::<Vec<_>>(),
    });
    if let Some(manifest) = &report.manifest {
        answer["manifest"] = signature(manifest, None, None);
    }
    answer
}

/// The seal that a signature names, and whether the seal maker's record of it holds.
fn seal(seal: Option<&VerifiedSeal>) -> Value {
    match seal {
        None => Value::Null,
        Some(VerifiedSeal::Genuine(record)) => {
            json!({ "genuine": true, "seal_id": record.seal_id, "owner": record.owner.name })
        }
        Some(VerifiedSeal::NotGenuine(reason)) => json!({ "genuine": false, "detail": reason.to_string() }),
    }
}

fn signature(found: &SignatureReport, named: Option<&VerifiedSeal>, extracted: Option<&Path>) -> Value {
    let mut answer = json!({
        "field": found.field,
        "signer": found.signer,
        "format": found.format,
        "level": found.level.map(Level::as_str),
        "time": found.time.map(|time| time.at.to_string()),
        "time_source": found.time.map(|time| time.source.as_str()),
        "integrity": found.integrity.as_str(),
        "coverage": found.coverage.as_str(),
        "changes": found.changes.as_str(),
        "changes_detail": found.changes_detail.iter().map(change).collect::<Vec<_>>(),
        "trust": found.trust.as_str(),
        "verdict": found.verdict.as_str(),
        "reason": found.reason(),
        "seal": seal(named),
        "electronic_seal": found.seal.as_deref().map(electronic_seal),
        "tree": found.tree().iter().map(branch).collect::<Vec<_>>(),
        "checks": found.checks.iter().map(check).collect::<Vec<_>>(),
    });
    if let Some(path) = extracted {
        answer["extracted"] = path.to_string_lossy().into();
    }
    answer
}

/// What the seal's data say.
fn electronic_seal(seal: &Seal) -> Value {
    let (picture, validity) = (seal.picture(), seal.validity());
    json!({
        "standard": seal.version().standard(),
        "id": seal.id(),
        "name": seal.name(),
        "maker": seal.maker().subject_common_name(),
        "not_before": validity.not_before.to_string(),
        "not_after": validity.not_after.to_string(),
        "picture": { "type": picture.kind, "size_mm": [picture.width_mm, picture.height_mm] },
    })
}

/// Checks about one thing, as bad as the worst of them.
fn branch(branch: &Branch<'_>) -> Value {
    json!({
        "topic": branch.topic.as_str(),
        "verdict": branch.verdict.as_str(),
        "reason": branch.reason,
        "checks": branch.checks.iter().copied().map(check).collect::<Vec<_>>(),
    })
}

/// One thing that a later revision did.
fn change(change: &Change) -> Value {
    json!({
        "revision": change.revision,
        "object": change.object,
        "kind": change.kind.as_str(),
        "verdict": change.verdict.as_str(),
        "detail": change.detail,
    })
}

pub(in crate::commands) fn check(check: &Check) -> Value {
    json!({
        "code": check.code,
        "clause": check.clause,
        "verdict": check.verdict.as_str(),
        "detail": check.detail,
    })
}

/// A consent in the form of a document's answer: the person's signature over what was asked, judged by these anchors.
/// Without any, what is not proven is in doubt.
pub(super) fn evidence_answer(evidence: &Evidence, anchors: &TrustAnchors) -> (Value, Verdict) {
    let report = evidence.verify(anchors);
    let verdict = match &report.proven {
        Some(_) => Verdict::Valid,
        None if anchors.is_empty() => Verdict::Indeterminate,
        None => Verdict::Invalid,
    };
    let checks: Vec<_> = report
        .checks
        .iter()
        .map(|check| {
            let (verdict, detail) = match &check.outcome {
                Ok(()) => ("pass", ""),
                Err(detail) => ("fail", detail.as_str()),
            };
            json!({ "code": check.code, "clause": "", "verdict": verdict, "detail": detail })
        })
        .collect();
    let signatures: Vec<_> = report
        .proven
        .iter()
        .map(|proven| {
            json!({
                "field": "consent",
                "signer": proven.intent.subject.name.as_str(),
                "format": "eseal-consent/1",
                "level": Value::Null,
                "time": eseal_crypto::cert::UnixTime(proven.receipt.recorded_at.0).to_string(),
                "time_source": "recorded",
                "integrity": "intact",
                "coverage": "whole",
                "changes": "none",
                "trust": "trusted",
                "verdict": verdict.as_str(),
                "checks": [],
            })
        })
        .collect();
    let answer =
        json!({ "format": "evidence", "verdict": verdict.as_str(), "signatures": signatures, "checks": checks });
    (answer, verdict)
}
