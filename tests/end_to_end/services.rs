//! Timestamps and word about revocation, fetched from the platform and from services that fail or lie.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use eseal_sdk::client::{Reach, TrustServices};
use eseal_sdk::crypto::Suite;
use eseal_sdk::crypto::cert::{Certificate, Chain, Purpose, TrustAnchors, UnixTime};
use eseal_sdk::crypto::cms::{SignedAttributes, SignedData};
use eseal_sdk::crypto::digest::{Digest, DigestAlgorithm};
use eseal_sdk::crypto::key::SigningKey;
use eseal_sdk::crypto::revocation::{RevocationData, RevocationReason, RevocationStatus};
use eseal_sdk::{Cancel, Error, SystemEntropy};
use rand_core::UnwrapErr;

use crate::world::{JIANG, World, code};

fn services() -> TrustServices {
    TrustServices::new(&TrustAnchors::default(), Reach::Any).unwrap()
}

fn imprint() -> Digest {
    Digest::of(DigestAlgorithm::Sha256, b"what is stamped")
}

async fn stamp(url: &str) -> Result<UnixTime, Error> {
    let token = services().timestamp(url, imprint(), &SystemEntropy, &Cancel::new()).await?;
    Ok(token.time())
}

/// A server that answers every request with these bytes, then closes or hangs.
fn serve(answer: Vec<u8>, hangs: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            // The client may have gone away, as it should.
            let _ = stream.write_all(&answer);
            if hangs {
                thread::sleep(Duration::from_secs(30));
            }
        }
    });
    url
}

fn reply(head: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

#[tokio::test]
async fn the_platforms_services_are_believed() {
    let world = World::new().await;
    let anchors = world.config().platform_roots;
    let url = format!("{}/tsa", world.platform.pki_url().unwrap());
    let cancel = Cancel::new();
    let token = services().timestamp(&url, imprint(), &SystemEntropy, &cancel).await.unwrap();
    token.chain().verify(&anchors, token.time(), Purpose::Timestamping).unwrap();
    let path = token.chain().path(&anchors).unwrap();
    let mut data = RevocationData::new();
    services().revocation(&path, token.time(), &mut data, &cancel).await.unwrap();
    let findings = data.path_status_at(&path, token.time());
    assert!(findings.iter().all(|finding| finding.status == RevocationStatus::Good), "{findings:?}");
    // By OCSP for the authority, by the root's list for the CA; what is known is not asked again.
    assert_eq!((data.ocsp_responses().len(), data.crls().len()), (1, 1));
    services().revocation(&path, token.time(), &mut data, &cancel).await.unwrap();
    assert_eq!((data.ocsp_responses().len(), data.crls().len()), (1, 1));
    // The issuer can be fetched where a chain lacks it.
    let issuer = services().certificate(&token.authority().services().issuers[0], &cancel).await.unwrap();
    assert_eq!(&issuer, path[1]);
    let found = Chain::find(token.authority(), [&issuer], &anchors, token.time(), Purpose::Timestamping).unwrap();
    assert_eq!(found.certificates().count(), 2);

    assert!(world.platform.revoke_certificate(token.authority(), RevocationReason::Superseded).await.unwrap());
    let mut data = RevocationData::new();
    services().revocation(&path, token.time(), &mut data, &cancel).await.unwrap();
    let now = token.time().plus(60);
    assert!(matches!(data.path_status_at(&path, now)[0].status, RevocationStatus::Revoked { .. }));
    // Persons' certificates name the same services.
    world.phone_of(JIANG).await;
}

/// What an authority cannot see: a signature is stamped by its value alone.
#[tokio::test]
async fn a_signature_is_stamped() {
    let world = World::new().await;
    let key = SigningKey::generate(Suite::EcdsaP256Sha256, &mut UnwrapErr(getrandom::SysRng)).unwrap();
    let certificate = self_signed(&key);
    let chain = Chain::new([certificate.clone()]).unwrap();
    let attributes = SignedAttributes::pades(&imprint(), &certificate).unwrap();
    let signature = key.sign(attributes.to_be_signed());
    let signed = attributes.finish(&signature, &chain).unwrap();
    let url = format!("{}/tsa", world.platform.pki_url().unwrap());
    let digest = signed.signature_digest(DigestAlgorithm::Sha256);
    let token = services().timestamp(&url, digest, &SystemEntropy, &Cancel::new()).await.unwrap();
    let stamped = signed.with_signature_timestamp(&token).unwrap();
    let read = SignedData::from_der(stamped.to_der()).unwrap();
    assert_eq!(read.signature_timestamp().unwrap().unwrap().time(), token.time());
    assert!(read.verify(&imprint()).is_ok());
}

fn self_signed(key: &SigningKey) -> Certificate {
    use eseal_sdk::crypto::cert::{Issuer, Subject, Validity};
    let key = SigningKey::from_pkcs8_pem(&key.to_pkcs8_pem().unwrap()).unwrap();
    let validity = Validity { not_before: UnixTime(0), not_after: UnixTime(4_000_000_000) };
    let issuer = Issuer::new_root(key, &Subject::named("x"), validity, &mut UnwrapErr(getrandom::SysRng)).unwrap();
    issuer.certificate().clone()
}

#[tokio::test]
async fn services_that_fail_or_lie_have_codes_of_their_own() {
    let reply_type = "content-type: application/timestamp-reply";
    for (answer, expected) in [
        (reply("500 Oops", b""), "service.bad-reply"),
        (reply("404 Not Found\r\ncontent-type: text/html", b"<html>"), "service.bad-reply"),
        (reply("302 Found\r\nlocation: http://127.0.0.1:1/", b""), "service.bad-reply"),
        (reply("200 OK\r\ncontent-type: text/html", b"<html>"), "service.bad-reply"),
        (reply("200 OK", b""), "service.bad-reply"),
        (reply(&format!("200 OK\r\n{reply_type}"), b"no DER"), "tsp.malformed"),
        (reply(&format!("200 OK\r\n{reply_type}; charset=binary"), &[0x30, 0x05, 0x30, 0x03, 2, 1, 2]), "tsp.refused"),
        (reply(&format!("200 OK\r\n{reply_type}"), &vec![0; 65 * 1024]), "network.reply-too-large"),
        (b"no HTTP at all".to_vec(), "network.broken"),
    ] {
        let shown = String::from_utf8_lossy(&answer[..answer.len().min(60)]).into_owned();
        assert_eq!(code(stamp(&serve(answer, false)).await), expected, "{shown}");
    }
    assert_eq!(code(stamp("http://127.0.0.1:9/").await), "network.offline");
    assert_eq!(code(stamp("ftp://127.0.0.1/").await), "sdk.misconfigured");
    let public = TrustServices::new(&TrustAnchors::default(), Reach::Public).unwrap();
    let inside = public.crl("http://127.0.0.1:9/", &Cancel::new()).await;
    assert_eq!(code(inside), "sdk.misconfigured", "not even tried");
}

/// The answer to another request, replayed.
#[tokio::test]
async fn an_old_timestamp_is_not_taken_for_a_new_one() {
    let world = World::new().await;
    let url = format!("{}/tsa", world.platform.pki_url().unwrap());
    let token = services().timestamp(&url, imprint(), &SystemEntropy, &Cancel::new()).await.unwrap();
    let status = [0x30, 0x03, 2, 1, 0];
    let content = [&status, token.to_der()].concat();
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    let replayed = [&[0x30, 0x82], &length[..], &content].concat();
    let replayed = serve(reply("200 OK\r\ncontent-type: application/timestamp-reply", &replayed), false);
    assert_eq!(code(stamp(&replayed).await), "tsp.wrong-nonce");
}

#[tokio::test]
async fn a_service_that_does_not_end_can_be_given_up() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/pkix-crl\r\ncontent-length: 1000\r\n\r\n12345".to_vec();
    let url = serve(head, true);
    let cancel = Cancel::new();
    let later = cancel.clone();
    let give_up = async move {
        tokio::time::sleep(Duration::from_millis(200)).await;
        later.cancel();
    };
    let services = services();
    let (outcome, ()) = tokio::join!(services.crl(&url, &cancel), give_up);
    assert_eq!(code(outcome), "sdk.cancelled");
}
