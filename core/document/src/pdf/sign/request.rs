//! What is asked of a seal: by whom, what is seen of it and where, and what it says.

use eseal_crypto::cert::Chain;

use crate::pdf::sign::marks::Mark;
use crate::pdf::syntax::text::SigningTime;

/// A signature to be made. What is not asked for is not there: without a [`mark`](Self::mark) nothing is seen of it.
#[derive(Debug, Clone)]
#[must_use]
pub struct StampRequest<'a> {
    pub(crate) signer: &'a Chain,
    pub(crate) signing_time: SigningTime,
    pub(crate) marks: Vec<Mark<'a>>,
    pub(crate) name: Option<&'a str>,
    pub(crate) reason: Option<&'a str>,
    pub(crate) location: Option<&'a str>,
    pub(crate) seal_record: Option<&'a [u8]>,
}

impl<'a> StampRequest<'a> {
    /// A signature by `signer` (its certificate and those above it) that claims to be made at `signing_time` (`/M`).
    pub const fn new(signer: &'a Chain, signing_time: SigningTime) -> Self {
        Self { signer, signing_time, marks: Vec::new(), name: None, reason: None, location: None, seal_record: None }
    }

    /// Shows a mark; may be asked for several times, on the same page or on others.
    pub fn mark(mut self, mark: Mark<'a>) -> Self {
        self.marks.push(mark);
        self
    }

    /// Who signs, in words (`/Name`).
    pub const fn name(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    /// Why (`/Reason`).
    pub const fn reason(mut self, reason: &'a str) -> Self {
        self.reason = Some(reason);
        self
    }

    /// Where (`/Location`).
    pub const fn location(mut self, location: &'a str) -> Self {
        self.location = Some(location);
        self
    }

    /// The seal's record, stored as it is under [`SEAL_RECORD_KEY`](crate::pdf::SEAL_RECORD_KEY).
    pub const fn seal_record(mut self, record: &'a [u8]) -> Self {
        self.seal_record = Some(record);
        self
    }
}
