use crate::report::{Check, CheckVerdict, Verdict};

/// The checks on one signature, as far as they have come.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    list: Vec<Check>,
    is_refuted: bool,
    is_in_doubt: bool,
}

impl Checks {
    /// Adds a check that refutes the signature if it fails.
    pub(crate) fn add(
        &mut self,
        code: &'static str,
        clause: &'static str,
        verdict: CheckVerdict,
        detail: impl Into<String>,
    ) {
        self.is_refuted |= verdict == CheckVerdict::Fail;
        self.list.push(Check { code, clause, verdict, detail: detail.into() });
    }

    /// Adds a check that leaves the signature in doubt if it fails or could not be made: whose certificate leads nowhere may be anybody, the right
    /// signer as well (ETSI EN 319 102-1, `NO_CERTIFICATE_CHAIN_FOUND`).
    pub(crate) fn question(
        &mut self,
        code: &'static str,
        clause: &'static str,
        verdict: CheckVerdict,
        detail: impl Into<String>,
    ) {
        self.is_in_doubt |= matches!(verdict, CheckVerdict::Fail | CheckVerdict::NotChecked);
        self.list.push(Check { code, clause, verdict, detail: detail.into() });
    }

    /// Adds checks on trust, which has grades of its own.
    pub(crate) fn extend(&mut self, checks: impl IntoIterator<Item = Check>) {
        self.list.extend(checks);
    }

    /// Adds checks that were weighed already.
    pub(crate) fn add_weighed(&mut self, checks: Vec<Check>, verdict: Verdict) {
        self.is_refuted |= verdict == Verdict::Invalid;
        self.list.extend(checks);
    }

    /// Whether something speaks against the signature.
    pub(crate) const fn is_refuted(&self) -> bool {
        self.is_refuted
    }

    /// Whether something needed is not known.
    pub(crate) const fn is_in_doubt(&self) -> bool {
        self.is_in_doubt
    }

    /// Every check, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Check> {
        self.list.iter()
    }

    pub(crate) fn into_list(self) -> Vec<Check> {
        self.list
    }
}
