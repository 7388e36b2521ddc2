use std::fmt;

use const_oid::ObjectIdentifier;
use data_encoding::BASE64;
use der::asn1::SetOfVec;
use der::{Any, Decode, Encode, Sequence, Tag, Tagged};
use x509_cert::attr::Attribute;

use super::message::Message;
use super::structure::AttributeSet;
use super::{CmsError, Dialect};
use crate::cert::{Certificate, Chain, UnixTime};
use crate::digest::{Digest, DigestAlgorithm};
use crate::oid::ADBE_REVOCATION_INFO_ARCHIVAL;

/// A detached signature, made or read; [`Self::verify`] says whether it holds, [`Chain::verify`] whether its signer is
/// believed.
#[derive(Clone)]
pub struct SignedData {
    message: Message,
    /// What stands for the content in a signature of GB/T 35275: its digest.
    digest_inside: Option<Vec<u8>>,
}

impl SignedData {
    /// Reads a DER `ContentInfo` that holds a `SignedData` without content and with one signer (RFC 5652 §3, §5; GB/T
    /// 35275-2017 §8, where the content's digest may stand in its place).
    ///
    /// # Errors
    /// [`CmsError::TooLong`], [`CmsError::Malformed`], [`CmsError::NotDetached`], [`CmsError::SignerCount`] or
    /// [`CmsError::SignerCertificateMissing`].
    pub fn from_der(der: &[u8]) -> Result<Self, CmsError> {
        Self::new(Message::from_der(der)?)
    }

    /// As [`Self::from_der`], with zero bytes allowed after the end: PDF reserves the place of a signature before its
    /// length is known (ISO 32000-2 §12.8.1).
    ///
    /// # Errors
    /// As [`Self::from_der`]; other bytes than zero are [`CmsError::Malformed`].
    pub fn from_padded_der(der: &[u8]) -> Result<Self, CmsError> {
        Self::new(Message::from_padded_der(der)?)
    }

    fn new(message: Message) -> Result<Self, CmsError> {
        let digest_inside = message.content().map_err(|_| CmsError::NotDetached)?;
        let is_digest = |content: &Vec<u8>| {
            message.dialect() == Dialect::Gbt35275 && digest_in(content, message.digest_algorithm()).is_some()
        };
        if !digest_inside.as_ref().is_none_or(is_digest) {
            return Err(CmsError::NotDetached);
        }
        Ok(Self { message, digest_inside })
    }

    /// Which standard it is written by.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.message.dialect()
    }

    /// The DER `ContentInfo`.
    #[must_use]
    pub fn to_der(&self) -> &[u8] {
        self.message.to_der()
    }

    /// The signer's certificate.
    #[must_use]
    pub const fn signer(&self) -> &Certificate {
        self.chain().leaf()
    }

    /// The signer's certificate and those, of the ones the signature carries, that lead on from it, each signed by the next.
    #[must_use]
    pub const fn chain(&self) -> &Chain {
        self.message.chain()
    }

    /// Every certificate that the signature carries, in no order: what a chain can be built from.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        self.message.certificates()
    }

    /// The digest algorithm by which the content has to be digested for [`Self::verify`].
    ///
    /// # Errors
    /// [`CmsError::UnsupportedAlgorithm`] or [`CmsError::WeakAlgorithm`].
    pub fn digest_algorithm(&self) -> Result<DigestAlgorithm, CmsError> {
        self.message.digest_algorithm()
    }

    /// When the signer says to have signed (signing-time, RFC 5652 §11.3): a claim, and absent in `PAdES`.
    #[must_use]
    pub fn signing_time(&self) -> Option<UnixTime> {
        self.message.attributes().ok()?.signing_time()
    }

    /// The digest of the signature value: what a signature timestamp is about (RFC 3161 appendix A).
    #[must_use]
    pub fn signature_digest(&self, algorithm: DigestAlgorithm) -> Digest {
        Digest::of(algorithm, self.message.signature_value())
    }

    /// Revocation data that the signature carries: `adbe-revocationInfoArchival` among the signed attributes
    /// (ISO 32000-2 §12.8.3.3.2), and CRLs beside the certificates (RFC 5652 §10.2.1). What cannot be read is left out.
    #[must_use]
    pub fn embedded_revocation(&self) -> EmbeddedRevocation {
        let archive = self.message.attributes().ok().and_then(|attributes| {
            attributes
                .optional::<RevocationInfoArchival>(ADBE_REVOCATION_INFO_ARCHIVAL, "revocationInfo")
                .ok()
                .flatten()
        });
        let archive = archive.unwrap_or_default();
        let beside = self.message.revocation_choices().iter().filter(|any| any.tag() == Tag::Sequence);
        let ders = |all: &mut dyn Iterator<Item = &Any>| all.filter_map(|any| any.to_der().ok()).collect();
        EmbeddedRevocation {
            ocsp_responses: ders(&mut archive.ocsp.unwrap_or_default().iter()),
            crls: ders(&mut archive.crl.unwrap_or_default().iter().chain(beside)),
        }
    }

    /// Whether the signer's key signed the content of this digest.
    ///
    /// [`CmsError::SigningCertificateMissing`] is said last: then all else holds, and a caller who judges signatures that
    /// are not `PAdES` may be content with it.
    ///
    /// # Errors
    /// [`CmsError::UnsupportedAlgorithm`], [`CmsError::WeakAlgorithm`], [`CmsError::MissingAttribute`],
    /// [`CmsError::DigestMismatch`], [`CmsError::BadSignature`], [`CmsError::SigningCertificateMismatch`] or
    /// [`CmsError::SigningCertificateMissing`].
    pub fn verify(&self, content: &Digest) -> Result<(), CmsError> {
        let Some(inside) = &self.digest_inside else { return self.message.verify(content) };
        self.signer().verification_key()?;
        if digest_in(inside, self.digest_algorithm()) != Some(*content) {
            return Err(CmsError::DigestMismatch);
        }
        if !self.message.has_attributes() {
            return self.message.verify_signature_over(inside);
        }
        // With attributes as well, they state the digest of the content or of what is inside, which is that digest.
        let is_of_content = self.message.states(content)?;
        let stated = if is_of_content { *content } else { Digest::of(content.algorithm(), inside) };
        self.message.verify(&stated)
    }

    /// Whether the message-digest attribute (RFC 5652, 11.2) or the digest inside is this digest, whatever the signature on it is
    /// worth: also where its algorithm is not one that can be verified here.
    ///
    /// # Errors
    /// `cms.missing-attribute`, `cms.malformed`, `cms.unsupported-algorithm` for another digest algorithm.
    pub fn states(&self, content: &Digest) -> Result<bool, CmsError> {
        match &self.digest_inside {
            None => self.message.states(content),
            Some(inside) => Ok(digest_in(inside, self.digest_algorithm()) == Some(*content)),
        }
    }

    /// The values of an unsigned attribute, in DER.
    pub(crate) fn unsigned_values(&self, oid: ObjectIdentifier) -> impl Iterator<Item = Vec<u8>> {
        let attributes = self.message.unsigned_attributes().into_iter().flat_map(AttributeSet::iter);
        let of_kind = attributes.filter(move |attribute| attribute.oid == oid);
        of_kind.flat_map(|attribute| attribute.values.iter()).filter_map(|value| value.to_der().ok())
    }

    /// The same signature with one more unsigned attribute.
    pub(crate) fn with_unsigned(&self, oid: ObjectIdentifier, value: &[u8]) -> Result<Self, CmsError> {
        let mut attributes = self.message.unsigned_attributes().cloned().unwrap_or_default().into_vec();
        attributes.push(Attribute { oid, values: SetOfVec::try_from(vec![Any::from_der(value)?])? });
        Self::new(self.message.with_unsigned_attributes(SetOfVec::try_from(attributes)?)?)
    }
}

/// The digest that stands for the content in a signature of GB/T 35275: as it is, or, in the field, as text in base64.
fn digest_in(content: &[u8], algorithm: Result<DigestAlgorithm, CmsError>) -> Option<Digest> {
    let algorithm = algorithm.ok()?;
    let text = || BASE64.decode(content.trim_ascii()).ok().and_then(|bytes| Digest::from_bytes(algorithm, &bytes).ok());
    Digest::from_bytes(algorithm, content).ok().or_else(text)
}

impl fmt::Debug for SignedData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedData").field("chain", self.chain()).finish_non_exhaustive()
    }
}

/// Revocation data found in a signature, in DER, not judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmbeddedRevocation {
    /// `OCSPResponse` (RFC 6960 §4.2.1).
    pub ocsp_responses: Vec<Vec<u8>>,
    /// `CertificateList` (RFC 5280 §5.1).
    pub crls: Vec<Vec<u8>>,
}

/// `RevocationInfoArchival` (ISO 32000-2 §12.8.3.3.2).
#[derive(Default, Sequence)]
struct RevocationInfoArchival {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    crl: Option<Vec<Any>>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    ocsp: Option<Vec<Any>>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    other: Option<Any>,
}
