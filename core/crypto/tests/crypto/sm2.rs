//! Keys and signatures of SM2: their forms, and what is none.

use data_encoding::HEXLOWER;
use eseal_crypto::Suite;
use eseal_crypto::key::{KeyError, Prehash, PublicKey, Signature, SignatureError, SigningKey};
use proptest::prelude::*;

use crate::support::{key, sm2_key};

const N: &str = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";

/// The example of GB/T 32918.5-2017 A.2: its key as PKCS#8, and its signature over "message digest".
const D: &str = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
const R_S: &str = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
                   b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";

fn example_key() -> SigningKey {
    let pkcs8 = format!("3041020100301306072a8648ce3d020106082a811ccf5501822d042730250201010420{D}");
    let base64 = data_encoding::BASE64.encode(&hex(&pkcs8));
    SigningKey::from_pkcs8_pem(&format!("-----BEGIN PRIVATE KEY-----\n{base64}\n-----END PRIVATE KEY-----\n")).unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    HEXLOWER.decode(text.as_bytes()).unwrap()
}

#[test]
fn the_example_of_gb_t_32918_5_verifies_in_both_forms() {
    let key = example_key();
    assert_eq!(key.suite(), Suite::Sm2Sm3);
    let signature = Signature::from_fixed(Suite::Sm2Sm3, &hex(R_S)).unwrap();
    assert_eq!(key.public_key().verify(b"message digest", &signature), Ok(()));
    assert_eq!(key.public_key().verify(b"message digest!", &signature), Err(SignatureError::Invalid));
    assert_eq!(Signature::from_either(Suite::Sm2Sm3, &signature.to_der()), Ok(signature));
    assert_eq!(Signature::from_either(Suite::Sm2Sm3, &hex(R_S)), Ok(signature));
    let prehash = key.public_key().prehash(b"message digest");
    assert_eq!(HEXLOWER.encode(prehash.as_bytes()), "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640");
    assert_eq!(key.public_key().verify_prehash(&prehash, &signature), Ok(()));
}

#[test]
fn a_key_elsewhere_signs_the_prehash_alone() {
    let key = sm2_key(1);
    let handed_over = key.public_key().prehash(b"message").as_bytes().to_vec();
    let there = Prehash::from_bytes(Suite::Sm2Sm3, &handed_over).unwrap();
    let signature = key.sign_prehash(&there).unwrap();
    assert_eq!(key.public_key().verify(b"message", &signature), Ok(()));
    assert_eq!(signature, key.sign(b"message"));
    assert_eq!(Prehash::from_bytes(Suite::Sm2Sm3, &handed_over[1..]), Err(SignatureError::WrongDigest));
    let of_other_suite = Prehash::from_bytes(Suite::EcdsaP256Sha256, &handed_over).unwrap();
    assert_eq!(key.sign_prehash(&of_other_suite), Err(SignatureError::WrongDigest));
    assert_eq!(key.public_key().verify_prehash(&of_other_suite, &signature), Err(SignatureError::WrongDigest));
}

#[test]
fn the_public_key_is_part_of_what_is_signed() {
    let (one, other) = (sm2_key(1), sm2_key(2));
    assert_ne!(one.public_key().prehash(b"message"), other.public_key().prehash(b"message"));
}

#[test]
fn keys_survive_pkcs_8_and_spki() {
    let key = sm2_key(3);
    let read = SigningKey::from_pkcs8_pem(&key.to_pkcs8_pem().unwrap()).unwrap();
    assert_eq!(read.public_key(), key.public_key());
    assert_eq!(read.sign(b"message"), key.sign(b"message"));
    let der = key.public_key().to_spki_der();
    assert_eq!(PublicKey::from_spki_der(&der).as_ref(), Ok(key.public_key()));
    for end in 0..der.len() {
        assert_eq!(PublicKey::from_spki_der(&der[..end]), Err(KeyError::Malformed), "cut at {end}");
    }
    assert_eq!(PublicKey::from_spki_der(&[&der[..], &[0]].concat()), Err(KeyError::Malformed));
}

#[test]
fn points_off_the_curve_and_keys_out_of_range_are_refused() {
    let der = sm2_key(3).public_key().to_spki_der();
    let point = der.len() - 64;
    let mut off_the_curve = der.clone();
    *off_the_curve.last_mut().unwrap() ^= 1;
    let mut zeros = der.clone();
    zeros[point..].fill(0);
    let mut beyond_the_field = der.clone();
    beyond_the_field[point..].fill(0xff);
    // A point of P-256 under the name of the other curve.
    let mut of_p256 = der.clone();
    let p256 = key(3).public_key().to_spki_der();
    of_p256[point..].copy_from_slice(&p256[p256.len() - 64..]);
    for bad in [off_the_curve, zeros, beyond_the_field, of_p256] {
        assert_eq!(PublicKey::from_spki_der(&bad), Err(KeyError::Malformed));
    }
    // 0, n − 1 (which is none in SM2), n.
    let minus_one = N.replace("d54123", "d54122");
    for d in ["0".repeat(64), minus_one, N.to_owned()] {
        let pkcs8 = hex(&format!("3041020100301306072a8648ce3d020106082a811ccf5501822d042730250201010420{d}"));
        let pem =
            format!("-----BEGIN PRIVATE KEY-----{}-----END PRIVATE KEY-----", data_encoding::BASE64.encode(&pkcs8));
        assert_eq!(SigningKey::from_pkcs8_pem(&pem).err(), Some(KeyError::Malformed), "{d}");
    }
}

/// `SEQUENCE { INTEGER, INTEGER }` of contents as they are.
fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
    let integer = |number: &[u8]| [&[2, u8::try_from(number.len()).unwrap()], number].concat();
    let both = [integer(r), integer(s)].concat();
    [&[0x30, u8::try_from(both.len()).unwrap()], both.as_slice()].concat()
}

#[test]
fn signatures_out_of_range_or_form_are_refused() {
    let malformed = Err(SignatureError::Malformed);
    let (n, zero) = (hex(N), vec![0; 32]);
    let good = hex(R_S);
    let (r, s) = good.split_at(32);
    for (r, s) in [(&zero[..], s), (r, &zero), (&n, s), (r, &n), (&[0xff; 32], s), (r, &s[1..])] {
        assert_eq!(Signature::from_fixed(Suite::Sm2Sm3, &[r, s].concat()), malformed);
    }
    let positive = |number: &[u8]| [&[0][..], number].concat();
    let (r, s) = (positive(r), positive(s));
    assert!(Signature::from_der(Suite::Sm2Sm3, &der(&r, &s)).is_ok());
    let long_form = {
        let good = der(&r, &s);
        [&[0x30, 0x81], &good[1..]].concat()
    };
    let bad = [
        // Negative; a zero too many; empty; too long; zero; n.
        der(&r[1..], &s),
        der(&r, &[&[0][..], &s].concat()),
        der(&[], &s),
        der(&r, &[&[1][..], &s].concat()),
        der(&[0], &s),
        der(&r, &[0]),
        der(&positive(&n), &s),
        der(&r, &positive(&n)),
        // Bytes behind, inside and outside; one number; another tag; BER.
        [der(&r, &s), vec![0]].concat(),
        der(&r, &s)[..70].to_vec(),
        [&[0x31], &der(&r, &s)[1..]].concat(),
        long_form,
        Vec::new(),
    ];
    for bad in bad {
        assert_eq!(Signature::from_der(Suite::Sm2Sm3, &bad), malformed, "{}", HEXLOWER.encode(&bad));
        assert_eq!(Signature::from_either(Suite::Sm2Sm3, &bad), malformed, "{}", HEXLOWER.encode(&bad));
    }
}

#[test]
fn what_one_suite_signs_is_nothing_to_the_other() {
    let (sm2, p256) = (sm2_key(5), key(5));
    assert_eq!(p256.public_key().verify(b"message", &sm2.sign(b"message")), Err(SignatureError::Invalid));
    assert_eq!(sm2.public_key().verify(b"message", &p256.sign(b"message")), Err(SignatureError::Invalid));
    // The same numbers under the other's name.
    let renamed = Signature::from_fixed(Suite::Sm2Sm3, &p256.sign(b"message").to_fixed()).unwrap();
    assert_eq!(sm2.public_key().verify(b"message", &renamed), Err(SignatureError::Invalid));
    assert_ne!(renamed, p256.sign(b"message"));
}

#[test]
fn debug_shows_no_more_than_what_is_public() {
    let key = sm2_key(4);
    let shown = format!("{:?} {:?}", key.public_key(), key.sign(b"message"));
    assert!(shown.starts_with("PublicKey(Sm2Sm3, "), "{shown}");
    assert!(shown.contains("Signature(Sm2Sm3, "), "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_signature_verifies_and_survives_both_forms(seed in any::<u64>(), message in prop::collection::vec(any::<u8>(), 0..200), bit in 0_usize..512) {
        let key = sm2_key(seed);
        let signature = key.sign(&message);
        prop_assert_eq!(key.public_key().verify(&message, &signature), Ok(()));
        prop_assert_eq!(Signature::from_der(Suite::Sm2Sm3, &signature.to_der()), Ok(signature));
        prop_assert_eq!(Signature::from_fixed(Suite::Sm2Sm3, &signature.to_fixed()), Ok(signature));
        prop_assert!(signature.to_der().len() <= Signature::MAX_DER_LEN);
        prop_assert_eq!(sm2_key(seed ^ 1).public_key().verify(&message, &signature), Err(SignatureError::Invalid));
        let mut fixed = signature.to_fixed();
        fixed[bit / 8] ^= 1 << (bit % 8);
        if let Ok(other) = Signature::from_fixed(Suite::Sm2Sm3, &fixed) {
            prop_assert_eq!(key.public_key().verify(&message, &other), Err(SignatureError::Invalid));
        }
    }
}
