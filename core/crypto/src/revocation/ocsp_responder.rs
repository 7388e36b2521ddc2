use std::fmt;

use const_oid::db::rfc6960::ID_PKIX_OCSP_BASIC;
use der::asn1::{BitString, Null, OctetString};
use der::{Any, Decode, Encode};

use super::ocsp_choice::{CertStatus, ResponderId};
use super::ocsp_structure::{
    BasicOcspResponse, OcspResponseStructure, ReasonCode, ResponseBytes, ResponseData, ResponseStatus, RevokedInfo,
    SingleResponse,
};
use super::{OcspQuery, RevocationError, RevocationReason, RevocationStatus};
use crate::cert::{Certificate, Purpose, UnixTime};
use crate::digest::sha1_name;
use crate::gen_time::GenTime;
use crate::key::SigningKey;

/// Why an OCSP responder does not answer (`OCSPResponseStatus`, RFC 6960 §4.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OcspRefusal {
    /// The request cannot be read.
    MalformedRequest,
    /// The responder has failed.
    InternalError,
    /// The responder cannot answer now.
    TryLater,
    /// The responder wants to know who asks.
    SignatureRequired,
    /// The responder may not answer this.
    Unauthorized,
}

impl OcspRefusal {
    /// Whether the same request may be answered later.
    #[must_use]
    pub const fn is_temporary(self) -> bool {
        matches!(self, Self::InternalError | Self::TryLater)
    }

    /// The whole response that refuses; it is not signed.
    ///
    /// # Errors
    /// [`RevocationError::Malformed`] when it cannot be encoded, which nothing brings about.
    pub fn to_response(self) -> Result<Vec<u8>, RevocationError> {
        let status = match self {
            Self::MalformedRequest => ResponseStatus::MalformedRequest,
            Self::InternalError => ResponseStatus::InternalError,
            Self::TryLater => ResponseStatus::TryLater,
            Self::SignatureRequired => ResponseStatus::SigRequired,
            Self::Unauthorized => ResponseStatus::Unauthorized,
        };
        Ok(OcspResponseStructure { status, bytes: None }.to_der()?)
    }
}

impl fmt::Display for OcspRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MalformedRequest => "request of a wrong format",
            Self::InternalError => "failure of the responder",
            Self::TryLater => "try later",
            Self::SignatureRequired => "the request must be signed",
            Self::Unauthorized => "not authorized",
        })
    }
}

/// Who answers for an issuer about its certificates: with a key that the issuer certified for that alone
/// (RFC 6960 §4.2.2.2), so that the issuer's own key can stay away from the network.
pub struct OcspResponder {
    key: SigningKey,
    certificate: Certificate,
    issuer: Certificate,
}

impl OcspResponder {
    /// Takes up a responder's key and certificate, and that of the issuer it speaks for.
    ///
    /// # Errors
    /// [`RevocationError::CannotState`] when they do not belong together or the certificate is not for this.
    pub fn new(key: SigningKey, certificate: Certificate, issuer: Certificate) -> Result<Self, RevocationError> {
        let is_own = certificate.public_key() == Ok(key.public_key());
        let is_delegate = Purpose::OcspSigning.is_of(&certificate) && certificate.is_never_looked_up();
        if is_own && is_delegate && certificate.is_issued_by(&issuer) {
            Ok(Self { key, certificate, issuer })
        } else {
            Err(RevocationError::CannotState)
        }
    }

    /// The issuer that it speaks for.
    #[must_use]
    pub const fn issuer(&self) -> &Certificate {
        &self.issuer
    }

    /// The responder's own certificate.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Signs the answers: `statuses` are in the order of what was asked ([`OcspQuery::serials_of`]), true at `at`, and there
    /// is no newer word before `next_update`.
    ///
    /// # Errors
    /// [`RevocationError::CannotState`] when there are not as many statuses as questions, the certificate is not valid at
    /// `at`, or a time is after the year 9999.
    pub fn respond(
        &self,
        query: &OcspQuery,
        statuses: &[RevocationStatus],
        at: UnixTime,
        next_update: UnixTime,
    ) -> Result<Vec<u8>, RevocationError> {
        if statuses.len() != query.asked.len() || !self.certificate.validity().includes(at) {
            return Err(RevocationError::CannotState);
        }
        let answers = query.asked.iter().zip(statuses).map(|(asked, status)| SingleResponse {
            cert_id: asked.clone(),
            cert_status: cert_status(*status),
            this_update: GenTime(at),
            next_update: Some(GenTime(next_update)),
            extensions: None,
        });
        let data = ResponseData {
            version: 0,
            responder_id: ResponderId::ByKey(OctetString::new(sha1_name(self.certificate.subject_public_key()))?),
            produced_at: GenTime(at),
            responses: answers.collect(),
            extensions: query.nonce.clone().map(|nonce| vec![nonce]),
        };
        let tbs_response_data = Any::encode_from(&data).map_err(|_| RevocationError::CannotState)?;
        let signature = self.key.sign(&tbs_response_data.to_der()?);
        let basic = BasicOcspResponse {
            tbs_response_data,
            signature_algorithm: self.key.suite().signature_algorithm(),
            signature: BitString::from_bytes(&signature.to_der())?,
            certs: Some(vec![Any::from_der(self.certificate.to_der())?]),
        };
        let bytes = ResponseBytes { response_type: ID_PKIX_OCSP_BASIC, response: OctetString::new(basic.to_der()?)? };
        Ok(OcspResponseStructure { status: ResponseStatus::Successful, bytes: Some(bytes) }.to_der()?)
    }
}

fn cert_status(status: RevocationStatus) -> CertStatus {
    match status {
        RevocationStatus::Good => CertStatus::Good(Null),
        RevocationStatus::Unknown => CertStatus::Unknown(Null),
        RevocationStatus::Revoked { at, reason } => {
            // No reason is better left out than given as "unspecified" (RFC 5280 §5.3.1).
            let reason = Some(reason).filter(|reason| *reason != RevocationReason::Unspecified);
            CertStatus::Revoked(RevokedInfo {
                revocation_time: GenTime(at),
                revocation_reason: reason.map(|reason| ReasonCode(reason.code())),
            })
        }
    }
}

/// The key stays out of sight.
impl fmt::Debug for OcspResponder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OcspResponder").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}
