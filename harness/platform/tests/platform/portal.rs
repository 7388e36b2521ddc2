//! The portal's interface, as a browser and as an attacker's page would use it.

use eseal_protocol::problem::ProblemCode;
use reqwest::{Method, StatusCode};

use crate::browser::Browser;
use crate::phone::{Phone, face};
use crate::world::World;

#[tokio::test]
async fn the_page_is_served_with_a_strict_policy_on_both_listeners() {
    let world = World::start().await;
    for base in [world.platform.base_url(), world.platform.browser_url().unwrap()] {
        for (path, media_type) in
            [("/", "text/html"), ("/portal/app.js", "text/javascript"), ("/portal/style.css", "text/css")]
        {
            let reply = world.http.get(format!("{base}{path}")).send().await.unwrap();
            assert_eq!(reply.status(), StatusCode::OK, "{base}{path}");
            let header = |name: &str| reply.headers().get(name).unwrap().to_str().unwrap().to_owned();
            assert!(header("content-type").starts_with(media_type), "{path}");
            let policy = header("content-security-policy");
            assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
            assert_eq!(header("x-content-type-options"), "nosniff");
        }
    }
}

#[tokio::test]
async fn the_listener_without_tls_serves_the_portal_only_and_under_loopback_names_only() {
    let world = World::start().await;
    let browser = Browser::new(&world);
    assert_eq!(browser.call(Method::POST, "/v1/session").await.refused(), ProblemCode::NotFound);
    let rebound = browser.call_with(Method::GET, "/", &[("host", "evil.example:80")]).await;
    assert_eq!(rebound.refused(), ProblemCode::Forbidden);
    let dir = tempfile::tempdir().unwrap();
    let mut config = eseal_platform::PlatformConfig::on_loopback(dir.path());
    config.browser_listen = Some("0.0.0.0:0".parse().unwrap());
    assert_eq!(eseal_platform::start(config).await.err().unwrap().code(), "platform.not-loopback");
}

#[tokio::test]
async fn another_sites_page_cannot_act() {
    let world = World::start().await;
    let phone = Phone::enrol(&world, "jiang").await;
    let browser = Browser::signed_in(&world, "jiang").await;
    let claim_id = phone.draw(&face(10.0)).await.claim_id;
    let path = format!("/portal/api/claims/{claim_id}/take");
    for headers in [&[][..], &[("eseal-portal", "1"), ("sec-fetch-site", "cross-site")], &[("eseal-portal", "0")]] {
        assert_eq!(browser.call_with(Method::POST, &path, headers).await.refused(), ProblemCode::Forbidden);
    }
    assert!(
        browser
            .call_with(Method::POST, &path, &[("eseal-portal", "1"), ("sec-fetch-site", "same-origin")])
            .await
            .status
            .is_success()
    );
}

#[tokio::test]
async fn without_a_session_there_is_nothing() {
    let world = World::start().await;
    let phone = Phone::enrol(&world, "jiang").await;
    let claim_id = phone.draw(&face(10.0)).await.claim_id.to_string();
    let mut browser = Browser::new(&world);
    let paths = ["/portal/api/overview".to_owned(), format!("/portal/api/claims/{claim_id}/face.svg")];
    for path in &paths {
        assert_eq!(browser.get(path).await.refused(), ProblemCode::NoSession, "{path}");
    }
    browser.cookie = "eseal-portal=invented".to_owned();
    assert_eq!(browser.get(&paths[0]).await.refused(), ProblemCode::NoSession);

    let browser = Browser::signed_in(&world, "jiang").await;
    assert!(browser.get(&paths[1]).await.status.is_success());
    assert!(browser.call(Method::DELETE, "/portal/api/session").await.status.is_success());
    assert_eq!(browser.get(&paths[0]).await.refused(), ProblemCode::NoSession, "signed out");

    let browser = Browser::signed_in(&world, "jiang").await;
    world.clock.advance(30 * 60);
    assert_eq!(browser.get(&paths[0]).await.refused(), ProblemCode::NoSession, "too long");
}

#[tokio::test]
async fn nobody_sees_or_takes_another_persons_claim() {
    let world = World::start().await;
    let phone = Phone::enrol(&world, "jiang").await;
    let claim_id = phone.draw(&face(10.0)).await.claim_id.to_string();
    let luo = Browser::signed_in(&world, "luo").await;
    assert_eq!(luo.overview().await["overview"]["claim"], serde_json::Value::Null);
    assert_eq!(luo.take(&claim_id).await.refused(), ProblemCode::NotFound);
    assert_eq!(luo.frame(&claim_id).await.refused(), ProblemCode::NotFound);
    assert_eq!(luo.get(&format!("/portal/api/claims/{claim_id}/face.svg")).await.refused(), ProblemCode::NotFound);
    let jiang = Browser::signed_in(&world, "jiang").await;
    assert!(jiang.take(&claim_id).await.status.is_success());
    let cancel = format!("/portal/api/claims/{claim_id}/cancel");
    assert_eq!(luo.call(Method::POST, &cancel).await.refused(), ProblemCode::NotFound);
}

#[tokio::test]
async fn the_code_is_shown_to_the_session_that_started_only() {
    let world = World::start().await;
    let phone = Phone::enrol(&world, "jiang").await;
    let claim_id = phone.draw(&face(10.0)).await.claim_id.to_string();
    let (first, second) = (Browser::signed_in(&world, "jiang").await, Browser::signed_in(&world, "jiang").await);
    assert!(first.take(&claim_id).await.status.is_success());
    assert_eq!(second.take(&claim_id).await.refused(), ProblemCode::ConsentOver);
    assert_eq!(second.frame(&claim_id).await.refused(), ProblemCode::Forbidden);
    assert_eq!(second.overview().await["overview"]["claim"]["request"]["origin"], "another-session");
    assert_eq!(first.overview().await["overview"]["claim"]["request"]["origin"], "this-session");
    assert!(first.frame(&claim_id).await.status.is_success());
}

#[tokio::test]
async fn no_secret_reaches_the_browser() {
    let world = World::start().await;
    let phone = Phone::enrol(&world, "jiang").await;
    let claim_id = phone.draw(&face(10.0)).await.claim_id.to_string();
    let browser = Browser::signed_in(&world, "jiang").await;
    browser.take(&claim_id).await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(world.path("platform.sqlite"));
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let (secret,): (Vec<u8>,) = sqlx::query_as("SELECT frame_secret FROM rp_requests").fetch_one(&pool).await.unwrap();
    let overview = browser.get("/portal/api/overview").await.body;
    let spellings = [
        data_encoding::HEXLOWER.encode(&secret),
        data_encoding::BASE64URL_NOPAD.encode(&secret),
        data_encoding::BASE64.encode(&secret),
        data_encoding::BASE32_NOPAD.encode(&secret),
    ];
    for body in [overview, browser.frame(&claim_id).await.body] {
        let text = String::from_utf8(body).unwrap();
        assert!(spellings.iter().all(|spelling| !text.contains(spelling.as_str())));
    }
}
