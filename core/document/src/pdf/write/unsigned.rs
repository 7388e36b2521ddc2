//! The value of a signature before and after the key has spoken: CMS, or a seal's.

use eseal_crypto::cert::Chain;
use eseal_crypto::cms::{SignedAttributes, SignedData};
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::key::{Prehash, Signature};
use eseal_crypto::ses::{PreparedSealSignature, SealSignature, SealSignatureDraft};
use eseal_crypto::tsp::TimestampToken;

use crate::pdf::error::PdfError;
use crate::pdf::sign::request::{Packing, Profile, StampRequest};
use crate::pdf::write::prepared::Waiting;

/// What a key has to sign.
pub(crate) enum Unsigned {
    Cms(SignedAttributes),
    Seal(PreparedSealSignature),
}

impl Unsigned {
    pub(crate) fn of<S>(request: &StampRequest<'_>, waiting: &Waiting<S>) -> Result<Self, PdfError> {
        let (digest, signer, at) = (&waiting.digest, request.signer.leaf(), request.signing_time.at);
        Ok(match request.packing {
            Packing::Cms(Profile::Pades) => Self::Cms(SignedAttributes::pades(digest, signer)?),
            Packing::Cms(Profile::Compat) => Self::Cms(SignedAttributes::compat(digest, signer, at)?),
            Packing::Cms(Profile::Gbt35275) => Self::Cms(SignedAttributes::gbt_35275(digest, signer, at)?),
            Packing::Seal(seal) => {
                let draft = SealSignatureDraft {
                    seal: seal.clone(),
                    data: *digest,
                    property_info: waiting.revision.byte_range.clone(),
                    time: at,
                    extensions: Vec::new(),
                };
                Self::Seal(draft.prepare(signer)?)
            }
        })
    }

    pub(crate) fn to_be_signed(&self) -> &[u8] {
        match self {
            Self::Cms(attributes) => attributes.to_be_signed(),
            Self::Seal(prepared) => prepared.to_be_signed(),
        }
    }

    pub(crate) fn prehash(&self) -> Result<Prehash, PdfError> {
        Ok(match self {
            Self::Cms(attributes) => attributes.prehash()?,
            Self::Seal(prepared) => prepared.prehash()?,
        })
    }

    pub(crate) fn finish(self, signature: &Signature, signer: &Chain) -> Result<SignatureValue, PdfError> {
        Ok(match self {
            Self::Cms(attributes) => SignatureValue::Cms(Box::new(attributes.finish(signature, signer)?)),
            Self::Seal(prepared) => SignatureValue::Seal(Box::new(prepared.finish(signature)?)),
        })
    }
}

/// What goes into `/Contents`.
pub(crate) enum SignatureValue {
    Cms(Box<SignedData>),
    Seal(Box<SealSignature>),
}

impl SignatureValue {
    /// What a timestamp on it is about: SM3 for national algorithms (GB/T 38540-2020, 7.2), else SHA-256.
    pub(crate) fn signature_digest(&self) -> Digest {
        match self {
            Self::Cms(cms) => cms.signature_digest(cms.digest_algorithm().unwrap_or(DigestAlgorithm::Sha256)),
            Self::Seal(seal) => seal.signature_digest(DigestAlgorithm::Sm3),
        }
    }

    pub(crate) fn with_timestamp(&self, token: &TimestampToken) -> Result<Self, PdfError> {
        Ok(match self {
            Self::Cms(cms) => Self::Cms(Box::new(cms.with_signature_timestamp(token)?)),
            Self::Seal(seal) => {
                token.verify(&seal.signature_digest(token.digest_algorithm()))?;
                Self::Seal(Box::new(seal.with_timestamp(token.to_der())?))
            }
        })
    }

    pub(crate) fn to_der(&self) -> &[u8] {
        match self {
            Self::Cms(cms) => cms.to_der(),
            Self::Seal(seal) => seal.to_der(),
        }
    }
}
