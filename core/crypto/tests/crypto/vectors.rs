//! Published vectors: RFC 6979 A.2.5 and Wycheproof. Those of GB/T 32905 and GB/T 32918.5 stand beside the code they are of.

use data_encoding::{BASE64, HEXLOWER};
use eseal_crypto::Suite;
use eseal_crypto::digest::{DigestAlgorithm, Hasher};
use eseal_crypto::key::{PublicKey, Signature, SigningKey};
use wycheproof::TestResult;
use wycheproof::ecdsa::{TestName, TestSet};

/// The key of RFC 6979 A.2.5 as PKCS#8: version, algorithm P-256, and `ECPrivateKey` with nothing but x.
fn rfc_6979_key() -> SigningKey {
    let x = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
    let pkcs8 = format!("3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420{x}");
    let base64 = BASE64.encode(&HEXLOWER.decode(pkcs8.as_bytes()).unwrap());
    SigningKey::from_pkcs8_pem(&format!("-----BEGIN PRIVATE KEY-----\n{base64}\n-----END PRIVATE KEY-----\n")).unwrap()
}

#[test]
fn rfc_6979_a_2_5_with_sha_256() {
    let key = rfc_6979_key();
    // The RFC prints s = f7cb1c94… for "sample", which is above n/2: this is n − s. That for "test" is low as printed.
    let vectors = [
        (
            "sample",
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
            "0834e36ad29a83bf2bc9385e491d6099c8fdf9d1ed67aa7ea5f51f93782857a9",
        ),
        (
            "test",
            "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
            "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
        ),
    ];
    for (message, r, s) in vectors {
        let signature = key.sign(message.as_bytes());
        assert_eq!(HEXLOWER.encode(&signature.to_fixed()), format!("{r}{s}"), "{message}");
        assert_eq!(key.sign_prehash(&key.public_key().prehash(message.as_bytes())), Ok(signature));
        assert_eq!(key.public_key().verify(message.as_bytes(), &signature), Ok(()));
    }
}

#[test]
fn the_high_s_that_rfc_6979_prints_is_read_as_the_low_one() {
    let printed = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716\
                   f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
    let read = Signature::from_fixed(Suite::EcdsaP256Sha256, &HEXLOWER.decode(printed.as_bytes()).unwrap()).unwrap();
    assert_eq!(read, rfc_6979_key().sign(b"sample"));
}

/// Judges every vector of a set; answers how many were judged.
fn run(name: TestName, parse: impl Fn(&[u8]) -> Option<Signature>) -> usize {
    let set = TestSet::load(name).unwrap();
    let mut judged = 0;
    for group in set.test_groups {
        let key = PublicKey::from_spki_der(&group.der).unwrap();
        for test in group.tests {
            let valid = parse(&test.sig).is_some_and(|signature| key.verify(&test.msg, &signature).is_ok());
            let expected = match test.result {
                TestResult::Valid => true,
                TestResult::Invalid => false,
                // None of these sets has vectors that either answer would be right for.
                TestResult::Acceptable => panic!("vector {} is acceptable", test.tc_id),
            };
            assert_eq!(valid, expected, "vector {}: {}", test.tc_id, test.comment);
            judged += 1;
        }
    }
    judged
}

#[test]
fn wycheproof_ecdsa_p256_sha256_in_der() {
    assert!(run(TestName::EcdsaSecp256r1Sha256, |sig| Signature::from_der(Suite::EcdsaP256Sha256, sig).ok()) >= 480);
}

#[test]
fn wycheproof_ecdsa_p256_sha256_in_fixed_form() {
    assert!(
        run(TestName::EcdsaSecp256r1Sha256P1363, |sig| Signature::from_fixed(Suite::EcdsaP256Sha256, sig).ok()) >= 260
    );
}

/// HMAC (RFC 2104), which nothing here needs but Wycheproof's only vectors of SM3.
fn hmac_sm3(key: &[u8], message: &[u8]) -> Vec<u8> {
    let digest = |parts: [&[u8]; 2]| {
        let mut hasher = Hasher::new(DigestAlgorithm::Sm3);
        for part in parts {
            hasher.update(part);
        }
        hasher.finish().as_bytes().to_vec()
    };
    let mut block = if key.len() > 64 { digest([key, &[]]) } else { key.to_vec() };
    block.resize(64, 0);
    let padded = |pad: u8| block.iter().map(|byte| byte ^ pad).collect::<Vec<_>>();
    digest([&padded(0x5c), &digest([&padded(0x36), message])])
}

#[test]
fn wycheproof_hmac_sm3() {
    let set = wycheproof::mac::TestSet::load(wycheproof::mac::TestName::HmacSm3).unwrap();
    let mut judged = 0;
    for group in set.test_groups {
        for test in group.tests {
            let tag = hmac_sm3(&test.key, &test.msg);
            let valid = tag.get(..group.tag_size / 8) == Some(&test.tag[..]);
            assert_eq!(valid, test.result == TestResult::Valid, "vector {}: {}", test.tc_id, test.comment);
            judged += 1;
        }
    }
    assert!(judged >= 100, "{judged}");
}
