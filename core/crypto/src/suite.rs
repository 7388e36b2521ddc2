//! Which algorithms go together, and their identifiers in certificates and CMS.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::{
    ECDSA_WITH_SHA_256, ECDSA_WITH_SHA_384, ECDSA_WITH_SHA_512, ID_MD_5, ID_SHA_1, ID_SHA_256, ID_SHA_384, ID_SHA_512,
    MD_5_WITH_RSA_ENCRYPTION, SHA_1_WITH_RSA_ENCRYPTION,
};
use der::asn1::Null;
use spki::AlgorithmIdentifierOwned;

use crate::digest::DigestAlgorithm;
use crate::oid::ECDSA_WITH_SHA_1;

/// A signature algorithm with the digest that it signs: what our own keys sign with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Suite {
    /// ECDSA on NIST P-256 (FIPS 186-5) over SHA-256.
    P256Sha256,
}

impl Suite {
    /// The digest of this suite.
    #[must_use]
    pub const fn digest_algorithm(self) -> DigestAlgorithm {
        match self {
            Self::P256Sha256 => DigestAlgorithm::Sha256,
        }
    }

    /// The identifier of the signature algorithm: for ECDSA without parameters (RFC 5758 §3.2).
    pub(crate) const fn signature_algorithm(self) -> AlgorithmIdentifierOwned {
        match self {
            Self::P256Sha256 => AlgorithmIdentifierOwned { oid: ECDSA_WITH_SHA_256, parameters: None },
        }
    }
}

/// How a signature was made, as its identifier says: what is verified, of others' too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignatureScheme {
    /// ECDSA over a digest; the curve is the key's.
    Ecdsa(DigestAlgorithm),
}

impl SignatureScheme {
    /// Resolves the identifier of a signature algorithm; `id-ecPublicKey` in its place, as some signers write, is refused.
    pub(crate) fn from_identifier(identifier: &AlgorithmIdentifierOwned) -> Result<Self, RefusedAlgorithm> {
        let oid = identifier.oid;
        let ecdsa = |digest| match identifier.parameters {
            None => Ok(Self::Ecdsa(digest)),
            Some(_) => Err(RefusedAlgorithm::Unknown(oid)),
        };
        match oid {
            ECDSA_WITH_SHA_256 => ecdsa(DigestAlgorithm::Sha256),
            ECDSA_WITH_SHA_384 => ecdsa(DigestAlgorithm::Sha384),
            ECDSA_WITH_SHA_512 => ecdsa(DigestAlgorithm::Sha512),
            ECDSA_WITH_SHA_1 | SHA_1_WITH_RSA_ENCRYPTION | MD_5_WITH_RSA_ENCRYPTION => Err(RefusedAlgorithm::Weak(oid)),
            _ => Err(RefusedAlgorithm::Unknown(oid)),
        }
    }

    /// The digest that is signed.
    pub(crate) const fn digest_algorithm(self) -> DigestAlgorithm {
        match self {
            Self::Ecdsa(digest) => digest,
        }
    }
}

/// An algorithm that nothing is believed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefusedAlgorithm {
    /// Not known here.
    Unknown(ObjectIdentifier),
    /// Known, and broken: others can make such signatures too.
    Weak(ObjectIdentifier),
}

impl DigestAlgorithm {
    const ALL: [Self; 3] = [Self::Sha256, Self::Sha384, Self::Sha512];

    /// The identifier as written: without parameters (RFC 5754 §2).
    pub(crate) const fn identifier(self) -> AlgorithmIdentifierOwned {
        let oid = match self {
            Self::Sha256 => ID_SHA_256,
            Self::Sha384 => ID_SHA_384,
            Self::Sha512 => ID_SHA_512,
        };
        AlgorithmIdentifierOwned { oid, parameters: None }
    }

    /// Resolves an identifier; its parameters may be absent or NULL (RFC 5754 §2).
    pub(crate) fn from_identifier(identifier: &AlgorithmIdentifierOwned) -> Result<Self, RefusedAlgorithm> {
        let oid = identifier.oid;
        if [ID_SHA_1, ID_MD_5].contains(&oid) {
            return Err(RefusedAlgorithm::Weak(oid));
        }
        let parameters_allowed = identifier.parameters.as_ref().is_none_or(|any| any.decode_as::<Null>().is_ok());
        let known = Self::ALL.into_iter().find(|algorithm| algorithm.identifier().oid == oid);
        known.filter(|_| parameters_allowed).ok_or(RefusedAlgorithm::Unknown(oid))
    }
}
