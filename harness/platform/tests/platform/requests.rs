//! Signed requests: nonces, replays, idempotency, faults.

use std::time::Duration;

use eseal_platform::Fault;
use eseal_protocol::problem::ProblemCode;
use reqwest::StatusCode;

use crate::phone::{Phone, Reply, face};
use crate::world::World;

#[tokio::test]
async fn a_signed_request_is_taken_once() {
    let world = World::start().await;
    let phone = Phone::enrol(&world, "jiang").await;
    let headers = phone.sign("GET", "/v1/seals", b"", "", &phone.nonce());
    let first = phone.send_with("GET", "/v1/seals", b"", "", &headers).await;
    assert_eq!(first.status, StatusCode::OK);
    let replayed = phone.send_with("GET", "/v1/seals", b"", "", &headers).await;
    assert_eq!(replayed.refused(), ProblemCode::NonceRequired);
    assert_ne!(replayed.nonce, first.nonce, "the answer carries a fresh nonce");
    assert_eq!(phone.get("/v1/seals").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_nonce_that_is_old_or_not_ours_is_refused_with_a_fresh_one() {
    let world = World::start().await;
    let phone = Phone::enrol(&world, "jiang").await;
    let old = phone.nonce();
    world.clock.advance(300);
    for nonce in [old.as_str(), "none", "AAAA"] {
        let headers = phone.sign("GET", "/v1/seals", b"", "", nonce);
        let reply = phone.send_with("GET", "/v1/seals", b"", "", &headers).await;
        assert_eq!(reply.refused(), ProblemCode::NonceRequired, "{nonce}");
        assert_eq!(phone.get("/v1/seals").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn what_was_not_signed_so_is_refused() {
    let world = World::start().await;
    let (phone, other) = (Phone::enrol(&world, "jiang").await, Phone::enrol(&world, "luo").await);
    let unsigned = world.http.get(format!("{}/v1/seals", world.platform.base_url())).send().await.unwrap();
    let unsigned = Reply::of(unsigned).await;
    assert_eq!(unsigned.refused(), ProblemCode::BadRequestSignature);
    assert!(!unsigned.nonce.is_empty(), "even this answer carries a nonce");

    let headers = phone.sign("GET", "/v1/seals", b"", "", &phone.nonce());
    for (method, target, body, key) in [
        ("GET", "/v1/usages", &b""[..], ""),
        ("GET", "/v1/seals?x=1", b"", ""),
        ("POST", "/v1/usages", b"", ""),
        ("GET", "/v1/seals", b"{}", ""),
        ("GET", "/v1/seals", b"", "key"),
    ] {
        let reply = phone.send_with(method, target, body, key, &headers).await;
        assert_eq!(reply.refused(), ProblemCode::BadRequestSignature, "{method} {target}");
    }
    // Another phone's name over this phone's signature.
    let mut renamed = headers.clone();
    renamed[1].1 = renamed[1].1.replace(phone.device_id.as_str(), other.device_id.as_str());
    let reply = phone.send_with("GET", "/v1/seals", b"", "", &renamed).await;
    assert_eq!(reply.refused(), ProblemCode::BadRequestSignature);
    // None of these used the signed request up.
    assert_eq!(phone.send_with("GET", "/v1/seals", b"", "", &headers).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_lost_answer_can_be_asked_for_again_under_a_new_nonce() {
    let world = World::start().await;
    let phone = Phone::enrol(&world, "jiang").await;
    let drawn = |length: f64| serde_json::json!({ "face_svg": face(length).to_svg() });
    let first = phone.post("/v1/claims", &drawn(10.0), "claim-1").await;
    let again = phone.post("/v1/claims", &drawn(10.0), "claim-1").await;
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(phone.post("/v1/claims", &drawn(11.0), "claim-1").await.refused(), ProblemCode::IdempotencyConflict);
    let other_call = phone.send("POST", "/v1/usages", &first.body, "claim-1").await;
    assert!(!other_call.status.is_success());
}

#[tokio::test]
async fn faces_that_cannot_be_used_are_refused() {
    let world = World::start().await;
    let phone = Phone::enrol(&world, "jiang").await;
    let good = face(10.0).to_svg();
    for bad in [
        "",
        "<svg/>",
        &good.replace("<path", "<script>alert(1)</script><path"),
        &good.replace("d=\"M", "d=\"M "),
        &format!("{good}\n\n"),
    ] {
        let reply = phone.post("/v1/claims", &serde_json::json!({ "face_svg": bad }), "").await;
        assert_eq!(reply.refused(), ProblemCode::BadFace, "{bad}");
    }
}

#[tokio::test]
async fn faults_come_and_go() {
    let world = World::start().await;
    let phone = Phone::enrol(&world, "jiang").await;
    world.platform.set_fault(Some(Fault::InternalError));
    assert_eq!(phone.get("/v1/seals").await.status, StatusCode::INTERNAL_SERVER_ERROR);
    world.platform.set_fault(Some(Fault::Garbage));
    let garbage = phone.get("/v1/seals").await;
    assert!(garbage.status.is_success() && serde_json::from_slice::<serde_json::Value>(&garbage.body).is_err());
    world.platform.set_fault(Some(Fault::Hang));
    {
        let hanging = phone.get("/v1/seals");
        tokio::pin!(hanging);
        tokio::time::timeout(Duration::from_millis(300), &mut hanging).await.unwrap_err();
        world.platform.set_fault(None);
        assert_eq!(hanging.await.status, StatusCode::OK);
    }
    assert_eq!(phone.get("/v1/seals").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_waiting_call_ends_when_the_platform_stops() {
    let world = World::start().await;
    let phone = Phone::enrol(&world, "jiang").await;
    let claim = phone.draw(&face(10.0)).await;
    let target = format!("/v1/claims/{}?wait=30&since=drawn", claim.claim_id);
    let waiting = tokio::spawn(async move { phone.get(&target).await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    tokio::time::timeout(Duration::from_secs(10), world.stop()).await.unwrap();
    assert_eq!(waiting.await.unwrap().status, StatusCode::OK);
}
