use const_oid::db::rfc5280::{ID_CE_AUTHORITY_KEY_IDENTIFIER, ID_CE_SUBJECT_KEY_IDENTIFIER};
use der::asn1::{BitString, OctetString};
use der::{Decode, Encode, Sequence};
use rand_core::CryptoRng;
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::certificate::Version;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, SubjectKeyIdentifier};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;

use super::profile::{ca_extensions, informative};
use super::{Certificate, CertificateError, CertificateProfile, Chain, Services, Subject, Validity};
use crate::digest::{Digest, DigestAlgorithm};
use crate::key::{PublicKey, SigningKey};

/// Why a certificate is not issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssueError {
    /// The key is not the issuing certificate's, or that certificate is not one of a CA.
    #[error("the issuer cannot issue certificates")]
    NotAnIssuer,
    /// The issuer may not have the asked CA below itself.
    #[error("the issuer may not have such a certification authority below it")]
    PathLength,
    /// The asked validity ends before it starts or reaches outside the issuer's.
    #[error("the validity does not lie within the issuer's")]
    BadValidity,
    /// A part of the name is empty, too long, or has characters that may not be in it.
    #[error("the subject's name cannot be written")]
    BadSubject,
    /// The profile's own data are empty, too many, too long, or have characters that may not be in them.
    #[error("the profile cannot be written")]
    BadProfile,
    /// The certificate cannot be encoded, or not be read again.
    #[error("the certificate cannot be written")]
    Encoding,
}

impl IssueError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAnIssuer => "issue.not-an-issuer",
            Self::PathLength => "issue.path-length",
            Self::BadValidity => "issue.bad-validity",
            Self::BadSubject => "issue.bad-subject",
            Self::BadProfile => "issue.bad-profile",
            Self::Encoding => "issue.encoding",
        }
    }
}

impl From<der::Error> for IssueError {
    fn from(_: der::Error) -> Self {
        Self::Encoding
    }
}

impl From<CertificateError> for IssueError {
    fn from(_: CertificateError) -> Self {
        Self::Encoding
    }
}

/// A certification authority: a key and the certificates that let it issue others.
pub struct Issuer {
    key: SigningKey,
    chain: Chain,
    services: Services,
}

impl Issuer {
    /// Makes a root: a self-signed certificate for the key's own public half.
    ///
    /// # Errors
    /// [`IssueError::BadSubject`] or [`IssueError::BadValidity`].
    pub fn new_root(
        key: SigningKey,
        subject: &Subject,
        validity: Validity,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, IssueError> {
        let name = subject.to_x509()?;
        let certificate = Draft {
            issuer: &name,
            issuer_key: key.public_key(),
            subject: &name,
            subject_key: key.public_key(),
            validity,
            extensions: ca_extensions(None)?,
        }
        .sign(&key, rng)?;
        Ok(Self { key, chain: Chain::new([certificate])?, services: Services::default() })
    }

    /// Takes up a CA that exists: its key and its chain, own certificate first.
    ///
    /// # Errors
    /// [`IssueError::NotAnIssuer`] when key and certificate do not belong together or it is not a CA's.
    pub fn new(key: SigningKey, chain: Chain) -> Result<Self, IssueError> {
        let certificate = chain.leaf();
        let signs = certificate.key_usage().is_some_and(|usage| usage.key_cert_sign());
        if certificate.is_ca() && signs && certificate.public_key() == Ok(key.public_key()) {
            Ok(Self { key, chain, services: Services::default() })
        } else {
            Err(IssueError::NotAnIssuer)
        }
    }

    /// The same CA, which from now on writes into what it issues where its services are. Certificates of OCSP responders,
    /// whose revocation nobody is to look up, do not get them.
    #[must_use]
    pub fn announcing(self, services: Services) -> Self {
        Self { services, ..self }
    }

    /// The CA's own certificate.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        self.chain.leaf()
    }

    /// The CA's own certificate and those above it.
    #[must_use]
    pub const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The CA's key, to be kept.
    #[must_use]
    pub const fn key(&self) -> &SigningKey {
        &self.key
    }

    /// Issues a certificate for a key whose possession the caller has seen proven.
    ///
    /// The serial number is drawn from `rng`: 126 random bits, never zero.
    ///
    /// # Errors
    /// [`IssueError::PathLength`], [`IssueError::BadValidity`], [`IssueError::BadSubject`] or [`IssueError::BadProfile`].
    pub fn issue(
        &self,
        profile: &CertificateProfile,
        subject: &Subject,
        key: &PublicKey,
        validity: Validity,
        rng: &mut impl CryptoRng,
    ) -> Result<Certificate, IssueError> {
        self.check_path_length(profile)?;
        if !self.certificate().validity().contains(&validity) {
            return Err(IssueError::BadValidity);
        }
        Draft {
            issuer: self.certificate().subject(),
            issuer_key: self.key.public_key(),
            subject: &subject.to_x509()?,
            subject_key: key,
            validity,
            extensions: [profile.extensions()?, self.announced(profile)?].concat(),
        }
        .sign(&self.key, rng)
    }

    /// A certificate that this CA issued, with what leads to the root; without the root itself, which a reader has or does
    /// not believe.
    ///
    /// # Errors
    /// [`CertificateError::TooMany`].
    pub fn chain_of(&self, issued: Certificate) -> Result<Chain, CertificateError> {
        let above = self.chain.certificates().filter(|certificate| !certificate.names_issuer(certificate));
        Chain::new(std::iter::once(issued).chain(above.cloned()))
    }

    fn announced(&self, profile: &CertificateProfile) -> Result<Vec<Extension>, IssueError> {
        match profile {
            CertificateProfile::OcspResponder => Ok(Vec::new()),
            _ => self.services.to_extensions(),
        }
    }

    fn check_path_length(&self, profile: &CertificateProfile) -> Result<(), IssueError> {
        let CertificateProfile::IntermediateCa { path_len } = profile else { return Ok(()) };
        let constraints = self.certificate().extensions().basic_constraints.as_ref();
        let allowed = constraints.and_then(|constraints| constraints.path_len_constraint);
        if allowed.is_none_or(|most| *path_len < most) { Ok(()) } else { Err(IssueError::PathLength) }
    }
}

/// `TBSCertificate` (RFC 5280 §4.1.2) as it is written; `x509_cert` writes only its own profiles, with SHA-1 in them.
#[derive(Sequence)]
struct TbsCertificate {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    version: Version,
    serial_number: SerialNumber,
    signature: AlgorithmIdentifierOwned,
    issuer: Name,
    validity: x509_cert::time::Validity,
    subject: Name,
    subject_public_key_info: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT")]
    extensions: Vec<Extension>,
}

/// `Certificate` (RFC 5280 §4.1.1).
#[derive(Sequence)]
struct SignedCertificate {
    tbs_certificate: TbsCertificate,
    signature_algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
}

struct Draft<'a> {
    issuer: &'a Name,
    issuer_key: &'a PublicKey,
    subject: &'a Name,
    subject_key: &'a PublicKey,
    validity: Validity,
    extensions: Vec<Extension>,
}

impl Draft<'_> {
    fn sign(self, key: &SigningKey, rng: &mut impl CryptoRng) -> Result<Certificate, IssueError> {
        if self.validity.not_after < self.validity.not_before {
            return Err(IssueError::BadValidity);
        }
        let not_before = self.validity.not_before.to_x509().map_err(|_| IssueError::BadValidity)?;
        let not_after = self.validity.not_after.to_x509().map_err(|_| IssueError::BadValidity)?;
        let signature_algorithm = key.suite().signature_algorithm();
        let tbs_certificate = TbsCertificate {
            version: Version::V3,
            serial_number: draw_serial_number(rng)?,
            signature: signature_algorithm.clone(),
            issuer: self.issuer.clone(),
            validity: x509_cert::time::Validity::new(not_before, not_after),
            subject: self.subject.clone(),
            subject_public_key_info: SubjectPublicKeyInfoOwned::from_der(self.subject_key.spki_der())?,
            extensions: [self.extensions, key_identifiers(self.subject_key, self.issuer_key)?].concat(),
        };
        let signature = BitString::from_bytes(&key.sign(&tbs_certificate.to_der()?).to_der())?;
        let der = SignedCertificate { tbs_certificate, signature_algorithm, signature }.to_der()?;
        Ok(Certificate::from_der(&der)?)
    }
}

const SERIAL_LEN: usize = 16;

fn draw_serial_number(rng: &mut impl CryptoRng) -> Result<SerialNumber, IssueError> {
    let mut bytes = [0; SERIAL_LEN];
    rng.fill_bytes(&mut bytes);
    // Neither zero nor negative nor of changing length (RFC 5280 §4.1.2.2).
    bytes[0] = bytes[0] & 0x3f | 0x40;
    Ok(SerialNumber::new(&bytes)?)
}

fn key_identifiers(subject: &PublicKey, issuer: &PublicKey) -> Result<Vec<Extension>, IssueError> {
    let subject = SubjectKeyIdentifier(key_identifier(subject)?);
    let issuer = AuthorityKeyIdentifier { key_identifier: Some(key_identifier(issuer)?), ..Default::default() };
    Ok(vec![
        informative(ID_CE_SUBJECT_KEY_IDENTIFIER, &subject)?,
        informative(ID_CE_AUTHORITY_KEY_IDENTIFIER, &issuer)?,
    ])
}

/// The leftmost 160 bits of the SHA-256 of the key (RFC 7093 §2, method 1).
pub(crate) fn key_identifier(key: &PublicKey) -> der::Result<OctetString> {
    let info = SubjectPublicKeyInfoOwned::from_der(key.spki_der())?;
    let digest = Digest::of(DigestAlgorithm::Sha256, info.subject_public_key.raw_bytes());
    let identifier = digest.as_bytes().get(..20).unwrap_or_default();
    OctetString::new(identifier)
}
