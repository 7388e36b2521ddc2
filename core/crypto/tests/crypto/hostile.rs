//! Bytes from strangers: nested, cut, lying about their length, or with numbers that no signature has.

use der::asn1::{BitString, OctetString};
use der::{Any, Decode, Encode, Tag};
use eseal_crypto::Suite;
use eseal_crypto::cert::{
    Certificate, CertificateError, CertificateProfile, Chain, ChainError, MAX_CERTIFICATE_LEN, Purpose,
};
use eseal_crypto::cms::{CmsError, MAX_SIGNED_DATA_LEN, SignedAttributes, SignedData};
use eseal_crypto::key::{KeyError, PublicKey, Signature, SignatureError};
use eseal_crypto::revocation::{Crl, OcspQuery, OcspResponse};
use eseal_crypto::tsp::{TimestampAuthority, TimestampToken};

use crate::support::{NOW, Pki, SM2_WITH_SM3, algorithm, sm2_key, sm3};

/// The codes by which each reader refuses the bytes; empty where one takes them.
fn refusals(bytes: &[u8]) -> Vec<&'static str> {
    let taken = "";
    vec![
        Certificate::from_der(bytes).map_or_else(CertificateError::code, |_| taken),
        SignedData::from_der(bytes).map_or_else(|error| error.code(), |_| taken),
        SignedData::from_padded_der(bytes).map_or_else(|error| error.code(), |_| taken),
        TimestampToken::from_der(bytes).map_or_else(|error| error.code(), |_| taken),
        TimestampToken::from_response(bytes).map_or_else(|error| error.code(), |_| taken),
        TimestampAuthority::asked_digest(bytes).map_or("not a request", |_| taken),
        Crl::from_der(bytes).map_or_else(|error| error.code(), |_| taken),
        OcspResponse::from_der(bytes).map_or_else(|error| error.code(), |_| taken),
        OcspQuery::from_der(bytes).map_or_else(|error| error.code(), |_| taken),
        PublicKey::from_spki_der(bytes).map_or_else(|error| error.code(), |_| taken),
        Signature::from_either(Suite::Sm2Sm3, bytes).map_or_else(SignatureError::code, |_| taken),
    ]
}

const REFUSED: [&str; 11] = [
    "cert.malformed",
    "cms.malformed",
    "cms.malformed",
    "cms.malformed",
    "tsp.malformed",
    "not a request",
    "revocation.malformed",
    "revocation.malformed",
    "revocation.malformed",
    "key.malformed",
    "signature.malformed",
];

/// Sequences in sequences, so deep that a reader that goes along runs out of stack.
fn nested(tag: u8, longest: usize) -> Vec<u8> {
    let mut inside = Vec::new();
    while inside.len() + 4 < longest {
        let len = u16::try_from(inside.len()).unwrap();
        let header = match len {
            0..0x80 => vec![tag, len.to_be_bytes()[1]],
            0x80..0x100 => vec![tag, 0x81, len.to_be_bytes()[1]],
            _ => [&[tag, 0x82], len.to_be_bytes().as_slice()].concat(),
        };
        // Built from behind: what is read first is pushed last.
        inside.splice(0..0, header);
    }
    inside
}

#[test]
fn what_is_nested_without_end_is_refused() {
    for tag in [0x30, 0x31, 0xa0] {
        let der = nested(tag, 4_000);
        assert!(der.len() > 3_900);
        assert_eq!(refusals(&der), REFUSED, "tag {tag:#x}");
    }
}

#[test]
fn what_is_no_der_is_refused() {
    let bad: [&[u8]; 10] = [
        &[],
        &[0x30],
        &[0x30, 0x00],
        // BER: of a length that is told at the end; in more bytes than it takes.
        &[0x30, 0x80, 0x00, 0x00],
        &[0x30, 0x81, 0x00],
        &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
        &[0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        &[0x31, 0x03, 0x02, 0x01, 0x01],
        // A tag of many bytes.
        &[0x3f, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x00],
        b"-----BEGIN CERTIFICATE-----",
    ];
    for bytes in bad {
        assert_eq!(refusals(bytes), REFUSED, "{bytes:02x?}");
    }
}

#[test]
fn what_is_too_long_is_refused_before_it_is_read() {
    let bytes = vec![0x30; MAX_SIGNED_DATA_LEN + 1];
    let codes = refusals(&bytes);
    assert_eq!(codes[..5], ["cert.too-long", "cms.too-long", "cms.too-long", "cms.too-long", "tsp.too-long"]);
    assert_eq!(
        Certificate::from_der(&bytes[..=MAX_CERTIFICATE_LEN]).err().map(CertificateError::code),
        Some("cert.too-long")
    );
}

const N: &str = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";

/// Signature values that are none, whatever key and message: by what is wrong with them.
fn impossible(good: &Signature) -> Vec<(&'static str, Vec<u8>)> {
    let n = data_encoding::HEXLOWER.decode(N.as_bytes()).unwrap();
    let fixed = good.to_fixed();
    let (r, s) = fixed.split_at(32);
    let integer = |bytes: &[u8]| [&[2, u8::try_from(bytes.len()).unwrap()], bytes].concat();
    let pair = |r: &[u8], s: &[u8]| {
        let both = [integer(r), integer(s)].concat();
        [&[0x30, u8::try_from(both.len()).unwrap()], both.as_slice()].concat()
    };
    let positive = |bytes: &[u8]| [&[0], bytes].concat();
    let der = good.to_der();
    vec![
        ("r = 0", pair(&[0], &positive(s))),
        ("s = 0", pair(&positive(r), &[0])),
        ("r = n", pair(&positive(&n), &positive(s))),
        ("s = n", pair(&positive(r), &positive(&n))),
        ("r negative", pair(&[0xff], &positive(s))),
        ("s negative", pair(&positive(r), &[0x80])),
        ("a byte behind", [der.as_slice(), &[0]].concat()),
        ("another tag", [&[0x31], &der[1..]].concat()),
        ("one number", [&[0x30, 3], integer(&[1]).as_slice()].concat()),
        ("empty", Vec::new()),
        ("fixed, r = 0", [&[0; 32], s].concat()),
        ("fixed, s = n", [r, n.as_slice()].concat()),
        ("fixed, a byte short", fixed[1..].to_vec()),
        ("fixed, in the other order", [s, r].concat()),
    ]
}

fn rewritten(certificate: &Certificate, signature: &[u8]) -> Certificate {
    let parsed = x509_cert::Certificate::from_der(certificate.to_der()).unwrap();
    let parts = [
        parsed.tbs_certificate().to_der().unwrap(),
        algorithm(SM2_WITH_SM3).to_der().unwrap(),
        BitString::from_bytes(signature).unwrap().to_der().unwrap(),
    ];
    let der = Any::new(Tag::Sequence, parts.concat()).unwrap().to_der().unwrap();
    Certificate::from_der(&der).unwrap()
}

#[test]
fn impossible_signatures_never_verify() {
    let mut pki = Pki::of(Suite::Sm2Sm3);
    let key = sm2_key(7);
    let chain = pki.issue(&CertificateProfile::DocumentSigning, key.public_key());
    let signed = {
        let attributes = SignedAttributes::gbt_35275(&sm3(b"content"), chain.leaf(), NOW).unwrap();
        let signature = key.sign(attributes.to_be_signed());
        (attributes.finish(&signature, &chain).unwrap(), signature)
    };
    for (what, value) in impossible(&signed.1) {
        let leaf = rewritten(chain.leaf(), &value);
        let changed = Chain::new([leaf, pki.intermediate.certificate().clone()]).unwrap();
        let judged = changed.verify(&pki.anchors(), NOW, Purpose::DocumentSigning);
        assert_eq!(judged, Err(ChainError::BadSignature { position: 0 }), "{what}");

        let mut structure: cms::signed_data::SignedData =
            cms::content_info::ContentInfo::from_der(signed.0.to_der()).unwrap().content.decode_as().unwrap();
        let mut info = structure.signer_infos.0.as_slice()[0].clone();
        info.signature = OctetString::new(value).unwrap();
        structure.signer_infos = vec![info].try_into().unwrap();
        let content_type = "1.2.156.10197.6.1.4.2.2".parse().unwrap();
        let content = Any::encode_from(&structure).unwrap();
        let der = cms::content_info::ContentInfo { content_type, content }.to_der().unwrap();
        let judged = SignedData::from_der(&der).unwrap().verify(&sm3(b"content"));
        assert_eq!(judged, Err(CmsError::BadSignature), "{what}");
    }
}

#[test]
fn a_point_off_the_curve_has_signed_nothing() {
    let mut pki = Pki::of(Suite::Sm2Sm3);
    let chain = pki.issue(&CertificateProfile::DocumentSigning, sm2_key(7).public_key());
    // The last byte of the key's point, in the CA's certificate.
    let issuer = pki.intermediate.certificate().to_der();
    let point = sm2_key(101).public_key().to_spki_der();
    let start = issuer.windows(point.len()).position(|window| window == point).unwrap();
    let mut off_the_curve = issuer.to_vec();
    off_the_curve[start + point.len() - 1] ^= 1;
    let issuer = Certificate::from_der(&off_the_curve).unwrap();
    assert_eq!(issuer.public_key().err(), Some(KeyError::Malformed));
    let changed = Chain::new([chain.leaf().clone(), issuer]).unwrap();
    let judged = changed.verify(&pki.anchors(), NOW, Purpose::DocumentSigning);
    assert_eq!(judged, Err(ChainError::BadSignature { position: 0 }));
}
