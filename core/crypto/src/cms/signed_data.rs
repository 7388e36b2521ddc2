use std::fmt;

use cms::content_info::ContentInfo;
use cms::signed_data::{SignerIdentifier, SignerInfo};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911::ID_SIGNED_DATA;
use der::asn1::SetOfVec;
use der::{Any, Decode, Encode, Reader, SliceReader, Tag, Tagged};

use super::CmsError;
use super::attributes::ReadAttributes;
use super::encode::SignedDataStructure;
use crate::Suite;
use crate::cert::{Certificate, Chain, MAX_CHAIN_LEN, UnixTime};
use crate::digest::{Digest, DigestAlgorithm};
use crate::key::Signature;

/// Longest `SignedData` that is read, in bytes: certificates, revocation data and timestamps of a long-term signature fit.
pub const MAX_SIGNED_DATA_LEN: usize = 1024 * 1024;
/// Most certificates that are read from one `SignedData`.
const MAX_CERTIFICATES: usize = 32;

/// A detached signature that was read; [`Self::verify`] says whether it holds, [`Chain::verify`] whether its signer is
/// believed.
#[derive(Clone)]
pub struct SignedData {
    content_type: ObjectIdentifier,
    signer_info: SignerInfo,
    chain: Chain,
}

impl SignedData {
    /// Reads a DER `ContentInfo` that holds a `SignedData` without content and with one signer (RFC 5652 §3, §5).
    ///
    /// # Errors
    /// [`CmsError::TooLong`], [`CmsError::Malformed`], [`CmsError::NotDetached`], [`CmsError::SignerCount`] or
    /// [`CmsError::SignerCertificateMissing`].
    pub fn from_der(der: &[u8]) -> Result<Self, CmsError> {
        check_length(der)?;
        Self::from_content_info(&ContentInfo::from_der(der)?)
    }

    /// As [`Self::from_der`], with zero bytes allowed after the end: PDF reserves the place of a signature before its
    /// length is known (ISO 32000-2 §12.8.1).
    ///
    /// # Errors
    /// As [`Self::from_der`]; other bytes than zero are [`CmsError::Malformed`].
    pub fn from_padded_der(der: &[u8]) -> Result<Self, CmsError> {
        check_length(der)?;
        let mut reader = SliceReader::new(der)?;
        let content_info = ContentInfo::decode(&mut reader)?;
        let padding = reader.read_slice(reader.remaining_len())?;
        if padding.iter().any(|byte| *byte != 0) {
            return Err(CmsError::Malformed { detail: "bytes after the end" });
        }
        Self::from_content_info(&content_info)
    }

    fn from_content_info(content_info: &ContentInfo) -> Result<Self, CmsError> {
        if content_info.content_type != ID_SIGNED_DATA {
            return Err(CmsError::Malformed { detail: "not SignedData" });
        }
        let signed_data = content_info.content.decode_as::<SignedDataStructure>()?;
        if signed_data.encap_content_info.econtent.is_some() {
            return Err(CmsError::NotDetached);
        }
        let [signer_info] = signed_data.signer_infos.as_slice() else {
            return Err(CmsError::SignerCount { count: signed_data.signer_infos.len() });
        };
        let certificates = read_certificates(signed_data.certificates.unwrap_or_default())?;
        let chain = order_chain(&signer_info.sid, certificates)?;
        Ok(Self { content_type: signed_data.encap_content_info.econtent_type, signer_info: signer_info.clone(), chain })
    }

    /// The signer's certificate.
    #[must_use]
    pub const fn signer(&self) -> &Certificate {
        self.chain.leaf()
    }

    /// The signer's certificate and those, of the ones the signature carries, that lead on from it, each signed by the next.
    #[must_use]
    pub const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The digest algorithm by which the content has to be digested for [`Self::verify`].
    ///
    /// # Errors
    /// [`CmsError::UnsupportedAlgorithm`].
    pub fn digest_algorithm(&self) -> Result<DigestAlgorithm, CmsError> {
        Ok(DigestAlgorithm::from_identifier(&self.signer_info.digest_alg)?)
    }

    /// When the signer says to have signed (signing-time, RFC 5652 §11.3): a claim, and absent in `PAdES`.
    #[must_use]
    pub fn signing_time(&self) -> Option<UnixTime> {
        self.attributes().ok()?.signing_time()
    }

    /// Whether the signer's key signed the content of this digest.
    ///
    /// [`CmsError::SigningCertificateMissing`] is said last: then all else holds, and a caller who judges signatures that
    /// are not `PAdES` may be content with it.
    ///
    /// # Errors
    /// [`CmsError::UnsupportedAlgorithm`], [`CmsError::MissingAttribute`], [`CmsError::DigestMismatch`],
    /// [`CmsError::BadSignature`], [`CmsError::SigningCertificateMismatch`] or [`CmsError::SigningCertificateMissing`].
    pub fn verify(&self, content: &Digest) -> Result<(), CmsError> {
        let key = self.signer().public_key()?;
        let suite = Suite::from_signature_algorithm(&self.signer_info.signature_algorithm)?;
        if suite != key.suite() || suite.digest_algorithm() != self.digest_algorithm()? {
            return Err(CmsError::UnsupportedAlgorithm { oid: self.signer_info.signature_algorithm.oid.to_string() });
        }
        let attributes = self.attributes()?;
        if attributes.content_type()? != self.content_type {
            return Err(CmsError::MissingAttribute { name: "contentType" });
        }
        let signed = Digest::from_bytes(suite.digest_algorithm(), attributes.message_digest()?.as_bytes());
        if signed.as_ref() != Ok(content) {
            return Err(CmsError::DigestMismatch);
        }
        let signature =
            Signature::from_der(self.signer_info.signature.as_bytes()).map_err(|_| CmsError::BadSignature)?;
        key.verify(&attributes.0.to_der()?, &signature).map_err(|_| CmsError::BadSignature)?;
        match attributes.signing_certificate()? {
            None => Err(CmsError::SigningCertificateMissing),
            Some(named) if named.names(self.signer())? => Ok(()),
            Some(_) => Err(CmsError::SigningCertificateMismatch),
        }
    }

    fn attributes(&self) -> Result<ReadAttributes<'_>, CmsError> {
        let attributes = self.signer_info.signed_attrs.as_ref();
        attributes.map(ReadAttributes).ok_or(CmsError::MissingAttribute { name: "signedAttrs" })
    }
}

impl fmt::Debug for SignedData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedData").field("chain", &self.chain).finish_non_exhaustive()
    }
}

fn check_length(der: &[u8]) -> Result<(), CmsError> {
    if der.len() > MAX_SIGNED_DATA_LEN { Err(CmsError::TooLong) } else { Ok(()) }
}

/// The X.509 certificates of the set; attribute certificates and other formats, which are tagged, are passed over.
fn read_certificates(set: SetOfVec<Any>) -> Result<Vec<Certificate>, CmsError> {
    if set.len() > MAX_CERTIFICATES {
        return Err(CmsError::Malformed { detail: "too many certificates" });
    }
    let x509 = set.into_vec().into_iter().filter(|any| any.tag() == Tag::Sequence);
    x509.map(|any| Certificate::from_der(&any.to_der()?).map_err(|_| CmsError::Malformed { detail: "a certificate" }))
        .collect()
}

/// The set is in no order: the signer's certificate is found by its identifier, and each next by who signed the last.
fn order_chain(signer: &SignerIdentifier, mut unused: Vec<Certificate>) -> Result<Chain, CmsError> {
    let mut take =
        |wanted: &dyn Fn(&Certificate) -> bool| unused.iter().position(wanted).map(|index| unused.swap_remove(index));
    let mut ordered =
        vec![take(&|certificate| is_identified(certificate, signer)).ok_or(CmsError::SignerCertificateMissing)?];
    while let Some(last) = ordered.last().filter(|_| ordered.len() < MAX_CHAIN_LEN) {
        match take(&|candidate| last.is_signed_by(candidate).unwrap_or(false)) {
            Some(next) => ordered.push(next),
            None => break,
        }
    }
    Chain::new(ordered).map_err(|_| CmsError::SignerCertificateMissing)
}

fn is_identified(certificate: &Certificate, signer: &SignerIdentifier) -> bool {
    match signer {
        SignerIdentifier::IssuerAndSerialNumber(id) => {
            *certificate.issuer() == id.issuer && *certificate.serial_number() == id.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(id) => certificate.subject_key_identifier() == Some(id.0.as_bytes()),
    }
}
