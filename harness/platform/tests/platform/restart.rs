//! What a stopped platform left, and what was done to it meanwhile.

use std::os::unix::fs::PermissionsExt as _;

use eseal_protocol::consent::Decision;
use eseal_protocol::problem::ProblemCode;

use crate::browser::Browser;
use crate::phone::{Phone, face};
use crate::seals::{make_seal, usage};
use crate::world::{World, config};

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let world = World::start().await;
    let phone = Phone::enrol(&world, "jiang").await;
    let browser = Browser::signed_in(&world, "jiang").await;
    let seal_id = make_seal(&phone, &browser, 20.0).await;
    let recorded = phone.post("/v1/usages", &usage(&seal_id), "u-1").await;
    let roots = (world.platform.tls_root_pem().to_owned(), world.platform.trust_root_pem().to_owned());
    let rows = world.platform.verify_audit().await.unwrap();
    assert!(rows > 5, "{rows}");
    // A request that waits for its answer while the platform is away.
    let claim_id = phone.draw(&face(15.0)).await.claim_id.to_string();
    browser.take(&claim_id).await;
    let review = phone.review(&browser.scan(&claim_id).await).await;
    let (dir, clock) = world.stop().await;

    let world = World::start_in(dir, clock).await;
    assert_eq!(roots.0, world.platform.tls_root_pem());
    assert_eq!(roots.1, world.platform.trust_root_pem());
    let phone = phone.moved_to(&world);
    let again = phone.post("/v1/usages", &usage(&seal_id), "u-1").await;
    assert_eq!((again.status, &again.body), (recorded.status, &recorded.body));
    let (request, answered) = phone.answer(&review, Decision::Approve);
    let intent_id = answered.intent_id();
    assert!(phone.send_answer(intent_id, &request).await.status.is_success());
    let claim = phone.get(&format!("/v1/claims/{claim_id}?wait=20&since=awaiting-consent")).await;
    assert_eq!(claim.json::<eseal_protocol::api::Claim>().state, eseal_protocol::api::ClaimState::Made);
    assert_eq!(phone.seals().await.seals.len(), 2);
    assert!(world.platform.verify_audit().await.unwrap() > rows);
}

#[tokio::test]
async fn an_approval_that_was_not_acted_on_is_acted_on_after_a_restart() {
    let world = World::start().await;
    let phone = Phone::enrol(&world, "jiang").await;
    let browser = Browser::signed_in(&world, "jiang").await;
    make_seal(&phone, &browser, 20.0).await;
    let path = world.path("platform.sqlite");
    let (dir, clock) = world.stop().await;
    // As after a fall between the receipt and the seal: the approval is there, what follows from it is not.
    let pool = sqlx::SqlitePool::connect_with(sqlx::sqlite::SqliteConnectOptions::new().filename(&path)).await.unwrap();
    for statement in [
        "DELETE FROM seals",
        "UPDATE consents SET state = 'approved', version = version - 1",
        "UPDATE rp_requests SET outcome = NULL",
        "UPDATE claims SET state = 'awaiting-consent', version = version - 1",
    ] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    pool.close().await;
    let world = World::start_in(dir, clock).await;
    let browser = Browser::signed_in(&world, "jiang").await;
    let overview = browser.until(|overview| overview["claim"]["state"] == "made").await;
    assert_eq!(overview["seals"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_changed_audit_log_keeps_the_platform_from_starting() {
    let world = World::start().await;
    let phone = Phone::enrol(&world, "jiang").await;
    phone.draw(&face(10.0)).await;
    phone.draw(&face(11.0)).await;
    let path = world.path("platform.sqlite");
    let (dir, clock) = world.stop().await;
    let pool = sqlx::SqlitePool::connect_with(sqlx::sqlite::SqliteConnectOptions::new().filename(&path)).await.unwrap();
    let change = "UPDATE audit_log SET to_state = 'other' WHERE seq = 2";
    let refused = sqlx::query(change).execute(&pool).await.unwrap_err();
    assert!(refused.to_string().contains("append-only"), "{refused}");
    assert!(sqlx::query("DELETE FROM audit_log").execute(&pool).await.is_err());
    for statement in ["DROP TRIGGER audit_log_is_not_changed", change] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    pool.close().await;
    let error = eseal_platform::start(config(&dir, &clock)).await.err().unwrap();
    assert_eq!(
        (error.code(), error.to_string().as_str()),
        ("platform.audit-broken", "the audit log is broken at row 2")
    );
}

#[tokio::test]
async fn keys_are_their_owners_alone_and_damaged_ones_are_not_replaced() {
    let world = World::start().await;
    let keys: Vec<_> = std::fs::read_dir(world.path("keys")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(keys.len(), 13, "{keys:?}");
    let database = world.path("platform.sqlite");
    for key in keys.iter().chain([&database]) {
        assert_eq!(std::fs::metadata(key).unwrap().permissions().mode() & 0o777, 0o600, "{key:?}");
    }
    let damaged = world.path("keys/seal-maker.pem");
    let (dir, clock) = world.stop().await;
    let text = std::fs::read_to_string(&damaged).unwrap();
    std::fs::write(&damaged, &text[..text.len() / 2]).unwrap();
    let error = eseal_platform::start(config(&dir, &clock)).await.err().unwrap();
    assert_eq!(error.code(), "platform.damaged-key");
}

#[tokio::test]
async fn a_session_survives_a_restart_and_passwords_are_not_stored() {
    let world = World::start().await;
    let browser = Browser::signed_in(&world, "jiang").await;
    let cookie = browser.cookie.clone();
    let path = world.path("platform.sqlite");
    let (dir, clock) = world.stop().await;
    let stored = std::fs::read(&path).unwrap();
    for secret in [crate::phone::password("jiang"), cookie.split_once('=').unwrap().1] {
        assert!(!stored.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }
    let world = World::start_in(dir, clock).await;
    let mut browser = Browser::new(&world);
    assert_eq!(browser.get("/portal/api/overview").await.refused(), ProblemCode::NoSession);
    browser.cookie = cookie;
    assert_eq!(browser.overview().await["overview"]["account"], "jiang");
}
