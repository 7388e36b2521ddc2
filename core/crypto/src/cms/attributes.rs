use std::fmt;

use cms::signed_data::SignedAttributes as AttributeSet;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911::{
    ID_AA_SIGNING_CERTIFICATE_V_2, ID_CONTENT_TYPE, ID_DATA, ID_MESSAGE_DIGEST, ID_SIGNING_TIME,
};
use der::asn1::{OctetString, SetOfVec};
use der::{Any, DecodeOwned, Encode, Sequence};
use spki::AlgorithmIdentifierOwned;
use x509_cert::attr::Attribute;
use x509_cert::time::Time;

use super::{CmsError, encode};
use crate::cert::{Certificate, Chain, UnixTime};
use crate::digest::{Digest, DigestAlgorithm};
use crate::key::Signature;

/// What a signer signs in place of the content, about to be signed (RFC 5652 §5.3, §5.4).
pub struct SignedAttributes {
    attributes: AttributeSet,
    der: Vec<u8>,
    signer: Certificate,
}

impl SignedAttributes {
    /// The attributes of a `PAdES` baseline signature (ETSI EN 319 142-1 §6.3): content-type `id-data`, message-digest, and
    /// signing-certificate-v2 (RFC 5035 §3), which nails the signature to this very certificate. No signing-time: in
    /// `PAdES` the signature dictionary says when.
    ///
    /// # Errors
    /// [`CmsError::UnsupportedAlgorithm`] when the signer's key is of no known suite, or the digest not of its suite.
    pub fn pades(content: &Digest, signer: &Certificate) -> Result<Self, CmsError> {
        let suite = signer.public_key()?.suite();
        if suite.digest_algorithm() != content.algorithm() {
            return Err(CmsError::UnsupportedAlgorithm { oid: content.algorithm().identifier().oid.to_string() });
        }
        let attributes = SetOfVec::try_from(vec![
            attribute(ID_CONTENT_TYPE, &ID_DATA)?,
            attribute(ID_MESSAGE_DIGEST, &OctetString::new(content.as_bytes())?)?,
            attribute(ID_AA_SIGNING_CERTIFICATE_V_2, &SigningCertificateV2::naming(signer, content.algorithm())?)?,
        ])?;
        let der = attributes.to_der()?;
        Ok(Self { attributes, der, signer: signer.clone() })
    }

    /// The bytes to sign: the DER `SET OF` (RFC 5652 §5.4), about 150 bytes.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        &self.der
    }

    /// Writes the DER `SignedData`, after it has seen that the signature is the signer's.
    ///
    /// # Errors
    /// [`CmsError::WrongChain`] when the chain's leaf is not the signer, [`CmsError::BadSignature`] when the signature is
    /// not by its key over [`Self::to_be_signed`].
    pub fn finish(self, signature: &Signature, chain: &Chain) -> Result<Vec<u8>, CmsError> {
        if *chain.leaf() != self.signer {
            return Err(CmsError::WrongChain);
        }
        let key = self.signer.public_key()?;
        key.verify(&self.der, signature).map_err(|_| CmsError::BadSignature)?;
        encode::signed_data(key.suite(), self.attributes, signature, chain)
    }
}

impl fmt::Debug for SignedAttributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedAttributes").field("signer", &self.signer).finish_non_exhaustive()
    }
}

fn attribute(oid: ObjectIdentifier, value: &impl Encode) -> Result<Attribute, CmsError> {
    let any = <Any as der::Decode>::from_der(&value.to_der()?)?;
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![any])? })
}

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
    fn naming(signer: &Certificate, algorithm: DigestAlgorithm) -> Result<Self, CmsError> {
        // SHA-256 is the DEFAULT, which DER leaves out.
        let hash_algorithm = match algorithm {
            DigestAlgorithm::Sha256 => None,
        };
        let cert_hash = OctetString::new(Digest::of(algorithm, signer.to_der()).as_bytes())?;
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

/// The attributes of a signature that was read.
pub(super) struct ReadAttributes<'a>(pub(super) &'a AttributeSet);

impl ReadAttributes<'_> {
    pub(super) fn content_type(&self) -> Result<ObjectIdentifier, CmsError> {
        self.required(ID_CONTENT_TYPE, "contentType")
    }

    pub(super) fn message_digest(&self) -> Result<OctetString, CmsError> {
        self.required(ID_MESSAGE_DIGEST, "messageDigest")
    }

    pub(super) fn signing_certificate(&self) -> Result<Option<SigningCertificateV2>, CmsError> {
        self.optional(ID_AA_SIGNING_CERTIFICATE_V_2, "signingCertificateV2")
    }

    pub(super) fn signing_time(&self) -> Option<UnixTime> {
        self.optional::<Time>(ID_SIGNING_TIME, "signingTime").ok().flatten().map(UnixTime::from_x509)
    }

    fn required<T: DecodeOwned<Error = der::Error>>(
        &self,
        oid: ObjectIdentifier,
        name: &'static str,
    ) -> Result<T, CmsError> {
        self.optional(oid, name)?.ok_or(CmsError::MissingAttribute { name })
    }

    /// The one value of an attribute that may be absent but not repeated (RFC 5652 §11).
    fn optional<T: DecodeOwned<Error = der::Error>>(
        &self,
        oid: ObjectIdentifier,
        name: &'static str,
    ) -> Result<Option<T>, CmsError> {
        let mut of_kind = self.0.iter().filter(|attribute| attribute.oid == oid);
        let Some(attribute) = of_kind.next() else { return Ok(None) };
        match (attribute.values.as_slice(), of_kind.next()) {
            ([value], None) => Ok(Some(T::from_der(&value.to_der()?)?)),
            _ => Err(CmsError::MissingAttribute { name }),
        }
    }
}
