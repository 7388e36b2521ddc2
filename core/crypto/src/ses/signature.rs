use std::fmt;

use const_oid::ObjectIdentifier;
use der::asn1::BitString;
use der::{Any, Decode, Encode, Header, SliceReader};

use super::seal::Seen;
use super::structure::{SignedV4, TbsSignV1, TbsSignV4, read_extensions, whole_bytes};
use super::text::local_time;
use super::{Seal, SesError, SesExtension, SesVersion};
use crate::cert::{Certificate, UnixTime};
use crate::digest::{Digest, DigestAlgorithm};
use crate::gen_time::GenTime;
use crate::tsp::TimestampToken;

/// Longest seal signature that is read, in bytes: a seal, certificates and a timestamp.
pub const MAX_SEAL_SIGNATURE_LEN: usize = super::MAX_SEAL_LEN + 256 * 1024;

/// When something was sealed, as the signature says (`timeInfo`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatedTime {
    /// The signer's own clock.
    Claimed(UnixTime),
    /// A timestamp in DER, in the place of a time (GM/T 0031-2014).
    Token(Vec<u8>),
    /// Something that is neither.
    Unknown,
}

/// A seal put on something (`SES_Signature`), read and not yet believed.
#[derive(Clone)]
pub struct SealSignature {
    der: Vec<u8>,
    seal: Seal,
    time: StatedTime,
    data_hash: Vec<u8>,
    property_info: String,
    extensions: Vec<SesExtension>,
    by: Seen,
    timestamp: Option<Vec<u8>>,
}

impl SealSignature {
    /// Reads a DER `SES_Signature` of any version, told by its shape and then by the seal inside.
    ///
    /// # Errors
    /// [`SesError::TooLong`] or [`SesError::Malformed`].
    pub fn from_der(der: &[u8]) -> Result<Self, SesError> {
        if der.len() > MAX_SEAL_SIGNATURE_LEN {
            return Err(SesError::TooLong);
        }
        match Vec::<Any>::from_der(der)?.as_slice() {
            [to_sign, value] => Self::read_v1(der, to_sign, &value.decode_as()?),
            [_, _, _, _] | [_, _, _, _, _] => Self::read_v4(der),
            _ => Err(SesError::Malformed { detail: "a seal signature of no known shape" }),
        }
    }

    /// As [`Self::from_der`], with zero bytes allowed after the end: PDF reserves the place of a signature before its length is
    /// known (ISO 32000-2 §12.8.1).
    ///
    /// # Errors
    /// As [`Self::from_der`]; other bytes than zero are [`SesError::Malformed`].
    pub fn from_padded_der(bytes: &[u8]) -> Result<Self, SesError> {
        let header = Header::decode(&mut SliceReader::new(bytes)?)?;
        let length = (header.encoded_len()? + header.length())?;
        let length = usize::try_from(length).map_err(|_| SesError::TooLong)?;
        match bytes.split_at_checked(length) {
            Some((der, padding)) if padding.iter().all(|byte| *byte == 0) => Self::from_der(der),
            _ => Err(SesError::Malformed { detail: "bytes after the end" }),
        }
    }

    fn read_v1(der: &[u8], to_sign: &Any, value: &BitString) -> Result<Self, SesError> {
        let tbs: TbsSignV1 = to_sign.decode_as()?;
        let seal = Seal::from_der(&tbs.eseal.to_der()?)?;
        if seal.version() != SesVersion::V1 {
            return Err(SesError::Malformed { detail: "a seal of another version than the signature" });
        }
        Ok(Self {
            der: der.to_vec(),
            seal,
            time: stated(whole_bytes(&tbs.time_info)?),
            data_hash: whole_bytes(&tbs.data_hash)?.to_vec(),
            property_info: tbs.property_info.into_string(),
            extensions: Vec::new(),
            by: Seen::new(to_sign.to_der()?, &tbs.cert, tbs.signature_algorithm, value)?,
            timestamp: None,
        })
    }

    fn read_v4(der: &[u8]) -> Result<Self, SesError> {
        let SignedV4 { to_sign, cert, algorithm, signature, time_stamp } = SignedV4::from_der(der)?;
        let tbs: TbsSignV4 = to_sign.decode_as()?;
        let seal = Seal::from_der(&tbs.eseal.to_der()?)?;
        if seal.version() == SesVersion::V1 {
            return Err(SesError::Malformed { detail: "a seal of another version than the signature" });
        }
        Ok(Self {
            der: der.to_vec(),
            seal,
            time: StatedTime::Claimed(tbs.time_info.0),
            data_hash: whole_bytes(&tbs.data_hash)?.to_vec(),
            property_info: tbs.property_info.into_string(),
            extensions: read_extensions(tbs.ext_datas),
            by: Seen::new(to_sign.to_der()?, &cert, algorithm, &signature)?,
            timestamp: time_stamp.as_ref().map(whole_bytes).transpose()?.map(<[u8]>::to_vec),
        })
    }

    /// The exact DER bytes that were read.
    #[must_use]
    pub fn to_der(&self) -> &[u8] {
        &self.der
    }

    /// Which standard it is written by: that of its seal.
    #[must_use]
    pub const fn version(&self) -> SesVersion {
        self.seal.version()
    }

    /// The seal.
    #[must_use]
    pub const fn seal(&self) -> &Seal {
        &self.seal
    }

    /// When, by the signature's own word.
    #[must_use]
    pub const fn stated_time(&self) -> &StatedTime {
        &self.time
    }

    /// What was sealed, as the signer names it (`propertyInfo`): in OFD the path of `Signature.xml`.
    #[must_use]
    pub fn property_info(&self) -> &str {
        &self.property_info
    }

    /// Its extensions (`extDatas`).
    #[must_use]
    pub fn extensions(&self) -> &[SesExtension] {
        &self.extensions
    }

    /// The signer's certificate.
    #[must_use]
    pub const fn signer(&self) -> &Certificate {
        &self.by.certificate
    }

    /// How the signature was made, as named.
    #[must_use]
    pub const fn algorithm(&self) -> ObjectIdentifier {
        self.by.algorithm
    }

    /// The digest algorithm by which the data have to be digested for [`Self::verify_data`]: that of the signature.
    ///
    /// # Errors
    /// [`SesError::UnsupportedAlgorithm`] or [`SesError::WeakAlgorithm`].
    pub fn digest_algorithm(&self) -> Result<DigestAlgorithm, SesError> {
        Ok(self.by.scheme()?.digest_algorithm())
    }

    /// Whether the key of the signer's certificate signed it.
    ///
    /// # Errors
    /// [`SesError::BadSignature`], [`SesError::UnsupportedAlgorithm`] or [`SesError::WeakAlgorithm`].
    pub fn verify_signature(&self) -> Result<(), SesError> {
        self.by.verify()
    }

    /// Whether the data of this digest are what was sealed (`dataHash`); says nothing about the signature.
    ///
    /// # Errors
    /// [`SesError::DigestMismatch`].
    pub fn verify_data(&self, data: &Digest) -> Result<(), SesError> {
        if self.data_hash == data.as_bytes() { Ok(()) } else { Err(SesError::DigestMismatch) }
    }

    /// Whether the seal's list has the signer's certificate.
    ///
    /// # Errors
    /// [`SesError::SignerNotListed`].
    pub fn verify_signer_is_listed(&self) -> Result<(), SesError> {
        if self.seal.signers().contains(self.signer()) { Ok(()) } else { Err(SesError::SignerNotListed) }
    }

    /// The timestamp on the signature, in DER, where there is one: [`TimestampToken`] reads it, and it is about
    /// [`Self::signature_digest`].
    #[must_use]
    pub fn timestamp(&self) -> Option<&[u8]> {
        self.timestamp.as_deref()
    }

    /// The digest of the signature value (GB/T 38540-2020 §7.2).
    #[must_use]
    pub fn signature_digest(&self, algorithm: DigestAlgorithm) -> Digest {
        Digest::of(algorithm, &self.by.value)
    }

    /// The same with a timestamp on the signature.
    ///
    /// # Errors
    /// [`SesError::CannotWrite`] in GM/T 0031-2014.
    pub fn with_timestamp(&self, token: &[u8]) -> Result<Self, SesError> {
        if self.version() == SesVersion::V1 {
            return Err(SesError::CannotWrite { detail: "a timestamp in a seal signature of this version" });
        }
        let time_stamp = Some(BitString::from_bytes(token)?);
        Self::from_der(&SignedV4 { time_stamp, ..SignedV4::from_der(&self.der)? }.to_der()?)
    }
}

/// In GM/T 0031-2014 a timestamp or a time; in the field the time is a text, too.
fn stated(bytes: &[u8]) -> StatedTime {
    if TimestampToken::from_der(bytes).is_ok() {
        return StatedTime::Token(bytes.to_vec());
    }
    let utc = || der::asn1::UtcTime::from_der(bytes).ok().map(|time| UnixTime(time.to_unix_duration().as_secs()));
    let general = || GenTime::from_der(bytes).ok().map(|time| time.0);
    let local = || std::str::from_utf8(bytes).ok().and_then(local_time);
    utc().or_else(general).or_else(local).map_or(StatedTime::Unknown, StatedTime::Claimed)
}

impl fmt::Debug for SealSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("SealSignature");
        shown.field("seal", &self.seal).field("time", &self.time).field("signer", self.signer());
        shown.finish_non_exhaustive()
    }
}
