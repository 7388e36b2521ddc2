//! Timestamps, OCSP and CRLs, over plain HTTP as anybody's software asks for them.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use eseal_crypto::Suite;
use eseal_crypto::cert::{Certificate, Chain, Purpose, TrustAnchors, UnixTime};
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::key::PublicKey;
use eseal_crypto::revocation::{
    Crl, OcspRefusal, OcspRequest, OcspResponse, RevocationData, RevocationError, RevocationReason, RevocationStatus,
};
use eseal_crypto::tsp::{TimestampError, TimestampRefusal, TimestampRequest, TimestampToken};
use eseal_protocol::api::SignInReply;
use reqwest::StatusCode;

use crate::phone::{Phone, password, rng, sign_in};
use crate::world::World;

fn sha256(data: &[u8]) -> Digest {
    Digest::of(DigestAlgorithm::Sha256, data)
}

async fn post(world: &World, path: &str, content_type: &str, body: Vec<u8>) -> (StatusCode, String, Vec<u8>) {
    let url = format!("{}{path}", world.platform.pki_url().unwrap());
    let response = world.http.post(url).header("content-type", content_type).body(body).send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let kind = headers.get("content-type").map(|kind| kind.to_str().unwrap().to_owned()).unwrap_or_default();
    (status, kind, response.bytes().await.unwrap().to_vec())
}

async fn fetch(world: &World, url: &str, kind: &str) -> Vec<u8> {
    let response = world.http.get(url).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{url}");
    assert_eq!(response.headers()["content-type"], kind);
    response.bytes().await.unwrap().to_vec()
}

async fn timestamp(world: &World, request: &TimestampRequest) -> Result<TimestampToken, TimestampError> {
    let asked = request.to_der().to_vec();
    let (status, kind, body) = post(world, "/tsa", "application/timestamp-query", asked).await;
    assert_eq!((status, kind.as_str()), (StatusCode::OK, "application/timestamp-reply"));
    request.accept(&body)
}

/// What the platform says of each certificate of a chain, by OCSP where there is a responder and by its lists.
async fn word_about(world: &World, chain: &Chain) -> RevocationData {
    let mut data = RevocationData::new();
    let anchors = world.all_anchors();
    let path = chain.path(&anchors).unwrap();
    for (certificate, issuer) in path.iter().zip(path.iter().skip(1)) {
        let services = certificate.services();
        for url in &services.ocsp {
            let request = OcspRequest::new(certificate, issuer).unwrap().to_der().to_vec();
            assert_eq!(url, &format!("{}/ocsp", world.platform.pki_url().unwrap()));
            let (status, kind, body) = post(world, "/ocsp", "application/ocsp-request", request).await;
            assert_eq!((status, kind.as_str()), (StatusCode::OK, "application/ocsp-response"));
            data.add_ocsp(OcspResponse::from_der(&body).unwrap());
        }
        for url in &services.crls {
            data.add_crl(Crl::from_der(&fetch(world, url, "application/pkix-crl").await).unwrap());
        }
        for url in &services.issuers {
            assert_eq!(fetch(world, url, "application/pkix-cert").await, issuer.to_der());
        }
    }
    data
}

fn statuses(world: &World, chain: &Chain, data: &RevocationData) -> Vec<RevocationStatus> {
    let anchors = world.all_anchors();
    let path = chain.path(&anchors).unwrap();
    data.path_status_at(&path, UnixTime(world.now())).iter().map(|finding| finding.status).collect()
}

#[tokio::test]
async fn times_are_stamped_under_rising_numbers_also_after_a_restart() {
    let world = World::start().await;
    let ask = || TimestampRequest::new(sha256(b"document"), &mut rng()).unwrap();
    let first = timestamp(&world, &ask()).await.unwrap();
    let second = timestamp(&world, &ask()).await.unwrap();
    assert_eq!(first.time(), UnixTime(world.now()));
    first.chain().verify(&world.trust().anchors, first.time(), Purpose::Timestamping).unwrap();
    let (url, authority) = (world.platform.pki_url().unwrap().to_owned(), first.authority().clone());
    let (dir, clock) = world.stop().await;
    clock.advance(60);
    let world = World::start_in(dir, clock).await;
    assert_eq!(world.platform.pki_url(), Some(url.as_str()), "what certificates name is there again");
    let third = timestamp(&world, &ask()).await.unwrap();
    assert!(first.serial() < second.serial() && second.serial() < third.serial());
    assert_eq!(third.authority(), &authority);
    assert_eq!(third.time(), first.time().plus(60));
}

/// Who asks about SM3 gets SM2, below a root of its own; numbers are shared.
#[tokio::test]
async fn a_digest_of_sm3_is_stamped_in_sm2() {
    let world = World::start().await;
    let ask = |algorithm| TimestampRequest::new(Digest::of(algorithm, b"document"), &mut rng()).unwrap();
    let other = timestamp(&world, &ask(DigestAlgorithm::Sha256)).await.unwrap();
    let token = timestamp(&world, &ask(DigestAlgorithm::Sm3)).await.unwrap();
    assert_eq!(token.authority().public_key().map(PublicKey::suite), Ok(Suite::Sm2Sm3));
    assert!(other.serial() < token.serial());
    let anchors = TrustAnchors::from_pem(&std::fs::read_to_string(world.path("national-root.pem")).unwrap()).unwrap();
    token.chain().verify(&anchors, token.time(), Purpose::Timestamping).unwrap();
    assert!(token.chain().verify(&world.trust().anchors, token.time(), Purpose::Timestamping).is_err());
    let (dir, clock) = world.stop().await;
    let world = World::start_in(dir, clock).await;
    let again = timestamp(&world, &ask(DigestAlgorithm::Sm3)).await.unwrap();
    assert_eq!(again.authority(), token.authority());
}

/// The CA of SM2 is looked up as the other is: lists and answers are of SM2, at addresses that its certificates name.
#[tokio::test]
async fn national_certificates_are_good_until_taken_back() {
    let world = World::start().await;
    let ask = || TimestampRequest::new(Digest::of(DigestAlgorithm::Sm3, b"document"), &mut rng()).unwrap();
    let token = timestamp(&world, &ask()).await.unwrap();
    let chain = token.chain();
    let [leaf, issuing] = chain.certificates().collect::<Vec<_>>()[..] else { panic!("the root is elsewhere") };
    let data = word_about(&world, chain).await;
    assert_eq!(statuses(&world, chain, &data), [RevocationStatus::Good; 2]);
    assert_eq!((data.ocsp_responses().len(), data.crls().len()), (1, 2));
    let responders: Vec<_> = data.ocsp_responses().iter().flat_map(OcspResponse::certificates).collect();
    assert!(!responders.is_empty());
    assert!(responders.iter().all(|by| by.public_key().map(PublicKey::suite) == Ok(Suite::Sm2Sm3)));
    // A number that this CA never gave, though the other CA has it.
    let phone = Phone::enrol(&world, "jiang").await;
    let general = phone.chains[0].certificates().nth(1).unwrap();
    assert!(matches!(OcspRequest::new(leaf, general), Err(RevocationError::NotCovered)));

    world.clock.advance(10);
    let revoke = async |certificate: &Certificate| {
        world.platform.revoke_certificate(certificate, RevocationReason::KeyCompromise).await.unwrap()
    };
    assert!(revoke(leaf).await);
    assert!(!revoke(leaf).await, "already");
    let at = UnixTime(world.now());
    let revoked = RevocationStatus::Revoked { at, reason: RevocationReason::KeyCompromise };
    let data = word_about(&world, chain).await;
    assert_eq!(statuses(&world, chain, &data), [revoked, RevocationStatus::Good]);
    assert!(revoke(issuing).await);
    let data = word_about(&world, chain).await;
    assert_eq!(statuses(&world, chain, &data), [revoked; 2]);
    // The lists of the other CAs say nothing of it.
    let chain = &phone.chains[0];
    let data = word_about(&world, chain).await;
    assert_eq!(statuses(&world, chain, &data), [RevocationStatus::Good; 2]);
}

#[tokio::test]
async fn what_cannot_be_stamped_is_refused_with_a_reason() {
    let world = World::start().await;
    let query = "application/timestamp-query";
    let (status, _, body) = post(&world, "/tsa", query, b"nonsense".to_vec()).await;
    let refused = TimestampToken::from_response(&body).err();
    let reason = TimestampRefusal::BadDataFormat;
    assert_eq!((status, refused), (StatusCode::OK, Some(TimestampError::Refused { reason })));
    assert_eq!(post(&world, "/tsa", "text/plain", Vec::new()).await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(post(&world, "/tsa", query, vec![0; 100_000]).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    let (status, _, body) = post(&world, "/ocsp", "application/ocsp-request", b"nonsense".to_vec()).await;
    let reason = OcspRefusal::MalformedRequest;
    let refused = OcspResponse::from_der(&body).err();
    assert_eq!((status, refused), (StatusCode::OK, Some(RevocationError::Refused { reason })));
    for path in ["/crl/other.crl", "/crl/issuing", "/crl/national.crl", "/ca/issuing.crl", "/v1/seals", "/"] {
        let url = format!("{}{path}", world.platform.pki_url().unwrap());
        assert_eq!(world.http.get(url).send().await.unwrap().status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_phones_certificates_are_good_until_the_person_gives_it_up() {
    let world = World::start().await;
    let phone = Phone::enrol(&world, "jiang").await;
    for chain in &phone.chains {
        let data = word_about(&world, chain).await;
        assert_eq!(statuses(&world, chain, &data), [RevocationStatus::Good; 2]);
    }
    let before = UnixTime(world.now());
    world.clock.advance(10);
    let rows = world.platform.verify_audit().await.unwrap();

    let delete = |account: &'static str| async {
        let SignInReply { token, .. } = sign_in(&world, account, password(account)).await.json();
        let url = format!("{}/v1/devices/{}", world.platform.base_url(), phone.device_id);
        world.http.delete(url).bearer_auth(token).send().await.unwrap().status()
    };
    assert_eq!(delete("luo").await, StatusCode::NOT_FOUND, "another person's phone");
    assert_eq!(delete("jiang").await, StatusCode::NO_CONTENT);
    assert_eq!(delete("jiang").await, StatusCode::NO_CONTENT);
    // The phone itself, and the three certificates.
    assert_eq!(world.platform.verify_audit().await.unwrap(), rows + 4);

    let revoked = RevocationStatus::Revoked { at: UnixTime(world.now()), reason: RevocationReason::KeyCompromise };
    for chain in &phone.chains {
        let data = word_about(&world, chain).await;
        assert_eq!(statuses(&world, chain, &data), [revoked, RevocationStatus::Good]);
        // What was signed before stays signed by a certificate that was good then.
        let anchors = world.trust().anchors;
        let path = chain.path(&anchors).unwrap();
        assert_eq!(data.path_status_at(&path, before)[0].status, RevocationStatus::Good);
    }
    assert_eq!(phone.get("/v1/seals").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_administrator_takes_a_certificate_back_once() {
    let world = World::start().await;
    let phone = Phone::enrol(&world, "jiang").await;
    let issuing = phone.chains[0].certificates().nth(1).unwrap().clone();
    let revoke = |certificate: Certificate| {
        let platform = &world.platform;
        async move { platform.revoke_certificate(&certificate, RevocationReason::CessationOfOperation).await.unwrap() }
    };
    assert!(revoke(issuing.clone()).await);
    assert!(!revoke(issuing).await, "already");
    assert!(!revoke(Certificate::from_pem(world.platform.tls_root_pem()).unwrap()).await, "not one of these");
    let chain = &phone.chains[0];
    let data = word_about(&world, chain).await;
    let [leaf, above] = statuses(&world, chain, &data)[..] else { panic!("two") };
    assert_eq!(leaf, RevocationStatus::Good);
    assert!(matches!(above, RevocationStatus::Revoked { reason: RevocationReason::CessationOfOperation, .. }));
}

/// A list is signed again when half its time is over, under a higher number, and not before.
#[tokio::test]
async fn lists_are_renewed_in_time() {
    let world = World::start().await;
    let url = format!("{}/crl/issuing.crl", world.platform.pki_url().unwrap());
    let list = || fetch(&world, &url, "application/pkix-crl");
    let first = list().await;
    assert_eq!(list().await, first);
    world.clock.advance(12 * 60 * 60);
    let renewed = list().await;
    assert_ne!(renewed, first);
    let (first, renewed) = (Crl::from_der(&first).unwrap(), Crl::from_der(&renewed).unwrap());
    assert!(first.next_update().unwrap() > renewed.this_update());
    assert_eq!(renewed.this_update(), UnixTime(world.now()));
}

fn openssl(dir: &Path, arguments: &str) -> Option<String> {
    let output = Command::new("openssl").args(arguments.split_whitespace()).current_dir(dir).output().ok()?;
    let printed = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "openssl {arguments}: {printed}");
    Some(printed)
}

/// OpenSSL's own clients: `ts`, `ocsp` over the network, `verify` with the list.
#[tokio::test(flavor = "multi_thread")]
async fn openssl_gets_on_with_the_services() {
    let world = World::start().await;
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| std::fs::write(dir.path().join(name), content).unwrap();
    if openssl(dir.path(), "version").is_none() {
        // Not by a macro: the test harness would swallow it.
        let _ = writeln!(std::io::stderr(), "SKIPPED openssl_gets_on_with_the_services: no `openssl` on PATH");
        return;
    }
    let phone = Phone::enrol(&world, "jiang").await;
    let chain = &phone.chains[2];
    write("root.pem", world.platform.trust_root_pem().as_bytes());
    write("leaf.pem", chain.leaf().to_pem().as_bytes());
    write("int.pem", chain.certificates().nth(1).unwrap().to_pem().as_bytes());
    write("data", b"what is stamped");
    openssl(dir.path(), "ts -query -data data -sha256 -cert -out asked.tsq").unwrap();
    let asked = std::fs::read(dir.path().join("asked.tsq")).unwrap();
    let (_, _, reply) = post(&world, "/tsa", "application/timestamp-query", asked).await;
    write("reply.tsr", &reply);
    let verified = openssl(dir.path(), "ts -verify -queryfile asked.tsq -in reply.tsr -CAfile root.pem").unwrap();
    assert!(verified.contains("Verification: OK"), "{verified}");

    let url = world.platform.pki_url().unwrap().to_owned();
    let ask = format!("ocsp -issuer int.pem -cert leaf.pem -url {url}/ocsp -CAfile root.pem");
    let said = openssl(dir.path(), &ask).unwrap();
    assert!(said.contains("Response verify OK") && said.contains("leaf.pem: good"), "{said}");
    assert!(!said.contains("no nonce"), "{said}");
    assert!(world.platform.revoke_certificate(chain.leaf(), RevocationReason::Superseded).await.unwrap());
    let said = openssl(dir.path(), &ask).unwrap();
    assert!(said.contains("leaf.pem: revoked") && said.contains("superseded"), "{said}");

    write("crl.der", &fetch(&world, &chain.leaf().services().crls[0], "application/pkix-crl").await);
    let said = openssl(dir.path(), "crl -inform DER -in crl.der -CAfile int.pem -noout").unwrap();
    assert!(said.contains("verify OK"), "{said}");
}
