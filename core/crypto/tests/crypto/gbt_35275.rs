//! CMS with SM2, in both dialects: written, read in every form that is in the field, and every way in which one can be wrong.

use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData as Structure, SignerInfo};
use const_oid::ObjectIdentifier;
use data_encoding::BASE64;
use der::asn1::{OctetString, OctetStringRef, SetOfVec};
use der::{Any, Decode, Encode};
use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificateProfile, Chain, Purpose};
use eseal_crypto::cms::{CmsError, Dialect, SignedAttributes, SignedData, estimated_size};
use eseal_crypto::key::SigningKey;
use x509_cert::attr::Attribute;

use crate::support::{NOW, Pki, key, sha256, sm2_key, sm3};

const CONTENT: &[u8] = "<ofd:Signature/>".as_bytes();
const SIGNED_DATA: &str = "1.2.156.10197.6.1.4.2.2";
const NATIONAL_DATA: &str = "1.2.156.10197.6.1.4.2.1";
const CMS_DATA: &str = "1.2.840.113549.1.7.1";
const SM2_SIGN: &str = "1.2.156.10197.1.301.1";
const SM3: &str = "1.2.156.10197.1.401";

struct Signer {
    pki: Pki,
    key: SigningKey,
    chain: Chain,
}

impl Signer {
    fn new() -> Self {
        let mut pki = Pki::of(Suite::Sm2Sm3);
        let key = sm2_key(7);
        let chain = pki.issue(&CertificateProfile::DocumentSigning, key.public_key());
        Self { pki, key, chain }
    }

    fn sign(&self, content: &[u8]) -> Vec<u8> {
        let attributes = SignedAttributes::gbt_35275(&sm3(content), self.chain.leaf(), NOW).unwrap();
        let signature = self.key.sign(attributes.to_be_signed());
        attributes.finish(&signature, &self.chain).unwrap().to_der().to_vec()
    }

    /// A signature over nothing but what is inside.
    fn sign_inside(&self, inside: &[u8]) -> Vec<u8> {
        self.rebuild(|structure, info| {
            structure.encap_content_info.econtent =
                Some(Any::encode_from(&OctetStringRef::new(inside).unwrap()).unwrap());
            info.signed_attrs = None;
            info.signature = OctetString::new(self.key.sign(inside).to_der()).unwrap();
        })
    }

    fn rebuild(&self, change: impl Fn(&mut Structure, &mut SignerInfo)) -> Vec<u8> {
        let mut structure = structure(&self.sign(CONTENT));
        let mut info = structure.signer_infos.0.as_slice()[0].clone();
        change(&mut structure, &mut info);
        structure.signer_infos = vec![info].try_into().unwrap();
        write(SIGNED_DATA, &structure)
    }

    /// With other attributes, signed anew.
    fn with_attributes(&self, change: impl Fn(&mut Vec<Attribute>)) -> Vec<u8> {
        self.rebuild(|_, info| {
            let mut attributes = info.signed_attrs.clone().unwrap().into_vec();
            change(&mut attributes);
            let attributes = SetOfVec::try_from(attributes).unwrap();
            info.signature = OctetString::new(self.key.sign(&attributes.to_der().unwrap()).to_der()).unwrap();
            info.signed_attrs = Some(attributes);
        })
    }
}

fn structure(der: &[u8]) -> Structure {
    ContentInfo::from_der(der).unwrap().content.decode_as().unwrap()
}

fn write(content_type: &str, structure: &Structure) -> Vec<u8> {
    let content_type = content_type.parse().unwrap();
    ContentInfo { content_type, content: Any::encode_from(structure).unwrap() }.to_der().unwrap()
}

fn verify(der: &[u8], content: &[u8]) -> Result<(), CmsError> {
    SignedData::from_der(der)?.verify(&sm3(content))
}

#[test]
fn what_is_signed_verifies_and_leads_to_the_root() {
    let signer = Signer::new();
    let der = signer.sign(CONTENT);
    let read = SignedData::from_der(&der).unwrap();
    assert_eq!(read.dialect(), Dialect::Gbt35275);
    assert_eq!(read.verify(&sm3(CONTENT)), Ok(()));
    assert_eq!(read.verify(&sm3(b"else")), Err(CmsError::DigestMismatch));
    assert_eq!(read.signing_time(), Some(NOW));
    assert_eq!(read.chain().verify(&signer.pki.anchors(), NOW, Purpose::DocumentSigning), Ok(()));
    assert!(der.len() <= estimated_size(&signer.chain, 0));
}

#[test]
fn the_structure_is_that_of_the_standard() {
    let signer = Signer::new();
    let der = signer.sign(CONTENT);
    assert_eq!(ContentInfo::from_der(&der).unwrap().content_type.to_string(), SIGNED_DATA);
    let structure = structure(&der);
    let info = structure.signer_infos.0.as_slice()[0].clone();
    assert_eq!((structure.version as u8, info.version as u8), (1, 1));
    assert_eq!(structure.encap_content_info.econtent_type.to_string(), NATIONAL_DATA);
    assert!(structure.encap_content_info.econtent.is_none());
    assert_eq!(info.digest_alg.oid.to_string(), SM3);
    assert_eq!(info.signature_algorithm.oid.to_string(), SM2_SIGN);
    assert!(matches!(info.sid, cms::signed_data::SignerIdentifier::IssuerAndSerialNumber(_)));
    assert_eq!(info.signed_attrs.unwrap().len(), 3);
}

#[test]
fn the_digest_may_stand_inside_as_bytes_or_as_text() {
    let signer = Signer::new();
    let digest = sm3(CONTENT);
    for inside in [digest.as_bytes().to_vec(), BASE64.encode(digest.as_bytes()).into_bytes()] {
        let der = signer.sign_inside(&inside);
        assert_eq!(verify(&der, CONTENT), Ok(()));
        assert_eq!(verify(&der, b"else"), Err(CmsError::DigestMismatch));
        let read = SignedData::from_der(&der).unwrap();
        assert_eq!((read.states(&digest), read.states(&sm3(b"else"))), (Ok(true), Ok(false)));
        // The signature of another.
        let stranger = signer.rebuild(|structure, info| {
            *structure = self::structure(&der);
            info.signed_attrs = None;
            info.signature = OctetString::new(sm2_key(8).sign(&inside).to_der()).unwrap();
        });
        assert_eq!(verify(&stranger, CONTENT), Err(CmsError::BadSignature));
    }
    let whole = signer.sign_inside(CONTENT);
    assert_eq!(SignedData::from_der(&whole).err(), Some(CmsError::NotDetached), "the content itself");
}

#[test]
fn with_the_digest_inside_attributes_state_it_or_its_own_digest() {
    let signer = Signer::new();
    let digest = sm3(CONTENT);
    for (stated, expected) in
        [(digest, Ok(())), (sm3(digest.as_bytes()), Ok(())), (sm3(b"else"), Err(CmsError::DigestMismatch))]
    {
        let attributes = SignedAttributes::gbt_35275(&stated, signer.chain.leaf(), NOW).unwrap();
        let signature = signer.key.sign(attributes.to_be_signed());
        let attributes = SetOfVec::from_der(attributes.to_be_signed()).unwrap();
        let der = signer.rebuild(|structure, info| {
            let inside = OctetStringRef::new(digest.as_bytes()).unwrap();
            structure.encap_content_info.econtent = Some(Any::encode_from(&inside).unwrap());
            info.signed_attrs = Some(attributes.clone());
            info.signature = OctetString::new(signature.to_der()).unwrap();
        });
        assert_eq!(verify(&der, CONTENT), expected);
    }
}

#[test]
fn names_of_the_other_dialect_and_signatures_in_the_fixed_form_are_read() {
    let signer = Signer::new();
    let data: ObjectIdentifier = CMS_DATA.parse().unwrap();
    // As one issuer in the field does: plain bytes named by RFC 5652 outside, by the national standard in the attribute.
    let other_type = signer.rebuild(|structure, _| structure.encap_content_info.econtent_type = data);
    assert_eq!(verify(&other_type, CONTENT), Ok(()));
    let fixed = signer.rebuild(|_, info| {
        let attributes = info.signed_attrs.clone().unwrap().to_der().unwrap();
        info.signature = OctetString::new(signer.key.sign(&attributes).to_fixed().to_vec()).unwrap();
    });
    assert_eq!(verify(&fixed, CONTENT), Ok(()));
    let with_suite = signer.rebuild(|_, info| {
        info.signature_algorithm.oid = "1.2.156.10197.1.501".parse().unwrap();
    });
    assert_eq!(verify(&with_suite, CONTENT), Ok(()));
}

#[test]
fn what_is_wrong_is_named() {
    let signer = Signer::new();
    let is = |oid: &'static str| move |attribute: &Attribute| attribute.oid.to_string() != oid;
    let without_type = signer.with_attributes(|all| all.retain(is("1.2.840.113549.1.9.3")));
    assert_eq!(verify(&without_type, CONTENT), Err(CmsError::MissingAttribute { name: "contentType" }));
    let without_digest = signer.with_attributes(|all| all.retain(is("1.2.840.113549.1.9.4")));
    assert_eq!(verify(&without_digest, CONTENT), Err(CmsError::MissingAttribute { name: "messageDigest" }));
    // No attributes and nothing inside: what was signed is not known.
    let bare = signer.rebuild(|_, info| info.signed_attrs = None);
    assert_eq!(verify(&bare, CONTENT), Err(CmsError::MissingAttribute { name: "signedAttrs" }));
    let strange = |oid: &'static str| signer.rebuild(|_, info| info.signature_algorithm.oid = oid.parse().unwrap());
    for oid in ["1.2.156.10197.1.504", "1.2.156.10197.1.301.2"] {
        assert_eq!(verify(&strange(oid), CONTENT), Err(CmsError::UnsupportedAlgorithm { oid: oid.to_owned() }));
    }
    let of_ecdsa = verify(&strange("1.2.840.10045.4.3.2"), CONTENT);
    assert_eq!(of_ecdsa, Err(CmsError::BadSignature), "a scheme that is not of the key");
    let mut long = signer.sign(CONTENT);
    long.push(0);
    assert!(matches!(SignedData::from_der(&long), Err(CmsError::Malformed { .. })));
    assert!(SignedData::from_padded_der(&long).is_ok());
    let unnamed = write("1.2.156.10197.6.1.4.2.3", &structure(&signer.sign(CONTENT)));
    assert!(matches!(SignedData::from_der(&unnamed), Err(CmsError::Malformed { .. })));
}

#[test]
fn every_changed_bit_is_noticed() {
    let signer = Signer::new();
    let der = signer.sign(CONTENT);
    let certificates = signer.chain.ders().map(<[u8]>::len).sum::<usize>();
    // What is behind the certificates is SignerInfo, and all of it is signed, signature, or names the certificate.
    let start = der.len() - (der.len() - certificates - 60);
    let mut accepted = Vec::new();
    for at in start..der.len() {
        let mut changed = der.clone();
        changed[at] ^= 1;
        if verify(&changed, CONTENT).is_ok() {
            accepted.push(at);
        }
    }
    assert_eq!(accepted, [0_usize; 0]);
}

#[test]
fn only_sm2_speaks_the_national_dialect() {
    let chain = Pki::new().issue(&CertificateProfile::DocumentSigning, key(7).public_key());
    let refused = SignedAttributes::gbt_35275(&sha256(CONTENT), chain.leaf(), NOW).err();
    assert!(matches!(refused, Some(CmsError::UnsupportedAlgorithm { .. })));
    let signer = Signer::new();
    let refused = SignedAttributes::gbt_35275(&sha256(CONTENT), signer.chain.leaf(), NOW).err();
    assert!(matches!(refused, Some(CmsError::UnsupportedAlgorithm { .. })), "another digest");
}

/// RFC 5652 with SM2: everything as with P-256.
#[test]
fn in_the_dialect_of_rfc_5652_sm2_signs_as_p_256_does() {
    let signer = Signer::new();
    let digest = sm3(CONTENT);
    for attributes in [
        SignedAttributes::pades(&digest, signer.chain.leaf()).unwrap(),
        SignedAttributes::compat(&digest, signer.chain.leaf(), NOW).unwrap(),
    ] {
        let signature = signer.key.sign_prehash(&attributes.prehash().unwrap()).unwrap();
        let made = attributes.finish(&signature, &signer.chain).unwrap();
        assert_eq!(made.dialect(), Dialect::Rfc5652);
        assert_eq!(made.verify(&digest), Ok(()));
        assert_eq!(made.verify(&sm3(b"else")), Err(CmsError::DigestMismatch));
        assert_eq!(made.digest_algorithm(), Ok(eseal_crypto::digest::DigestAlgorithm::Sm3));
        let info = structure(made.to_der()).signer_infos.0.as_slice()[0].clone();
        assert_eq!(info.signature_algorithm.oid.to_string(), "1.2.156.10197.1.501");
        assert!(made.to_der().len() <= estimated_size(&signer.chain, 0));
    }
    let by_other = SignedAttributes::pades(&digest, signer.chain.leaf()).unwrap();
    let signature = sm2_key(8).sign(by_other.to_be_signed());
    assert_eq!(by_other.finish(&signature, &signer.chain).err(), Some(CmsError::BadSignature));
}
