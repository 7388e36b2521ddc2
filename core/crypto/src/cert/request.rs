use std::fmt;

use der::asn1::BitString;
use der::{Any, Decode, Encode, Sequence};
use spki::AlgorithmIdentifierOwned;
use x509_cert::request::{CertReqInfo, Version};

use super::{IssueError, Subject};
use crate::key::{Fault, PublicKey, SigningKey, VerificationError, VerificationKey};
use crate::pem;
use crate::scheme::SignatureScheme;

/// Longest request that is read, in bytes of DER.
const MAX_REQUEST_LEN: usize = 16 * 1024;

/// Why a certification request is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Not one certification request of RFC 2986, or longer than 16 KiB.
    #[error("not a well-formed certification request")]
    Malformed,
    /// Of an algorithm that is not supported, or a weak one.
    #[error("the certification request is of an algorithm that is not supported")]
    UnsupportedAlgorithm,
    /// Not signed by the key that it is for.
    #[error("the certification request is not signed by its own key")]
    BadSignature,
}

impl RequestError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "cert-request.malformed",
            Self::UnsupportedAlgorithm => "cert-request.unsupported-algorithm",
            Self::BadSignature => "cert-request.bad-signature",
        }
    }
}

impl From<der::Error> for RequestError {
    fn from(_: der::Error) -> Self {
        Self::Malformed
    }
}

impl From<VerificationError> for RequestError {
    fn from(error: VerificationError) -> Self {
        match error.fault() {
            Fault::UnsupportedAlgorithm | Fault::WeakAlgorithm => Self::UnsupportedAlgorithm,
            Fault::BadSignature => Self::BadSignature,
        }
    }
}

/// `CertificationRequest` (RFC 2986 §4.2), what is signed kept as it was written.
#[derive(Sequence)]
struct RequestStructure {
    info: Any,
    algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
}

/// A request for a certificate (PKCS #10, RFC 2986), which proves that whoever made it has the key. The name and the wishes in it
/// are a stranger's: who certifies takes the key and knows the rest by itself.
#[derive(Clone)]
pub struct CertificationRequest {
    der: Vec<u8>,
    key: PublicKey,
}

impl CertificationRequest {
    /// Makes one.
    ///
    /// # Errors
    /// [`IssueError::BadSubject`].
    pub fn new(key: &SigningKey, subject: &Subject) -> Result<Self, IssueError> {
        let info = CertReqInfo {
            version: Version::V1,
            subject: subject.to_x509()?,
            public_key: Decode::from_der(key.public_key().spki_der())?,
            attributes: Vec::new().try_into()?,
        };
        let info = Any::encode_from(&info)?;
        let signature = BitString::from_bytes(&key.sign(&info.to_der()?).to_der())?;
        let der = RequestStructure { info, algorithm: key.suite().signature_algorithm(), signature }.to_der()?;
        Ok(Self { der, key: key.public_key().clone() })
    }

    /// Reads the one request of a PEM text, and sees that its own key signed it.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn from_pem(text: &str) -> Result<Self, RequestError> {
        // OpenSSL 0.9 and what learnt from it have another label.
        let labels = [pem::CERTIFICATE_REQUEST, pem::NEW_CERTIFICATE_REQUEST];
        let blocks = labels.map(|label| pem::blocks(text, label).map_err(|_| RequestError::Malformed));
        let [new, old] = blocks;
        match [new?, old?].concat().as_slice() {
            [one] => Self::from_der(one),
            _ => Err(RequestError::Malformed),
        }
    }

    /// As [`Self::from_pem`], from DER.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn from_der(der: &[u8]) -> Result<Self, RequestError> {
        if der.len() > MAX_REQUEST_LEN {
            return Err(RequestError::Malformed);
        }
        let RequestStructure { info, algorithm, signature } = RequestStructure::from_der(der)?;
        let read: CertReqInfo = info.decode_as()?;
        let key = VerificationKey::from_spki_der(&read.public_key.to_der()?).map_err(VerificationError::from)?;
        let scheme = SignatureScheme::from_identifier(&algorithm).map_err(VerificationError::from)?;
        let signature = signature.as_bytes().ok_or(RequestError::Malformed)?;
        key.verify(scheme, &info.to_der()?, signature)?;
        let key = key.as_own().map_err(|_| RequestError::UnsupportedAlgorithm)?.clone();
        Ok(Self { der: der.to_vec(), key })
    }

    /// The key that is to be certified.
    #[must_use]
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The request in DER, as it was read.
    #[must_use]
    pub fn to_der(&self) -> &[u8] {
        &self.der
    }

    /// The request as a PEM block.
    #[must_use]
    pub fn to_pem(&self) -> String {
        pem::encode(pem::CERTIFICATE_REQUEST, &self.der)
    }
}

/// Names do not belong in logs.
impl fmt::Debug for CertificationRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificationRequest").field("suite", &self.key.suite()).finish_non_exhaustive()
    }
}
