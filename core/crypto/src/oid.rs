//! Object identifiers of our own, and the few of others that no dependency names.
//!
//! Ours stand under 1.3.6.1.4.1.32473, the private-enterprise arc that RFC 5612 reserves for examples: the province
//! assigns the final arc, and this table is the only place that then changes (`docs/decisions/0002-own-oids.md`).

use const_oid::ObjectIdentifier;

/// EKU of a certificate whose key signs consents, and only consents.
pub(crate) const CONSENT_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1.1");
/// EKU of a certificate whose key signs requests to the platform.
pub(crate) const REQUEST_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1.2");
/// EKU of a relying party that may ask for consents.
pub(crate) const RELYING_PARTY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1.3");
/// EKU of the consent service, which signs what the phone is shown and the receipts.
pub(crate) const CONSENT_SERVICE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1.4");
/// EKU of the seal maker, which signs seal records.
pub(crate) const SEAL_MAKER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1.5");

/// Certificate extension: the operation types that a relying party may ask consent for,
/// `SEQUENCE SIZE (1..MAX) OF UTF8String`, critical.
pub(crate) const OPERATION_TYPES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.2.1");

/// `id-kp-documentSigning` (RFC 9336 §3.1).
pub(crate) const DOCUMENT_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36");
/// Document signing as Microsoft named it before RFC 9336.
pub(crate) const MS_DOCUMENT_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.10.3.12");
/// Authentic Documents Trust, as Adobe named document signing before RFC 9336.
pub(crate) const ADOBE_DOCUMENT_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.5");

/// SM3 (GB/T 33560-2017).
pub(crate) const SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.401");
/// SM3 without a key (GM/T 0006-2012); `….401.2` would be the keyed one.
pub(crate) const SM3_PLAIN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.401.1");
/// The recommended curve of SM2 (GB/T 32918.5-2017).
pub(crate) const SM2_CURVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.301");
/// Signing with SM2, the digest said elsewhere (GM/T 0006-2012).
pub(crate) const SM2_SIGN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.301.1");
/// Signing with SM2 over SM3.
pub(crate) const SM2_WITH_SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");

/// Content that is nothing but bytes (GB/T 35275-2017).
pub(crate) const GBT_35275_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.6.1.4.2.1");
/// `signedData` (GB/T 35275-2017 §8).
pub(crate) const GBT_35275_SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.6.1.4.2.2");

/// `ecdsa-with-SHA1` (RFC 3279 §2.2.3), which is recognised to be refused.
pub(crate) const ECDSA_WITH_SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.1");
/// `adbe-revocationInfoArchival` (ISO 32000-2 §12.8.3.3.2): OCSP responses and CRLs among the signed attributes.
pub(crate) const ADBE_REVOCATION_INFO_ARCHIVAL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.8");
/// The policy under which a timestamp authority of ours answers.
pub(crate) const TIMESTAMP_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.3.1");
/// Seal extension, not critical: what kind of seal it is, two digits in ASCII.
pub(crate) const SEAL_KIND: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.4.1");
/// `expiredCertsOnCRL` (X.509 §9.5.2.8, ETSI EN 319 411-2): since when a CRL keeps certificates that ran out.
pub(crate) const EXPIRED_CERTS_ON_CRL: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.60");
