//! Which algorithms go together, and their identifiers in certificates and CMS.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::{ECDSA_WITH_SHA_256, ID_SHA_256};
use der::asn1::Null;
use spki::AlgorithmIdentifierOwned;

use crate::digest::DigestAlgorithm;

/// A signature algorithm with the digest that it signs.
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

    /// Resolves the identifier of a signature algorithm; `id-ecPublicKey` in its place, as some signers write, is refused.
    pub(crate) fn from_signature_algorithm(identifier: &AlgorithmIdentifierOwned) -> Result<Self, UnknownAlgorithm> {
        let known = [Self::P256Sha256].into_iter().find(|suite| suite.signature_algorithm() == *identifier);
        known.ok_or(UnknownAlgorithm(identifier.oid))
    }
}

/// An algorithm that none of the suites has.
pub(crate) struct UnknownAlgorithm(pub(crate) ObjectIdentifier);

impl DigestAlgorithm {
    /// The identifier as written: without parameters (RFC 5754 §2).
    pub(crate) const fn identifier(self) -> AlgorithmIdentifierOwned {
        match self {
            Self::Sha256 => AlgorithmIdentifierOwned { oid: ID_SHA_256, parameters: None },
        }
    }

    /// Resolves an identifier; its parameters may be absent or NULL (RFC 5754 §2).
    pub(crate) fn from_identifier(identifier: &AlgorithmIdentifierOwned) -> Result<Self, UnknownAlgorithm> {
        let parameters_allowed = identifier.parameters.as_ref().is_none_or(|any| any.decode_as::<Null>().is_ok());
        let known = [Self::Sha256].into_iter().find(|algorithm| algorithm.identifier().oid == identifier.oid);
        known.filter(|_| parameters_allowed).ok_or(UnknownAlgorithm(identifier.oid))
    }
}
