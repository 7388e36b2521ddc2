use cms::cert::IssuerAndSerialNumber;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{EncapsulatedContentInfo, SignedAttributes, SignerIdentifier, SignerInfo};
use const_oid::db::rfc5911::{ID_DATA, ID_SIGNED_DATA};
use der::asn1::{OctetString, SetOfVec};
use der::{Any, Decode, Encode, Sequence};
use spki::AlgorithmIdentifierOwned;

use super::CmsError;
use crate::Suite;
use crate::cert::Chain;
use crate::key::Signature;

/// `SignedData` (RFC 5652 §5.1) with the certificates and revocation data as the bytes they are: `cms` would parse and
/// write them anew.
#[derive(Sequence)]
pub(super) struct SignedDataStructure {
    pub(super) version: CmsVersion,
    pub(super) digest_algorithms: SetOfVec<AlgorithmIdentifierOwned>,
    pub(super) encap_content_info: EncapsulatedContentInfo,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) certificates: Option<SetOfVec<Any>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) crls: Option<SetOfVec<Any>>,
    pub(super) signer_infos: SetOfVec<SignerInfo>,
}

pub(super) fn signed_data(
    suite: Suite,
    attributes: SignedAttributes,
    signature: &Signature,
    chain: &Chain,
) -> Result<Vec<u8>, CmsError> {
    let digest_algorithm = suite.digest_algorithm().identifier();
    let certificates = chain.ders().map(Any::from_der).collect::<Result<Vec<_>, _>>()?;
    let signer = SignerInfo {
        version: CmsVersion::V1,
        // Not the key identifier: Acrobat does not find the certificate by it.
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: chain.leaf().issuer().clone(),
            serial_number: chain.leaf().serial_number().clone(),
        }),
        digest_alg: digest_algorithm.clone(),
        signed_attrs: Some(attributes),
        signature_algorithm: suite.signature_algorithm(),
        signature: OctetString::new(signature.to_der())?,
        unsigned_attrs: None,
    };
    let signed_data = SignedDataStructure {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![digest_algorithm])?,
        encap_content_info: EncapsulatedContentInfo { econtent_type: ID_DATA, econtent: None },
        certificates: Some(SetOfVec::try_from(certificates)?),
        crls: None,
        signer_infos: SetOfVec::try_from(vec![signer])?,
    };
    let content = Any::encode_from(&signed_data)?;
    Ok(ContentInfo { content_type: ID_SIGNED_DATA, content }.to_der()?)
}

/// Everything in a signature but certificates and the issuer's name: algorithm identifiers, attributes, the longest
/// signature and serial number, and the frames around them come to less than this.
const FIXED_PART: usize = 512;

/// An upper bound for the length of [`super::SignedAttributes::finish`]'s answer with this chain, in bytes.
#[must_use]
pub fn estimated_size(chain: &Chain) -> usize {
    let certificates: usize = chain.ders().map(<[u8]>::len).sum();
    // The issuer's name is a part of the leaf, so the leaf is more than long enough.
    let issuer = chain.leaf().issuer().encoded_len().ok().and_then(|len| usize::try_from(len).ok());
    certificates + issuer.unwrap_or_else(|| chain.leaf().to_der().len()) + FIXED_PART
}
