use super::certificate::certificates_from_pem;
use super::{Certificate, CertificateError};

/// Most certificates in a chain, leaf and root included.
pub const MAX_CHAIN_LEN: usize = 8;

/// A certificate and those that are said to lead from it to a root, leaf first. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    leaf: Certificate,
    issuers: Vec<Certificate>,
}

impl Chain {
    /// A chain of certificates at hand, leaf first.
    ///
    /// # Errors
    /// [`CertificateError::Missing`] or [`CertificateError::TooMany`].
    pub fn new(certificates: impl IntoIterator<Item = Certificate>) -> Result<Self, CertificateError> {
        let mut certificates = certificates.into_iter();
        let leaf = certificates.next().ok_or(CertificateError::Missing)?;
        let issuers: Vec<_> = certificates.take(MAX_CHAIN_LEN).collect();
        if issuers.len() == MAX_CHAIN_LEN {
            return Err(CertificateError::TooMany);
        }
        Ok(Self { leaf, issuers })
    }

    /// Reads the certificates of a PEM text, leaf first; blocks of other kinds are passed over.
    ///
    /// # Errors
    /// [`CertificateError`], for the first certificate that cannot be read or for their number.
    pub fn from_pem(text: &str) -> Result<Self, CertificateError> {
        Self::new(certificates_from_pem(text)?)
    }

    /// Reads DER certificates, leaf first.
    ///
    /// # Errors
    /// As [`Self::from_pem`].
    pub fn from_ders<D: AsRef<[u8]>>(ders: impl IntoIterator<Item = D>) -> Result<Self, CertificateError> {
        let parsed = ders.into_iter().take(MAX_CHAIN_LEN + 1).map(|der| Certificate::from_der(der.as_ref()));
        Self::new(parsed.collect::<Result<Vec<_>, _>>()?)
    }

    /// The certificate and those among `others`, in whatever order, that lead on from it, each signed by the next, as far
    /// as they reach.
    #[must_use]
    pub fn following(leaf: &Certificate, others: &[Certificate]) -> Self {
        let mut unused: Vec<_> = others.iter().filter(|other| *other != leaf).collect();
        let mut issuers: Vec<Certificate> = Vec::new();
        while issuers.len() + 1 < MAX_CHAIN_LEN {
            let last = issuers.last().unwrap_or(leaf);
            let Some(index) = unused.iter().position(|candidate| last.is_issued_by(candidate)) else { break };
            issuers.push(unused.swap_remove(index).clone());
        }
        Self { leaf: leaf.clone(), issuers }
    }

    /// The certificate that the chain is about.
    #[must_use]
    pub const fn leaf(&self) -> &Certificate {
        &self.leaf
    }

    /// Every certificate, leaf first.
    pub fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        std::iter::once(&self.leaf).chain(&self.issuers)
    }

    /// The DER bytes of every certificate, leaf first.
    pub fn ders(&self) -> impl Iterator<Item = &[u8]> {
        self.certificates().map(Certificate::to_der)
    }

    /// Every certificate as a PEM block, leaf first.
    #[must_use]
    pub fn to_pem(&self) -> String {
        self.certificates().map(Certificate::to_pem).collect()
    }

    pub(super) fn issuers(&self) -> &[Certificate] {
        &self.issuers
    }
}

/// The certificates that the caller believes, from elsewhere than the file or message that is judged. None by default.
#[derive(Clone, Debug, Default)]
pub struct TrustAnchors {
    certificates: Vec<Certificate>,
}

impl TrustAnchors {
    /// Believes these certificates.
    #[must_use]
    pub fn new(certificates: impl IntoIterator<Item = Certificate>) -> Self {
        Self { certificates: certificates.into_iter().collect() }
    }

    /// Believes the certificates of a PEM text; blocks of other kinds are passed over.
    ///
    /// # Errors
    /// [`CertificateError`] for the first certificate that cannot be read.
    pub fn from_pem(text: &str) -> Result<Self, CertificateError> {
        certificates_from_pem(text).map(Self::new)
    }

    /// Whether nothing is believed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty()
    }

    /// The believed certificates.
    pub fn iter(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.iter()
    }
}
