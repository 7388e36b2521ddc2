use std::net::IpAddr;

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5280::{
    ID_CE_BASIC_CONSTRAINTS, ID_CE_EXT_KEY_USAGE, ID_CE_KEY_USAGE, ID_CE_SUBJECT_ALT_NAME, ID_KP_EMAIL_PROTECTION,
    ID_KP_OCSP_SIGNING, ID_KP_SERVER_AUTH, ID_KP_TIME_STAMPING,
};
use const_oid::db::rfc6960::ID_PKIX_OCSP_NOCHECK;
use der::asn1::{Ia5String, Null, OctetString};
use der::flagset::FlagSet;
use der::{Encode, asn1::Utf8StringRef};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectAltName};

use super::IssueError;
use crate::oid;

/// Most operation types in a relying party's certificate.
const MAX_OPERATION_TYPES: usize = 64;
/// Longest operation type, in bytes.
const MAX_OPERATION_TYPE_LEN: usize = 64;

/// What a certificate is issued for, and thereby which extensions it has. Every extension that narrows is critical, except
/// EKU, which common software expects not to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateProfile {
    /// A CA below the issuer, which may have `path_len` levels of CAs below itself.
    IntermediateCa {
        /// `pathLenConstraint` (RFC 5280 §4.2.1.9).
        path_len: u8,
    },
    /// A person's consent key: digitalSignature, nonRepudiation.
    ConsentSigning,
    /// A key that signs documents: digitalSignature, nonRepudiation; document signing (RFC 9336) and, because general S/MIME
    /// software asks for it, email protection.
    DocumentSigning,
    /// A person's request key: digitalSignature.
    RequestSigning,
    /// A relying party: digitalSignature, and the operation types that it may ask consent for.
    RelyingParty {
        /// 1 to 64 names of at most 64 bytes.
        operation_types: Vec<String>,
    },
    /// The consent service: digitalSignature.
    ConsentService,
    /// The seal maker: digitalSignature.
    SealMaker,
    /// A TLS server (RFC 9110 §4.3.4, RFC 9525): digitalSignature, and the names it is reached by.
    TlsServer {
        /// Host names; with `ip_addresses` together at least one.
        dns_names: Vec<String>,
        /// Addresses.
        ip_addresses: Vec<IpAddr>,
    },
    /// A timestamp authority (RFC 3161 §2.3): digitalSignature; `id-kp-timeStamping` alone, critical.
    TimestampAuthority,
    /// Who answers about revocation for the issuer (RFC 6960 §4.2.2.2): digitalSignature, `id-kp-OCSPSigning`; its own revocation
    /// is not to be looked up (`id-pkix-ocsp-nocheck`), so it should be short-lived.
    OcspResponder,
}

impl CertificateProfile {
    /// The extensions of the profile, without the key identifiers that every certificate has.
    pub(super) fn extensions(&self) -> Result<Vec<Extension>, IssueError> {
        let signs = KeyUsages::DigitalSignature;
        let commits = KeyUsages::DigitalSignature | KeyUsages::NonRepudiation;
        match self {
            Self::IntermediateCa { path_len } => ca_extensions(Some(*path_len)),
            Self::ConsentSigning => Ok(vec![key_usage(commits)?, extended_key_usage(&[oid::CONSENT_SIGNING])?]),
            Self::DocumentSigning => {
                Ok(vec![key_usage(commits)?, extended_key_usage(&[oid::DOCUMENT_SIGNING, ID_KP_EMAIL_PROTECTION])?])
            }
            Self::RequestSigning => Ok(vec![key_usage(signs)?, extended_key_usage(&[oid::REQUEST_SIGNING])?]),
            Self::RelyingParty { operation_types: types } => {
                Ok(vec![key_usage(signs)?, extended_key_usage(&[oid::RELYING_PARTY])?, operation_types(types)?])
            }
            Self::ConsentService => Ok(vec![key_usage(signs)?, extended_key_usage(&[oid::CONSENT_SERVICE])?]),
            Self::SealMaker => Ok(vec![key_usage(signs)?, extended_key_usage(&[oid::SEAL_MAKER])?]),
            Self::TimestampAuthority => Ok(vec![
                key_usage(signs)?,
                critical(ID_CE_EXT_KEY_USAGE, &ExtendedKeyUsage(vec![ID_KP_TIME_STAMPING]))?,
            ]),
            Self::OcspResponder => Ok(vec![
                key_usage(signs)?,
                extended_key_usage(&[ID_KP_OCSP_SIGNING])?,
                informative(ID_PKIX_OCSP_NOCHECK, &Null)?,
            ]),
            Self::TlsServer { dns_names, ip_addresses } => {
                let names = subject_alt_name(dns_names, ip_addresses)?;
                Ok(vec![key_usage(signs)?, extended_key_usage(&[ID_KP_SERVER_AUTH])?, names])
            }
        }
    }
}

/// The extensions of a CA; a root has no `path_len`.
pub(super) fn ca_extensions(path_len: Option<u8>) -> Result<Vec<Extension>, IssueError> {
    let constraints = BasicConstraints { ca: true, path_len_constraint: path_len };
    Ok(vec![critical(ID_CE_BASIC_CONSTRAINTS, &constraints)?, key_usage(KeyUsages::KeyCertSign | KeyUsages::CRLSign)?])
}

fn key_usage(usages: impl Into<FlagSet<KeyUsages>>) -> Result<Extension, IssueError> {
    critical(ID_CE_KEY_USAGE, &KeyUsage(usages.into()))
}

fn extended_key_usage(purposes: &[ObjectIdentifier]) -> Result<Extension, IssueError> {
    Ok(informative(ID_CE_EXT_KEY_USAGE, &ExtendedKeyUsage(purposes.to_vec()))?)
}

fn operation_types(types: &[String]) -> Result<Extension, IssueError> {
    let fits = |text: &String| !text.is_empty() && text.len() <= MAX_OPERATION_TYPE_LEN;
    if types.is_empty() || types.len() > MAX_OPERATION_TYPES || !types.iter().all(fits) {
        return Err(IssueError::BadProfile);
    }
    let texts = types.iter().map(Utf8StringRef::new).collect::<Result<Vec<_>, _>>()?;
    critical(oid::OPERATION_TYPES, &texts)
}

fn subject_alt_name(dns_names: &[String], ip_addresses: &[IpAddr]) -> Result<Extension, IssueError> {
    let dns = dns_names.iter().map(|name| Ia5String::new(name).map(GeneralName::DnsName));
    let ips = ip_addresses.iter().map(|address| Ok(GeneralName::from(*address)));
    let names = dns.chain(ips).collect::<Result<Vec<_>, _>>().map_err(|_| IssueError::BadProfile)?;
    if names.is_empty() {
        return Err(IssueError::BadProfile);
    }
    Ok(informative(ID_CE_SUBJECT_ALT_NAME, &SubjectAltName(names))?)
}

fn critical(oid: ObjectIdentifier, value: &impl Encode) -> Result<Extension, IssueError> {
    Ok(Extension { extn_id: oid, critical: true, extn_value: OctetString::new(value.to_der()?)? })
}

pub(crate) fn informative(oid: ObjectIdentifier, value: &impl Encode) -> der::Result<Extension> {
    Ok(Extension { extn_id: oid, critical: false, extn_value: OctetString::new(value.to_der()?)? })
}
