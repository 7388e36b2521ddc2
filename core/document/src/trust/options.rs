//! What a verifier believes and knows beforehand.

use eseal_crypto::cert::{Certificate, TrustAnchors, UnixTime};
use eseal_crypto::revocation::RevocationData;

/// What signatures are judged by.
#[derive(Debug)]
#[must_use]
pub struct VerifyOptions {
    pub(crate) anchors: TrustAnchors,
    timestamp_anchors: Option<TrustAnchors>,
    maker_anchors: Option<TrustAnchors>,
    pub(crate) at: UnixTime,
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) revocation: RevocationData,
}

impl VerifyOptions {
    /// Believes `anchors`, and judges what no timestamp dates at the time `at`. Without anchors nothing is trusted and no
    /// verdict is better than indeterminate.
    pub fn new(anchors: TrustAnchors, at: UnixTime) -> Self {
        Self {
            anchors,
            timestamp_anchors: None,
            maker_anchors: None,
            at,
            certificates: Vec::new(),
            revocation: RevocationData::new(),
        }
    }

    /// Believes these for timestamp authorities, in place of the others.
    pub fn timestamp_anchors(mut self, anchors: TrustAnchors) -> Self {
        self.timestamp_anchors = Some(anchors);
        self
    }

    /// Believes these for makers of electronic seals, in place of the others. Certificates in the field do not say that they make
    /// seals: without this, whoever may sign documents below one of the other anchors can make a seal that passes for anybody's.
    pub fn maker_anchors(mut self, anchors: TrustAnchors) -> Self {
        self.maker_anchors = Some(anchors);
        self
    }

    /// Certificates that may be missing in the document between a signer's and an anchor. They are not believed.
    pub fn certificates(mut self, certificates: impl IntoIterator<Item = Certificate>) -> Self {
        self.certificates.extend(certificates);
        self
    }

    /// OCSP responses and CRLs besides those in the document.
    pub fn revocation(mut self, data: RevocationData) -> Self {
        self.revocation = data;
        self
    }

    /// What is believed for signers.
    #[must_use]
    pub const fn anchors(&self) -> &TrustAnchors {
        &self.anchors
    }

    pub(crate) fn maker_anchors_or_all(&self) -> &TrustAnchors {
        self.maker_anchors.as_ref().unwrap_or(&self.anchors)
    }

    pub(crate) fn timestamp_anchors_or_all(&self) -> &TrustAnchors {
        self.timestamp_anchors.as_ref().unwrap_or(&self.anchors)
    }
}
