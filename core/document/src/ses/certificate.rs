//! The certificates of who made a seal and of who used it.

use eseal_crypto::cert::{Certificate, Chain, ChainError, Purpose, UnixTime};
use eseal_crypto::revocation::{RevocationFinding, RevocationStatus};

use crate::report::{CheckVerdict, Trust};

use super::clause::Clauses;
use super::{Findings, SealJudge};

/// Whose certificate it is.
#[derive(Clone, Copy)]
pub(super) enum Role {
    Maker,
    Signer,
}

/// The checks of a certificate, by role.
struct Codes {
    path: &'static str,
    usage: &'static str,
    validity: &'static str,
    revocation: &'static str,
}

impl Role {
    const fn purpose(self) -> Purpose {
        match self {
            Self::Maker => Purpose::SealMaking,
            Self::Signer => Purpose::DocumentSigning,
        }
    }

    const fn codes(self) -> Codes {
        match self {
            Self::Maker => Codes {
                path: "ses.maker-path",
                usage: "ses.maker-usage",
                validity: "ses.maker-validity",
                revocation: "ses.maker-revocation",
            },
            Self::Signer => Codes {
                path: "ses.signer-path",
                usage: "ses.signer-usage",
                validity: "ses.signer-validity",
                revocation: "ses.signer-revocation",
            },
        }
    }
}

const FAILED_ELSEWHERE: &str = "the certificate failed elsewhere";

/// Which check a refusal belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cause {
    Path,
    Usage,
    Validity,
}

impl SealJudge<'_> {
    /// Path, usage, validity and revocation, each by itself; what comes after a failure is not checked.
    pub(super) fn check_certificate(
        &self,
        certificate: &Certificate,
        role: Role,
        at: UnixTime,
        clauses: Clauses,
        findings: &mut Findings,
    ) -> Trust {
        let codes = role.codes();
        let checks = [
            (Cause::Path, codes.path, clauses.path),
            (Cause::Usage, codes.usage, clauses.path),
            (Cause::Validity, codes.validity, clauses.validity),
        ];
        let anchors = match role {
            Role::Maker => self.maker_anchors,
            Role::Signer => self.anchors,
        };
        let found = if anchors.is_empty() {
            Err(Refusal::without_anchors())
        } else {
            Chain::find(certificate, self.certificates, anchors, at, role.purpose())
                .map_err(|error| Refusal::of(&error))
        };
        let refusal = found.as_ref().err();
        for (cause, code, clause) in checks {
            let (verdict, detail) = match refusal {
                None => (CheckVerdict::Pass, seen(role, cause, at)),
                Some(refusal) if refusal.cause == cause => (refusal.verdict, refusal.why.clone()),
                Some(_) => (CheckVerdict::NotChecked, FAILED_ELSEWHERE.to_owned()),
            };
            match cause {
                Cause::Path => findings.checks.question(code, clause, verdict, detail),
                Cause::Usage | Cause::Validity => findings.add(code, clause, verdict, detail),
            }
        }
        match found {
            Ok(chain) => {
                let path = chain.path(anchors).unwrap_or_default();
                self.check_revocation(&path, at, codes.revocation, clauses.validity, findings)
            }
            Err(refusal) => {
                let (code, clause) = (codes.revocation, clauses.validity);
                findings.add(code, clause, CheckVerdict::NotChecked, FAILED_ELSEWHERE.to_owned());
                refusal.trust
            }
        }
    }

    fn check_revocation(
        &self,
        path: &[&Certificate],
        at: UnixTime,
        code: &'static str,
        clause: &'static str,
        findings: &mut Findings,
    ) -> Trust {
        let known: Vec<RevocationFinding> = self.revocation.path_status_at(path, at);
        let revoked = known.iter().enumerate().find_map(|(position, one)| match one.status {
            RevocationStatus::Revoked { at, .. } => Some((position, at)),
            RevocationStatus::Good | RevocationStatus::Unknown => None,
        });
        if let Some((position, since)) = revoked {
            let detail = format!("certificate {position} was revoked at {since}");
            findings.add(code, clause, CheckVerdict::Fail, detail);
            return Trust::Revoked;
        }
        let unknown = known.iter().filter(|one| one.status == RevocationStatus::Unknown).count();
        let (verdict, detail) = match unknown {
            0 => (CheckVerdict::Pass, "no certificate was revoked then".to_owned()),
            _ => (CheckVerdict::NotChecked, format!("nothing is known of {unknown} of {} certificates", known.len())),
        };
        findings.add(code, clause, verdict, detail);
        Trust::Trusted
    }
}

/// What was seen where nothing is wrong.
fn seen(role: Role, cause: Cause, at: UnixTime) -> String {
    match (cause, role) {
        (Cause::Path, _) => "leads to a trust anchor".to_owned(),
        (Cause::Usage, Role::Maker) => "may make seals".to_owned(),
        (Cause::Usage, Role::Signer) => "may sign documents".to_owned(),
        (Cause::Validity, _) => format!("valid at {at}"),
    }
}

/// Why a certificate is not believed.
struct Refusal {
    cause: Cause,
    verdict: CheckVerdict,
    trust: Trust,
    why: String,
}

impl Refusal {
    fn without_anchors() -> Self {
        let why = "no trust anchor was given".to_owned();
        Self { cause: Cause::Path, verdict: CheckVerdict::NotChecked, trust: Trust::Unknown, why }
    }

    fn of(error: &ChainError) -> Self {
        let (cause, verdict, trust) = match error {
            ChainError::Expired { .. } | ChainError::NotYetValid { .. } => {
                (Cause::Validity, CheckVerdict::Fail, Trust::Expired)
            }
            ChainError::WrongPurpose { .. } => (Cause::Usage, CheckVerdict::Fail, Trust::Untrusted),
            ChainError::UnsupportedAlgorithm { .. } => (Cause::Path, CheckVerdict::NotChecked, Trust::Unknown),
            _ => (Cause::Path, CheckVerdict::Fail, Trust::Untrusted),
        };
        Self { cause, verdict, trust, why: error.to_string() }
    }
}
