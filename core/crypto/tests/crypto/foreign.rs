//! Signatures of kinds that nothing here makes: RSA and the longer curves, by OpenSSL.

use eseal_crypto::cert::{Certificate, Chain, ChainError, Purpose, TrustAnchors};
use eseal_crypto::cms::{CmsError, SignedData};
use eseal_crypto::digest::{Digest, DigestAlgorithm};

use crate::openssl::Bench;

const RSA: &str = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048";
const CONTENT: &[u8] = b"%PDF-1.7\r\nwhat somebody else signed\n";

/// A self-signed certificate, and one below it, of keys made by these arguments of `openssl genpkey`.
fn make_chain(bench: &Bench, algorithm: &str, signing: &str) -> (TrustAnchors, Certificate) {
    bench.write(
        "leaf.ext",
        "keyUsage = critical, digitalSignature, nonRepudiation\nextendedKeyUsage = emailProtection\n",
    );
    for name in ["ca", "leaf"] {
        bench.accepts(&format!("genpkey {algorithm} -out {name}.key"));
    }
    let ca_extensions = "-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign";
    bench.write("req.cnf", "[req]\ndistinguished_name = dn\n[dn]\n");
    bench.accepts(&format!(
        "req -x509 -config req.cnf -key ca.key -subj /CN=foreign-ca -days 3650 {signing} {ca_extensions} -out ca.pem"
    ));
    bench.accepts(&format!("req -new -config req.cnf -key leaf.key -subj /CN=foreign {signing} -out leaf.csr"));
    bench.accepts(&format!(
        "x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -days 3000 -set_serial 7 -extfile leaf.ext {signing} -out leaf.pem"
    ));
    let anchors = TrustAnchors::from_pem(&bench.text("ca.pem")).unwrap();
    (anchors, Certificate::from_pem(&bench.text("leaf.pem")).unwrap())
}

fn sign(bench: &Bench, arguments: &str) -> SignedData {
    bench.write("content", CONTENT);
    bench.accepts(&format!(
        "cms -sign -binary -cades -signer leaf.pem -inkey leaf.key {arguments} -in content -outform DER -out signature.der"
    ));
    SignedData::from_der(&bench.read("signature.der")).unwrap()
}

fn verify(signed: &SignedData, content: &[u8]) -> Result<(), CmsError> {
    signed.verify(&Digest::of(signed.digest_algorithm()?, content))
}

#[test]
fn signatures_of_others_keys_are_verified() {
    let Some(bench) = Bench::new("signatures_of_others_keys_are_verified") else { return };
    for (algorithm, signing, cms) in [
        (RSA, "-sha256", "-md sha256"),
        (RSA, "-sha384", "-md sha384"),
        ("-algorithm RSA -pkeyopt rsa_keygen_bits:3072", "-sha512", "-md sha512"),
        (
            RSA,
            "-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32",
            "-md sha256 -keyopt rsa_padding_mode:pss",
        ),
        (
            RSA,
            "-sha512 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20",
            "-md sha512 -keyopt rsa_padding_mode:pss",
        ),
        ("-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048", "-sha256", "-md sha384 -keyopt rsa_pss_saltlen:digest"),
        (
            "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha512 \
             -pkeyopt rsa_pss_keygen_mgf1_md:sha512 -pkeyopt rsa_pss_keygen_saltlen:40",
            "-sha512",
            "-md sha512 -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:48",
        ),
        ("-algorithm EC -pkeyopt ec_paramgen_curve:P-384", "-sha384", "-md sha384"),
        ("-algorithm EC -pkeyopt ec_paramgen_curve:P-384", "-sha256", "-md sha256"),
        ("-algorithm EC -pkeyopt ec_paramgen_curve:P-521", "-sha512", "-md sha512"),
        ("-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "-sha512", "-md sha384"),
    ] {
        let (anchors, leaf) = make_chain(&bench, algorithm, signing);
        let signed = sign(&bench, cms);
        let case = format!("{algorithm} {signing} {cms}");
        assert_eq!(verify(&signed, CONTENT), Ok(()), "{case}");
        assert_eq!(verify(&signed, b"else"), Err(CmsError::DigestMismatch), "{case}");
        let at = leaf.not_before();
        assert_eq!(signed.chain().verify(&anchors, at, Purpose::DocumentSigning), Ok(()), "{case}");
        // Another key of the same kind, under the same name.
        let (_, other) = make_chain(&bench, algorithm, signing);
        let strangers = TrustAnchors::from_pem(&bench.text("ca.pem")).unwrap();
        let refused = signed.chain().verify(&strangers, at, Purpose::DocumentSigning);
        assert_eq!(refused, Err(ChainError::BadSignature { position: 0 }), "{case}");
        assert_ne!(leaf, other);
        check_flips(&signed, &case);
    }
}

/// A few bits of the signature value, and of the attributes it is over.
fn check_flips(signed: &SignedData, case: &str) {
    let whole = signed.to_der();
    for back in [1, 20, 60, 150, 190, 230] {
        let mut flipped = whole.to_vec();
        let at = flipped.len() - back;
        flipped[at] ^= 1;
        if let Ok(read) = SignedData::from_der(&flipped) {
            assert!(verify(&read, CONTENT).is_err(), "{case}: {back} bytes from the end");
        }
    }
}

#[test]
fn broken_algorithms_are_named_and_not_believed() {
    let Some(bench) = Bench::new("broken_algorithms_are_named_and_not_believed") else { return };
    let weak = |signed: &SignedData| match verify(signed, CONTENT) {
        Err(CmsError::WeakAlgorithm { oid }) => oid,
        other => panic!("{other:?}"),
    };
    let (anchors, leaf) = make_chain(&bench, "-algorithm RSA -pkeyopt rsa_keygen_bits:2048", "-sha1");
    assert_eq!(weak(&sign(&bench, "-md sha1")), "1.3.14.3.2.26");
    let chain = Chain::new([leaf.clone()]).unwrap();
    let refused = chain.verify(&anchors, leaf.not_before(), Purpose::DocumentSigning);
    assert_eq!(refused, Err(ChainError::WeakAlgorithm { position: 0 }));
    make_chain(&bench, "-algorithm RSA -pkeyopt rsa_keygen_bits:1024", "-sha256");
    assert_eq!(weak(&sign(&bench, "-md sha256")), "1.2.840.113549.1.1.1");
}

/// What is known of a key says nothing of a signature by another algorithm.
#[test]
fn a_signature_of_another_kind_of_key_is_a_bad_one() {
    let Some(bench) = Bench::new("a_signature_of_another_kind_of_key_is_a_bad_one") else { return };
    let (rsa_anchors, rsa) = make_chain(&bench, "-algorithm RSA -pkeyopt rsa_keygen_bits:2048", "-sha256");
    let (_, p384) = make_chain(&bench, "-algorithm EC -pkeyopt ec_paramgen_curve:P-384", "-sha384");
    assert_eq!(rsa.issuer_rfc4514(), p384.issuer_rfc4514());
    let chain = Chain::new([p384.clone()]).unwrap();
    let refused = chain.verify(&rsa_anchors, p384.not_before(), Purpose::DocumentSigning);
    assert_eq!(refused, Err(ChainError::BadSignature { position: 0 }));
    assert_eq!(rsa.public_key().err().map(|error| error.code()), Some("key.unsupported-algorithm"));
    assert_eq!(DigestAlgorithm::Sha384.len(), 48);
}
