use der::asn1::BitString;
use der::{Any, Decode, Encode};

use super::draft::{signed, sm2_key};
use super::structure::{TbsSignV4, write_extensions};
use super::text::{SesTime, Text};
use super::{Seal, SealSignature, SesError, SesExtension, SesVersion};
use crate::cert::{Certificate, UnixTime};
use crate::digest::{Digest, DigestAlgorithm};
use crate::key::{Prehash, Signature};

/// A seal to be put on something.
#[derive(Clone, Debug)]
pub struct SealSignatureDraft {
    /// The seal, of GB/T 38540-2020 or GM/T 0031-2025; the signature is of the same version.
    pub seal: Seal,
    /// SM3 of what is sealed.
    pub data: Digest,
    /// What is sealed, in ASCII: in OFD the path of `Signature.xml`.
    pub property_info: String,
    /// When, by the signer's clock.
    pub time: UnixTime,
    /// Extensions.
    pub extensions: Vec<SesExtension>,
}

/// Longest text of what is sealed that [`estimated_seal_signature_size`] has room for, in bytes.
pub const MAX_PROPERTY_INFO_LEN: usize = 256;
/// Everything in a seal signature but seal, certificate, timestamp and the text of what is sealed: times, digest, the longest
/// signature, and the frames around them come to less than this.
const FIXED_PART: usize = 256;

/// An upper bound for the length of [`SealSignature::to_der`] with this seal and signer, a text of at most
/// [`MAX_PROPERTY_INFO_LEN`] and no extensions, and with a timestamp of at most `timestamp_len` bytes added (0 where none will
/// be), in bytes.
#[must_use]
pub fn estimated_seal_signature_size(seal: &Seal, signer: &Certificate, timestamp_len: usize) -> usize {
    seal.to_der().len() + signer.to_der().len() + MAX_PROPERTY_INFO_LEN + FIXED_PART + timestamp_len
}

/// A seal signature that the signer has yet to make.
#[derive(Debug)]
pub struct PreparedSealSignature {
    signed: Vec<u8>,
    signer: Certificate,
}

impl SealSignatureDraft {
    /// Writes what the signer signs, after it has seen that the seal is its maker's, that it may be used with this certificate,
    /// and at this time (GB/T 38540-2020 §7.2).
    ///
    /// # Errors
    /// [`SesError::BadSignature`] for the seal's; [`SesError::SignerNotListed`]; [`SesError::CannotWrite`];
    /// [`SesError::UnsupportedAlgorithm`] when the signer's key is not of SM2 or the digest not SM3.
    pub fn prepare(&self, signer: &Certificate) -> Result<PreparedSealSignature, SesError> {
        sm2_key(signer)?;
        if self.data.algorithm() != DigestAlgorithm::Sm3 {
            return Err(SesError::UnsupportedAlgorithm);
        }
        if self.seal.version() == SesVersion::V1 {
            return Err(SesError::CannotWrite { detail: "a version that is only read" });
        }
        self.seal.verify_signature()?;
        if !self.seal.signers().contains(signer) {
            return Err(SesError::SignerNotListed);
        }
        if !self.seal.validity().includes(self.time) {
            return Err(SesError::CannotWrite { detail: "a time at which the seal may not be used" });
        }
        let tbs = TbsSignV4 {
            version: self.seal.version().number().into(),
            eseal: Any::from_der(self.seal.to_der())?,
            time_info: SesTime(self.time),
            data_hash: BitString::from_bytes(self.data.as_bytes())?,
            property_info: Text::ia5(&self.property_info)?,
            ext_datas: write_extensions(&self.extensions)?,
        };
        Ok(PreparedSealSignature { signed: tbs.to_der()?, signer: signer.clone() })
    }
}

impl PreparedSealSignature {
    /// The bytes to sign: `TBS_Sign`.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        &self.signed
    }

    /// What is left of them for a key that is elsewhere to sign.
    ///
    /// # Errors
    /// [`SesError::UnsupportedAlgorithm`], which nothing that could be prepared brings about.
    pub fn prehash(&self) -> Result<Prehash, SesError> {
        Ok(sm2_key(&self.signer)?.prehash(&self.signed))
    }

    /// Makes the seal signature, after it has seen that the signature is the signer's.
    ///
    /// # Errors
    /// [`SesError::BadSignature`].
    pub fn finish(self, signature: &Signature) -> Result<SealSignature, SesError> {
        SealSignature::from_der(&signed(&self.signed, &self.signer, signature)?)
    }
}
