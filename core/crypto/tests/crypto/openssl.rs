//! OpenSSL as the second opinion: it accepts what is made here, and what it makes is read here.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificateProfile, Chain, ChainError, Purpose, TrustAnchors};
use eseal_crypto::cms::{CmsError, SignedAttributes, SignedData};
use eseal_crypto::key::SigningKey;
use tempfile::TempDir;

use crate::support::{NOW, Pki, key, sha256};

const CONTENT: &[u8] = b"%PDF-1.7\r\nbytes with \r and \n and \0, to be taken as they are\n";

/// A directory with the files of one test, or nothing where there is no OpenSSL.
pub(crate) struct Bench {
    directory: TempDir,
}

impl Bench {
    pub(crate) fn new(test: &str) -> Option<Self> {
        if Command::new("openssl").arg("version").output().is_err() {
            // Not by a macro: the test harness would swallow it.
            let _ = writeln!(std::io::stderr(), "SKIPPED {test}: no `openssl` on PATH");
            return None;
        }
        Some(Self { directory: tempfile::tempdir().unwrap() })
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path().join(name), content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path().join(name)).unwrap()
    }

    pub(crate) fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap()
    }

    pub(crate) fn openssl(&self, arguments: &str) -> Output {
        Command::new("openssl").args(arguments.split_whitespace()).current_dir(self.path()).output().unwrap()
    }

    /// Runs OpenSSL, which must be content; answers what it printed.
    pub(crate) fn accepts(&self, arguments: &str) -> String {
        let output = self.openssl(arguments);
        let printed = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(output.status.success(), "openssl {arguments}: {printed}");
        printed
    }

    /// Runs OpenSSL, which must refuse; answers what it printed.
    pub(crate) fn refuses(&self, arguments: &str) -> String {
        let output = self.openssl(arguments);
        let printed = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(!output.status.success(), "openssl {arguments}: {printed}");
        printed
    }

    pub(crate) fn write_chain(&self, pki: &Pki, chain: &Chain) {
        self.write("root.pem", pki.root.certificate().to_pem());
        self.write("int.pem", pki.intermediate.certificate().to_pem());
        self.write("leaf.pem", chain.leaf().to_pem());
    }
}

pub(crate) fn at_now() -> String {
    format!("-attime {}", NOW.0)
}

fn profiles() -> [CertificateProfile; 6] {
    [
        CertificateProfile::ConsentSigning,
        CertificateProfile::DocumentSigning,
        CertificateProfile::RequestSigning,
        CertificateProfile::RelyingParty { operation_types: vec!["seal.claim".to_owned()] },
        CertificateProfile::ConsentService,
        CertificateProfile::TlsServer {
            dns_names: vec!["portal.example".to_owned()],
            ip_addresses: vec!["127.0.0.1".parse().unwrap(), "::1".parse().unwrap()],
        },
    ]
}

#[test]
fn openssl_verifies_every_chain() {
    let Some(bench) = Bench::new("openssl_verifies_every_chain") else { return };
    let mut pki = Pki::new();
    for profile in profiles() {
        let chain = pki.issue(&profile, key(1).public_key());
        bench.write_chain(&pki, &chain);
        let verify = format!("verify {} -x509_strict -CAfile root.pem -untrusted int.pem", at_now());
        if matches!(profile, CertificateProfile::RelyingParty { .. }) {
            // The operation types are critical on purpose: who does not know them must not believe the certificate.
            assert!(bench.refuses(&format!("{verify} leaf.pem")).contains("unhandled critical extension"));
            bench.accepts(&format!("{verify} -ignore_critical leaf.pem"));
        } else {
            bench.accepts(&format!("{verify} leaf.pem"));
        }
    }
}

#[test]
fn openssl_takes_the_tls_profile_for_a_server_of_its_names_only() {
    let Some(bench) = Bench::new("openssl_takes_the_tls_profile_for_a_server_of_its_names_only") else { return };
    let mut pki = Pki::new();
    let [.., server] = profiles();
    let chain = pki.issue(&server, key(1).public_key());
    bench.write_chain(&pki, &chain);
    let verify = format!("verify {} -x509_strict -purpose sslserver -CAfile root.pem -untrusted int.pem", at_now());
    bench.accepts(&format!("{verify} -verify_hostname portal.example leaf.pem"));
    bench.accepts(&format!("{verify} -verify_ip ::1 leaf.pem"));
    bench.refuses(&format!("{verify} -verify_hostname other.example leaf.pem"));
    let chain = pki.issue(&CertificateProfile::DocumentSigning, key(1).public_key());
    bench.write_chain(&pki, &chain);
    bench.refuses(&format!("{verify} leaf.pem"));
}

#[test]
fn openssl_shows_the_profiles_as_meant() {
    let Some(bench) = Bench::new("openssl_shows_the_profiles_as_meant") else { return };
    let mut pki = Pki::new();
    let chain = pki.issue(&CertificateProfile::DocumentSigning, key(1).public_key());
    bench.write_chain(&pki, &chain);
    let leaf = bench.accepts("x509 -in leaf.pem -noout -text -nameopt RFC2253,-esc_msb");
    for expected in [
        "Version: 3 (0x2)",
        "Signature Algorithm: ecdsa-with-SHA256",
        "CN=测试人甲",
        "ASN1 OID: prime256v1",
        "X509v3 Key Usage: critical\n                Digital Signature, Non Repudiation\n",
        "X509v3 Extended Key Usage: \n                1.3.6.1.5.5.7.3.36, E-mail Protection\n",
        "X509v3 Subject Key Identifier:",
        "X509v3 Authority Key Identifier:",
    ] {
        assert!(leaf.contains(expected), "{expected:?} is not in\n{leaf}");
    }
    assert!(!leaf.contains("Basic Constraints"), "{leaf}");
    let intermediate = bench.accepts("x509 -in int.pem -noout -text");
    for expected in [
        "X509v3 Basic Constraints: critical\n                CA:TRUE, pathlen:0\n",
        "X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign\n",
        "Subject: C = CN, O = Example Province, CN = Test Intermediate",
    ] {
        assert!(intermediate.contains(expected), "{expected:?} is not in\n{intermediate}");
    }
    let root = bench.accepts("x509 -in root.pem -noout -text");
    assert!(root.contains("X509v3 Basic Constraints: critical\n                CA:TRUE\n"), "{root}");
    let [.., relying_party, _, _] = profiles();
    let chain = pki.issue(&relying_party, key(1).public_key());
    bench.write_chain(&pki, &chain);
    let shown = bench.accepts("x509 -in leaf.pem -noout -text");
    assert!(shown.contains("1.3.6.1.4.1.32473.1.3"), "{shown}");
    assert!(shown.contains("1.3.6.1.4.1.32473.2.1: critical"), "{shown}");
}

/// What is signed here with the default purpose of `cms -verify`, which is that of S/MIME.
#[test]
fn openssl_accepts_our_signature_and_refuses_a_changed_content() {
    let Some(bench) = Bench::new("openssl_accepts_our_signature_and_refuses_a_changed_content") else { return };
    let mut pki = Pki::new();
    let key = key(7);
    let chain = pki.issue(&CertificateProfile::DocumentSigning, key.public_key());
    let attributes = SignedAttributes::pades(&sha256(CONTENT), chain.leaf()).unwrap();
    let signature = key.sign(attributes.to_be_signed());
    bench.write("signature.der", attributes.finish(&signature, &chain).unwrap().to_der());
    bench.write("content", CONTENT);
    bench.write_chain(&pki, &chain);
    let verify = |content: &str| {
        let now = at_now();
        format!("cms -verify {now} -binary -inform DER -in signature.der -content {content} -CAfile root.pem -out out")
    };
    bench.accepts(&verify("content"));
    assert_eq!(bench.read("out"), CONTENT);
    bench.accepts(&format!("{} -cades", verify("content")));
    bench.write("changed", [CONTENT, b"!"].concat());
    assert!(bench.refuses(&verify("changed")).contains("verification failure"));
    let stranger = Pki::new().issue(&CertificateProfile::RequestSigning, key.public_key());
    bench.write("root.pem", stranger.leaf().to_pem());
    bench.refuses(&verify("content"));
}

#[test]
fn a_signature_by_openssl_is_read_and_verified() {
    let Some(bench) = Bench::new("a_signature_by_openssl_is_read_and_verified") else { return };
    let mut pki = Pki::new();
    let key = key(7);
    let chain = pki.issue(&CertificateProfile::DocumentSigning, key.public_key());
    bench.write_chain(&pki, &chain);
    bench.write("key.pem", key.to_pkcs8_pem().unwrap().as_bytes());
    bench.write("content", CONTENT);
    let sign = "cms -sign -binary -md sha256 -signer leaf.pem -inkey key.pem -certfile int.pem -in content \
                -outform DER -out signature.der";
    bench.accepts(&format!("{sign} -cades"));
    let signed = SignedData::from_der(&bench.read("signature.der")).unwrap();
    assert_eq!(signed.verify(&sha256(CONTENT)), Ok(()));
    assert_eq!(signed.chain(), &chain);
    assert!(signed.signing_time().is_some());
    assert_eq!(signed.chain().verify(&pki.anchors(), NOW, Purpose::DocumentSigning), Ok(()));
    bench.accepts(sign);
    let plain = SignedData::from_der(&bench.read("signature.der")).unwrap();
    assert_eq!(plain.verify(&sha256(CONTENT)), Err(CmsError::SigningCertificateMissing));
    bench.accepts(&format!("{sign} -keyid -cades"));
    let by_key_id = SignedData::from_der(&bench.read("signature.der")).unwrap();
    assert_eq!(by_key_id.verify(&sha256(CONTENT)), Ok(()));
    bench.accepts(&format!("{sign} -nodetach"));
    assert_eq!(SignedData::from_der(&bench.read("signature.der")).err(), Some(CmsError::NotDetached));
    bench.accepts(&format!("{sign} -noattr"));
    let without = SignedData::from_der(&bench.read("signature.der")).unwrap();
    assert_eq!(without.verify(&sha256(CONTENT)), Err(CmsError::MissingAttribute { name: "signedAttrs" }));
}

#[test]
fn keys_and_certificates_by_openssl_are_read() {
    let Some(bench) = Bench::new("keys_and_certificates_by_openssl_are_read") else { return };
    bench.accepts("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem");
    bench.accepts("pkey -in key.pem -pubout -outform DER -out public.der");
    let key = SigningKey::from_pkcs8_pem(&bench.text("key.pem")).unwrap();
    assert_eq!(key.public_key().to_spki_der(), bench.read("public.der"));
    // What anyone makes for a try: self-signed, a CA by OpenSSL's default, no usages.
    bench.accepts("req -x509 -key key.pem -subj /CN=测试 -utf8 -days 3650 -out self.pem");
    let chain = Chain::from_pem(&bench.text("self.pem")).unwrap();
    assert_eq!(chain.leaf().subject_common_name().as_deref(), Some("测试"));
    let anchors = TrustAnchors::from_pem(&bench.text("self.pem")).unwrap();
    let at = chain.leaf().not_before();
    assert_eq!(chain.verify(&anchors, at, Purpose::DocumentSigning), Ok(()));
    // Signed by OpenSSL with our key, and the other way round.
    bench.write("message", CONTENT);
    bench.accepts("dgst -sha256 -sign key.pem -out signature message");
    let signature = eseal_crypto::key::Signature::from_der(Suite::EcdsaP256Sha256, &bench.read("signature")).unwrap();
    assert_eq!(key.public_key().verify(CONTENT, &signature), Ok(()));
    bench.write("ours", key.sign(CONTENT).to_der());
    bench.accepts("pkey -in key.pem -pubout -out public.pem");
    assert!(bench.accepts("dgst -sha256 -verify public.pem -signature ours message").contains("Verified OK"));
}

/// The names in other people's files are shown even where their algorithms are not supported.
#[test]
fn a_certificate_of_an_unknown_algorithm_is_read_but_never_verifies() {
    let Some(bench) = Bench::new("a_certificate_of_an_unknown_algorithm_is_read_but_never_verifies") else { return };
    bench.accepts("req -x509 -newkey ed25519 -noenc -keyout key.pem -subj /CN=edwards -days 3650 -out self.pem");
    let chain = Chain::from_pem(&bench.text("self.pem")).unwrap();
    assert_eq!(chain.leaf().subject_common_name().as_deref(), Some("edwards"));
    assert_eq!(chain.leaf().public_key().err().map(|error| error.code()), Some("key.unsupported-algorithm"));
    let anchors = TrustAnchors::from_pem(&bench.text("self.pem")).unwrap();
    let at = chain.leaf().not_before();
    assert_eq!(chain.verify(&anchors, at, Purpose::DocumentSigning), Ok(()), "a leaf that is believed as it is");
    bench.accepts("genpkey -algorithm ed25519 -out leaf.key");
    bench.accepts("req -new -key leaf.key -subj /CN=leaf -out leaf.csr");
    bench.accepts("x509 -req -in leaf.csr -CA self.pem -CAkey key.pem -days 9 -set_serial 7 -out leaf.pem");
    let chain = Chain::from_pem(&bench.text("leaf.pem")).unwrap();
    let at = chain.leaf().not_before();
    let unsupported = Err(ChainError::UnsupportedAlgorithm { position: 0 });
    assert_eq!(chain.verify(&anchors, at, Purpose::DocumentSigning), unsupported);
}
