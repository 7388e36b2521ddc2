//! Forms of keys and signatures, and what is none.

use crate::support::{self, Pki, key};
use eseal_crypto::Suite;
use eseal_crypto::key::{KeyError, PublicKey, Signature, SignatureError, SigningKey};
use proptest::prelude::*;

#[test]
fn a_key_survives_pkcs_8() {
    let key = key(1);
    let pem = key.to_pkcs8_pem().unwrap();
    assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
    let read = SigningKey::from_pkcs8_pem(&pem).unwrap();
    assert_eq!(read.public_key(), key.public_key());
    assert_eq!(read.sign(b"message"), key.sign(b"message"));
}

#[test]
fn a_key_is_found_among_other_blocks_and_text_of_any_line_width() {
    let pem = key(1).to_pkcs8_pem().unwrap();
    let certificate = Pki::new().root.certificate().to_pem();
    let one_line = pem.lines().filter(|line| !line.starts_with('-')).collect::<String>();
    let texts = [
        format!("Bag Attributes\n  localKeyID: 01\n{}{certificate}", pem.as_str()),
        pem.replace('\n', "\r\n"),
        format!("-----BEGIN PRIVATE KEY-----{one_line}-----END PRIVATE KEY-----"),
    ];
    for text in texts {
        assert_eq!(SigningKey::from_pkcs8_pem(&text).unwrap().public_key(), key(1).public_key(), "{text}");
    }
}

#[test]
fn what_is_no_key_is_refused() {
    let pem = key(1).to_pkcs8_pem().unwrap();
    let wrong_label = pem.replace("PRIVATE KEY", "PUBLIC KEY");
    let two = format!("{}{}", pem.as_str(), pem.as_str());
    for bad in ["", "-----BEGIN PRIVATE KEY-----", &wrong_label, &two, &pem[..100], &pem.replace("AgEA", "Ag!A")] {
        assert_eq!(SigningKey::from_pkcs8_pem(bad).err(), Some(KeyError::Malformed), "{bad}");
    }
    // RFC 8410 §10.3.
    let ed25519 = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
    let unsupported = KeyError::UnsupportedAlgorithm { oid: "1.3.101.112".to_owned() };
    assert_eq!(SigningKey::from_pkcs8_pem(ed25519).err(), Some(unsupported));
    let encrypted = pem.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    assert_eq!(SigningKey::from_pkcs8_pem(&encrypted).err(), Some(KeyError::Encrypted));
}

#[test]
fn a_public_key_survives_spki() {
    let public = key(2).public_key().clone();
    let der = public.to_spki_der();
    let read = PublicKey::from_spki_der(&der).unwrap();
    assert_eq!(read, public);
    assert_eq!(read.suite(), Suite::EcdsaP256Sha256);
    assert_eq!(read.fingerprint(), support::sha256(&der));
}

#[test]
fn a_public_key_cut_anywhere_or_off_the_curve_is_refused() {
    let der = key(2).public_key().to_spki_der();
    for end in 0..der.len() {
        assert_eq!(PublicKey::from_spki_der(&der[..end]), Err(KeyError::Malformed), "cut at {end}");
    }
    let mut off_the_curve = der.clone();
    *off_the_curve.last_mut().unwrap() ^= 1;
    assert_eq!(PublicKey::from_spki_der(&off_the_curve), Err(KeyError::Malformed));
    assert_eq!(PublicKey::from_spki_der(&[der, vec![0]].concat()), Err(KeyError::Malformed));
}

#[test]
fn keys_of_other_algorithms_are_named() {
    // RFC 8410 §10.1 (Ed25519), and a P-384 algorithm identifier with a point that is never looked at.
    let ed25519 = "302a300506032b657003210019bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";
    let p384 = "3016301006072a8648ce3d020106052b81040022030200 04".replace(' ', "");
    for (hex, expected) in [(ed25519, "1.3.101.112"), (p384.as_str(), "1.3.132.0.34")] {
        let der = data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap();
        assert_eq!(
            PublicKey::from_spki_der(&der),
            Err(KeyError::UnsupportedAlgorithm { oid: expected.to_owned() }),
            "{hex}"
        );
    }
}

#[test]
fn a_compressed_point_is_refused_so_that_a_key_has_one_fingerprint() {
    let der = key(2).public_key().to_spki_der();
    // SEQUENCE, AlgorithmIdentifier of 21 bytes, BIT STRING with 65 bytes of point: the same with 33.
    let (head, point) = (&der[2..23], &der[26..]);
    let compressed = [&[0x30, 0x39][..], head, &[0x03, 0x22, 0x00, 2 + (point[64] & 1)], &point[1..33]].concat();
    assert_eq!(PublicKey::from_spki_der(&compressed), Err(KeyError::Malformed));
}

#[test]
fn signatures_out_of_range_or_form_are_refused() {
    let good = key(3).sign(b"message").to_fixed();
    let n =
        data_encoding::HEXUPPER.decode(b"FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551").unwrap();
    let (r, s) = good.split_at(32);
    let zero = [0; 32];
    let parts: [[&[u8]; 2]; 6] = [[&zero, s], [r, &zero], [&n, s], [r, &n], [r, &s[1..]], [&[0xff; 32], s]];
    for part in parts {
        assert_eq!(Signature::from_fixed(Suite::EcdsaP256Sha256, &part.concat()), Err(SignatureError::Malformed));
    }
    assert_eq!(Signature::from_fixed(Suite::EcdsaP256Sha256, &[]), Err(SignatureError::Malformed));
    assert_eq!(
        Signature::from_fixed(Suite::EcdsaP256Sha256, &[&good[..], &[0]].concat()),
        Err(SignatureError::Malformed)
    );
}

#[test]
fn a_der_signature_has_one_form() {
    let der = key(3).sign(b"message").to_der();
    assert!(Signature::from_der(Suite::EcdsaP256Sha256, &der).is_ok());
    for end in 0..der.len() {
        assert_eq!(
            Signature::from_der(Suite::EcdsaP256Sha256, &der[..end]),
            Err(SignatureError::Malformed),
            "cut at {end}"
        );
    }
    assert_eq!(Signature::from_der(Suite::EcdsaP256Sha256, &[&der[..], &[0]].concat()), Err(SignatureError::Malformed));
    // BER: the outer length written in two bytes.
    let long_form = [&[0x30, 0x81], &der[1..]].concat();
    assert_eq!(Signature::from_der(Suite::EcdsaP256Sha256, &long_form), Err(SignatureError::Malformed));
}

#[test]
fn secrets_have_no_debug_and_public_parts_do() {
    let key = key(4);
    let shown = format!("{:?} {:?}", key.public_key(), key.sign(b"m"));
    let pem = key.to_pkcs8_pem().unwrap();
    assert!(shown.contains(&key.public_key().fingerprint().to_string()));
    assert!(!shown.contains(pem.as_str()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_signature_verifies_is_low_and_survives_both_forms(seed in any::<u64>(), message in prop::collection::vec(any::<u8>(), 0..200)) {
        let key = key(seed);
        let signature = key.sign(&message);
        prop_assert_eq!(key.public_key().verify(&message, &signature), Ok(()));
        prop_assert_eq!(Signature::from_der(Suite::EcdsaP256Sha256, &signature.to_der()), Ok(signature));
        prop_assert_eq!(Signature::from_fixed(Suite::EcdsaP256Sha256, &signature.to_fixed()), Ok(signature));
        prop_assert!(signature.to_der().len() <= Signature::MAX_DER_LEN);
        // s ≤ n/2 = 0x7fffffff80000000…
        prop_assert!(signature.to_fixed()[32] <= 0x7f);
    }

    #[test]
    fn another_message_key_or_signature_does_not_verify(seed in any::<u64>(), message in prop::collection::vec(any::<u8>(), 1..50), bit in 0_usize..512) {
        let key = key(seed);
        let signature = key.sign(&message);
        let mut other_message = message.clone();
        other_message[bit / 8 % message.len()] ^= 1 << (bit % 8);
        prop_assert_eq!(key.public_key().verify(&other_message, &signature), Err(SignatureError::Invalid));
        prop_assert_eq!(support::key(seed ^ 1).public_key().verify(&message, &signature), Err(SignatureError::Invalid));
        let mut fixed = signature.to_fixed();
        fixed[bit / 8] ^= 1 << (bit % 8);
        if let Ok(other) = Signature::from_fixed(Suite::EcdsaP256Sha256, &fixed) {
            prop_assert_eq!(key.public_key().verify(&message, &other), Err(SignatureError::Invalid));
        }
    }
}
