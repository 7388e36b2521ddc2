use const_oid::ObjectIdentifier;
use const_oid::db::rfc5280::{
    ANY_EXTENDED_KEY_USAGE, ID_KP_EMAIL_PROTECTION, ID_KP_OCSP_SIGNING, ID_KP_SERVER_AUTH, ID_KP_TIME_STAMPING,
};
use x509_cert::ext::pkix::{KeyUsage, KeyUsages};

use super::Certificate;
use crate::oid;

/// What a leaf must have been issued for. A certificate for one purpose is never good for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Signing consents (EKU of our own, digitalSignature and nonRepudiation).
    ConsentSigning,
    /// Signing documents (RFC 9336). The one purpose that judges other people's certificates: as RFC 5280 has it, a
    /// certificate without keyUsage or EKU is not restricted.
    DocumentSigning,
    /// Signing requests to the platform (EKU of our own, digitalSignature).
    RequestSigning,
    /// Asking for consents as a relying party (EKU of our own, digitalSignature, and the operation types named).
    RelyingParty,
    /// Speaking as the consent service (EKU of our own, digitalSignature).
    ConsentService,
    /// Making seals: signing their records (EKU of our own, digitalSignature).
    SealMaker,
    /// Making the data of electronic seals. As [`Self::DocumentSigning`], it judges other people's certificates, which say no
    /// more than that they sign documents; those of [`Self::SealMaker`] are for it, too.
    SealMaking,
    /// Serving TLS (`id-kp-serverAuth`, digitalSignature). The host name is for the TLS library to check.
    TlsServer,
    /// Making timestamps (RFC 3161 §2.3): `id-kp-timeStamping`, critical and alone, and no other key usage than signing.
    Timestamping,
    /// Answering for a CA about revocation (RFC 6960 §4.2.2.2): `id-kp-OCSPSigning`, digitalSignature where usages are named.
    OcspSigning,
}

impl Purpose {
    /// Whether the leaf was issued for this purpose.
    pub(crate) fn is_of(self, leaf: &Certificate) -> bool {
        match self {
            Self::DocumentSigning | Self::SealMaking => is_open_to_documents(leaf, self),
            Self::ConsentSigning => is_issued_for(leaf, oid::CONSENT_SIGNING, KeyUsages::NonRepudiation),
            Self::RequestSigning => is_issued_for(leaf, oid::REQUEST_SIGNING, KeyUsages::DigitalSignature),
            Self::RelyingParty => {
                leaf.operation_types().is_some_and(|types| !types.is_empty())
                    && is_issued_for(leaf, oid::RELYING_PARTY, KeyUsages::DigitalSignature)
            }
            Self::ConsentService => is_issued_for(leaf, oid::CONSENT_SERVICE, KeyUsages::DigitalSignature),
            Self::SealMaker => is_issued_for(leaf, oid::SEAL_MAKER, KeyUsages::DigitalSignature),
            Self::TlsServer => is_issued_for(leaf, ID_KP_SERVER_AUTH, KeyUsages::DigitalSignature),
            Self::Timestamping => is_timestamp_authority(leaf),
            Self::OcspSigning => {
                let named = leaf.extended_key_usage().is_some_and(|named| named.contains(&ID_KP_OCSP_SIGNING));
                named && leaf.key_usage().is_none_or(|usage| usage.digital_signature())
            }
        }
    }

    /// Whether a CA certificate that names purposes at all (as RFC 5280 §4.2.1.12 permits, and browsers read it) names
    /// this one.
    pub(super) fn is_allowed_by_ca(self, ca: &Certificate) -> bool {
        ca.extended_key_usage().is_none_or(|named| {
            named.contains(&ANY_EXTENDED_KEY_USAGE) || self.key_purposes().iter().any(|oid| named.contains(oid))
        })
    }

    const fn key_purposes(self) -> &'static [ObjectIdentifier] {
        match self {
            Self::ConsentSigning => &[oid::CONSENT_SIGNING],
            Self::DocumentSigning => DOCUMENT_SIGNING,
            Self::RequestSigning => &[oid::REQUEST_SIGNING],
            Self::RelyingParty => &[oid::RELYING_PARTY],
            Self::ConsentService => &[oid::CONSENT_SERVICE],
            Self::SealMaker => &[oid::SEAL_MAKER],
            Self::SealMaking => SEAL_MAKING,
            Self::TlsServer => &[ID_KP_SERVER_AUTH],
            Self::Timestamping => &[ID_KP_TIME_STAMPING],
            Self::OcspSigning => &[ID_KP_OCSP_SIGNING],
        }
    }
}

/// What certificates that sign documents name: RFC 9336, and what was usual before it.
const DOCUMENT_SIGNING: &[ObjectIdentifier] =
    &[oid::DOCUMENT_SIGNING, ID_KP_EMAIL_PROTECTION, oid::ADOBE_DOCUMENT_SIGNING, oid::MS_DOCUMENT_SIGNING];

const SEAL_MAKING: &[ObjectIdentifier] = &[
    oid::SEAL_MAKER,
    oid::DOCUMENT_SIGNING,
    ID_KP_EMAIL_PROTECTION,
    oid::ADOBE_DOCUMENT_SIGNING,
    oid::MS_DOCUMENT_SIGNING,
];

/// Our own kinds of certificate say exactly what they are for; a CA's certificate or one for anything is none of them.
fn is_issued_for(leaf: &Certificate, key_purpose: ObjectIdentifier, usage: KeyUsages) -> bool {
    let named = leaf.extended_key_usage().is_some_and(|named| named.contains(&key_purpose));
    named && !leaf.is_ca() && leaf.key_usage().is_some_and(|KeyUsage(usages)| usages.contains(usage))
}

fn is_timestamp_authority(leaf: &Certificate) -> bool {
    let signs_only = |KeyUsage(usages): KeyUsage| {
        !usages.is_empty() && (KeyUsages::DigitalSignature | KeyUsages::NonRepudiation).contains(usages)
    };
    leaf.extended_key_usage() == Some(&[ID_KP_TIME_STAMPING])
        && leaf.is_extended_key_usage_critical()
        && !leaf.is_ca()
        && leaf.key_usage().is_none_or(signs_only)
}

fn is_open_to_documents(leaf: &Certificate, purpose: Purpose) -> bool {
    let signs = |KeyUsage(usages): KeyUsage| {
        usages.contains(KeyUsages::DigitalSignature) || usages.contains(KeyUsages::NonRepudiation)
    };
    leaf.key_usage().is_none_or(signs) && purpose.is_allowed_by_ca(leaf)
}
