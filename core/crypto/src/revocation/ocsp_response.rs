use std::fmt;

use const_oid::db::rfc6960::{ID_PKIX_OCSP_ARCHIVE_CUTOFF, ID_PKIX_OCSP_BASIC};
use der::{Decode, Encode};
use spki::AlgorithmIdentifierOwned;
use x509_cert::ext::Extension;

use super::ocsp_choice::{CertStatus, ResponderId};
use super::ocsp_responder::OcspRefusal;
use super::ocsp_structure::{BasicOcspResponse, OcspResponseStructure, ResponseData, ResponseStatus, SingleResponse};
use super::{EvidenceSource, RevocationError, RevocationEvidence, RevocationReason, RevocationStatus};
use crate::cert::{Certificate, Purpose, UnixTime};
use crate::digest::sha1_name;
use crate::gen_time::GenTime;

/// Longest OCSP response that is read, in bytes: a responder's whole chain of large RSA certificates fits.
pub const MAX_OCSP_RESPONSE_LEN: usize = 64 * 1024;
/// Most certificates, and most answers, that are read from one response.
const MAX_PARTS: usize = 32;

/// A responder's signed word about certificates (`OCSPResponse`, RFC 6960 §4.2), read but not yet believed:
/// [`Self::evidence`] checks who signed it.
#[derive(Clone)]
pub struct OcspResponse {
    der: Vec<u8>,
    signed: Vec<u8>,
    algorithm: AlgorithmIdentifierOwned,
    signature: Vec<u8>,
    responder: ResponderId,
    produced_at: UnixTime,
    answers: Vec<SingleResponse>,
    certificates: Vec<Certificate>,
}

impl OcspResponse {
    /// Reads a DER `OCSPResponse`.
    ///
    /// # Errors
    /// [`RevocationError::TooLong`], [`RevocationError::Refused`], [`RevocationError::Malformed`] or
    /// [`RevocationError::UnknownCriticalExtension`].
    pub fn from_der(der: &[u8]) -> Result<Self, RevocationError> {
        if der.len() > MAX_OCSP_RESPONSE_LEN {
            return Err(RevocationError::TooLong);
        }
        let response = OcspResponseStructure::from_der(der)?;
        if let Some(reason) = OcspRefusal::of(response.status) {
            return Err(RevocationError::Refused { reason });
        }
        let malformed = |detail| RevocationError::Malformed { detail };
        let bytes = response.bytes.ok_or(malformed("successful without an answer"))?;
        if bytes.response_type != ID_PKIX_OCSP_BASIC {
            return Err(malformed("another type of response"));
        }
        let basic = BasicOcspResponse::from_der(bytes.response.as_bytes())?;
        let data = basic.tbs_response_data.decode_as::<ResponseData>()?;
        let certificates = basic.certs.unwrap_or_default();
        if data.version != 0 || data.responses.len() > MAX_PARTS || certificates.len() > MAX_PARTS {
            return Err(malformed("another version, or too many parts"));
        }
        let of_each = data.responses.iter().flat_map(|one| one.extensions.iter().flatten());
        if data.extensions.iter().flatten().chain(of_each).any(|extension| extension.critical) {
            return Err(RevocationError::UnknownCriticalExtension);
        }
        let read = |any: &der::Any| any.to_der().ok().and_then(|der| Certificate::from_der(&der).ok());
        Ok(Self {
            der: der.to_vec(),
            signed: basic.tbs_response_data.to_der()?,
            algorithm: basic.signature_algorithm,
            signature: basic.signature.as_bytes().ok_or(malformed("the signature"))?.to_vec(),
            responder: data.responder_id,
            produced_at: data.produced_at.0,
            answers: data.responses,
            certificates: certificates.iter().filter_map(read).collect(),
        })
    }

    /// The DER bytes that were read.
    #[must_use]
    pub fn to_der(&self) -> &[u8] {
        &self.der
    }

    /// When the responder signed.
    #[must_use]
    pub const fn produced_at(&self) -> UnixTime {
        self.produced_at
    }

    /// The certificates that the response carries: the responder's, and others.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// What it says of a certificate, after its signature was seen to be the issuer's own, or by a key that the issuer
    /// certified for this (RFC 6960 §4.2.2.2), not to be looked up itself, and valid when it signed.
    ///
    /// # Errors
    /// [`RevocationError::NotCovered`] when it says nothing about the certificate; [`RevocationError::WrongIssuer`],
    /// [`RevocationError::BadSignature`], [`RevocationError::UnsupportedAlgorithm`] or [`RevocationError::WeakAlgorithm`].
    pub fn evidence(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<RevocationEvidence, RevocationError> {
        let is_about = |answer: &&SingleResponse| {
            answer.cert_id.serial_number == *certificate.serial_number() && answer.cert_id.is_of(issuer)
        };
        let answer = self.answers.iter().find(is_about).filter(|_| certificate.names_issuer(issuer));
        let answer = answer.ok_or(RevocationError::NotCovered)?;
        self.signer(issuer)?.verify_signed(&self.algorithm, &self.signed, &self.signature)?;
        let status = match &answer.cert_status {
            CertStatus::Good(_) => RevocationStatus::Good,
            CertStatus::Unknown(_) => RevocationStatus::Unknown,
            CertStatus::Revoked(info) => {
                let code = info.revocation_reason.map(|reason| reason.0).unwrap_or_default();
                RevocationStatus::Revoked { at: info.revocation_time.0, reason: RevocationReason::from_code(code) }
            }
        };
        let evidence = RevocationEvidence {
            source: EvidenceSource::Ocsp,
            status,
            this_update: answer.this_update.0,
            next_update: answer.next_update.map(|time| time.0),
        };
        Ok(evidence.for_certificate(certificate, archive_cutoff(answer)))
    }

    /// Who signed: the issuer, or whom it certified for that.
    fn signer<'a>(&'a self, issuer: &'a Certificate) -> Result<&'a Certificate, RevocationError> {
        if self.is_responder(issuer) {
            return Ok(issuer);
        }
        let is_delegate = |candidate: &&Certificate| {
            self.is_responder(candidate)
                && Purpose::OcspSigning.is_of(candidate)
                && candidate.is_never_looked_up()
                && candidate.validity().includes(self.produced_at)
                && candidate.is_issued_by(issuer)
        };
        self.certificates.iter().find(is_delegate).ok_or(RevocationError::WrongIssuer)
    }

    fn is_responder(&self, candidate: &Certificate) -> bool {
        match &self.responder {
            ResponderId::ByName(name) => candidate.subject() == name,
            ResponderId::ByKey(hash) => hash.as_bytes() == sha1_name(candidate.subject_public_key()),
        }
    }
}

/// Since when the responder keeps what ran out (RFC 6960 §4.4.4).
fn archive_cutoff(answer: &SingleResponse) -> Option<UnixTime> {
    let is_cutoff = |extension: &&Extension| extension.extn_id == ID_PKIX_OCSP_ARCHIVE_CUTOFF;
    let extension = answer.extensions.iter().flatten().find(is_cutoff)?;
    Some(GenTime::from_der(extension.extn_value.as_bytes()).ok()?.0)
}

impl fmt::Debug for OcspResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OcspResponse").field("produced_at", &self.produced_at).finish_non_exhaustive()
    }
}

impl OcspRefusal {
    pub(super) const fn of(status: ResponseStatus) -> Option<Self> {
        match status {
            ResponseStatus::Successful => None,
            ResponseStatus::MalformedRequest => Some(Self::MalformedRequest),
            ResponseStatus::InternalError => Some(Self::InternalError),
            ResponseStatus::TryLater => Some(Self::TryLater),
            ResponseStatus::SigRequired => Some(Self::SignatureRequired),
            ResponseStatus::Unauthorized => Some(Self::Unauthorized),
        }
    }
}
