use std::fmt;
use std::ops::Range;

use const_oid::ObjectIdentifier;
use const_oid::db::rfc4519::{COMMON_NAME, SERIAL_NUMBER};
use der::{Decode, Encode, Reader, SliceReader};
use spki::AlgorithmIdentifierOwned;
use x509_cert::ext::pkix::KeyUsage;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;

use super::extensions::Extensions;
use super::name::text;
use super::{IdentityCode, Services, UnixTime, Validity};
use crate::Suite;
use crate::digest::{Digest, DigestAlgorithm};
use crate::key::{KeyError, PublicKey, VerificationError, VerificationKey};
use crate::pem;
use crate::scheme::SignatureScheme;

/// Longest certificate that is read, in bytes of DER.
pub const MAX_CERTIFICATE_LEN: usize = 32 * 1024;

/// Bytes or text that do not hold the certificates they should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// Not a certificate of RFC 5280 in DER, or PEM that is broken.
    #[error("not a well-formed certificate")]
    Malformed,
    /// A certificate longer than [`MAX_CERTIFICATE_LEN`].
    #[error("the certificate is too long")]
    TooLong,
    /// No certificate where there should be one.
    #[error("there is no certificate")]
    Missing,
    /// More certificates than a chain may have ([`super::MAX_CHAIN_LEN`]).
    #[error("there are too many certificates")]
    TooMany,
}

impl CertificateError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "cert.malformed",
            Self::TooLong => "cert.too-long",
            Self::Missing => "cert.missing",
            Self::TooMany => "cert.too-many",
        }
    }
}

/// A certificate that was read, not one that is believed: [`super::Chain::verify`] decides that.
///
/// It keeps the exact bytes it was read from. Keys and signatures of unknown algorithms are read too, so that the names in
/// other people's files can be shown; they just never verify.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    tbs: Range<usize>,
    parsed: x509_cert::Certificate,
    extensions: Extensions,
    key: Result<VerificationKey, KeyError>,
}

impl Certificate {
    /// Reads one DER certificate.
    ///
    /// # Errors
    /// [`CertificateError::TooLong`] or [`CertificateError::Malformed`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        if der.len() > MAX_CERTIFICATE_LEN {
            return Err(CertificateError::TooLong);
        }
        let parsed = x509_cert::Certificate::from_der(der).map_err(|_| CertificateError::Malformed)?;
        let tbs = locate_tbs(der).map_err(|_| CertificateError::Malformed)?;
        // Signed twice, once inside: another algorithm outside is a known trick (RFC 5280 §4.1.1.2).
        if parsed.signature_algorithm() != parsed.tbs_certificate().signature() {
            return Err(CertificateError::Malformed);
        }
        let extensions = Extensions::parse(parsed.tbs_certificate().extensions().map_or(&[], Vec::as_slice))?;
        let spki = parsed.tbs_certificate().subject_public_key_info().to_der();
        let key = spki.map_err(|_| KeyError::Malformed).and_then(|spki| VerificationKey::from_spki_der(&spki));
        Ok(Self { der: der.to_vec(), tbs, parsed, extensions, key })
    }

    /// Reads the one certificate of a PEM text; blocks of other kinds are passed over.
    ///
    /// # Errors
    /// [`CertificateError::Missing`], [`CertificateError::TooMany`], or as [`Self::from_der`].
    pub fn from_pem(text: &str) -> Result<Self, CertificateError> {
        match certificates_from_pem(text)?.as_slice() {
            [] => Err(CertificateError::Missing),
            [one] => Ok(one.clone()),
            _ => Err(CertificateError::TooMany),
        }
    }

    /// The exact DER bytes that were read.
    #[must_use]
    pub fn to_der(&self) -> &[u8] {
        &self.der
    }

    /// The certificate as a PEM block.
    #[must_use]
    pub fn to_pem(&self) -> String {
        pem::encode_certificate(&self.der)
    }

    /// SHA-256 of the DER bytes.
    #[must_use]
    pub fn sha256(&self) -> Digest {
        Digest::of(DigestAlgorithm::Sha256, &self.der)
    }

    /// The subject's common name (2.5.4.3), where it has one that is a text.
    #[must_use]
    pub fn subject_common_name(&self) -> Option<String> {
        text(self.subject(), COMMON_NAME)
    }

    /// The subject's serial number attribute (2.5.4.5), which is not the certificate's serial number.
    #[must_use]
    pub fn subject_serial_number(&self) -> Option<String> {
        text(self.subject(), SERIAL_NUMBER)
    }

    /// The subject's whole name (RFC 4514).
    #[must_use]
    pub fn subject_rfc4514(&self) -> String {
        self.subject().to_string()
    }

    /// The issuer's common name (2.5.4.3), where it has one that is a text.
    #[must_use]
    pub fn issuer_common_name(&self) -> Option<String> {
        text(self.issuer(), COMMON_NAME)
    }

    /// The issuer's whole name (RFC 4514).
    #[must_use]
    pub fn issuer_rfc4514(&self) -> String {
        self.issuer().to_string()
    }

    /// The certificate's serial number: big-endian, as DER holds it (two's complement).
    #[must_use]
    pub fn serial(&self) -> &[u8] {
        self.serial_number().as_bytes()
    }

    /// The first instant of validity.
    #[must_use]
    pub fn not_before(&self) -> UnixTime {
        UnixTime::from_x509(self.parsed.tbs_certificate().validity().not_before)
    }

    /// The last instant of validity.
    #[must_use]
    pub fn not_after(&self) -> UnixTime {
        UnixTime::from_x509(self.parsed.tbs_certificate().validity().not_after)
    }

    /// From when until when the certificate is valid.
    #[must_use]
    pub fn validity(&self) -> Validity {
        Validity { not_before: self.not_before(), not_after: self.not_after() }
    }

    /// The subject's key, where it is of one of the suites.
    ///
    /// # Errors
    /// [`KeyError`] for every other key, of the kinds that only others sign with too.
    pub fn public_key(&self) -> Result<&PublicKey, KeyError> {
        self.verification_key()?.as_own()
    }

    /// What the key may be used for (RFC 5280 §4.2.1.3).
    #[must_use]
    pub const fn key_usage(&self) -> Option<KeyUsage> {
        self.extensions.key_usage
    }

    /// What the certificate was issued for (RFC 5280 §4.2.1.12); `None` where it does not say.
    #[must_use]
    pub fn extended_key_usage(&self) -> Option<&[ObjectIdentifier]> {
        self.extensions.extended_key_usage.as_deref()
    }

    /// Where the issuer says that the certificate's revocation can be asked for, and the issuer's own certificate fetched.
    #[must_use]
    pub const fn services(&self) -> &Services {
        &self.extensions.services
    }

    /// Whether its issuer wants it believed without looking up its revocation (RFC 6960 §4.2.2.2.1).
    pub(crate) const fn is_never_looked_up(&self) -> bool {
        self.extensions.is_never_looked_up
    }

    /// The subject's key as the certificate holds it, without the frame of its `BIT STRING`: what key hashes are over.
    pub(crate) fn subject_public_key(&self) -> &[u8] {
        self.parsed.tbs_certificate().subject_public_key_info().subject_public_key.raw_bytes()
    }

    /// Whether a reader that does not know extended key usage may not overlook it.
    pub(super) const fn is_extended_key_usage_critical(&self) -> bool {
        self.extensions.is_extended_key_usage_critical
    }

    /// The operation types that a relying party may ask consent for (extension of our own); `None` where there are none.
    #[must_use]
    pub fn operation_types(&self) -> Option<&[String]> {
        self.extensions.operation_types.as_deref()
    }

    /// What a national certificate says of who its subject is (GM/T 0015): as the CA states it, checked by nobody here.
    #[must_use]
    pub fn identity_codes(&self) -> &[IdentityCode] {
        &self.extensions.identity_codes
    }

    /// Whether its key is of SM2: of the national algorithms, which a chain does not mix with others.
    pub(super) fn is_national(&self) -> bool {
        self.public_key().is_ok_and(|key| key.suite() == Suite::Sm2Sm3)
    }

    /// Whether it is a certificate of a certification authority (RFC 5280 §4.2.1.9).
    #[must_use]
    pub fn is_ca(&self) -> bool {
        self.extensions.basic_constraints.as_ref().is_some_and(|constraints| constraints.ca)
    }

    /// Whether `issuer` is named as the issuer and its key made the signature; nothing else of `issuer` is judged.
    #[must_use]
    pub fn is_issued_by(&self, issuer: &Self) -> bool {
        self.names_issuer(issuer) && self.verify_signature_by(issuer).is_ok()
    }

    /// Names are compared as encoded: a CA encodes its name alike wherever it writes it (RFC 5280 §7.1).
    pub(crate) fn names_issuer(&self, issuer: &Self) -> bool {
        self.issuer() == issuer.subject()
    }

    /// Whether the issuer's key made this certificate's signature.
    pub(super) fn verify_signature_by(&self, issuer: &Self) -> Result<(), VerificationError> {
        let signature = self.parsed.signature().as_bytes().ok_or(VerificationError::Invalid)?;
        let tbs = self.der.get(self.tbs.clone()).unwrap_or_default();
        issuer.verify_signed(self.parsed.signature_algorithm(), tbs, signature)
    }

    /// Whether this certificate's key made a signature over a message, by the algorithm that the signature names.
    pub(crate) fn verify_signed(
        &self,
        algorithm: &AlgorithmIdentifierOwned,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), VerificationError> {
        self.verification_key()?.verify(SignatureScheme::from_identifier(algorithm)?, message, signature)
    }

    pub(crate) fn verification_key(&self) -> Result<&VerificationKey, KeyError> {
        self.key.as_ref().map_err(Clone::clone)
    }

    pub(super) const fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    pub(crate) fn subject_key_identifier(&self) -> Option<&[u8]> {
        self.extensions.subject_key_identifier.as_deref()
    }

    pub(crate) fn subject(&self) -> &Name {
        self.parsed.tbs_certificate().subject()
    }

    pub(crate) fn issuer(&self) -> &Name {
        self.parsed.tbs_certificate().issuer()
    }

    pub(crate) fn serial_number(&self) -> &SerialNumber {
        self.parsed.tbs_certificate().serial_number()
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

/// Shows the fingerprint only: names of persons do not belong in logs.
impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({})", self.sha256())
    }
}

pub(super) fn certificates_from_pem(text: &str) -> Result<Vec<Certificate>, CertificateError> {
    let blocks = pem::blocks(text, pem::CERTIFICATE).map_err(|_| CertificateError::Malformed)?;
    blocks.iter().map(|der| Certificate::from_der(der)).collect()
}

/// Where the signed part stands: the signature is checked over the bytes that arrived, never over a re-encoding.
fn locate_tbs(der: &[u8]) -> der::Result<Range<usize>> {
    let mut reader = SliceReader::new(der)?;
    let header = der::Header::decode(&mut reader)?;
    let start = usize::try_from(reader.position())?;
    reader.read_nested(header.length(), |inner| {
        let tbs = inner.tlv_bytes()?;
        let rest = inner.remaining_len();
        inner.drain(rest)?;
        Ok(start..start + tbs.len())
    })
}
