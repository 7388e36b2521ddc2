//! The attributes of a signature that was read.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911::{
    ID_AA_SIGNING_CERTIFICATE, ID_AA_SIGNING_CERTIFICATE_V_2, ID_CONTENT_TYPE, ID_MESSAGE_DIGEST, ID_SIGNING_TIME,
};
use der::asn1::OctetString;
use der::{DecodeOwned, Encode};
use x509_cert::time::Time;

use super::CmsError;
use super::ess::{SigningCertificate, SigningCertificateV2};
use super::structure::AttributeSet;
use crate::cert::{Certificate, UnixTime};

pub(super) struct ReadAttributes(pub(super) AttributeSet);

impl ReadAttributes {
    pub(super) fn content_type(&self) -> Result<ObjectIdentifier, CmsError> {
        self.required(ID_CONTENT_TYPE, "contentType")
    }

    pub(super) fn message_digest(&self) -> Result<OctetString, CmsError> {
        self.required(ID_MESSAGE_DIGEST, "messageDigest")
    }

    pub(super) fn signing_time(&self) -> Option<UnixTime> {
        self.optional::<Time>(ID_SIGNING_TIME, "signingTime").ok().flatten().map(UnixTime::from_x509)
    }

    /// Whether the attributes name this certificate as the signer's: by signing-certificate-v2, or where that is missing
    /// by signing-certificate (RFC 5816 §2.2.1).
    pub(super) fn check_signing_certificate(&self, signer: &Certificate) -> Result<(), CmsError> {
        let v2: Option<SigningCertificateV2> = self.optional(ID_AA_SIGNING_CERTIFICATE_V_2, "signingCertificateV2")?;
        let v1: Option<SigningCertificate> = self.optional(ID_AA_SIGNING_CERTIFICATE, "signingCertificate")?;
        match (v2, v1) {
            (None, None) => Err(CmsError::SigningCertificateMissing),
            (Some(v2), _) if v2.names(signer)? => Ok(()),
            (None, Some(v1)) if v1.names(signer) => Ok(()),
            _ => Err(CmsError::SigningCertificateMismatch),
        }
    }

    fn required<T: DecodeOwned<Error = der::Error>>(
        &self,
        oid: ObjectIdentifier,
        name: &'static str,
    ) -> Result<T, CmsError> {
        self.optional(oid, name)?.ok_or(CmsError::MissingAttribute { name })
    }

    /// The one value of an attribute that may be absent but not repeated (RFC 5652 §11).
    pub(super) fn optional<T: DecodeOwned<Error = der::Error>>(
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
