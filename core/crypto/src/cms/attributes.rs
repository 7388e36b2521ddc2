use std::fmt;

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911::{
    ID_AA_SIGNING_CERTIFICATE_V_2, ID_CONTENT_TYPE, ID_DATA, ID_MESSAGE_DIGEST, ID_SIGNING_TIME,
};
use der::asn1::{OctetString, SetOfVec};
use der::{Any, Encode};
use x509_cert::attr::Attribute;

use super::ess::SigningCertificateV2;
use super::signed_data::SignedData;
use super::{CmsError, Dialect, encode};
use crate::Suite;
use crate::cert::{Certificate, Chain, UnixTime};
use crate::digest::Digest;
use crate::key::{Prehash, Signature};

/// What a signer signs in place of the content, about to be signed (RFC 5652 §5.3, §5.4).
pub struct SignedAttributes {
    dialect: Dialect,
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
        Self::new(ID_DATA, content, signer, Vec::new())
    }

    /// The attributes of a signature for readers that do not know `PAdES`, in a dictionary of `adbe.pkcs7.detached`
    /// (ISO 32000-2 §12.8.3.3): as [`Self::pades`], and signing-time (RFC 5652 §11.3), because such readers show the time
    /// from the signature and take `/M` only where it is missing (ISO 32000-2 Table 255). The caller writes the same
    /// instant to `/M`.
    ///
    /// # Errors
    /// As [`Self::pades`]; [`CmsError::Malformed`] when the time is after the year 9999.
    pub fn compat(content: &Digest, signer: &Certificate, signing_time: UnixTime) -> Result<Self, CmsError> {
        let signing_time = signing_time.to_x509()?;
        Self::new(ID_DATA, content, signer, vec![attribute(ID_SIGNING_TIME, &signing_time)?])
    }

    /// The attributes of a signature of GB/T 35275-2017 §8: content-type, message-digest, and signing-time. Of the two forms in
    /// the field it is the one that a signature of RFC 5652 has, too: with attributes and without content; the other, where
    /// the content is the digest and nothing else is signed, is read only.
    ///
    /// # Errors
    /// [`CmsError::UnsupportedAlgorithm`] when the signer's key is not of SM2 or the digest not SM3;
    /// [`CmsError::Malformed`] when the time is after the year 9999.
    pub fn gbt_35275(content: &Digest, signer: &Certificate, signing_time: UnixTime) -> Result<Self, CmsError> {
        if signer.public_key()?.suite() != Suite::Sm2Sm3 {
            let oid = Suite::EcdsaP256Sha256.signature_algorithm().oid;
            return Err(CmsError::UnsupportedAlgorithm { oid: oid.to_string() });
        }
        let signing_time = attribute(ID_SIGNING_TIME, &signing_time.to_x509()?)?;
        let dialect = Dialect::Gbt35275;
        Self::of(dialect, dialect.data(), content, signer, vec![signing_time])
    }

    /// Content-type, message-digest, signing-certificate-v2, and more.
    pub(super) fn new(
        content_type: ObjectIdentifier,
        content: &Digest,
        signer: &Certificate,
        mut attributes: Vec<Attribute>,
    ) -> Result<Self, CmsError> {
        let naming = SigningCertificateV2::naming(signer, content.algorithm())?;
        attributes.push(attribute(ID_AA_SIGNING_CERTIFICATE_V_2, &naming)?);
        Self::of(Dialect::Rfc5652, content_type, content, signer, attributes)
    }

    /// Content-type, message-digest, and more.
    fn of(
        dialect: Dialect,
        content_type: ObjectIdentifier,
        content: &Digest,
        signer: &Certificate,
        mut attributes: Vec<Attribute>,
    ) -> Result<Self, CmsError> {
        let suite = signer.public_key()?.suite();
        if suite.digest_algorithm() != content.algorithm() {
            return Err(CmsError::UnsupportedAlgorithm { oid: content.algorithm().identifier().oid.to_string() });
        }
        attributes.extend([
            attribute(ID_CONTENT_TYPE, &content_type)?,
            attribute(ID_MESSAGE_DIGEST, &OctetString::new(content.as_bytes())?)?,
        ]);
        let der = SetOfVec::try_from(attributes)?.to_der()?;
        Ok(Self { dialect, der, signer: signer.clone() })
    }

    /// The bytes to sign: the DER `SET OF` (RFC 5652 §5.4), about 150 bytes.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        &self.der
    }

    /// What is left of [`Self::to_be_signed`] for a key that is elsewhere to sign.
    ///
    /// # Errors
    /// [`CmsError::UnsupportedAlgorithm`], which no attributes that could be made bring about.
    pub fn prehash(&self) -> Result<Prehash, CmsError> {
        Ok(self.signer.public_key()?.prehash(&self.der))
    }

    /// Makes the `SignedData`, after it has seen that the signature is the signer's.
    ///
    /// # Errors
    /// [`CmsError::WrongChain`] when the chain's leaf is not the signer, [`CmsError::BadSignature`] when the signature is
    /// not by its key over [`Self::to_be_signed`].
    pub fn finish(self, signature: &Signature, chain: &Chain) -> Result<SignedData, CmsError> {
        SignedData::from_der(&self.write(&encode::Content::Detached, signature, chain, chain.ders())?)
    }

    /// Writes the `SignedData` around content and certificates.
    pub(super) fn write(
        &self,
        content: &encode::Content<'_>,
        signature: &Signature,
        chain: &Chain,
        certificates: impl Iterator<Item = impl AsRef<[u8]>>,
    ) -> Result<Vec<u8>, CmsError> {
        if *chain.leaf() != self.signer {
            return Err(CmsError::WrongChain);
        }
        let key = self.signer.public_key()?;
        key.verify(&self.der, signature).map_err(|_| CmsError::BadSignature)?;
        encode::signed_data(self.dialect, content, key.suite(), &self.der, signature, chain, certificates)
    }
}

impl fmt::Debug for SignedAttributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedAttributes").field("signer", &self.signer).finish_non_exhaustive()
    }
}

/// An attribute of one value.
pub(super) fn attribute(oid: ObjectIdentifier, value: &impl Encode) -> Result<Attribute, CmsError> {
    let any = <Any as der::Decode>::from_der(&value.to_der()?)?;
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![any])? })
}
