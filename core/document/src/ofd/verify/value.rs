//! What the value of a signature says: who signed, when, and whether it was this description.

use eseal_crypto::cert::{Chain, UnixTime};
use eseal_crypto::ses::Seal;

use crate::report::{Integrity, SigningInstant, TimeSource, Trust};

/// What was found in a signature's value.
pub(super) struct Value {
    /// How it is packed.
    pub(super) format: String,
    /// Whether it is the signer's, over the description.
    pub(super) integrity: Integrity,
    /// Something besides that could not be checked.
    pub(super) is_in_doubt: bool,
    /// The signer, and certificates that lead on.
    pub(super) chain: Option<Chain>,
    pub(super) time: Option<SigningInstant>,
    /// The seal, if it is a seal's.
    pub(super) seal: Option<Box<Seal>>,
    /// How the signer's certificate was judged, if it was already.
    pub(super) judged: Option<Trust>,
    /// When it has to be judged, if that is not now.
    pub(super) judged_at: Option<UnixTime>,
}

impl Value {
    /// One of which nothing could be read.
    pub(super) const fn unread() -> Self {
        Self {
            format: String::new(),
            integrity: Integrity::Broken,
            is_in_doubt: false,
            chain: None,
            time: None,
            seal: None,
            judged: None,
            judged_at: None,
        }
    }
}

/// The time of signing, proven or else stated.
pub(super) fn instant(proven: Option<UnixTime>, claimed: Option<UnixTime>) -> Option<SigningInstant> {
    let proven = proven.map(|at| SigningInstant { at, source: TimeSource::Timestamp });
    proven.or(claimed.map(|at| SigningInstant { at, source: TimeSource::Claimed }))
}
