use crate::cert::{Certificate, UnixTime};

/// Why a certificate was taken back (`CRLReason`, RFC 5280 §5.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RevocationReason {
    /// No reason is given.
    #[default]
    Unspecified,
    /// The subject's key is in other hands, or may be.
    KeyCompromise,
    /// The CA's key is in other hands, or may be.
    CaCompromise,
    /// The subject's name or affiliation has changed.
    AffiliationChanged,
    /// Another certificate took its place.
    Superseded,
    /// It is no longer needed.
    CessationOfOperation,
    /// Taken back for a while, perhaps to be given again.
    CertificateHold,
    /// What the certificate allowed was taken from the subject.
    PrivilegeWithdrawn,
    /// The key of an attribute authority is in other hands, or may be.
    AaCompromise,
}

impl RevocationReason {
    const ALL: [Self; 9] = [
        Self::Unspecified,
        Self::KeyCompromise,
        Self::CaCompromise,
        Self::AffiliationChanged,
        Self::Superseded,
        Self::CessationOfOperation,
        Self::CertificateHold,
        Self::PrivilegeWithdrawn,
        Self::AaCompromise,
    ];

    /// The number in certificates' revocation data.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Unspecified => 0,
            Self::KeyCompromise => 1,
            Self::CaCompromise => 2,
            Self::AffiliationChanged => 3,
            Self::Superseded => 4,
            Self::CessationOfOperation => 5,
            Self::CertificateHold => 6,
            Self::PrivilegeWithdrawn => 9,
            Self::AaCompromise => 10,
        }
    }

    /// The reason of that number; numbers that say nothing are [`Self::Unspecified`].
    #[must_use]
    pub fn from_code(code: u8) -> Self {
        Self::ALL.into_iter().find(|reason| reason.code() == code).unwrap_or_default()
    }
}

/// What is known of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RevocationStatus {
    /// Not taken back.
    Good,
    /// Taken back.
    Revoked {
        /// Since when.
        at: UnixTime,
        /// Why.
        reason: RevocationReason,
    },
    /// Nobody says, or nobody who is believed, or too long ago.
    Unknown,
}

/// Which kind of source spoke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EvidenceSource {
    /// An OCSP response.
    Ocsp,
    /// A CRL.
    Crl,
}

/// A source's word about one certificate, its signature verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevocationEvidence {
    /// Who spoke.
    pub source: EvidenceSource,
    /// What was said.
    pub status: RevocationStatus,
    /// As of when the word is known to be true.
    pub this_update: UnixTime,
    /// Until when there will be newer word; `None` where there always may be.
    pub next_update: Option<UnixTime>,
}

impl RevocationEvidence {
    /// What the word says of the certificate at an instant.
    ///
    /// Word of a later time than `at` settles the matter: who was revoked after `at`, or never, was good then. Word of an
    /// earlier time is taken until its next update, and is [`RevocationStatus::Unknown`] after it, unless it says revoked.
    #[must_use]
    pub fn status_at(&self, at: UnixTime) -> RevocationStatus {
        let is_settled = at <= self.this_update || self.next_update.is_some_and(|next| at <= next);
        match self.status {
            RevocationStatus::Revoked { at: since, .. } if since <= at => self.status,
            RevocationStatus::Revoked { .. } | RevocationStatus::Good if is_settled => RevocationStatus::Good,
            _ => RevocationStatus::Unknown,
        }
    }

    /// Word about a certificate that had run out by then, which may have been dropped from what the source keeps: silence
    /// no longer means good (RFC 5280 §3.3), unless the source says that it keeps such (`kept_since`).
    pub(super) fn for_certificate(self, certificate: &Certificate, kept_since: Option<UnixTime>) -> Self {
        let ran_out = certificate.not_after() < self.this_update;
        let is_kept = kept_since.is_some_and(|since| since <= certificate.not_after());
        if self.status == RevocationStatus::Good && ran_out && !is_kept {
            return Self { status: RevocationStatus::Unknown, ..self };
        }
        self
    }
}
