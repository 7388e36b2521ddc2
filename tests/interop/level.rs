//! What a signature claims to be.

/// The baseline levels of ETSI EN 319 142-1, and the signature that older readers know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// `adbe.pkcs7.detached` (ISO 32000-1), with the attributes of level B.
    Compat,
    /// The signature and its certificate.
    B,
    /// With a timestamp.
    T,
    /// With what is needed to verify it later.
    Lt,
    /// With a timestamp over all of that.
    Lta,
}

impl Level {
    pub(crate) const ALL: [Self; 5] = [Self::Compat, Self::B, Self::T, Self::Lt, Self::Lta];

    /// The name in tables and to programs.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Compat => "compat",
            Self::B => "B",
            Self::T => "T",
            Self::Lt => "LT",
            Self::Lta => "LTA",
        }
    }

    /// What EU DSS calls it.
    pub(crate) fn dss_name(self) -> String {
        match self {
            Self::Compat => "PKCS7-B".to_owned(),
            pades => format!("PAdES-BASELINE-{}", pades.as_str()),
        }
    }

    pub(crate) const fn has_timestamp(self) -> bool {
        matches!(self, Self::T | Self::Lt | Self::Lta)
    }

    /// Whether validation data follows the signature in later revisions, so that the signature itself no longer covers the
    /// whole file.
    pub(crate) const fn has_validation_data(self) -> bool {
        matches!(self, Self::Lt | Self::Lta)
    }
}
