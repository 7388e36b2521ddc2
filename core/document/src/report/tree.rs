//! The checks of a signature as a tree: by what they are about, each branch as bad as the worst of its checks.

use super::{Check, CheckVerdict, SignatureReport, Topic, Verdict};

/// What was checked about one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch<'a> {
    /// What about.
    pub topic: Topic,
    /// That of the worst check.
    pub verdict: CheckVerdict,
    /// The code of the first check that is so bad; `None` if all pass.
    pub reason: Option<&'static str>,
    /// In the order in which they were made.
    pub checks: Vec<&'a Check>,
}

impl SignatureReport {
    /// Every check, by what it is about, in the order in which the standards verify.
    #[must_use]
    pub fn tree(&self) -> Vec<Branch<'_>> {
        let branch = |topic: Topic| {
            let checks: Vec<&Check> = self.checks.iter().filter(|check| Topic::of(check.code) == topic).collect();
            let worst = worst(checks.iter().copied())?;
            let reason = (worst.verdict != CheckVerdict::Pass).then_some(worst.code);
            Some(Branch { topic, verdict: worst.verdict, reason, checks })
        };
        Topic::ALL.into_iter().filter_map(branch).collect()
    }

    /// The code of the check that the verdict rests on; `None` for a valid signature.
    #[must_use]
    pub fn reason(&self) -> Option<&'static str> {
        if self.verdict == Verdict::Valid {
            return None;
        }
        let first = |verdict| self.checks.iter().find(move |check| check.verdict == verdict && decides(check));
        let found = [CheckVerdict::Fail, CheckVerdict::NotChecked, CheckVerdict::Warn].into_iter().find_map(first);
        found.map(|check| check.code)
    }
}

/// That nothing is known of revocation, or nobody else states the time, is no reason by itself.
fn decides(check: &Check) -> bool {
    let is_needed = !check.code.ends_with("revocation") && Topic::of(check.code) != Topic::Level;
    check.verdict == CheckVerdict::Fail || (is_needed && !check.code.ends_with("signing-time"))
}

/// The first of the worst.
fn worst<'a>(checks: impl Iterator<Item = &'a Check>) -> Option<&'a Check> {
    let severity = |check: &Check| match check.verdict {
        CheckVerdict::Pass => 0,
        CheckVerdict::NotChecked => 1,
        CheckVerdict::Warn => 2,
        CheckVerdict::Fail => 3,
    };
    checks.reduce(|worst, check| if severity(check) > severity(worst) { check } else { worst })
}

impl Topic {
    /// All of them, in the order in which the standards verify.
    pub const ALL: [Self; 7] =
        [Self::Form, Self::Content, Self::Changes, Self::Seal, Self::Signer, Self::Time, Self::Level];

    /// What a check is about, by its code.
    #[must_use]
    pub fn of(code: &str) -> Self {
        match code {
            "cms.signature"
            | "cms.signing-certificate"
            | "sm2.signature"
            | "ses.signature"
            | "ses.data-hash"
            | "ses.property-info"
            | "timestamp.document"
            | "ofd.check-method"
            | "ofd.reference"
            | "ofd.references" => Self::Content,
            "pdf.coverage"
            | "pdf.changes"
            | "pdf.overlay"
            | "pdf.signature-removed"
            | "ofd.protection"
            | "ofd.unprotected-file"
            | "ofd.manifest-files"
            | "ofd.smuggled-file"
            | "ofd.missing-file"
            | "ofd.unprotected-root" => Self::Changes,
            "ses.signer-listed" | "ofd.seal-file" | "ofd.stamp" => Self::Seal,
            "ses.timestamp" => Self::Time,
            _ if code.ends_with(".signing-time") || code.starts_with("timestamp.") => Self::Time,
            _ if code.starts_with("ses.seal-") || code.starts_with("ses.maker-") => Self::Seal,
            _ if code.starts_with("cert.") || code.starts_with("ses.signer-") => Self::Signer,
            _ if code.starts_with("pades.") => Self::Level,
            _ => Self::Form,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Changes, Coverage, Integrity, Trust};

    fn report(verdict: Verdict, checks: &[(&'static str, CheckVerdict)]) -> SignatureReport {
        let check = |(code, verdict): &(&'static str, CheckVerdict)| Check {
            code,
            clause: "",
            verdict: *verdict,
            detail: String::new(),
        };
        SignatureReport {
            field: String::new(),
            signer: None,
            signer_certificate: None,
            format: String::new(),
            level: None,
            time: None,
            integrity: Integrity::Intact,
            coverage: Coverage::Whole,
            changes: Changes::None,
            changes_detail: Vec::new(),
            trust: Trust::Unknown,
            verdict,
            checks: checks.iter().map(check).collect(),
            seal_record: None,
            seal: None,
        }
    }

    #[test]
    fn a_branch_is_as_bad_as_its_worst_check() {
        use CheckVerdict::{Fail, NotChecked, Pass, Warn};
        let report = report(
            Verdict::Invalid,
            &[
                ("pdf.byte-range", Pass),
                ("ses.signature", Pass),
                ("ses.data-hash", Fail),
                ("ses.maker-path", NotChecked),
                ("ses.seal-validity", Warn),
                ("ses.signing-time", Warn),
            ],
        );
        let tree = report.tree();
        let found: Vec<_> = tree.iter().map(|branch| (branch.topic, branch.verdict, branch.reason)).collect();
        assert_eq!(
            found,
            [
                (Topic::Form, Pass, None),
                (Topic::Content, Fail, Some("ses.data-hash")),
                (Topic::Seal, Warn, Some("ses.seal-validity")),
                (Topic::Time, Warn, Some("ses.signing-time")),
            ]
        );
        assert_eq!(tree.iter().map(|branch| branch.checks.len()).sum::<usize>(), report.checks.len());
        assert_eq!(report.reason(), Some("ses.data-hash"));
    }

    #[test]
    fn what_is_merely_unproven_is_no_reason() {
        use CheckVerdict::{NotChecked, Pass, Warn};
        let checks =
            [("ses.signing-time", Warn), ("ses.maker-revocation", NotChecked), ("ses.signer-path", NotChecked)];
        assert_eq!(report(Verdict::Indeterminate, &checks).reason(), Some("ses.signer-path"));
        assert_eq!(report(Verdict::Valid, &checks).reason(), None);
        let covered = [("cms.signature", Pass), ("cert.revocation", NotChecked), ("pdf.overlay", Warn)];
        assert_eq!(report(Verdict::Indeterminate, &covered).reason(), Some("pdf.overlay"));
    }
}
