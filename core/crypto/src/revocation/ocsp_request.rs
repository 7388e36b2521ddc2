use const_oid::db::rfc6960::ID_PKIX_OCSP_NONCE;
use der::{Decode, Encode};
use x509_cert::ext::Extension;

use super::RevocationError;
use super::cert_id::CertId;
use super::ocsp_structure::{OcspRequestStructure, SingleRequest, TbsRequest};
use crate::cert::Certificate;

/// Longest request that a responder reads, in bytes.
pub const MAX_OCSP_REQUEST_LEN: usize = 8 * 1024;
/// Most certificates that a responder answers about at once.
const MAX_ASKED: usize = 16;
/// Longest nonce that a responder repeats, with its frames, in bytes (RFC 9654 §2.1).
const MAX_NONCE_LEN: usize = 130;

/// A question to an OCSP responder about one certificate (`OCSPRequest`, RFC 6960 §4.1). It has no nonce: responders that
/// sign beforehand leave it out, and an answer that will be kept as evidence is judged by its times.
#[derive(Clone, Debug)]
pub struct OcspRequest {
    der: Vec<u8>,
}

impl OcspRequest {
    /// Asks about a certificate and names its issuer.
    ///
    /// # Errors
    /// [`RevocationError::NotCovered`] when it is not by this issuer.
    pub fn new(certificate: &Certificate, issuer: &Certificate) -> Result<Self, RevocationError> {
        if !certificate.names_issuer(issuer) {
            return Err(RevocationError::NotCovered);
        }
        let request_list = vec![SingleRequest { cert_id: CertId::of(certificate, issuer)?, extensions: None }];
        let tbs_request = TbsRequest { version: 0, requestor_name: None, request_list, extensions: None };
        Ok(Self { der: OcspRequestStructure { tbs_request, signature: None }.to_der()? })
    }

    /// The DER to send, as `application/ocsp-request`.
    #[must_use]
    pub fn to_der(&self) -> &[u8] {
        &self.der
    }
}

/// A request as a responder reads it.
pub struct OcspQuery {
    pub(super) asked: Vec<CertId>,
    pub(super) nonce: Option<Extension>,
}

impl OcspQuery {
    /// Reads a DER `OCSPRequest`. A signature on it is passed over: the answers are public.
    ///
    /// # Errors
    /// [`RevocationError::TooLong`], [`RevocationError::Malformed`] or [`RevocationError::UnknownCriticalExtension`].
    pub fn from_der(der: &[u8]) -> Result<Self, RevocationError> {
        if der.len() > MAX_OCSP_REQUEST_LEN {
            return Err(RevocationError::TooLong);
        }
        let request = OcspRequestStructure::from_der(der)?.tbs_request;
        if request.version != 0 || request.request_list.is_empty() || request.request_list.len() > MAX_ASKED {
            return Err(RevocationError::Malformed { detail: "another version, or none or too many asked about" });
        }
        let of_all = request.extensions.unwrap_or_default();
        let of_each = request.request_list.iter().flat_map(|one| one.extensions.iter().flatten());
        let is_nonce = |extension: &&Extension| extension.extn_id == ID_PKIX_OCSP_NONCE;
        if of_all.iter().chain(of_each).any(|extension| extension.critical && !is_nonce(&extension)) {
            return Err(RevocationError::UnknownCriticalExtension);
        }
        let nonce = of_all.iter().find(is_nonce).filter(|nonce| nonce.extn_value.as_bytes().len() <= MAX_NONCE_LEN);
        let asked = request.request_list.into_iter().map(|one| one.cert_id).collect();
        Ok(Self { asked, nonce: nonce.cloned() })
    }

    /// The serial numbers asked about that an issuer gave, as DER holds them; `None` where another issuer's certificate is
    /// asked about.
    pub fn serials_of<'a>(&'a self, issuer: &Certificate) -> impl Iterator<Item = Option<&'a [u8]>> {
        self.asked.iter().map(|asked| asked.is_of(issuer).then(|| asked.serial_number.as_bytes()))
    }
}
