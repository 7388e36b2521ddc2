//! OpenSSL as the second opinion on timestamps and revocation: it believes what is made here, and what it makes is read
//! and believed here.

use eseal_crypto::cert::{CertificateProfile, Purpose, Services, Subject};
use eseal_crypto::cms::SignedData;
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::revocation::{Crl, OcspQuery, OcspRequest, OcspResponse, RevocationReason, RevocationStatus};
use eseal_crypto::tsp::{TimestampRefusal, TimestampRequest, TimestampToken};

use crate::openssl::{Bench, at_now};
use crate::revocation::{TAKEN_BACK, answer, leaf, list, responder};
use crate::support::{NOW, Pki, Repeatable, days, key, sha256};
use crate::tsp;

const CONTENT: &[u8] = b"what is stamped";

fn write_authorities(bench: &Bench, pki: &Pki) {
    bench.write("root.pem", pki.root.certificate().to_pem());
    bench.write("int.pem", pki.intermediate.certificate().to_pem());
    let both = pki.intermediate.certificate().to_pem() + &pki.root.certificate().to_pem();
    bench.write("both.pem", both);
}

#[test]
fn openssl_asks_our_authority_and_believes_it() {
    let Some(bench) = Bench::new("openssl_asks_our_authority_and_believes_it") else { return };
    let mut pki = Pki::new();
    write_authorities(&bench, &pki);
    let authority = tsp::authority(&mut pki);
    bench.write("content", CONTENT);
    for digest in ["-sha256", "-sha384", "-sha512"] {
        bench.accepts(&format!("ts -query -data content {digest} -cert -out asked.tsq"));
        let reply = authority.respond(&bench.read("asked.tsq"), 1234, NOW).unwrap();
        assert!(reply.outcome.is_ok());
        bench.write("reply.tsr", &reply.der);
        let shown = bench.accepts("ts -reply -in reply.tsr -text");
        for expected in
            ["Status: Granted.", "Serial number: 0x04D2", "Jan 15 08:00:00 2027 GMT", "Accuracy: 0x01 seconds"]
        {
            assert!(shown.contains(expected), "{expected:?} is not in\n{shown}");
        }
        let verify = format!("ts -verify -in reply.tsr -CAfile root.pem -untrusted int.pem {}", at_now());
        assert!(bench.accepts(&format!("{verify} -queryfile asked.tsq")).contains("Verification: OK"));
        bench.accepts(&format!("{verify} -data content"));
        bench.write("changed", b"something else");
        bench.refuses(&format!("{verify} -data changed"));
    }
    bench.accepts("ts -query -data content -sha1 -cert -out weak.tsq");
    let reply = authority.respond(&bench.read("weak.tsq"), 1, NOW).unwrap();
    assert_eq!(reply.outcome, Err(TimestampRefusal::BadAlgorithm));
    bench.write("refused.tsr", &reply.der);
    assert!(
        bench.accepts("ts -reply -in refused.tsr -text").contains("unrecognized or unsupported algorithm identifier")
    );
}

const TSA_CONFIG: &str = "
[tsa]
serial = ./serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1, millisecs:500, microsecs:100
clock_precision_digits = 6
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = ESS_ALG
";

#[test]
fn a_timestamp_by_openssl_is_believed() {
    let Some(bench) = Bench::new("a_timestamp_by_openssl_is_believed") else { return };
    let mut pki = Pki::new();
    write_authorities(&bench, &pki);
    let chain = pki.issue(&CertificateProfile::TimestampAuthority, key(50).public_key());
    bench.write("tsa.pem", chain.leaf().to_pem());
    bench.write("tsa.key", key(50).to_pkcs8_pem().unwrap().as_bytes());
    bench.write("serial", "0A\n");
    let imprint = Digest::of(DigestAlgorithm::Sha512, CONTENT);
    let asked = TimestampRequest::new(imprint, &mut Repeatable::seeded(2)).unwrap();
    bench.write("asked.tsq", asked.to_der());
    let shown = bench.accepts("ts -query -in asked.tsq -text");
    assert!(shown.contains("Certificate required: yes") && shown.contains("Hash Algorithm: sha512"), "{shown}");
    // The old attribute by SHA-1, and the new one (RFC 5816).
    for algorithm in ["sha1", "sha256", "sha512"] {
        bench.write("tsa.cnf", TSA_CONFIG.replace("ESS_ALG", algorithm));
        bench.accepts(
            "ts -reply -config tsa.cnf -section tsa -queryfile asked.tsq -signer tsa.pem -inkey tsa.key -chain int.pem \
             -out reply.tsr",
        );
        let token = asked.accept(&bench.read("reply.tsr")).unwrap();
        assert_eq!(token.chain(), &chain, "{algorithm}");
        assert_eq!(token.accuracy(), Some(std::time::Duration::from_micros(1_500_100)));
        assert_eq!(token.policy().to_string(), "1.2.3.4.1");
        assert_eq!(token.chain().verify(&pki.anchors(), NOW, Purpose::Timestamping), Ok(()));
    }
    // A token as openssl cuts it out of the response.
    bench.accepts("ts -reply -in reply.tsr -token_out -out token.der");
    assert_eq!(TimestampToken::from_der(&bench.read("token.der")).unwrap().verify(&imprint), Ok(()));
}

#[test]
fn openssl_sees_a_stamped_signature_as_the_signature_it_is() {
    let Some(bench) = Bench::new("openssl_sees_a_stamped_signature_as_the_signature_it_is") else { return };
    let mut pki = Pki::new();
    write_authorities(&bench, &pki);
    let signer = pki.issue(&CertificateProfile::DocumentSigning, key(7).public_key());
    let sign = |compat: bool| -> SignedData {
        let content = sha256(CONTENT);
        let attributes = if compat {
            eseal_crypto::cms::SignedAttributes::compat(&content, signer.leaf(), NOW)
        } else {
            eseal_crypto::cms::SignedAttributes::pades(&content, signer.leaf())
        };
        let attributes = attributes.unwrap();
        let signature = key(7).sign(attributes.to_be_signed());
        attributes.finish(&signature, &signer).unwrap()
    };
    bench.write("content", CONTENT);
    for compat in [false, true] {
        let unstamped = sign(compat);
        assert_eq!(unstamped.signing_time(), compat.then_some(NOW));
        let token = tsp::token(&mut pki, unstamped.signature_digest(DigestAlgorithm::Sha256));
        let stamped = unstamped.with_signature_timestamp(&token).unwrap();
        bench.write("signature.der", stamped.to_der());
        let now = at_now();
        bench.accepts(&format!(
            "cms -verify {now} -binary -cades -inform DER -in signature.der -content content -CAfile root.pem -out out"
        ));
        let shown = bench.accepts("cms -cmsout -print -inform DER -in signature.der -noout");
        assert!(shown.contains("id-smime-aa-timeStampToken"), "{shown}");
        assert_eq!(shown.contains("signingTime"), compat, "{shown}");
    }
}

#[test]
fn openssl_believes_our_ocsp_answers() {
    let Some(bench) = Bench::new("openssl_believes_our_ocsp_answers") else { return };
    let mut pki = Pki::new();
    write_authorities(&bench, &pki);
    let (responder, leaf) = (responder(&mut pki), leaf(&mut pki));
    bench.write("leaf.pem", leaf.to_pem());
    let ask = "ocsp -issuer int.pem -cert leaf.pem -no_nonce";
    for (status, said) in [
        (RevocationStatus::Good, "leaf.pem: good"),
        (TAKEN_BACK, "leaf.pem: revoked"),
        (RevocationStatus::Unknown, "leaf.pem: unknown"),
    ] {
        bench.write("response.der", answer(&responder, &leaf, status));
        // The times of the answer are those of the tests, which are not today's.
        let shown = bench.accepts(&format!(
            "{ask} -respin response.der -CAfile root.pem -validity_period 999999999 -attime {}",
            NOW.0
        ));
        assert!(shown.contains("Response verify OK") && shown.contains(said), "{shown}");
    }
    // Its own request, with a nonce that comes back.
    bench.accepts("ocsp -issuer int.pem -sha256 -cert leaf.pem -reqout asked.der");
    let query = OcspQuery::from_der(&bench.read("asked.der")).unwrap();
    assert_eq!(query.serials_of(responder.issuer()).collect::<Vec<_>>(), [Some(leaf.serial())]);
    let response = responder.respond(&query, &[RevocationStatus::Good], NOW, NOW.plus(60)).unwrap();
    bench.write("response.der", &response);
    let read = OcspResponse::from_der(&response).unwrap();
    assert_eq!(read.evidence(&leaf, responder.issuer()).unwrap().status, RevocationStatus::Good);
    let nonce_extension = [0x06, 0x09, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x02];
    let nonce = |der: &[u8]| {
        let at = der.windows(nonce_extension.len()).position(|window| window == nonce_extension).unwrap();
        der[at..at + nonce_extension.len() + 20].to_vec()
    };
    assert_eq!(nonce(&bench.read("asked.der")), nonce(&response));
}

#[test]
fn ocsp_answers_by_openssl_are_believed() {
    let Some(bench) = Bench::new("ocsp_answers_by_openssl_are_believed") else { return };
    let mut pki = Pki::new();
    write_authorities(&bench, &pki);
    let leaf = leaf(&mut pki);
    // OpenSSL answers with the time of today, when the delegate must be valid.
    let (profile, subject) = (CertificateProfile::OcspResponder, Subject::named("responder"));
    let delegate = pki.intermediate.issue(&profile, &subject, key(70).public_key(), days(300, 3000), &mut pki.rng);
    bench.write("responder.pem", delegate.unwrap().to_pem());
    bench.write("responder.key", key(70).to_pkcs8_pem().unwrap().as_bytes());
    bench.write("issuer.key", pki.intermediate.key().to_pkcs8_pem().unwrap().as_bytes());
    bench.write("asked.der", OcspRequest::new(&leaf, pki.intermediate.certificate()).unwrap().to_der());
    let serial = data_encoding::HEXUPPER.encode(leaf.serial());
    bench.write("index.txt", format!("R\t301231235959Z\t270115070000Z,keyCompromise\t{serial}\tunknown\t/CN=x\n"));
    for signer in [
        "-rsigner responder.pem -rkey responder.key",
        "-rsigner int.pem -rkey issuer.key",
        "-rsigner responder.pem -rkey responder.key -resp_key_id",
    ] {
        bench.accepts(&format!(
            "ocsp -index index.txt -CA int.pem {signer} -reqin asked.der -respout response.der -ndays 9"
        ));
        let response = OcspResponse::from_der(&bench.read("response.der")).unwrap();
        let evidence = response.evidence(&leaf, pki.intermediate.certificate()).unwrap();
        assert_eq!(evidence.status, TAKEN_BACK, "{signer}");
    }
}

#[test]
fn openssl_believes_our_lists() {
    let Some(bench) = Bench::new("openssl_believes_our_lists") else { return };
    let mut pki = Pki::new();
    write_authorities(&bench, &pki);
    let (kept, taken) = (leaf(&mut pki), leaf(&mut pki));
    bench.write("kept.pem", kept.to_pem());
    bench.write("taken.pem", taken.to_pem());
    bench.write("crl.der", list(&pki.intermediate, &[&taken]));
    bench.accepts("crl -inform DER -in crl.der -out crl.pem");
    assert!(bench.accepts("crl -in crl.pem -CAfile int.pem -noout").contains("verify OK"));
    let shown = bench.accepts("crl -in crl.pem -noout -text");
    for expected in [
        "Version 2 (0x1)",
        "X509v3 CRL Number: \n                3\n",
        "Key Compromise",
        "X509v3 Authority Key Identifier:",
    ] {
        assert!(shown.contains(expected), "{expected:?} is not in\n{shown}");
    }
    let verify =
        format!("verify {} -x509_strict -crl_check -CRLfile crl.pem -CAfile root.pem -untrusted int.pem", at_now());
    bench.accepts(&format!("{verify} kept.pem"));
    assert!(bench.refuses(&format!("{verify} taken.pem")).contains("certificate revoked"));
}

const CA_CONFIG: &str = "
[ca]
default_ca = own
[own]
database = index.txt
crlnumber = crlnumber
default_md = sha256
default_crl_days = 9
crl_extensions = of_list
[of_list]
authorityKeyIdentifier = keyid
issuingDistributionPoint = critical, @point
[point]
onlyuser = TRUE
";

#[test]
fn a_list_by_openssl_is_believed() {
    let Some(bench) = Bench::new("a_list_by_openssl_is_believed") else { return };
    let mut pki = Pki::new();
    write_authorities(&bench, &pki);
    let (kept, taken) = (leaf(&mut pki), leaf(&mut pki));
    let issuer = pki.intermediate.certificate().clone();
    bench.write("issuer.key", pki.intermediate.key().to_pkcs8_pem().unwrap().as_bytes());
    bench.write("ca.cnf", CA_CONFIG);
    bench.write("crlnumber", "01\n");
    let serial = data_encoding::HEXUPPER.encode(taken.serial());
    bench.write("index.txt", format!("R\t301231235959Z\t270115070000Z,superseded\t{serial}\tunknown\t/CN=x\n"));
    bench.accepts("ca -gencrl -config ca.cnf -cert int.pem -keyfile issuer.key -out crl.pem");
    bench.accepts("crl -in crl.pem -outform DER -out crl.der");
    let crl = Crl::from_der(&bench.read("crl.der")).unwrap();
    let at = eseal_crypto::cert::UnixTime(NOW.0 - 3600);
    let superseded = RevocationStatus::Revoked { at, reason: RevocationReason::Superseded };
    assert_eq!(crl.evidence(&taken, &issuer).unwrap().status, superseded);
    assert_eq!(crl.evidence(&kept, &issuer).unwrap().status, RevocationStatus::Good);
}

#[test]
fn openssl_shows_the_services_as_meant() {
    let Some(bench) = Bench::new("openssl_shows_the_services_as_meant") else { return };
    let mut pki = Pki::new();
    let services = Services {
        ocsp: vec!["http://127.0.0.1:1/ocsp".to_owned()],
        crls: vec!["http://127.0.0.1:1/crl/issuing.crl".to_owned()],
        issuers: vec!["http://127.0.0.1:1/ca/issuing.cer".to_owned()],
    };
    pki.intermediate = pki.intermediate.announcing(services);
    let chain = pki.issue(&CertificateProfile::TimestampAuthority, key(1).public_key());
    bench.write_chain(&pki, &chain);
    let shown = bench.accepts("x509 -in leaf.pem -noout -text");
    for expected in [
        "X509v3 Extended Key Usage: critical\n                Time Stamping\n",
        "OCSP - URI:http://127.0.0.1:1/ocsp",
        "CA Issuers - URI:http://127.0.0.1:1/ca/issuing.cer",
        "URI:http://127.0.0.1:1/crl/issuing.crl",
    ] {
        assert!(shown.contains(expected), "{expected:?} is not in\n{shown}");
    }
    let verify = format!("verify {} -x509_strict -CAfile root.pem -untrusted int.pem", at_now());
    bench.accepts(&format!("{verify} -purpose timestampsign leaf.pem"));
    let responder = pki.issue(&CertificateProfile::OcspResponder, key(2).public_key());
    bench.write_chain(&pki, &responder);
    bench.accepts(&format!("{verify} -purpose ocsphelper leaf.pem"));
    let shown = bench.accepts("x509 -in leaf.pem -noout -text");
    assert!(shown.contains("OCSP No Check") && !shown.contains("URI:"), "{shown}");
}
