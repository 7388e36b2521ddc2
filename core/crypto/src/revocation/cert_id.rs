use const_oid::db::rfc5912::ID_SHA_1;
use der::asn1::{Null, OctetString};
use der::{Any, Encode, Sequence};
use spki::AlgorithmIdentifierOwned;
use x509_cert::serial_number::SerialNumber;

use super::RevocationError;
use crate::cert::Certificate;
use crate::digest::{Digest, DigestAlgorithm, sha1_name};

/// `CertID` (RFC 6960 §4.1.1): which certificate, by hashes of its issuer's name and key.
#[derive(Clone, Sequence)]
pub(super) struct CertId {
    hash_algorithm: AlgorithmIdentifierOwned,
    issuer_name_hash: OctetString,
    issuer_key_hash: OctetString,
    pub(super) serial_number: SerialNumber,
}

impl CertId {
    /// By SHA-1, the one algorithm that every responder knows; it protects nothing here.
    pub(super) fn of(certificate: &Certificate, issuer: &Certificate) -> Result<Self, RevocationError> {
        let hash_algorithm = AlgorithmIdentifierOwned { oid: ID_SHA_1, parameters: Some(Any::encode_from(&Null)?) };
        let (name, key) = issuer_hashes(&hash_algorithm, issuer)?;
        Ok(Self {
            hash_algorithm,
            issuer_name_hash: OctetString::new(name)?,
            issuer_key_hash: OctetString::new(key)?,
            serial_number: certificate.serial_number().clone(),
        })
    }

    /// Whether it names a certificate of this issuer.
    pub(super) fn is_of(&self, issuer: &Certificate) -> bool {
        issuer_hashes(&self.hash_algorithm, issuer)
            .is_ok_and(|(name, key)| self.issuer_name_hash.as_bytes() == name && self.issuer_key_hash.as_bytes() == key)
    }
}

/// The hashes of the issuer's name and key.
fn issuer_hashes(
    algorithm: &AlgorithmIdentifierOwned,
    issuer: &Certificate,
) -> Result<(Vec<u8>, Vec<u8>), RevocationError> {
    let name = issuer.subject().to_der()?;
    let key = issuer.subject_public_key();
    if algorithm.oid == ID_SHA_1 {
        return Ok((sha1_name(&name).to_vec(), sha1_name(key).to_vec()));
    }
    let algorithm = DigestAlgorithm::from_identifier(algorithm).map_err(|_| RevocationError::UnsupportedAlgorithm)?;
    let hash = |data: &[u8]| Digest::of(algorithm, data).as_bytes().to_vec();
    Ok((hash(&name), hash(key)))
}
