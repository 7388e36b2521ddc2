//! Which algorithms go together, and their identifiers in certificates and CMS.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::{
    ECDSA_WITH_SHA_256, ID_EC_PUBLIC_KEY, ID_MD_5, ID_SHA_1, ID_SHA_256, ID_SHA_384, ID_SHA_512, SECP_256_R_1,
};
use spki::{AlgorithmIdentifierOwned, AlgorithmIdentifierRef};

use crate::digest::DigestAlgorithm;
use crate::oid::{SM2_CURVE, SM2_WITH_SM3, SM3, SM3_PLAIN};
use crate::scheme::{RefusedAlgorithm, has_no_parameters};

/// A signature algorithm with the digest that it signs: what our own keys sign with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Suite {
    /// ECDSA on NIST P-256 (FIPS 186-5) over SHA-256.
    EcdsaP256Sha256,
    /// SM2 signatures (GB/T 32918.2-2016) on the recommended curve (GB/T 32918.5-2017) over SM3 (GB/T 32905-2016).
    Sm2Sm3,
}

impl Suite {
    const ALL: [Self; 2] = [Self::EcdsaP256Sha256, Self::Sm2Sm3];

    /// The digest of this suite.
    #[must_use]
    pub const fn digest_algorithm(self) -> DigestAlgorithm {
        match self {
            Self::EcdsaP256Sha256 => DigestAlgorithm::Sha256,
            Self::Sm2Sm3 => DigestAlgorithm::Sm3,
        }
    }

    /// The identifier of the signature algorithm: without parameters (RFC 5758 §3.2); most write that
    /// of SM2 so, too.
    pub(crate) const fn signature_algorithm(self) -> AlgorithmIdentifierOwned {
        let oid = match self {
            Self::EcdsaP256Sha256 => ECDSA_WITH_SHA_256,
            Self::Sm2Sm3 => SM2_WITH_SM3,
        };
        AlgorithmIdentifierOwned { oid, parameters: None }
    }

    /// The curve, as the parameters of a key name it.
    const fn curve(self) -> ObjectIdentifier {
        match self {
            Self::EcdsaP256Sha256 => SECP_256_R_1,
            Self::Sm2Sm3 => SM2_CURVE,
        }
    }

    /// The suite that keys of this algorithm and curve belong to (RFC 5480 §2.1.1).
    pub(crate) fn of_key(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Self, UnknownKey> {
        if algorithm.oid != ID_EC_PUBLIC_KEY {
            return Err(UnknownKey::Other(algorithm.oid));
        }
        let curve = algorithm.parameters_oid().map_err(|_| UnknownKey::Malformed)?;
        Self::ALL.into_iter().find(|suite| suite.curve() == curve).ok_or(UnknownKey::Other(curve))
    }
}

/// A key that is of no suite.
pub(crate) enum UnknownKey {
    /// The identifier cannot be read.
    Malformed,
    /// Of that algorithm or, where that is known, that curve.
    Other(ObjectIdentifier),
}

impl DigestAlgorithm {
    const ALL: [Self; 4] = [Self::Sha256, Self::Sha384, Self::Sha512, Self::Sm3];

    /// The identifier as written: without parameters (RFC 5754 §2).
    pub(crate) const fn identifier(self) -> AlgorithmIdentifierOwned {
        let oid = match self {
            Self::Sha256 => ID_SHA_256,
            Self::Sha384 => ID_SHA_384,
            Self::Sha512 => ID_SHA_512,
            Self::Sm3 => SM3,
        };
        AlgorithmIdentifierOwned { oid, parameters: None }
    }

    /// Resolves an identifier; its parameters may be absent or NULL (RFC 5754 §2).
    pub(crate) fn from_identifier(identifier: &AlgorithmIdentifierOwned) -> Result<Self, RefusedAlgorithm> {
        let oid = identifier.oid;
        if [ID_SHA_1, ID_MD_5].contains(&oid) {
            return Err(RefusedAlgorithm::Weak(oid));
        }
        let parameters_allowed = has_no_parameters(identifier);
        // GM/T 0006 names SM3 without a key by an arc of its own, too.
        let named = if oid == SM3_PLAIN { SM3 } else { oid };
        let known = Self::ALL.into_iter().find(|algorithm| algorithm.identifier().oid == named);
        known.filter(|_| parameters_allowed).ok_or(RefusedAlgorithm::Unknown(oid))
    }
}
