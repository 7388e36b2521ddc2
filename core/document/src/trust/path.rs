//! Whether a certificate leads to an anchor, and whether anything on the way was revoked (RFC 5280, 6).

use std::cell::RefCell;
use std::collections::HashMap;

use eseal_crypto::cert::{Certificate, Chain, ChainError, Purpose, TrustAnchors, UnixTime};
use eseal_crypto::digest::Digest;
use eseal_crypto::revocation::{RevocationFinding, RevocationStatus};

use crate::report::{Check, CheckVerdict, Trust};

use super::Knowledge;

const PATH_VALIDATION: &str = "RFC 5280, 6.1";
const REVOCATION: &str = "RFC 5280, 6.3";

/// How a chain was judged.
#[derive(Clone)]
pub(crate) struct Judgement {
    pub(crate) trust: Trust,
    pub(crate) checks: Vec<Check>,
}

/// The certificates of a chain, what for, and when.
type Question = (Vec<Digest>, Purpose, UnixTime);

/// Chains that were judged, for the next signature by the same signer.
#[derive(Default)]
pub(crate) struct Judged(RefCell<HashMap<Question, Judgement>>);

impl Judged {
    /// As [`judge`]; anchors and knowledge must be the same at each call.
    pub(crate) fn judge(
        &self,
        chain: &Chain,
        purpose: Purpose,
        anchors: &TrustAnchors,
        at: UnixTime,
        knowledge: &Knowledge,
    ) -> Judgement {
        let key = (chain.certificates().map(Certificate::sha256).collect(), purpose, at);
        let mut judged = self.0.borrow_mut();
        judged.entry(key).or_insert_with(|| judge(chain, purpose, anchors, at, knowledge)).clone()
    }
}

/// Judges a chain at an instant: validity, purpose, anchor, and revocation as far as anything is known.
pub(crate) fn judge(
    chain: &Chain,
    purpose: Purpose,
    anchors: &TrustAnchors,
    at: UnixTime,
    knowledge: &Knowledge,
) -> Judgement {
    let codes = Codes::of(purpose);
    let mut checks = Vec::new();
    let mut add = |code, clause, verdict, detail: String| checks.push(Check { code, clause, verdict, detail });
    if anchors.is_empty() {
        let detail = "no trust anchor was given".to_owned();
        add(codes.trust, PATH_VALIDATION, CheckVerdict::NotChecked, detail);
        return Judgement { trust: Trust::Unknown, checks };
    }
    let chain = knowledge.extend(chain);
    let path = match chain.verified_path(anchors, at, purpose) {
        Ok(path) => path,
        Err(error) => {
            let (trust, verdict) = match error {
                ChainError::Expired { .. } | ChainError::NotYetValid { .. } => (Trust::Expired, CheckVerdict::Fail),
                ChainError::UnsupportedAlgorithm { .. } => (Trust::Unknown, CheckVerdict::NotChecked),
                _ => (Trust::Untrusted, CheckVerdict::Fail),
            };
            add(codes.trust, PATH_VALIDATION, verdict, error.to_string());
            return Judgement { trust, checks };
        }
    };
    add(codes.trust, PATH_VALIDATION, CheckVerdict::Pass, "leads to a trust anchor".to_owned());
    let (trust, verdict, detail) = weigh(&knowledge.revocation.path_status_at(&path, at));
    add(codes.revocation, REVOCATION, verdict, detail);
    Judgement { trust, checks }
}

/// The names of the checks, other ones for a timestamp authority than for a signer.
struct Codes {
    trust: &'static str,
    revocation: &'static str,
}

impl Codes {
    const fn of(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Timestamping => Self { trust: "timestamp.trust", revocation: "timestamp.revocation" },
            _ => Self { trust: "cert.trust", revocation: "cert.revocation" },
        }
    }
}

fn weigh(findings: &[RevocationFinding]) -> (Trust, CheckVerdict, String) {
    for (position, finding) in findings.iter().enumerate() {
        if let RevocationStatus::Revoked { at, .. } = finding.status {
            return (Trust::Revoked, CheckVerdict::Fail, format!("certificate {position} was revoked at {at}"));
        }
    }
    let unknown = findings.iter().filter(|finding| finding.status == RevocationStatus::Unknown).count();
    if unknown == 0 {
        return (Trust::Trusted, CheckVerdict::Pass, "no certificate was revoked then".to_owned());
    }
    let refused: Vec<String> = findings.iter().flat_map(|finding| &finding.refused).map(ToString::to_string).collect();
    let why = if refused.is_empty() { String::new() } else { format!(" ({})", refused.join("; ")) };
    let detail = format!("nothing is known of {unknown} of {} certificates{why}", findings.len());
    (Trust::Trusted, CheckVerdict::NotChecked, detail)
}
