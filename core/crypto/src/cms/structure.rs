//! The ASN.1 of `SignedData`. Certificates, revocation data and signed attributes stay the bytes they are, where `cms`
//! would parse and write them anew.

use cms::signed_data::{EncapsulatedContentInfo, SignerIdentifier};
use der::asn1::{OctetString, SetOfVec};
use der::{Any, Decode, DecodeValue, Encode, EncodeValue, FixedTag, Header, Length, Reader, Sequence, Tag, Writer};
use spki::AlgorithmIdentifierOwned;
use x509_cert::attr::Attribute;

/// `SET OF Attribute`.
pub(super) type AttributeSet = SetOfVec<Attribute>;

/// `SignedData` (RFC 5652 §5.1).
#[derive(Clone, Sequence)]
pub(super) struct SignedDataStructure {
    pub(super) version: u8,
    pub(super) digest_algorithms: SetOfVec<AlgorithmIdentifierOwned>,
    pub(super) encap_content_info: EncapsulatedContentInfo,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) certificates: Option<SetOfVec<Any>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) crls: Option<SetOfVec<Any>>,
    pub(super) signer_infos: SetOfVec<Any>,
}

/// `SignerInfo` (RFC 5652 §5.3).
#[derive(Clone, Sequence)]
pub(super) struct SignerInfo {
    pub(super) version: u8,
    pub(super) sid: SignerIdentifier,
    pub(super) digest_algorithm: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", constructed = "true", optional = "true")]
    pub(super) signed_attributes: Option<RawSet>,
    pub(super) signature_algorithm: AlgorithmIdentifierOwned,
    pub(super) signature: OctetString,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", constructed = "true", optional = "true")]
    pub(super) unsigned_attributes: Option<AttributeSet>,
}

/// The content of a `SET OF`, byte for byte: a signature is checked over what arrived, never over a re-encoding.
#[derive(Clone)]
pub(super) struct RawSet(Vec<u8>);

impl RawSet {
    /// The attributes in it.
    pub(super) fn attributes(&self) -> der::Result<AttributeSet> {
        AttributeSet::from_der(&self.to_der()?)
    }
}

impl FixedTag for RawSet {
    const TAG: Tag = Tag::Set;
}

impl<'a> DecodeValue<'a> for RawSet {
    type Error = der::Error;

    fn decode_value<R: Reader<'a>>(reader: &mut R, header: Header) -> der::Result<Self> {
        Ok(Self(reader.read_vec(header.length())?))
    }
}

impl EncodeValue for RawSet {
    fn value_len(&self) -> der::Result<Length> {
        Length::try_from(self.0.len())
    }

    fn encode_value(&self, writer: &mut impl Writer) -> der::Result<()> {
        writer.write(&self.0)
    }
}
