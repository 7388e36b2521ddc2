use cms::cert::IssuerAndSerialNumber;
use cms::content_info::ContentInfo;
use cms::signed_data::{EncapsulatedContentInfo, SignerIdentifier};
use const_oid::ObjectIdentifier;
use der::asn1::{OctetString, OctetStringRef, SetOfVec};
use der::{Any, Decode, Encode};

use super::structure::{RawSet, SignedDataStructure, SignerInfo};
use super::{CmsError, Dialect};
use crate::Suite;
use crate::cert::Chain;
use crate::key::Signature;

/// What is signed: nothing of it inside, or all.
pub(super) enum Content<'a> {
    /// Plain bytes that are elsewhere.
    Detached,
    /// Content of that type, carried along.
    Encapsulated(ObjectIdentifier, &'a [u8]),
}

/// Writes a `ContentInfo` with the `SignedData` of one signer.
pub(super) fn signed_data(
    dialect: Dialect,
    content: &Content<'_>,
    suite: Suite,
    attributes: &[u8],
    signature: &Signature,
    signer: &Chain,
    certificates: impl Iterator<Item = impl AsRef<[u8]>>,
) -> Result<Vec<u8>, CmsError> {
    let digest_algorithm = suite.digest_algorithm().identifier();
    let signer_info = SignerInfo {
        version: 1,
        // Not the key identifier: Acrobat does not find the certificate by it.
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: signer.leaf().issuer().clone(),
            serial_number: signer.leaf().serial_number().clone(),
        }),
        digest_algorithm: digest_algorithm.clone(),
        signed_attributes: Some(RawSet::from_der(attributes)?),
        signature_algorithm: dialect.signature_algorithm(suite),
        signature: OctetString::new(signature.to_der())?,
        unsigned_attributes: None,
    };
    let (version, encap_content_info) = match content {
        Content::Detached => (1, EncapsulatedContentInfo { econtent_type: dialect.data(), econtent: None }),
        Content::Encapsulated(econtent_type, bytes) => {
            let econtent = Some(Any::encode_from(&OctetStringRef::new(bytes)?)?);
            (3, EncapsulatedContentInfo { econtent_type: *econtent_type, econtent })
        }
    };
    let certificates = certificates.map(|der| Any::from_der(der.as_ref())).collect::<Result<Vec<_>, _>>()?;
    let structure = SignedDataStructure {
        version,
        digest_algorithms: SetOfVec::try_from(vec![digest_algorithm])?,
        encap_content_info,
        certificates: if certificates.is_empty() { None } else { Some(SetOfVec::try_from(certificates)?) },
        crls: None,
        signer_infos: SetOfVec::try_from(vec![Any::encode_from(&signer_info)?])?,
    };
    content_info(dialect, &structure)
}

/// The `ContentInfo` around a `SignedData` (RFC 5652 §3, GB/T 35275-2017).
pub(super) fn content_info(dialect: Dialect, structure: &SignedDataStructure) -> Result<Vec<u8>, CmsError> {
    let content = Any::encode_from(structure)?;
    Ok(ContentInfo { content_type: dialect.signed_data(), content }.to_der()?)
}

/// Everything in a signature but certificates and the issuer's name: algorithm identifiers, attributes, the longest
/// signature and serial number, and the frames around them come to less than this.
const FIXED_PART: usize = 512;
/// The frames of an attribute around a timestamp token.
const TOKEN_FRAMES: usize = 64;

/// Room for the token of a timestamp authority that is not known yet, in bytes: those of public authorities, with three or
/// four RSA certificates inside, take 4 to 8 KiB.
pub const USUAL_TIMESTAMP_LEN: usize = 10 * 1024;

/// An upper bound for the length of [`super::SignedData::to_der`] after [`super::SignedAttributes::finish`] with this
/// chain, and with a signature timestamp of at most `timestamp_len` bytes added (0 where none will be), in bytes.
#[must_use]
pub fn estimated_size(chain: &Chain, timestamp_len: usize) -> usize {
    let certificates: usize = chain.ders().map(<[u8]>::len).sum();
    // The issuer's name is a part of the leaf, so the leaf is more than long enough.
    let issuer = chain.leaf().issuer().encoded_len().ok().and_then(|len| usize::try_from(len).ok());
    let timestamp = if timestamp_len == 0 { 0 } else { timestamp_len + TOKEN_FRAMES };
    certificates + issuer.unwrap_or_else(|| chain.leaf().to_der().len()) + FIXED_PART + timestamp
}
