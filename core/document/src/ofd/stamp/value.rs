//! What a signature's value is: that of a seal, or of an integrity manifest.

use eseal_crypto::cert::Chain;
use eseal_crypto::cms::{SignedAttributes, SignedData};
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::key::{Prehash, Signature};
use eseal_crypto::ses::{PreparedSealSignature, SealSignature};
use eseal_crypto::tsp::TimestampToken;

use crate::ofd::error::OfdError;

/// A value that lacks the signature.
pub(super) enum Draft {
    /// GB/T 38540-2020 or GM/T 0031-2025.
    Seal(Box<PreparedSealSignature>),
    /// GB/T 35275-2017.
    Cms(Box<(SignedAttributes, Chain)>),
}

impl Draft {
    pub(super) fn to_be_signed(&self) -> &[u8] {
        match self {
            Self::Seal(signature) => signature.to_be_signed(),
            Self::Cms(signing) => signing.0.to_be_signed(),
        }
    }

    pub(super) fn prehash(&self) -> Result<Prehash, OfdError> {
        Ok(match self {
            Self::Seal(signature) => signature.prehash()?,
            Self::Cms(signing) => signing.0.prehash()?,
        })
    }

    /// Takes the signature, after it was seen to be the signer's.
    pub(super) fn finish(self, signature: &Signature) -> Result<Value, OfdError> {
        Ok(match self {
            Self::Seal(draft) => Value::Seal(Box::new(draft.finish(signature)?)),
            Self::Cms(signing) => {
                let (attributes, chain) = *signing;
                Value::Cms(Box::new(attributes.finish(signature, &chain)?))
            }
        })
    }
}

/// A signed value.
pub(super) enum Value {
    Seal(Box<SealSignature>),
    Cms(Box<SignedData>),
}

impl Value {
    pub(super) fn signature_digest(&self, algorithm: DigestAlgorithm) -> Digest {
        match self {
            Self::Seal(signature) => signature.signature_digest(algorithm),
            Self::Cms(signed_data) => signed_data.signature_digest(algorithm),
        }
    }

    /// With a timestamp that was seen to be about this signature.
    pub(super) fn with_timestamp(&self, token: &TimestampToken) -> Result<Self, OfdError> {
        Ok(match self {
            Self::Seal(signature) => Self::Seal(Box::new(signature.with_timestamp(token.to_der())?)),
            Self::Cms(signed_data) => Self::Cms(Box::new(signed_data.with_signature_timestamp(token)?)),
        })
    }

    pub(super) fn to_der(&self) -> &[u8] {
        match self {
            Self::Seal(signature) => signature.to_der(),
            Self::Cms(signed_data) => signed_data.to_der(),
        }
    }
}
