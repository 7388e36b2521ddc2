use eseal_crypto::ses::SesVersion;

/// Where a version's standard asks for what is checked.
#[derive(Clone, Copy)]
pub(super) struct Clauses {
    /// Verifying a seal.
    pub(super) seal: &'static str,
    /// Verifying a seal signature.
    pub(super) verifying: &'static str,
    /// Path and usage of a certificate.
    pub(super) path: &'static str,
    /// Expiry and revocation at the time of signing.
    pub(super) validity: &'static str,
}

impl Clauses {
    pub(super) const fn of(version: SesVersion) -> Self {
        match version {
            SesVersion::V1 => Self::all("GM/T 0031-2014"),
            SesVersion::V4 => Self {
                seal: "GB/T 38540-2020, 6",
                verifying: "GB/T 38540-2020, 7.3",
                path: "GB/T 38540-2020, 7.3 e",
                validity: "GB/T 38540-2020, 7.3 f",
            },
            SesVersion::V5 => Self::all("GM/T 0031-2025"),
        }
    }

    /// A standard whose clauses are not at hand.
    const fn all(standard: &'static str) -> Self {
        Self { seal: standard, verifying: standard, path: standard, validity: standard }
    }
}
