//! How a signature was made, as its identifier says.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::{
    ECDSA_WITH_SHA_256, ECDSA_WITH_SHA_384, ECDSA_WITH_SHA_512, ID_MGF_1, ID_RSASSA_PSS, ID_SHA_1,
    MD_2_WITH_RSA_ENCRYPTION, MD_5_WITH_RSA_ENCRYPTION, RSA_ENCRYPTION, SHA_1_WITH_RSA_ENCRYPTION,
    SHA_256_WITH_RSA_ENCRYPTION, SHA_384_WITH_RSA_ENCRYPTION, SHA_512_WITH_RSA_ENCRYPTION,
};
use der::Sequence;
use der::asn1::Null;
use spki::AlgorithmIdentifierOwned;

use crate::digest::DigestAlgorithm;
use crate::oid::{ECDSA_WITH_SHA_1, SM2_SIGN, SM2_WITH_SM3};

/// How a signature was made, as its identifier says: what is verified, of others' too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignatureScheme {
    /// ECDSA over a digest; the curve is the key's.
    Ecdsa(DigestAlgorithm),
    /// RSASSA-PKCS1-v1_5 over a digest (RFC 8017 §8.2).
    RsaPkcs1(DigestAlgorithm),
    /// RSASSA-PSS over a digest, with the same digest in its mask generation (RFC 8017 §8.1).
    RsaPss {
        /// The digest.
        digest: DigestAlgorithm,
        /// Length of the salt in bytes.
        salt_len: usize,
    },
    /// SM2 over SM3, with the default identity (GB/T 32918.2-2016, GM/T 0009-2012 §10).
    Sm2,
}

impl SignatureScheme {
    /// Resolves the identifier of a signature algorithm; `id-ecPublicKey` in its place, as some signers write, is refused.
    pub(crate) fn from_identifier(identifier: &AlgorithmIdentifierOwned) -> Result<Self, RefusedAlgorithm> {
        let oid = identifier.oid;
        let ecdsa = |digest| match identifier.parameters {
            None => Ok(Self::Ecdsa(digest)),
            Some(_) => Err(RefusedAlgorithm::Unknown(oid)),
        };
        // RSA: NULL by the standard, absent by many (RFC 4055 §5). SM2: absent by most, NULL by some.
        let bare =
            |scheme| if has_no_parameters(identifier) { Ok(scheme) } else { Err(RefusedAlgorithm::Unknown(oid)) };
        let pkcs1 = |digest| bare(Self::RsaPkcs1(digest));
        match oid {
            SHA_256_WITH_RSA_ENCRYPTION => pkcs1(DigestAlgorithm::Sha256),
            SHA_384_WITH_RSA_ENCRYPTION => pkcs1(DigestAlgorithm::Sha384),
            SHA_512_WITH_RSA_ENCRYPTION => pkcs1(DigestAlgorithm::Sha512),
            ID_RSASSA_PSS => pss(identifier),
            ECDSA_WITH_SHA_256 => ecdsa(DigestAlgorithm::Sha256),
            ECDSA_WITH_SHA_384 => ecdsa(DigestAlgorithm::Sha384),
            ECDSA_WITH_SHA_512 => ecdsa(DigestAlgorithm::Sha512),
            SM2_WITH_SM3 => bare(Self::Sm2),
            ECDSA_WITH_SHA_1 | SHA_1_WITH_RSA_ENCRYPTION | MD_5_WITH_RSA_ENCRYPTION | MD_2_WITH_RSA_ENCRYPTION => {
                Err(RefusedAlgorithm::Weak(oid))
            }
            _ => Err(RefusedAlgorithm::Unknown(oid)),
        }
    }

    /// As [`Self::from_identifier`], in a `SignerInfo`, where `rsaEncryption` alone is RSASSA-PKCS1-v1_5 with the digest that
    /// stands beside it (RFC 3370 §3.2), and SM2 is named without its digest (GB/T 35275-2017 §8).
    pub(crate) fn from_signer_info(
        identifier: &AlgorithmIdentifierOwned,
        digest: DigestAlgorithm,
    ) -> Result<Self, RefusedAlgorithm> {
        match identifier.oid {
            RSA_ENCRYPTION if has_no_parameters(identifier) && is_of_rsa(digest) => Ok(Self::RsaPkcs1(digest)),
            SM2_SIGN if has_no_parameters(identifier) && digest == DigestAlgorithm::Sm3 => Ok(Self::Sm2),
            _ => Self::from_identifier(identifier),
        }
    }

    /// The digest that is signed.
    pub(crate) const fn digest_algorithm(self) -> DigestAlgorithm {
        match self {
            Self::Ecdsa(digest) | Self::RsaPkcs1(digest) | Self::RsaPss { digest, .. } => digest,
            Self::Sm2 => DigestAlgorithm::Sm3,
        }
    }
}

/// `RSASSA-PSS-params` (RFC 4055 §3.1). Whatever is left out is SHA-1, or its length, 20.
#[derive(Sequence)]
struct PssParameters {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    hash_algorithm: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    mask_gen_algorithm: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    salt_length: Option<u16>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    trailer_field: Option<u8>,
}

fn pss(identifier: &AlgorithmIdentifierOwned) -> Result<SignatureScheme, RefusedAlgorithm> {
    let unknown = RefusedAlgorithm::Unknown(identifier.oid);
    let parameters = identifier.parameters.as_ref().and_then(|any| any.decode_as::<PssParameters>().ok());
    let PssParameters { hash_algorithm, mask_gen_algorithm, salt_length, trailer_field } = parameters.ok_or(unknown)?;
    let digest = DigestAlgorithm::from_identifier(&hash_algorithm.ok_or(RefusedAlgorithm::Weak(ID_SHA_1))?)?;
    let mask = mask_gen_algorithm.filter(|mask| mask.oid == ID_MGF_1).ok_or(unknown)?;
    let mask = mask.parameters.and_then(|any| any.decode_as::<AlgorithmIdentifierOwned>().ok()).ok_or(unknown)?;
    let is_usual = DigestAlgorithm::from_identifier(&mask)? == digest
        && is_of_rsa(digest)
        && trailer_field.is_none_or(|field| field == 1);
    let salt_len = salt_length.map_or(20, usize::from);
    if is_usual { Ok(SignatureScheme::RsaPss { digest, salt_len }) } else { Err(unknown) }
}

/// RSA over SM3 has an identifier, too (GM/T 0006-2012), which nobody was seen to use.
fn is_of_rsa(digest: DigestAlgorithm) -> bool {
    digest != DigestAlgorithm::Sm3
}

/// Absent or NULL.
pub(crate) fn has_no_parameters(identifier: &AlgorithmIdentifierOwned) -> bool {
    identifier.parameters.as_ref().is_none_or(|any| any.decode_as::<Null>().is_ok())
}

/// An algorithm that nothing is believed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefusedAlgorithm {
    /// Not known here.
    Unknown(ObjectIdentifier),
    /// Known, and broken: others can make such signatures too.
    Weak(ObjectIdentifier),
}
