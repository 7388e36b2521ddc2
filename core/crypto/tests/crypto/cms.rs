//! Detached signatures: made, read, and every way in which one can be wrong.

use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData as Structure, SignerInfo};
use const_oid::ObjectIdentifier;
use der::asn1::{OctetString, SetOfVec};
use der::{Any, Decode, Encode};
use eseal_crypto::cert::{CertificateProfile, Chain, Purpose};
use eseal_crypto::cms::{CmsError, MAX_SIGNED_DATA_LEN, SignedAttributes, SignedData, estimated_size};
use eseal_crypto::key::SigningKey;
use proptest::prelude::*;
use x509_cert::attr::Attribute;

use crate::support::{NOW, Pki, key, sha256};

const CONTENT: &[u8] = b"the bytes of a document";
const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
const SIGNING_TIME: &str = "1.2.840.113549.1.9.5";
const SIGNING_CERTIFICATE_V2: &str = "1.2.840.113549.1.9.16.2.47";

struct Signer {
    pki: Pki,
    key: SigningKey,
    chain: Chain,
}

impl Signer {
    fn new() -> Self {
        let mut pki = Pki::new();
        let key = key(7);
        let chain = pki.issue(&CertificateProfile::DocumentSigning, key.public_key());
        Self { pki, key, chain }
    }

    fn sign(&self, content: &[u8]) -> Vec<u8> {
        let attributes = SignedAttributes::pades(&sha256(content), self.chain.leaf()).unwrap();
        let signature = self.key.sign(attributes.to_be_signed());
        attributes.finish(&signature, &self.chain).unwrap().to_der().to_vec()
    }

    /// A signature of which a part is changed before it is signed again, so that only that change can be wrong.
    fn sign_changed(&self, change: impl Fn(&mut Vec<Attribute>)) -> Vec<u8> {
        let original = structure(&self.sign(CONTENT));
        let mut attributes = signer_info(&original).signed_attrs.unwrap().into_vec();
        change(&mut attributes);
        let attributes = SetOfVec::try_from(attributes).unwrap();
        let signature = self.key.sign(&attributes.to_der().unwrap());
        rebuild(original, |info| {
            info.signed_attrs = Some(attributes.clone());
            info.signature = OctetString::new(signature.to_der()).unwrap();
        })
    }
}

fn structure(der: &[u8]) -> Structure {
    ContentInfo::from_der(der).unwrap().content.decode_as().unwrap()
}

fn signer_info(structure: &Structure) -> SignerInfo {
    structure.signer_infos.0.as_slice()[0].clone()
}

fn write(structure: &Structure) -> Vec<u8> {
    let content_type = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
    ContentInfo { content_type, content: Any::encode_from(structure).unwrap() }.to_der().unwrap()
}

fn rebuild(mut structure: Structure, change: impl Fn(&mut SignerInfo)) -> Vec<u8> {
    let mut info = signer_info(&structure);
    change(&mut info);
    structure.signer_infos = vec![info].try_into().unwrap();
    write(&structure)
}

fn attribute(oid: &str, values: &[&dyn Fn() -> Any]) -> Attribute {
    let values = values.iter().map(|value| value()).collect::<Vec<_>>();
    Attribute { oid: oid.parse().unwrap(), values: SetOfVec::try_from(values).unwrap() }
}

fn verify(der: &[u8], content: &[u8]) -> Result<(), CmsError> {
    SignedData::from_der(der)?.verify(&sha256(content))
}

#[test]
fn what_is_signed_verifies_and_leads_to_the_root() {
    let signer = Signer::new();
    let read = SignedData::from_der(&signer.sign(CONTENT)).unwrap();
    assert_eq!(read.verify(&sha256(CONTENT)), Ok(()));
    assert_eq!(read.chain(), &signer.chain);
    assert_eq!(read.signer(), signer.chain.leaf());
    assert_eq!(read.chain().verify(&signer.pki.anchors(), NOW, Purpose::DocumentSigning), Ok(()));
    assert_eq!(read.signing_time(), None);
}

#[test]
fn the_structure_is_the_one_that_pades_asks_for() {
    let signer = Signer::new();
    let structure = structure(&signer.sign(CONTENT));
    let info = signer_info(&structure);
    assert_eq!(structure.version as u8, 1);
    assert_eq!(info.version as u8, 1);
    assert_eq!(structure.encap_content_info.econtent_type.to_string(), "1.2.840.113549.1.7.1");
    assert!(structure.encap_content_info.econtent.is_none() && structure.crls.is_none());
    assert!(matches!(info.sid, cms::signed_data::SignerIdentifier::IssuerAndSerialNumber(_)));
    assert_eq!(info.signature_algorithm.oid.to_string(), "1.2.840.10045.4.3.2");
    assert!(info.signature_algorithm.parameters.is_none() && info.unsigned_attrs.is_none());
    let mut oids: Vec<_> = info.signed_attrs.unwrap().iter().map(|attribute| attribute.oid.to_string()).collect();
    oids.sort();
    assert_eq!(oids, [SIGNING_CERTIFICATE_V2, CONTENT_TYPE, MESSAGE_DIGEST]);
}

#[test]
fn the_bytes_to_sign_never_change() {
    let signer = Signer::new();
    let attributes = SignedAttributes::pades(&sha256(CONTENT), signer.chain.leaf()).unwrap();
    let hex = data_encoding::HEXLOWER.encode(attributes.to_be_signed());
    let hash = sha256(signer.chain.leaf().to_der());
    let by_hand = format!(
        "318184\
         301806092a864886f70d010903310b06092a864886f70d010701\
         302f06092a864886f70d01090431220420{}\
         3037060b2a864886f70d010910022f3128302630243022 0420{hash}",
        sha256(CONTENT)
    )
    .replace(' ', "");
    assert_eq!(hex, by_hand);
}

/// The versions follow from the structure; one that does not was changed, or is that of PKCS #7.
#[test]
fn versions_that_lie_are_refused() {
    use cms::content_info::CmsVersion;
    let signer = Signer::new();
    let with = |version: CmsVersion, of_signer: CmsVersion, by_key: bool| {
        let mut original = structure(&signer.sign(CONTENT));
        original.version = version;
        let der = rebuild(original, |info| {
            info.version = of_signer;
            if by_key {
                let certificate = x509_cert::Certificate::from_der(signer.chain.leaf().to_der()).unwrap();
                info.sid = cms::signed_data::SignerIdentifier::from(&certificate);
            }
        });
        verify(&der, CONTENT).is_ok()
    };
    assert!(with(CmsVersion::V1, CmsVersion::V1, false));
    assert!(with(CmsVersion::V3, CmsVersion::V3, true));
    assert!(with(CmsVersion::V1, CmsVersion::V3, true), "as PKCS #7 has it");
    for (version, of_signer, by_key) in [
        (CmsVersion::V0, CmsVersion::V1, false),
        (CmsVersion::V3, CmsVersion::V1, false),
        (CmsVersion::V5, CmsVersion::V1, false),
        (CmsVersion::V1, CmsVersion::V3, false),
        (CmsVersion::V1, CmsVersion::V0, false),
        (CmsVersion::V3, CmsVersion::V1, true),
        (CmsVersion::V2, CmsVersion::V3, true),
    ] {
        assert!(!with(version, of_signer, by_key), "{version:?} {of_signer:?} {by_key}");
    }
}

#[test]
fn another_content_is_a_digest_mismatch() {
    let der = Signer::new().sign(CONTENT);
    assert_eq!(verify(&der, b"other bytes"), Err(CmsError::DigestMismatch));
}

#[test]
fn finishing_asks_for_the_signers_own_signature_and_chain() {
    let mut signer = Signer::new();
    let attributes = || SignedAttributes::pades(&sha256(CONTENT), signer.chain.leaf()).unwrap();
    let signature = key(8).sign(attributes().to_be_signed());
    assert_eq!(attributes().finish(&signature, &signer.chain).err(), Some(CmsError::BadSignature));
    let signature = signer.key.sign(b"something else");
    assert_eq!(attributes().finish(&signature, &signer.chain).err(), Some(CmsError::BadSignature));
    let attributes = attributes();
    let signature = signer.key.sign(attributes.to_be_signed());
    let renewed = signer.pki.issue(&CertificateProfile::DocumentSigning, signer.key.public_key());
    assert_eq!(attributes.finish(&signature, &renewed).err(), Some(CmsError::WrongChain));
}

#[test]
fn a_signature_by_another_key_is_found() {
    let signer = Signer::new();
    let der = rebuild(structure(&signer.sign(CONTENT)), |info| {
        let attributes = info.signed_attrs.as_ref().unwrap().to_der().unwrap();
        info.signature = OctetString::new(key(8).sign(&attributes).to_der()).unwrap();
    });
    assert_eq!(verify(&der, CONTENT), Err(CmsError::BadSignature));
    let der = rebuild(structure(&signer.sign(CONTENT)), |info| {
        info.signature = OctetString::new(vec![0; 64]).unwrap();
    });
    assert_eq!(verify(&der, CONTENT), Err(CmsError::BadSignature));
}

#[test]
fn another_certificate_for_the_same_key_is_found() {
    let mut signer = Signer::new();
    let original = structure(&signer.sign(CONTENT));
    let renewed = signer.pki.issue(&CertificateProfile::DocumentSigning, signer.key.public_key());
    let under_the_new_one = structure(&Signer { chain: renewed, ..signer }.sign(CONTENT));
    // The signature of the old one, with the new one in its place: the key is the same, so only the name gives it away.
    let info = signer_info(&original);
    let der = rebuild(under_the_new_one, |changed| {
        changed.signed_attrs.clone_from(&info.signed_attrs);
        changed.signature = info.signature.clone();
    });
    assert_eq!(verify(&der, CONTENT), Err(CmsError::SigningCertificateMismatch));
}

#[test]
fn a_signature_that_names_no_certificate_is_told_from_a_bad_one() {
    let signer = Signer::new();
    let without = |attributes: &mut Vec<Attribute>| {
        attributes.retain(|attribute| attribute.oid.to_string() != SIGNING_CERTIFICATE_V2);
    };
    let der = signer.sign_changed(without);
    assert_eq!(verify(&der, CONTENT), Err(CmsError::SigningCertificateMissing));
    assert_eq!(verify(&der, b"other bytes"), Err(CmsError::DigestMismatch));
}

#[test]
fn attributes_that_are_missing_or_doubled_are_found() {
    let signer = Signer::new();
    for (oid, name) in [(CONTENT_TYPE, "contentType"), (MESSAGE_DIGEST, "messageDigest")] {
        let missing = signer.sign_changed(|attributes| attributes.retain(|a| a.oid.to_string() != oid));
        assert_eq!(verify(&missing, CONTENT), Err(CmsError::MissingAttribute { name }));
    }
    let other_digest = || Any::encode_from(&OctetString::new(sha256(b"other").as_bytes()).unwrap()).unwrap();
    let own_digest = || Any::encode_from(&OctetString::new(sha256(CONTENT).as_bytes()).unwrap()).unwrap();
    let doubled = signer.sign_changed(|a| a.push(attribute(MESSAGE_DIGEST, &[&other_digest])));
    assert_eq!(verify(&doubled, CONTENT), Err(CmsError::MissingAttribute { name: "messageDigest" }));
    let two_values = signer.sign_changed(|attributes| {
        attributes.retain(|a| a.oid.to_string() != MESSAGE_DIGEST);
        attributes.push(attribute(MESSAGE_DIGEST, &[&own_digest, &other_digest]));
    });
    assert_eq!(verify(&two_values, CONTENT), Err(CmsError::MissingAttribute { name: "messageDigest" }));
    let wrong_type = signer.sign_changed(|attributes| {
        let oid = || Any::encode_from(&ObjectIdentifier::new_unwrap("1.2.3.4")).unwrap();
        attributes.retain(|a| a.oid.to_string() != CONTENT_TYPE);
        attributes.push(attribute(CONTENT_TYPE, &[&oid]));
    });
    assert_eq!(verify(&wrong_type, CONTENT), Err(CmsError::MissingAttribute { name: "contentType" }));
}

#[test]
fn a_signature_without_signed_attributes_is_refused() {
    let signer = Signer::new();
    let der = rebuild(structure(&signer.sign(CONTENT)), |info| {
        info.signed_attrs = None;
        info.signature = OctetString::new(signer.key.sign(CONTENT).to_der()).unwrap();
    });
    assert_eq!(verify(&der, CONTENT), Err(CmsError::MissingAttribute { name: "signedAttrs" }));
}

/// The content of a signature without attributes, chosen to be the attributes of another: RFC 5652 does not tell the two
/// apart, so one who accepts both can be shown either.
#[test]
fn attributes_are_never_taken_for_content() {
    let signer = Signer::new();
    let attributes = SignedAttributes::pades(&sha256(CONTENT), signer.chain.leaf()).unwrap();
    let as_content = attributes.to_be_signed().to_vec();
    let der = rebuild(structure(&signer.sign(CONTENT)), |info| info.signed_attrs = None);
    assert_eq!(verify(&der, &as_content), Err(CmsError::MissingAttribute { name: "signedAttrs" }));
}

#[test]
fn a_claimed_time_is_read() {
    let signer = Signer::new();
    let time =
        || Any::encode_from(&x509_cert::time::Time::from(der::DateTime::new(2027, 1, 15, 8, 0, 0).unwrap())).unwrap();
    let der = signer.sign_changed(|attributes| attributes.push(attribute(SIGNING_TIME, &[&time])));
    let read = SignedData::from_der(&der).unwrap();
    assert_eq!(read.verify(&sha256(CONTENT)), Ok(()));
    assert_eq!(read.signing_time(), Some(NOW));
}

#[test]
fn other_algorithms_are_named() {
    let signer = Signer::new();
    let with = |change: &dyn Fn(&mut SignerInfo)| rebuild(structure(&signer.sign(CONTENT)), change);
    let unsupported = |oid: &str| Err(CmsError::UnsupportedAlgorithm { oid: oid.to_owned() });
    let sha1 = with(&|info| info.digest_alg.oid = ObjectIdentifier::new_unwrap("1.3.14.3.2.26"));
    assert!(matches!(verify(&sha1, CONTENT), Err(CmsError::Malformed { .. })), "it is not in the list");
    // id-ecPublicKey in the place of ecdsa-with-SHA256, as some signers write.
    let wrong = with(&|info| info.signature_algorithm.oid = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1"));
    assert_eq!(verify(&wrong, CONTENT), unsupported("1.2.840.10045.2.1"));
    let null = with(&|info| info.digest_alg.parameters = Some(Any::null()));
    assert_eq!(verify(&null, CONTENT), Ok(()), "RFC 5754 lets SHA-256 have NULL parameters");
    let null = with(&|info| info.signature_algorithm.parameters = Some(Any::null()));
    assert_eq!(verify(&null, CONTENT), unsupported("1.2.840.10045.4.3.2"), "RFC 5758 does not let ECDSA have them");
}

#[test]
fn content_inside_and_other_numbers_of_signers_are_refused() {
    let signer = Signer::new();
    let mut attached = structure(&signer.sign(CONTENT));
    attached.encap_content_info.econtent = Some(Any::encode_from(&OctetString::new(CONTENT).unwrap()).unwrap());
    assert_eq!(SignedData::from_der(&write(&attached)).err(), Some(CmsError::NotDetached));
    let mut none = structure(&signer.sign(CONTENT));
    none.signer_infos = vec![].try_into().unwrap();
    assert_eq!(SignedData::from_der(&write(&none)).err(), Some(CmsError::SignerCount { count: 0 }));
    let mut two = structure(&signer.sign(CONTENT));
    let other = signer_info(&structure(&signer.sign(b"other")));
    two.signer_infos = vec![signer_info(&two), other].try_into().unwrap();
    assert_eq!(SignedData::from_der(&write(&two)).err(), Some(CmsError::SignerCount { count: 2 }));
}

#[test]
fn the_signers_certificate_must_be_inside() {
    let signer = Signer::new();
    let mut without = structure(&signer.sign(CONTENT));
    without.certificates = None;
    assert_eq!(SignedData::from_der(&write(&without)).err(), Some(CmsError::SignerCertificateMissing));
}

#[test]
fn another_type_of_content_info_is_refused() {
    let content_type = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
    let data = ContentInfo { content_type, content: Any::encode_from(&OctetString::new(CONTENT).unwrap()).unwrap() };
    let error = SignedData::from_der(&data.to_der().unwrap()).err();
    assert!(matches!(error, Some(CmsError::Malformed { .. })));
}

#[test]
fn only_zeros_may_follow_and_only_where_asked() {
    let der = Signer::new().sign(CONTENT);
    let padded = [&der[..], &[0; 4096]].concat();
    assert!(matches!(SignedData::from_der(&padded).err(), Some(CmsError::Malformed { .. })));
    assert_eq!(SignedData::from_padded_der(&padded).unwrap().verify(&sha256(CONTENT)), Ok(()));
    assert_eq!(SignedData::from_padded_der(&der).unwrap().verify(&sha256(CONTENT)), Ok(()));
    let hidden = [&padded[..], b"x"].concat();
    assert!(matches!(SignedData::from_padded_der(&hidden).err(), Some(CmsError::Malformed { .. })));
}

#[test]
fn sizes_are_limited() {
    let der = Signer::new().sign(CONTENT);
    let longest = [&der[..], &vec![0; MAX_SIGNED_DATA_LEN - der.len()]].concat();
    assert!(SignedData::from_padded_der(&longest).is_ok());
    let longer = [&longest[..], &[0]].concat();
    assert_eq!(SignedData::from_padded_der(&longer).err(), Some(CmsError::TooLong));
    assert_eq!(SignedData::from_der(&longer).err(), Some(CmsError::TooLong));
}

#[test]
fn a_signature_cut_anywhere_is_refused() {
    let der = Signer::new().sign(CONTENT);
    for end in 0..der.len() {
        for cut in [SignedData::from_der(&der[..end]), SignedData::from_padded_der(&der[..end])] {
            assert!(matches!(cut.err(), Some(CmsError::Malformed { .. })), "cut at {end}");
        }
    }
}

/// A flipped bit anywhere makes it fail to read, to verify, or to lead to the root; or it is in what nobody signs and
/// nothing depends on, and then everything that is said about the signature is still true.
#[test]
fn a_flipped_bit_anywhere_changes_nothing_that_is_believed() {
    let signer = Signer::new();
    let der = signer.sign(CONTENT);
    let anchors = signer.pki.anchors();
    let mut harmless = Vec::new();
    for bit in 0..der.len() * 8 {
        let mut flipped = der.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let Ok(read) = SignedData::from_der(&flipped) else { continue };
        let holds = read.verify(&sha256(CONTENT)).is_ok();
        let trusted = read.chain().verify(&anchors, NOW, Purpose::DocumentSigning).is_ok();
        if holds && trusted {
            assert_eq!(read.chain(), &signer.chain, "bit {bit}");
            harmless.push(bit / 8);
        }
    }
    assert_eq!(harmless, [0_usize; 0], "bytes that nobody looks at");
}

#[test]
fn a_stranger_in_the_set_does_not_get_into_the_chain() {
    let mut signer = Signer::new();
    let mut padded = structure(&signer.sign(CONTENT));
    let stranger = signer.pki.issue(&CertificateProfile::RequestSigning, key(9).public_key());
    let mut certificates = padded.certificates.take().unwrap().0.into_vec();
    for der in [stranger.leaf().to_der(), signer.pki.root.certificate().to_der()] {
        certificates.push(cms::cert::CertificateChoices::Certificate(x509_cert::Certificate::from_der(der).unwrap()));
    }
    padded.certificates = Some(certificates.try_into().unwrap());
    let read = SignedData::from_der(&write(&padded)).unwrap();
    let expected: Vec<_> = signer.chain.certificates().chain([signer.pki.root.certificate()]).cloned().collect();
    assert_eq!(read.chain().certificates().cloned().collect::<Vec<_>>(), expected);
    assert_eq!(read.verify(&sha256(CONTENT)), Ok(()));
}

#[test]
fn the_estimate_is_enough_and_not_far_too_much() {
    let signer = Signer::new();
    let longest = eseal_crypto::cert::Subject::named("长".repeat(64))
        .with_organization("长".repeat(64))
        .with_serial_number("1".repeat(64))
        .with_country(*b"CN");
    let mut rng = crate::support::Repeatable::seeded(9);
    let root = eseal_crypto::cert::Issuer::new_root(key(1), &longest, crate::support::days(1, 1), &mut rng).unwrap();
    let profile = CertificateProfile::DocumentSigning;
    let leaf = root.issue(&profile, &longest, signer.key.public_key(), crate::support::days(1, 1), &mut rng).unwrap();
    for chain in [signer.chain.clone(), root.chain_of(leaf).unwrap()] {
        let estimate = estimated_size(&chain, 0);
        let len = Signer { chain, key: key(7), pki: Pki::new() }.sign(CONTENT).len();
        assert!(len <= estimate && estimate <= len + 256, "{len} bytes, estimated {estimate}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(SignedData::from_der(&bytes).is_err());
        prop_assert!(SignedData::from_padded_der(&bytes).is_err());
    }
}
