//! Which certificate a signature belongs to, said inside of what is signed (RFC 2634 §5.4, RFC 5035).

use der::asn1::OctetString;
use der::{Any, Sequence};
use spki::AlgorithmIdentifierOwned;

use super::CmsError;
use crate::cert::Certificate;
use crate::digest::{Digest, DigestAlgorithm, sha1_name};

/// `SigningCertificateV2` (RFC 5035 §3); the policies, which nobody processes, are read past.
#[derive(Sequence)]
pub(super) struct SigningCertificateV2 {
    certs: Vec<EssCertIdV2>,
    #[asn1(optional = "true")]
    policies: Option<Any>,
}

/// `ESSCertIDv2` (RFC 5035 §4). The optional issuer and serial number say nothing that the hash does not.
#[derive(Sequence)]
struct EssCertIdV2 {
    #[asn1(optional = "true")]
    hash_algorithm: Option<AlgorithmIdentifierOwned>,
    cert_hash: OctetString,
    #[asn1(optional = "true")]
    issuer_serial: Option<Any>,
}

impl SigningCertificateV2 {
    pub(super) fn naming(signer: &Certificate, algorithm: DigestAlgorithm) -> Result<Self, CmsError> {
        // SHA-256 is the DEFAULT, which DER leaves out.
        let hash_algorithm = Some(algorithm).filter(|other| *other != DigestAlgorithm::Sha256);
        let cert_hash = OctetString::new(Digest::of(algorithm, signer.to_der()).as_bytes())?;
        let hash_algorithm = hash_algorithm.map(DigestAlgorithm::identifier);
        Ok(Self { certs: vec![EssCertIdV2 { hash_algorithm, cert_hash, issuer_serial: None }], policies: None })
    }

    /// Whether its first entry, which is the signer's (RFC 5035 §3), names this certificate.
    pub(super) fn names(&self, signer: &Certificate) -> Result<bool, CmsError> {
        let Some(first) = self.certs.first() else { return Ok(false) };
        let algorithm = match &first.hash_algorithm {
            None => DigestAlgorithm::Sha256,
            Some(identifier) => DigestAlgorithm::from_identifier(identifier)?,
        };
        Ok(Digest::of(algorithm, signer.to_der()).as_bytes() == first.cert_hash.as_bytes())
    }
}

/// `SigningCertificate` (RFC 2634 §5.4), by SHA-1: it names a certificate among those that lead to a trust anchor, which
/// nobody can yet invent to a given SHA-1.
#[derive(Sequence)]
pub(super) struct SigningCertificate {
    certs: Vec<EssCertId>,
    #[asn1(optional = "true")]
    policies: Option<Any>,
}

#[derive(Sequence)]
struct EssCertId {
    cert_hash: OctetString,
    #[asn1(optional = "true")]
    issuer_serial: Option<Any>,
}

impl SigningCertificate {
    /// Whether its first entry names this certificate.
    pub(super) fn names(&self, signer: &Certificate) -> bool {
        self.certs.first().is_some_and(|first| first.cert_hash.as_bytes() == sha1_name(signer.to_der()))
    }
}
