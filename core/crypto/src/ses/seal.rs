use std::fmt;

use const_oid::ObjectIdentifier;
use der::asn1::{BitString, OctetString};
use der::{Any, Decode, Encode};
use spki::AlgorithmIdentifierOwned;

use super::structure::{
    CertDigestStructure, LIST_OF_CERTIFICATES, LIST_OF_DIGESTS, PropertyV1, PropertyV4, SealInfoStructure, SignInfoV1,
    SignedV4, read_extensions, whole_bytes,
};
use super::{SealKind, SealPicture, SesError, SesExtension, SesVersion};
use crate::cert::{Certificate, UnixTime, Validity};
use crate::digest::{Digest, DigestAlgorithm};
use crate::scheme::SignatureScheme;

/// Longest seal that is read, in bytes: a picture of print quality fits.
pub const MAX_SEAL_LEN: usize = 4 * 1024 * 1024;
/// Most certificates or digests in the list of those that may use a seal.
const MAX_SIGNERS: usize = 256;

/// Whose seal it is (`type` of `SES_ESPropertyInfo`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SealHolder {
    /// 1: an organization.
    Unit,
    /// 2: a person.
    Person,
    /// Another number: issuers in the field use up to 15 for kinds of their own.
    Other(u32),
}

impl SealHolder {
    const fn of(number: u32) -> Self {
        match number {
            1 => Self::Unit,
            2 => Self::Person,
            other => Self::Other(other),
        }
    }

    pub(super) const fn number(self) -> u32 {
        match self {
            Self::Unit => 1,
            Self::Person => 2,
            Self::Other(other) => other,
        }
    }
}

/// Who may use a seal (`certList`).
#[derive(Clone, PartialEq, Eq)]
pub enum SealSigners {
    /// These certificates, in DER.
    Certificates(Vec<Vec<u8>>),
    /// The certificates of these digests: how each was made, as written, and its value.
    Digests(Vec<(String, Vec<u8>)>),
}

/// How the digests of a list are called (GB/T 38540-2020 §6.2.3).
const SM3: &str = "SM3";

impl SealSigners {
    /// These certificates, whole.
    #[must_use]
    pub fn whole<'a>(certificates: impl IntoIterator<Item = &'a Certificate>) -> Self {
        Self::Certificates(certificates.into_iter().map(|one| one.to_der().to_vec()).collect())
    }

    /// The SM3 digests of these certificates.
    #[must_use]
    pub fn digests<'a>(certificates: impl IntoIterator<Item = &'a Certificate>) -> Self {
        let sm3 = |one: &Certificate| Digest::of(DigestAlgorithm::Sm3, one.to_der()).as_bytes().to_vec();
        Self::Digests(certificates.into_iter().map(|one| (SM3.to_owned(), sm3(one))).collect())
    }

    /// Whether this certificate is among them: by its bytes or by its SM3 (GB/T 38540-2020 §7.2).
    #[must_use]
    pub fn contains(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Certificates(ders) => ders.iter().any(|der| der == certificate.to_der()),
            Self::Digests(digests) => {
                let sm3 = Digest::of(DigestAlgorithm::Sm3, certificate.to_der());
                digests.iter().any(|(_, value)| value == sm3.as_bytes())
            }
        }
    }

    /// `OCTET STRING`s; in the field there are others, whose contents are then no certificate and match none.
    fn certificates(members: &[Any]) -> Result<Self, SesError> {
        check_number(members.len())?;
        Ok(Self::Certificates(members.iter().map(|member| member.value().to_vec()).collect()))
    }

    fn read(kind: u8, list: &Any) -> Result<Self, SesError> {
        match kind {
            LIST_OF_CERTIFICATES => Self::certificates(&list.decode_as::<Vec<Any>>()?),
            LIST_OF_DIGESTS => {
                let digests = list.decode_as::<Vec<CertDigestStructure>>()?;
                check_number(digests.len())?;
                let read = |one: CertDigestStructure| (one.kind.into_string(), one.value.as_bytes().to_vec());
                Ok(Self::Digests(digests.into_iter().map(read).collect()))
            }
            _ => Err(SesError::Malformed { detail: "a certificate list of another type" }),
        }
    }
}

fn check_number(signers: usize) -> Result<(), SesError> {
    if signers <= MAX_SIGNERS { Ok(()) } else { Err(SesError::Malformed { detail: "too many certificates" }) }
}

/// How many there are; certificates are no text for a log.
impl fmt::Debug for SealSigners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificates(ders) => write!(f, "Certificates({})", ders.len()),
            Self::Digests(digests) => write!(f, "Digests({})", digests.len()),
        }
    }
}

/// A seal that was read (`SESeal`), not one that is believed: [`Self::verify_signature`] says whether its maker signed it, and
/// [`crate::cert::Chain::verify`] whether the maker is believed.
#[derive(Clone)]
pub struct Seal {
    der: Vec<u8>,
    version: SesVersion,
    vendor_id: String,
    id: String,
    holder: SealHolder,
    name: String,
    signers: SealSigners,
    created_at: UnixTime,
    validity: Validity,
    picture: SealPicture,
    extensions: Vec<SesExtension>,
    by: Seen,
    timestamp: Option<Vec<u8>>,
}

/// Who signed, what and how.
#[derive(Clone)]
pub(super) struct Seen {
    /// What was signed, as it arrived.
    pub(super) signed: Vec<u8>,
    pub(super) certificate: Certificate,
    pub(super) algorithm: ObjectIdentifier,
    pub(super) value: Vec<u8>,
}

impl Seen {
    pub(super) fn new(
        signed: Vec<u8>,
        certificate: &OctetString,
        algorithm: ObjectIdentifier,
        value: &BitString,
    ) -> Result<Self, SesError> {
        let certificate = Certificate::from_der(certificate.as_bytes())
            .map_err(|_| SesError::Malformed { detail: "the certificate of who signed" })?;
        Ok(Self { signed, certificate, algorithm, value: whole_bytes(value)?.to_vec() })
    }

    pub(super) fn scheme(&self) -> Result<SignatureScheme, SesError> {
        let identifier = AlgorithmIdentifierOwned { oid: self.algorithm, parameters: None };
        Ok(SignatureScheme::from_signer_info(&identifier, DigestAlgorithm::Sm3)?)
    }

    pub(super) fn verify(&self) -> Result<(), SesError> {
        let key = self.certificate.verification_key().map_err(crate::key::VerificationError::Key)?;
        Ok(key.verify(self.scheme()?, &self.signed, &self.value)?)
    }
}

impl Seal {
    /// Reads a DER `SESeal` of any version, told by its shape and then by the number in its header.
    ///
    /// # Errors
    /// [`SesError::TooLong`] or [`SesError::Malformed`].
    pub fn from_der(der: &[u8]) -> Result<Self, SesError> {
        if der.len() > MAX_SEAL_LEN {
            return Err(SesError::TooLong);
        }
        let parts = Vec::<Any>::from_der(der)?;
        match parts.as_slice() {
            [info, sign_info] => {
                let by = sign_info.decode_as::<SignInfoV1>()?;
                let (certificate, algorithm) = (by.cert.to_der()?, by.signature_algorithm.to_der()?);
                let content = [info.to_der()?, certificate, algorithm].concat();
                let signed = Any::new(der::Tag::Sequence, content)?.to_der()?;
                let by = Seen::new(signed, &by.cert, by.signature_algorithm, &by.sign_data)?;
                Self::new(der, SesVersion::V1, &info.decode_as()?, by, None)
            }
            [_, _, _, _] | [_, _, _, _, _] => {
                let SignedV4 { to_sign, cert, algorithm, signature, time_stamp } = SignedV4::from_der(der)?;
                let info: SealInfoStructure = to_sign.decode_as()?;
                let is_v5 = time_stamp.is_some() || info.header.version == u32::from(SesVersion::V5.number());
                let version = if is_v5 { SesVersion::V5 } else { SesVersion::V4 };
                let by = Seen::new(to_sign.to_der()?, &cert, algorithm, &signature)?;
                Self::new(der, version, &info, by, time_stamp.as_ref())
            }
            _ => Err(SesError::Malformed { detail: "a seal of no known shape" }),
        }
    }

    fn new(
        der: &[u8],
        version: SesVersion,
        info: &SealInfoStructure,
        by: Seen,
        timestamp: Option<&BitString>,
    ) -> Result<Self, SesError> {
        let info = info.clone();
        let property = match version {
            SesVersion::V1 => {
                let read: PropertyV1 = info.property.decode_as()?;
                let PropertyV1 { kind, name, cert_list, create_date, valid_start, valid_end } = read;
                (kind, name, SealSigners::certificates(&cert_list)?, create_date, valid_start, valid_end)
            }
            SesVersion::V4 | SesVersion::V5 => {
                let read: PropertyV4 = info.property.decode_as()?;
                let signers = SealSigners::read(read.cert_list_type, &read.cert_list)?;
                (read.kind, read.name, signers, read.create_date, read.valid_start, read.valid_end)
            }
        };
        let (kind, name, signers, created_at, not_before, not_after) = property;
        Ok(Self {
            der: der.to_vec(),
            version,
            vendor_id: info.header.vid.into_string(),
            id: info.es_id.into_string(),
            holder: SealHolder::of(kind),
            name: name.into_string(),
            signers,
            created_at: created_at.0,
            validity: Validity { not_before: not_before.0, not_after: not_after.0 },
            picture: SealPicture::read(info.picture),
            extensions: read_extensions(info.ext_datas),
            by,
            timestamp: timestamp.map(whole_bytes).transpose()?.map(<[u8]>::to_vec),
        })
    }

    /// The exact DER bytes that were read.
    #[must_use]
    pub fn to_der(&self) -> &[u8] {
        &self.der
    }

    /// Which standard it is written by.
    #[must_use]
    pub const fn version(&self) -> SesVersion {
        self.version
    }

    /// Whose software made it (`Vid`).
    #[must_use]
    pub fn vendor_id(&self) -> &str {
        &self.vendor_id
    }

    /// The seal's number (`esID`); in the field six digits of an administrative division and eight more.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whose seal it is.
    #[must_use]
    pub const fn holder(&self) -> SealHolder {
        self.holder
    }

    /// What it is for, if it says so.
    #[must_use]
    pub fn kind(&self) -> Option<SealKind> {
        SealKind::of(self.holder, &self.extensions)
    }

    /// What the seal is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Who may use it.
    #[must_use]
    pub const fn signers(&self) -> &SealSigners {
        &self.signers
    }

    /// When it was made, by its maker's word.
    #[must_use]
    pub const fn created_at(&self) -> UnixTime {
        self.created_at
    }

    /// From when until when it may be used.
    #[must_use]
    pub const fn validity(&self) -> Validity {
        self.validity
    }

    /// Its face.
    #[must_use]
    pub const fn picture(&self) -> &SealPicture {
        &self.picture
    }

    /// Its extensions (`extDatas`).
    #[must_use]
    pub fn extensions(&self) -> &[SesExtension] {
        &self.extensions
    }

    /// The maker's certificate.
    #[must_use]
    pub const fn maker(&self) -> &Certificate {
        &self.by.certificate
    }

    /// The timestamp on the maker's signature, in DER, where there is one: [`crate::tsp::TimestampToken`] reads it, and it is
    /// about [`Self::signature_digest`].
    #[must_use]
    pub fn timestamp(&self) -> Option<&[u8]> {
        self.timestamp.as_deref()
    }

    /// The digest of the maker's signature value.
    #[must_use]
    pub fn signature_digest(&self, algorithm: DigestAlgorithm) -> Digest {
        Digest::of(algorithm, &self.by.value)
    }

    /// Whether the key of the maker's certificate signed it.
    ///
    /// # Errors
    /// [`SesError::BadSignature`], [`SesError::UnsupportedAlgorithm`] or [`SesError::WeakAlgorithm`].
    pub fn verify_signature(&self) -> Result<(), SesError> {
        self.by.verify()
    }

    /// The same seal with a timestamp on its maker's signature (GM/T 0031-2025).
    ///
    /// # Errors
    /// [`SesError::CannotWrite`] in other versions.
    pub fn with_timestamp(&self, token: &[u8]) -> Result<Self, SesError> {
        if self.version != SesVersion::V5 {
            return Err(SesError::CannotWrite { detail: "a timestamp in a seal of this version" });
        }
        let time_stamp = Some(BitString::from_bytes(token)?);
        Self::from_der(&SignedV4 { time_stamp, ..SignedV4::from_der(&self.der)? }.to_der()?)
    }
}

impl PartialEq for Seal {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Seal {}

/// Names do not belong in logs.
impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Seal");
        shown.field("version", &self.version).field("id", &self.id).field("signers", &self.signers);
        shown.field("picture", &self.picture).field("maker", self.maker()).finish_non_exhaustive()
    }
}
