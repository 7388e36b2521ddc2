//! The other ways that a claim can go, and the page's own errors.

use eseal_protocol::consent::Decision;
use eseal_sdk::{Cancel, NoProgress};

use crate::browser::{Browser, Look};
use crate::world::{JIANG, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_said_and_a_language_is_kept() {
    let Some(browser) = Browser::open(Look::DESKTOP).await else { return };
    let world = World::new().await;
    browser.page.goto(world.url()).await.unwrap();
    browser.sign_in(("jiang", "wrong")).await;
    browser.see("#sign-in-error:not(:empty)").await;
    assert_eq!(browser.text("#sign-in-error").await, "账号或密码不正确。");
    browser.click("language-en").await;
    assert_eq!(browser.text("#sign-in").await, "Sign in");
    browser.page.refresh().await.unwrap();
    assert_eq!(browser.text("#sign-in").await, "Sign in");
    browser.sign_in(JIANG).await;
    browser.see_scene("none").await;
    browser.click("language-zh-CN").await;
    assert_eq!(browser.text("#claim-title").await, "还没有待领取的签名");
    browser.click("sign-out").await;
    browser.see("#account").await;
    browser.page.refresh().await.unwrap();
    browser.see("#account").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_expired_and_declined_are_told_apart() {
    let Some(browser) = Browser::open(Look::DESKTOP).await else { return };
    let world = World::new().await;
    let phone = world.phone().await;
    phone.draw().await;
    browser.page.goto(world.url()).await.unwrap();
    browser.sign_in(JIANG).await;

    browser.click("take").await;
    browser.see_scene("code").await;
    browser.click("cancel").await;
    browser.see_scene("drawn").await;
    assert_eq!(browser.text("#claim .notice").await, "上一次领取已取消，没有制作印章。");

    browser.click("take").await;
    browser.see_scene("code").await;
    browser.see("#code[data-code='fresh']").await;
    world.clock.advance(60);
    browser.see("#code[data-code='over']").await;
    world.clock.advance(3);
    browser.see_scene("drawn").await;
    assert_eq!(browser.text("#claim .notice").await, "上一次扫码确认已超时，没有制作印章。");
    browser.keep_picture("7-expired").await;

    browser.click("take").await;
    browser.see_scene("code").await;
    let consent = phone.open(&browser.scan().await).await;
    browser.see_scene("scanned").await;
    consent.answer(Decision::Decline, Vec::new(), &NoProgress, &Cancel::new()).await.unwrap();
    browser.see_scene("declined").await;
    browser.keep_picture("8-declined").await;
    assert_eq!(browser.text(".empty").await, "还没有印章。领取后会显示在这里。");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_window_is_not_shown_the_code_but_can_cancel() {
    let Some(first) = Browser::open(Look::DESKTOP).await else { return };
    let second = Browser::open(Look::PHONE).await.unwrap();
    let world = World::new().await;
    world.phone().await.draw().await;
    for browser in [&first, &second] {
        browser.page.goto(world.url()).await.unwrap();
        browser.sign_in(JIANG).await;
        browser.see_scene("drawn").await;
    }
    first.click("take").await;
    first.see_scene("code").await;
    second.see_scene("elsewhere").await;
    second.keep_picture("9-elsewhere").await;
    second.click("cancel").await;
    first.see_scene("drawn").await;
    second.see_scene("drawn").await;
    second.close().await;
    first.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_goes_away_is_told_and_waited_for() {
    let Some(browser) = Browser::open(Look::DESKTOP).await else { return };
    let world = World::new().await;
    let phone = world.phone().await;
    browser.page.goto(world.url()).await.unwrap();
    browser.sign_in(JIANG).await;
    browser.see_scene("none").await;
    let stopped = world.stop().await;
    browser.see("#offline:not([hidden])").await;
    browser.keep_picture("10-offline").await;
    let _world = stopped.start().await;
    phone.draw().await;
    browser.see_scene("drawn").await;
    browser.see("#offline[hidden]").await;
    browser.close().await;
}
