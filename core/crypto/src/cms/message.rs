//! A `SignedData` of one signer, whether its content is inside or elsewhere.

use cms::content_info::ContentInfo;
use cms::signed_data::SignerIdentifier;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911::ID_DATA;
use der::asn1::{OctetString, SetOfVec};
use der::{Any, Decode, Encode, Reader, SliceReader, Tag, TagNumber, Tagged};

use super::read::ReadAttributes;
use super::structure::{AttributeSet, RawSet, SignedDataStructure, SignerInfo};
use super::{CmsError, Dialect, ber, encode};
use crate::cert::{Certificate, Chain};
use crate::digest::{Digest, DigestAlgorithm};
use crate::scheme::SignatureScheme;

/// Longest `SignedData` that is read, in bytes: certificates, revocation data and timestamps of a long-term signature fit.
pub const MAX_SIGNED_DATA_LEN: usize = 1024 * 1024;
/// Most certificates that are read from one `SignedData`.
const MAX_CERTIFICATES: usize = 32;

/// Where a message comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// Our own parties, who keep to the standard to the letter.
    Own,
    /// A file, made by anybody.
    File,
}

#[derive(Clone)]
pub(crate) struct Message {
    der: Vec<u8>,
    dialect: Dialect,
    structure: SignedDataStructure,
    signer_info: SignerInfo,
    certificates: Vec<Certificate>,
    chain: Chain,
}

impl Message {
    /// Reads a DER `ContentInfo` that holds a `SignedData` with one signer (RFC 5652 §3, §5; GB/T 35275-2017 §8).
    pub(crate) fn from_der(der: &[u8]) -> Result<Self, CmsError> {
        let (message, padding) = Self::from_start_of(der, Origin::Own)?;
        if padding.is_empty() { Ok(message) } else { Err(CmsError::Malformed { detail: "bytes after the end" }) }
    }

    /// As [`Self::from_der`], with zero bytes allowed after the end, and BER where files have it.
    pub(super) fn from_padded_der(bytes: &[u8]) -> Result<Self, CmsError> {
        let (message, padding) = match Self::from_start_of(bytes, Origin::File) {
            Err(refused @ CmsError::Malformed { .. }) => {
                let (der, padding) = ber::to_der(bytes).ok_or(refused)?;
                (Self::from_start_of(&der, Origin::File)?.0, padding)
            }
            read => read?,
        };
        if padding.iter().all(|byte| *byte == 0) {
            Ok(message)
        } else {
            Err(CmsError::Malformed { detail: "bytes after the end" })
        }
    }

    /// Reads what `bytes` start with; answers with the rest, too.
    fn from_start_of(bytes: &[u8], origin: Origin) -> Result<(Self, &[u8]), CmsError> {
        if bytes.len() > MAX_SIGNED_DATA_LEN {
            return Err(CmsError::TooLong);
        }
        let mut reader = SliceReader::new(bytes)?;
        let content_info = ContentInfo::decode(&mut reader)?;
        let rest = reader.read_slice(reader.remaining_len())?;
        let der = bytes.get(..bytes.len() - rest.len()).unwrap_or_default();
        let dialect = Dialect::of_signed_data(content_info.content_type);
        let dialect = dialect.ok_or(CmsError::Malformed { detail: "not SignedData" })?;
        let structure: SignedDataStructure = content_info.content.decode_as()?;
        let message = Self::from_structure(der.to_vec(), dialect, structure)?;
        check_versions(dialect, origin, &message.structure, &message.signer_info)?;
        Ok((message, rest))
    }

    fn from_structure(der: Vec<u8>, dialect: Dialect, structure: SignedDataStructure) -> Result<Self, CmsError> {
        let [signer_info] = structure.signer_infos.as_slice() else {
            return Err(CmsError::SignerCount { count: structure.signer_infos.len() });
        };
        let signer_info = signer_info.decode_as::<SignerInfo>()?;
        if !structure.digest_algorithms.iter().any(|listed| listed.oid == signer_info.digest_algorithm.oid) {
            return Err(CmsError::Malformed { detail: "the signer's digest algorithm is not listed" });
        }
        let certificates = read_certificates(structure.certificates.as_ref().map_or(&[], |set| set.as_slice()))?;
        let is_signer = |certificate: &&Certificate| is_identified(certificate, &signer_info.sid);
        let signer = certificates.iter().find(is_signer).ok_or(CmsError::SignerCertificateMissing)?;
        let chain = Chain::following(signer, &certificates);
        Ok(Self { der, dialect, structure, signer_info, certificates, chain })
    }

    pub(crate) fn to_der(&self) -> &[u8] {
        &self.der
    }

    pub(super) const fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub(crate) fn content_type(&self) -> ObjectIdentifier {
        self.structure.encap_content_info.econtent_type
    }

    /// The content, where it is inside.
    pub(crate) fn content(&self) -> Result<Option<Vec<u8>>, CmsError> {
        let Some(content) = &self.structure.encap_content_info.econtent else { return Ok(None) };
        Ok(Some(content.decode_as::<OctetString>()?.into_bytes().into()))
    }

    pub(crate) const fn chain(&self) -> &Chain {
        &self.chain
    }

    pub(crate) fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// The revocation data beside the certificates (RFC 5652 §10.2.1): CRLs as they are, and other formats, tagged.
    pub(super) fn revocation_choices(&self) -> &[Any] {
        self.structure.crls.as_ref().map_or(&[], |set| set.as_slice())
    }

    pub(crate) fn digest_algorithm(&self) -> Result<DigestAlgorithm, CmsError> {
        Ok(DigestAlgorithm::from_identifier(&self.signer_info.digest_algorithm)?)
    }

    pub(crate) fn signature_value(&self) -> &[u8] {
        self.signer_info.signature.as_bytes()
    }

    /// Whether the signer signed attributes that state this digest.
    pub(crate) fn verify(&self, content: &Digest) -> Result<(), CmsError> {
        let raw = self.raw_attributes()?;
        let attributes = ReadAttributes(raw.attributes()?);
        // Asked before the digests are compared: of what cannot be checked nothing is said to be wrong.
        self.chain.leaf().verification_key()?;
        if !self.dialect.is_same_type(attributes.content_type()?, self.content_type()) {
            return Err(CmsError::MissingAttribute { name: "contentType" });
        }
        let stated = Digest::from_bytes(self.digest_algorithm()?, attributes.message_digest()?.as_bytes());
        if stated.as_ref() != Ok(content) {
            return Err(CmsError::DigestMismatch);
        }
        self.verify_signature_over(&raw.to_der()?)?;
        match attributes.check_signing_certificate(self.chain.leaf()) {
            // GB/T 35275 does not ask for it; SM2 signs the key along.
            Err(CmsError::SigningCertificateMissing) if self.dialect == Dialect::Gbt35275 => Ok(()),
            judged => judged,
        }
    }

    /// Whether the signature is the signer's over these bytes.
    pub(super) fn verify_signature_over(&self, signed: &[u8]) -> Result<(), CmsError> {
        let algorithm = &self.signer_info.signature_algorithm;
        let scheme = SignatureScheme::from_signer_info(algorithm, self.digest_algorithm()?)?;
        Ok(self.chain.leaf().verification_key()?.verify(scheme, signed, self.signature_value())?)
    }

    pub(super) const fn has_attributes(&self) -> bool {
        self.signer_info.signed_attributes.is_some()
    }

    pub(crate) fn states(&self, content: &Digest) -> Result<bool, CmsError> {
        let stated = Digest::from_bytes(self.digest_algorithm()?, self.attributes()?.message_digest()?.as_bytes());
        Ok(stated.as_ref() == Ok(content))
    }

    pub(super) fn attributes(&self) -> Result<ReadAttributes, CmsError> {
        Ok(ReadAttributes(self.raw_attributes()?.attributes()?))
    }

    fn raw_attributes(&self) -> Result<&RawSet, CmsError> {
        self.signer_info.signed_attributes.as_ref().ok_or(CmsError::MissingAttribute { name: "signedAttrs" })
    }

    pub(super) fn unsigned_attributes(&self) -> Option<&AttributeSet> {
        self.signer_info.unsigned_attributes.as_ref()
    }

    /// The same message with these unsigned attributes in place of its own.
    pub(super) fn with_unsigned_attributes(&self, attributes: AttributeSet) -> Result<Self, CmsError> {
        let signer_info = SignerInfo { unsigned_attributes: Some(attributes), ..self.signer_info.clone() };
        let mut structure = self.structure.clone();
        structure.signer_infos = vec![Any::encode_from(&signer_info)?].try_into()?;
        Self::from_der(&encode::content_info(self.dialect, &structure)?)
    }
}

/// The versions say nothing that the structure does not (RFC 5652 §5.1, §5.3), and no signature covers them: one that
/// lies was changed. In a detached signature 1 is taken, too, where it should be more: before CMS, in PKCS #7, it always
/// was (RFC 2315 §9.1), and some still write it; and in files 3 where it should be 1: some write nothing else.
/// GB/T 35275 has kept to 1 (§8).
fn check_versions(
    dialect: Dialect,
    origin: Origin,
    structure: &SignedDataStructure,
    signer_info: &SignerInfo,
) -> Result<(), CmsError> {
    let signer = match signer_info.sid {
        SignerIdentifier::IssuerAndSerialNumber(_) => 1,
        SignerIdentifier::SubjectKeyIdentifier(_) => 3,
    };
    let has_certificate = |number: u32| has_tagged(structure.certificates.as_ref(), number);
    let whole = if has_certificate(3) || has_tagged(structure.crls.as_ref(), 1) {
        5
    } else if has_certificate(2) {
        4
    } else if has_certificate(1) || signer == 3 || structure.encap_content_info.econtent_type != ID_DATA {
        3
    } else {
        1
    };
    let is_pkcs7 = structure.version == 1
        && (structure.encap_content_info.econtent_type == ID_DATA || dialect == Dialect::Gbt35275);
    let is_always_3 = origin == Origin::File && (structure.version, whole) == (3, 1) && dialect == Dialect::Rfc5652;
    if signer_info.version == signer && (structure.version == whole || is_pkcs7 || is_always_3) {
        Ok(())
    } else {
        Err(CmsError::Malformed { detail: "a version that does not fit the structure" })
    }
}

/// Whether a set has a member of another kind than the usual untagged one.
fn has_tagged(set: Option<&SetOfVec<Any>>, number: u32) -> bool {
    let is_such = |any: &Any| any.tag().is_context_specific() && any.tag().number() == TagNumber(number);
    set.is_some_and(|set| set.iter().any(is_such))
}

/// The X.509 certificates of the set that can be read; attribute certificates and other formats, which are tagged, are
/// passed over.
fn read_certificates(set: &[Any]) -> Result<Vec<Certificate>, CmsError> {
    if set.len() > MAX_CERTIFICATES {
        return Err(CmsError::Malformed { detail: "too many certificates" });
    }
    let x509 = set.iter().filter(|any| any.tag() == Tag::Sequence);
    x509.map(|any| Certificate::from_der(&any.to_der()?).map_err(|_| CmsError::Malformed { detail: "a certificate" }))
        .collect()
}

fn is_identified(certificate: &Certificate, signer: &SignerIdentifier) -> bool {
    match signer {
        SignerIdentifier::IssuerAndSerialNumber(id) => {
            *certificate.issuer() == id.issuer && *certificate.serial_number() == id.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(id) => certificate.subject_key_identifier() == Some(id.0.as_bytes()),
    }
}
