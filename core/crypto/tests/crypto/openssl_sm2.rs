//! OpenSSL as the second opinion on SM2. Version 3.0 wants to be told the identity that everybody has.

use eseal_crypto::Suite;
use eseal_crypto::key::{Signature, SigningKey};

use crate::openssl::Bench;
use crate::support::sm2_key;

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
