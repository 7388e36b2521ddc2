//! OpenSSL as the second opinion on SM2. Version 3.0 wants to be told the identity that everybody has.

use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificateProfile, Chain, ChainError, IdentityRegister, Purpose, TrustAnchors};
use eseal_crypto::key::{Signature, SigningKey};

use crate::openssl::{Bench, at_now};
use crate::support::{NOW, Pki, sm2_key};

const MESSAGE: &[u8] = "要签名的内容".as_bytes();
const IDENTITY: &str = "distid:1234567812345678";

#[test]
fn openssl_and_we_verify_each_others_signatures() {
    let Some(bench) = Bench::new("openssl_and_we_verify_each_others_signatures") else { return };
    bench.write("message", MESSAGE);
    for seed in 0..8 {
        let key = sm2_key(seed);
        bench.write("key.pem", key.to_pkcs8_pem().unwrap().as_bytes());
        bench.accepts("pkey -in key.pem -pubout -out public.pem");
        bench.write("ours", key.sign(MESSAGE).to_der());
        let verify =
            |identity: &str| format!("dgst -sm3 -verify public.pem -sigopt {identity} -signature ours message");
        assert!(bench.accepts(&verify(IDENTITY)).contains("Verified OK"));
        bench.refuses(&verify("distid:someone-else"));
        bench.accepts(&format!("dgst -sm3 -sign key.pem -sigopt {IDENTITY} -out theirs message"));
        let theirs = Signature::from_der(Suite::Sm2Sm3, &bench.read("theirs")).unwrap();
        assert_eq!(key.public_key().verify(MESSAGE, &theirs), Ok(()));
        bench.accepts("dgst -sm3 -sign key.pem -sigopt distid:someone-else -out theirs message");
        let theirs = Signature::from_der(Suite::Sm2Sm3, &bench.read("theirs")).unwrap();
        assert!(key.public_key().verify(MESSAGE, &theirs).is_err());
    }
}

#[test]
fn keys_by_openssl_are_read() {
    let Some(bench) = Bench::new("keys_by_openssl_are_read") else { return };
    bench.accepts("genpkey -algorithm SM2 -out key.pem");
    bench.accepts("pkey -in key.pem -pubout -outform DER -out public.der");
    let key = SigningKey::from_pkcs8_pem(&bench.text("key.pem")).unwrap();
    assert_eq!(key.suite(), Suite::Sm2Sm3);
    assert_eq!(key.public_key().to_spki_der(), bench.read("public.der"));
}

/// The whole chain, and what is in it, as OpenSSL sees them.
#[test]
fn openssl_verifies_our_chain_of_sm2() {
    let Some(bench) = Bench::new("openssl_verifies_our_chain_of_sm2") else { return };
    let mut pki = Pki::of(Suite::Sm2Sm3);
    let chain = pki.issue(&CertificateProfile::DocumentSigning, sm2_key(7).public_key());
    bench.write_chain(&pki, &chain);
    // Version 3.0 gives the identity to the first certificate of a path only, so each goes alone.
    let verify = format!("verify {} -x509_strict -vfyopt {IDENTITY} -partial_chain", at_now());
    bench.accepts(&format!("{verify} -CAfile int.pem leaf.pem"));
    bench.accepts(&format!("{verify} -CAfile root.pem int.pem"));
    let shown = bench.accepts("x509 -in leaf.pem -noout -text");
    for expected in ["Signature Algorithm: SM2-with-SM3", "ASN1 OID: SM2", "Digital Signature, Non Repudiation"] {
        assert!(shown.contains(expected), "{expected:?} is not in\n{shown}");
    }
    let other = Pki::new();
    bench.write("root.pem", other.root.certificate().to_pem());
    bench.refuses(&format!("{verify} -CAfile root.pem int.pem"));
    bench.write_chain(&pki, &chain);
    bench.write("list.crl", pki.intermediate.issue_crl(1, NOW, NOW.plus(3600), []).unwrap());
    let shown = bench.accepts("crl -in list.crl -inform DER -noout -text");
    assert!(shown.contains("Signature Algorithm: SM2-with-SM3"), "{shown}");
}

#[test]
fn a_chain_of_sm2_by_openssl_is_read_and_verified() {
    let Some(bench) = Bench::new("a_chain_of_sm2_by_openssl_is_read_and_verified") else { return };
    bench.write("leaf.ext", "keyUsage=critical,digitalSignature,nonRepudiation\n1.2.156.10260.4.1.4=ASN1:PRINTABLESTRING:91110000101623741K\n");
    for name in ["ca", "leaf"] {
        bench.accepts(&format!("genpkey -algorithm SM2 -out {name}.key"));
    }
    bench.accepts(&format!(
        "req -x509 -sm3 -key ca.key -subj /CN=根 -utf8 -days 3650 -sigopt {IDENTITY} \
         -addext keyUsage=critical,keyCertSign,cRLSign -out ca.pem"
    ));
    bench.accepts(&format!("req -new -sm3 -key leaf.key -subj /CN=签章人 -utf8 -sigopt {IDENTITY} -out leaf.csr"));
    bench.accepts(&format!(
        "x509 -req -sm3 -in leaf.csr -CA ca.pem -CAkey ca.key -days 9 -set_serial 7 -extfile leaf.ext \
         -vfyopt {IDENTITY} -sigopt {IDENTITY} -out leaf.pem"
    ));
    let chain = Chain::from_pem(&bench.text("leaf.pem")).unwrap();
    let anchors = TrustAnchors::from_pem(&bench.text("ca.pem")).unwrap();
    let at = chain.leaf().not_before();
    assert_eq!(chain.verify(&anchors, at, Purpose::DocumentSigning), Ok(()));
    let [code] = chain.leaf().identity_codes() else { panic!("one code") };
    assert_eq!((code.register, &*code.code), (IdentityRegister::Organization, "91110000101623741K"));
    // Without the identity that everybody has, OpenSSL 3.0 signs under an empty one.
    bench.accepts("x509 -req -sm3 -in leaf.csr -CA ca.pem -CAkey ca.key -days 9 -set_serial 8 -vfyopt distid:1234567812345678 -out other.pem");
    let other = Chain::from_pem(&bench.text("other.pem")).unwrap();
    assert_eq!(other.verify(&anchors, at, Purpose::DocumentSigning), Err(ChainError::BadSignature { position: 0 }));
}
