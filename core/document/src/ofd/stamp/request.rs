use eseal_crypto::cert::{Certificate, Chain, UnixTime};
use eseal_crypto::ses::Seal;

use super::mark::Mark;

/// Whether others may sign after this signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Protection {
    /// The list of signatures is left out of what is protected: others may follow.
    #[default]
    Continue,
    /// Everything is protected: nobody may sign any more.
    Whole,
}

/// What becomes of the package, whether there is a seal or not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    pub(super) time: UnixTime,
    pub(super) protection: Protection,
    pub(super) replaces_manifest: bool,
}

impl Terms {
    const fn new(time: UnixTime) -> Self {
        Self { time, protection: Protection::Continue, replaces_manifest: false }
    }
}

/// A seal to be put on a package.
#[derive(Debug, Clone)]
#[must_use]
pub struct StampRequest<'a> {
    pub(super) seal: &'a Seal,
    pub(super) signer: &'a Certificate,
    pub(super) marks: Vec<Mark>,
    pub(super) terms: Terms,
}

impl<'a> StampRequest<'a> {
    /// The seal, used with the certificate of `signer`, which its list must have, at `time` by the signer's clock.
    pub const fn new(seal: &'a Seal, signer: &'a Certificate, time: UnixTime) -> Self {
        Self { seal, signer, marks: Vec::new(), terms: Terms::new(time) }
    }

    /// Shows the seal; may be asked for several times. Without, nothing is seen of it.
    pub fn mark(mut self, mark: Mark) -> Self {
        self.marks.push(mark);
        self
    }

    /// Shows the seal at several places: those of a [`CrossPage`](super::CrossPage) seal, say.
    pub fn marks(mut self, marks: impl IntoIterator<Item = Mark>) -> Self {
        self.marks.extend(marks);
        self
    }

    /// Whether others may sign after this signature; they may if nothing else is asked for.
    pub const fn protection(mut self, protection: Protection) -> Self {
        self.terms.protection = protection;
        self
    }

    /// Takes the integrity manifest of the package out, if it has one, because it allows no other file and a new one is to
    /// follow ([`Sealed::prepare_manifest`](super::Sealed::prepare_manifest)). Without, such a package is not sealed.
    pub const fn replace_manifest(mut self) -> Self {
        self.terms.replaces_manifest = true;
        self
    }
}

/// A signature without a seal (`Type="Sign"`), of which nothing is seen.
#[derive(Debug, Clone)]
#[must_use]
pub struct SignRequest<'a> {
    pub(super) signer: &'a Chain,
    pub(super) terms: Terms,
}

impl<'a> SignRequest<'a> {
    /// By `signer` with a key of SM2, whose certificates go into the signature, at `time` by the signer's clock.
    pub const fn new(signer: &'a Chain, time: UnixTime) -> Self {
        Self { signer, terms: Terms::new(time) }
    }

    /// As [`StampRequest::protection`].
    pub const fn protection(mut self, protection: Protection) -> Self {
        self.terms.protection = protection;
        self
    }

    /// As [`StampRequest::replace_manifest`].
    pub const fn replace_manifest(mut self) -> Self {
        self.terms.replaces_manifest = true;
        self
    }
}
