//! The names under which signatures lie in PDF (ISO 32000-2, 12.8.3; for the national ones docs/decisions/0009).

use eseal_crypto::cms::Dialect;

/// What a signature dictionary says its value is (`/SubFilter`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SubFilter {
    /// `PAdES`: CMS of RFC 5652 and nothing else.
    Pades,
    /// CMS, in the field of either dialect.
    Detached,
    /// A timestamp over the document.
    DocumentTimestamp,
    /// A seal signature over SM3 of what is covered.
    GmSeal,
    /// CMS of GB/T 35275 over the same.
    GmCms,
    /// National, and not said what.
    Gm,
}

/// What a signature's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueKind {
    Cms(Dialect),
    Seal,
}

/// Whether a value may lie under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// It is what the name says.
    Right,
    /// It is another signature over the same bytes than the name says, as is found in the field.
    Odd,
    /// The name's standard forbids it.
    Wrong,
}

impl SubFilter {
    const ALL: [Self; 6] = [Self::Pades, Self::Detached, Self::DocumentTimestamp, Self::GmSeal, Self::GmCms, Self::Gm];

    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Pades => "ETSI.CAdES.detached",
            Self::Detached => "adbe.pkcs7.detached",
            Self::DocumentTimestamp => "ETSI.RFC3161",
            Self::GmSeal => "GM.sm2seal",
            Self::GmCms => "GM.sm2cms.detached",
            Self::Gm => "GM.SM2",
        }
    }

    /// The handler that is asked for with it (`/Filter`). Readers may use another one (ISO 32000-2, table 255).
    pub(crate) const fn filter(self) -> &'static str {
        match self {
            Self::Pades | Self::Detached | Self::DocumentTimestamp => "Adobe.PPKLite",
            Self::GmSeal => "Gomain.GMPkiLite",
            Self::GmCms => "DJ.GMPkiLite",
            Self::Gm => "GM.PKILite",
        }
    }

    pub(crate) fn fit(self, value: ValueKind) -> Fit {
        match (self, value) {
            (Self::Pades, ValueKind::Cms(Dialect::Rfc5652))
            | (Self::Detached | Self::GmCms, ValueKind::Cms(_))
            | (Self::GmSeal, ValueKind::Seal)
            | (Self::Gm, _) => Fit::Right,
            (Self::Pades | Self::DocumentTimestamp, _) => Fit::Wrong,
            (Self::Detached | Self::GmCms, ValueKind::Seal) | (Self::GmSeal, ValueKind::Cms(_)) => Fit::Odd,
        }
    }
}
