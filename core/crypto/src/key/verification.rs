use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::{ID_EC_PUBLIC_KEY, ID_RSASSA_PSS, RSA_ENCRYPTION, SECP_384_R_1, SECP_521_R_1};
use der::Decode;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use p256::pkcs8::DecodePublicKey;
use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::traits::PublicKeyParts;
use rsa::{Pkcs1v15Sign, Pss, RsaPublicKey};
use sha2::{Sha256, Sha384, Sha512};
use spki::{SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};

use super::{KeyError, PublicKey};
use crate::digest::{Digest, DigestAlgorithm};
use crate::scheme::{RefusedAlgorithm, SignatureScheme, has_no_parameters};

/// Shortest RSA key whose signatures are believed, in bits (NIST SP 800-131A, ETSI TS 119 312).
const MIN_RSA_BITS: u32 = 2048;

/// A key that signatures are verified with: one of our suites, or one of others' kinds that nothing here signs with.
#[derive(Clone)]
pub(crate) enum VerificationKey {
    /// Of one of the suites.
    Own(PublicKey),
    /// RSA, from 1024 to 8192 bits.
    Rsa(RsaPublicKey),
    /// RSA for RSASSA-PSS alone, and if it says so for one digest and a least length of the salt (RFC 4055 §1.2, §3.1).
    RsaPss(RsaPublicKey, Option<SignatureScheme>),
    /// NIST P-384.
    P384(p384::ecdsa::VerifyingKey),
    /// NIST P-521.
    P521(p521::ecdsa::VerifyingKey),
}

/// Why a signature is not believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum VerificationError {
    /// The key cannot be used.
    Key(KeyError),
    /// An algorithm that is not known.
    Unknown(ObjectIdentifier),
    /// An algorithm that is broken.
    Weak(ObjectIdentifier),
    /// Not this key's signature over this message.
    Invalid,
}

/// What is wrong, for those who name no algorithm.
pub(crate) enum Fault {
    /// Of the key or of the signature.
    UnsupportedAlgorithm,
    /// A broken one.
    WeakAlgorithm,
    /// What is no key, such as a point off its curve, has made no signature either.
    BadSignature,
}

impl VerificationError {
    pub(crate) const fn fault(&self) -> Fault {
        match self {
            Self::Key(KeyError::UnsupportedAlgorithm { .. }) | Self::Unknown(_) => Fault::UnsupportedAlgorithm,
            Self::Weak(_) => Fault::WeakAlgorithm,
            Self::Key(_) | Self::Invalid => Fault::BadSignature,
        }
    }
}

impl From<RefusedAlgorithm> for VerificationError {
    fn from(refused: RefusedAlgorithm) -> Self {
        match refused {
            RefusedAlgorithm::Unknown(oid) => Self::Unknown(oid),
            RefusedAlgorithm::Weak(oid) => Self::Weak(oid),
        }
    }
}

impl From<KeyError> for VerificationError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl VerificationKey {
    /// Reads a DER `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7).
    pub(crate) fn from_spki_der(der: &[u8]) -> Result<Self, KeyError> {
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| KeyError::Malformed)?;
        let curve = info.algorithm.parameters_oid().ok();
        match (info.algorithm.oid, curve) {
            (RSA_ENCRYPTION, _) => read(der).map(Self::Rsa),
            (ID_RSASSA_PSS, _) => read_pss(der),
            (ID_EC_PUBLIC_KEY, Some(SECP_384_R_1)) => read(der).map(Self::P384),
            (ID_EC_PUBLIC_KEY, Some(SECP_521_R_1)) => read(der).map(Self::P521),
            _ => PublicKey::from_spki_der(der).map(Self::Own),
        }
    }

    /// The key, if it is of one of the suites.
    pub(crate) fn as_own(&self) -> Result<&PublicKey, KeyError> {
        let oid = match self {
            Self::Own(key) => return Ok(key),
            Self::Rsa(_) => RSA_ENCRYPTION,
            Self::RsaPss(..) => ID_RSASSA_PSS,
            Self::P384(_) => SECP_384_R_1,
            Self::P521(_) => SECP_521_R_1,
        };
        Err(KeyError::UnsupportedAlgorithm { oid: oid.to_string() })
    }

    /// Verifies a signature value, as certificates and CMS carry it, over a message.
    pub(crate) fn verify(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), VerificationError> {
        let digest = || Digest::of(scheme.digest_algorithm(), message);
        let holds = match (self, scheme) {
            (Self::Own(key), SignatureScheme::Sm2) => key.verifies_sm2(message, signature),
            (Self::Own(key), SignatureScheme::Ecdsa(_)) => key.verifies_ecdsa(&digest(), signature),
            (Self::P384(key), SignatureScheme::Ecdsa(_)) => p384::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(digest().as_bytes(), &signature).is_ok()),
            (Self::P521(key), SignatureScheme::Ecdsa(_)) => p521::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(digest().as_bytes(), &signature).is_ok()),
            (Self::Rsa(key) | Self::RsaPss(key, _), _) if key.n().bits() < MIN_RSA_BITS => {
                return Err(VerificationError::Weak(RSA_ENCRYPTION));
            }
            (Self::Rsa(key), SignatureScheme::RsaPkcs1(_)) => verifies_pkcs1(key, &digest(), signature),
            (Self::Rsa(key), SignatureScheme::RsaPss { salt_len, .. }) => {
                verifies_pss(key, &digest(), salt_len, signature)
            }
            (Self::RsaPss(key, limits), SignatureScheme::RsaPss { salt_len, .. }) => {
                limits.is_none_or(|limits| is_within(scheme, limits))
                    && verifies_pss(key, &digest(), salt_len, signature)
            }
            // A scheme that is not of this key.
            _ => false,
        };
        if holds { Ok(()) } else { Err(VerificationError::Invalid) }
    }
}

fn read<K: DecodePublicKey>(der: &[u8]) -> Result<K, KeyError> {
    K::from_public_key_der(der).map_err(|_| KeyError::Malformed)
}

fn read_pss(der: &[u8]) -> Result<VerificationKey, KeyError> {
    let info = SubjectPublicKeyInfoOwned::from_der(der).map_err(|_| KeyError::Malformed)?;
    let unsupported = |_| KeyError::UnsupportedAlgorithm { oid: ID_RSASSA_PSS.to_string() };
    let limits = if has_no_parameters(&info.algorithm) {
        None
    } else {
        Some(SignatureScheme::from_identifier(&info.algorithm).map_err(unsupported)?)
    };
    let bits = info.subject_public_key.as_bytes().ok_or(KeyError::Malformed)?;
    let key = RsaPublicKey::from_pkcs1_der(bits).map_err(|_| KeyError::Malformed)?;
    Ok(VerificationKey::RsaPss(key, limits))
}

/// Whether a signature keeps to what its key is for.
fn is_within(scheme: SignatureScheme, limits: SignatureScheme) -> bool {
    match (scheme, limits) {
        (SignatureScheme::RsaPss { digest, salt_len }, SignatureScheme::RsaPss { digest: wanted, salt_len: least }) => {
            digest == wanted && salt_len >= least
        }
        _ => false,
    }
}

fn verifies_pkcs1(key: &RsaPublicKey, digest: &Digest, signature: &[u8]) -> bool {
    let scheme = match digest.algorithm() {
        DigestAlgorithm::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
        DigestAlgorithm::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
        DigestAlgorithm::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
        // No identifier of RSA over SM3 is resolved.
        DigestAlgorithm::Sm3 => return false,
    };
    key.verify(scheme, digest.as_bytes(), signature).is_ok()
}

fn verifies_pss(key: &RsaPublicKey, digest: &Digest, salt_len: usize, signature: &[u8]) -> bool {
    let digest_bytes = digest.as_bytes();
    let verified = match digest.algorithm() {
        DigestAlgorithm::Sha256 => key.verify(Pss::<Sha256>::new_with_salt(salt_len), digest_bytes, signature),
        DigestAlgorithm::Sha384 => key.verify(Pss::<Sha384>::new_with_salt(salt_len), digest_bytes, signature),
        DigestAlgorithm::Sha512 => key.verify(Pss::<Sha512>::new_with_salt(salt_len), digest_bytes, signature),
        DigestAlgorithm::Sm3 => return false,
    };
    verified.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_for_one_digest_and_salt_is_for_no_other() {
        let pss = |digest, salt_len| SignatureScheme::RsaPss { digest, salt_len };
        let limits = pss(DigestAlgorithm::Sha512, 40);
        assert!(is_within(pss(DigestAlgorithm::Sha512, 40), limits));
        assert!(is_within(pss(DigestAlgorithm::Sha512, 64), limits));
        assert!(!is_within(pss(DigestAlgorithm::Sha512, 39), limits));
        assert!(!is_within(pss(DigestAlgorithm::Sha256, 40), limits));
        assert!(!is_within(SignatureScheme::RsaPkcs1(DigestAlgorithm::Sha512), limits));
    }
}
