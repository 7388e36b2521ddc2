//! The extensions that are understood; every other one is refused where it is critical.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5280::{
    ID_CE_BASIC_CONSTRAINTS, ID_CE_CERTIFICATE_POLICIES, ID_CE_CRL_DISTRIBUTION_POINTS, ID_CE_EXT_KEY_USAGE,
    ID_CE_KEY_USAGE, ID_CE_NAME_CONSTRAINTS, ID_CE_SUBJECT_ALT_NAME, ID_CE_SUBJECT_KEY_IDENTIFIER,
    ID_PE_AUTHORITY_INFO_ACCESS,
};
use const_oid::db::rfc6960::ID_PKIX_OCSP_NOCHECK;
use der::{Decode, DecodeOwned};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier};

use super::CertificateError;
use super::identity::{IdentityCode, IdentityRegister};
use super::services::Services;
use crate::oid::OPERATION_TYPES;

/// What a certificate says about itself beyond name, key and validity.
#[derive(Clone, Default)]
pub(super) struct Extensions {
    pub(super) basic_constraints: Option<BasicConstraints>,
    pub(super) key_usage: Option<KeyUsage>,
    pub(super) extended_key_usage: Option<Vec<ObjectIdentifier>>,
    pub(super) is_extended_key_usage_critical: bool,
    pub(super) subject_key_identifier: Option<Vec<u8>>,
    pub(super) operation_types: Option<Vec<String>>,
    pub(super) services: Services,
    pub(super) identity_codes: Vec<IdentityCode>,
    /// `id-pkix-ocsp-nocheck` (RFC 6960 §4.2.2.2.1).
    pub(super) is_never_looked_up: bool,
    /// An extension that must not be overlooked and is not understood.
    pub(super) not_understood: Option<ObjectIdentifier>,
}

impl Extensions {
    pub(super) fn parse(extensions: &[Extension]) -> Result<Self, CertificateError> {
        let mut parsed = Self::default();
        for (index, extension) in extensions.iter().enumerate() {
            let repeated = extensions.iter().take(index).any(|earlier| earlier.extn_id == extension.extn_id);
            if repeated {
                return Err(CertificateError::Malformed);
            }
            parsed.take_in(extension)?;
        }
        Ok(parsed)
    }

    fn take_in(&mut self, extension: &Extension) -> Result<(), CertificateError> {
        match extension.extn_id {
            ID_CE_BASIC_CONSTRAINTS => self.basic_constraints = Some(value(extension)?),
            ID_CE_KEY_USAGE => self.key_usage = Some(value(extension)?),
            ID_CE_EXT_KEY_USAGE => {
                self.extended_key_usage = Some(value::<ExtendedKeyUsage>(extension)?.0);
                self.is_extended_key_usage_critical = extension.critical;
            }
            ID_CE_SUBJECT_KEY_IDENTIFIER => {
                self.subject_key_identifier = Some(value::<SubjectKeyIdentifier>(extension)?.0.into_bytes().into());
            }
            OPERATION_TYPES => self.operation_types = Some(value(extension)?),
            ID_PE_AUTHORITY_INFO_ACCESS => self.services.take_authority_info_access(extension),
            ID_CE_CRL_DISTRIBUTION_POINTS => self.services.take_distribution_points(extension),
            ID_PKIX_OCSP_NOCHECK => self.is_never_looked_up = true,
            // Names other than the subject: nothing here judges by them. Policies: every one is accepted (RFC 5280 §6.1.1 c).
            ID_CE_SUBJECT_ALT_NAME | ID_CE_CERTIFICATE_POLICIES => {}
            // RFC 5280 §4.2.1.10 makes it critical; a CA that forgets so must not thereby lift the constraint.
            ID_CE_NAME_CONSTRAINTS => self.not_understood = Some(extension.extn_id),
            other => self.take_in_national(other, extension),
        }
        Ok(())
    }

    fn take_in_national(&mut self, oid: ObjectIdentifier, extension: &Extension) {
        let codes = IdentityRegister::of(oid).map(|register| register.read(extension.extn_value.as_bytes()));
        let codes = codes.unwrap_or_default();
        if codes.is_empty() && extension.critical {
            self.not_understood = Some(oid);
        }
        self.identity_codes.extend(codes);
    }
}

fn value<T: DecodeOwned<Error = der::Error>>(extension: &Extension) -> Result<T, CertificateError> {
    <T as Decode>::from_der(extension.extn_value.as_bytes()).map_err(|_| CertificateError::Malformed)
}
