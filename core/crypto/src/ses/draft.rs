use der::asn1::{BitString, OctetString};
use der::{Any, Decode, Encode};

use super::structure::{
    CertDigestStructure, HeaderStructure, LIST_OF_CERTIFICATES, LIST_OF_DIGESTS, PropertyV4, SealInfoStructure,
    SignedV4, write_extensions,
};
use super::text::{SesTime, Text};
use super::{Seal, SealHolder, SealPicture, SealSigners, SesError, SesExtension, SesVersion};
use crate::Suite;
use crate::cert::{Certificate, UnixTime, Validity};
use crate::key::{Prehash, PublicKey, Signature};

/// What every seal's header says it is.
const ELECTRONIC_SEAL: &str = "ES";

/// A seal to be made.
#[derive(Clone, Debug)]
pub struct SealDraft {
    /// [`SesVersion::V4`] or [`SesVersion::V5`].
    pub version: SesVersion,
    /// Whose software makes it, in ASCII.
    pub vendor_id: String,
    /// The seal's number, in ASCII.
    pub id: String,
    /// Whose seal it is.
    pub holder: SealHolder,
    /// What the seal is called.
    pub name: String,
    /// Who may use it; at least one.
    pub signers: SealSigners,
    /// When it is made.
    pub created_at: UnixTime,
    /// From when until when it may be used.
    pub validity: Validity,
    /// Its face.
    pub picture: SealPicture,
    /// Its extensions.
    pub extensions: Vec<SesExtension>,
}

/// A seal that its maker has yet to sign.
#[derive(Debug)]
pub struct PreparedSeal {
    signed: Vec<u8>,
    maker: Certificate,
}

impl SealDraft {
    /// Writes what the maker signs (GB/T 38540-2020 §6).
    ///
    /// # Errors
    /// [`SesError::CannotWrite`]; [`SesError::UnsupportedAlgorithm`] when the maker's key is not of SM2.
    pub fn prepare(&self, maker: &Certificate) -> Result<PreparedSeal, SesError> {
        sm2_key(maker)?;
        let is_empty = match &self.signers {
            SealSigners::Certificates(ders) => ders.is_empty(),
            SealSigners::Digests(digests) => digests.is_empty(),
        };
        if self.version == SesVersion::V1 {
            return Err(SesError::CannotWrite { detail: "a version that is only read" });
        }
        if is_empty || self.validity.not_after < self.validity.not_before {
            return Err(SesError::CannotWrite { detail: "nobody who may use it, or no time in which" });
        }
        let info = SealInfoStructure {
            header: HeaderStructure {
                id: Text::ia5(ELECTRONIC_SEAL)?,
                version: self.version.number().into(),
                vid: Text::ia5(&self.vendor_id)?,
            },
            es_id: Text::ia5(&self.id)?,
            property: Any::encode_from(&self.property()?)?,
            picture: self.picture.write()?,
            ext_datas: write_extensions(&self.extensions)?,
        };
        Ok(PreparedSeal { signed: info.to_der()?, maker: maker.clone() })
    }

    fn property(&self) -> Result<PropertyV4, SesError> {
        let (cert_list_type, cert_list) = match &self.signers {
            SealSigners::Certificates(ders) => {
                let ders = ders.iter().map(|der| OctetString::new(der.as_slice())).collect::<Result<Vec<_>, _>>()?;
                (LIST_OF_CERTIFICATES, Any::encode_from(&ders)?)
            }
            SealSigners::Digests(digests) => {
                let write = |(kind, value): &(String, Vec<u8>)| {
                    Ok(CertDigestStructure { kind: Text::printable(kind)?, value: OctetString::new(value.as_slice())? })
                };
                let digests = digests.iter().map(write).collect::<Result<Vec<_>, SesError>>()?;
                (LIST_OF_DIGESTS, Any::encode_from(&digests)?)
            }
        };
        Ok(PropertyV4 {
            kind: self.holder.number(),
            name: Text::utf8(&self.name)?,
            cert_list_type,
            cert_list,
            create_date: SesTime(self.created_at),
            valid_start: SesTime(self.validity.not_before),
            valid_end: SesTime(self.validity.not_after),
        })
    }
}

impl PreparedSeal {
    /// The bytes to sign: `SES_SealInfo`.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        &self.signed
    }

    /// What is left of them for a key that is elsewhere to sign.
    ///
    /// # Errors
    /// [`SesError::UnsupportedAlgorithm`], which nothing that could be prepared brings about.
    pub fn prehash(&self) -> Result<Prehash, SesError> {
        Ok(sm2_key(&self.maker)?.prehash(&self.signed))
    }

    /// Makes the seal, after it has seen that the signature is the maker's.
    ///
    /// # Errors
    /// [`SesError::BadSignature`].
    pub fn finish(self, signature: &Signature) -> Result<Seal, SesError> {
        Seal::from_der(&signed(&self.signed, &self.maker, signature)?)
    }
}

/// The key of a certificate, which must be of SM2.
pub(super) fn sm2_key(certificate: &Certificate) -> Result<&PublicKey, SesError> {
    let key = certificate.public_key().map_err(|_| SesError::UnsupportedAlgorithm)?;
    if key.suite() == Suite::Sm2Sm3 { Ok(key) } else { Err(SesError::UnsupportedAlgorithm) }
}

/// What was signed, by whom, and the signature in DER, after it was seen to fit.
pub(super) fn signed(to_sign: &[u8], by: &Certificate, signature: &Signature) -> Result<Vec<u8>, SesError> {
    sm2_key(by)?.verify(to_sign, signature).map_err(|_| SesError::BadSignature)?;
    let structure = SignedV4 {
        to_sign: Any::from_der(to_sign)?,
        cert: OctetString::new(by.to_der())?,
        algorithm: Suite::Sm2Sm3.signature_algorithm().oid,
        signature: BitString::from_bytes(&signature.to_der())?,
        time_stamp: None,
    };
    Ok(structure.to_der()?)
}
