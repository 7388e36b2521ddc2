//! The way that a claim is meant to go, on a desktop in Chinese and on a phone in English.

use eseal_protocol::consent::Decision;
use eseal_sdk::{Cancel, NoProgress};

use crate::browser::{Browser, Look};
use crate::world::{JIANG, World, face_digest};

struct Texts {
    html_language: &'static str,
    sign_in: &'static str,
    take: &'static str,
    scanned: &'static str,
    made: &'static str,
    in_use: &'static str,
}

const ZH: Texts = Texts {
    html_language: "zh-CN",
    sign_in: "登录",
    take: "立即领取",
    scanned: "已扫描，请在手机上确认",
    made: "印章已生效",
    in_use: "有效",
};

const EN: Texts = Texts {
    html_language: "en",
    sign_in: "Sign in",
    take: "Claim now",
    scanned: "Scanned: now confirm on the phone",
    made: "The seal is in use",
    in_use: "In use",
};

#[tokio::test(flavor = "multi_thread")]
async fn a_seal_is_claimed_in_chinese_on_a_desktop() {
    claim(Look::DESKTOP, &ZH).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seal_is_claimed_in_english_on_a_phone() {
    claim(Look::PHONE, &EN).await;
}

async fn claim(look: Look, texts: &Texts) {
    let Some(browser) = Browser::open(look).await else { return };
    let world = World::new().await;
    browser.page.goto(world.url()).await.unwrap();
    assert_eq!(browser.text("#sign-in").await, texts.sign_in);
    let html = browser.see("html").await;
    assert_eq!(html.attr("lang").await.unwrap().unwrap(), texts.html_language);
    browser.keep_picture("1-sign-in").await;

    browser.sign_in(JIANG).await;
    browser.see_scene("none").await;
    browser.keep_picture("2-nothing-drawn").await;

    let phone = world.phone().await;
    let handle = phone.draw().await;
    browser.see_scene("drawn").await;
    assert_eq!(browser.text("#take").await, texts.take);
    see_picture(&browser, "#claim img.face").await;
    browser.keep_picture("3-drawn").await;

    browser.click("take").await;
    browser.see_scene("code").await;
    let link = browser.scan().await;
    browser.keep_picture("4-code").await;
    check_code(&browser).await;

    let consent = phone.open(&link).await;
    browser.see_scene("scanned").await;
    assert_eq!(browser.text("#claim-title").await, texts.scanned);
    assert_eq!(browser.text("#status").await, texts.scanned, "said aloud too");
    let shown = browser.text("#claim").await;
    let digest = face_digest(&consent);
    assert!(shown.contains(&format!("{} {}", &digest[..4], &digest[4..8])), "{shown}");
    browser.keep_picture("5-scanned").await;

    consent.answer(Decision::Approve, Vec::new(), &NoProgress, &Cancel::new()).await.unwrap();
    browser.see_scene("made").await;
    assert_eq!(browser.text("#claim-title").await, texts.made);
    let seal = phone.client.await_seal(&handle, &NoProgress, &Cancel::new()).await.unwrap();
    let item = format!("#seals [data-seal='{}'][data-state='active']", seal.record().seal_id);
    assert_eq!(browser.text(&format!("{item} .state")).await, texts.in_use);
    see_picture(&browser, &format!("{item} img.face")).await;
    phone.stamp(&world, &seal).await;
    let row = browser.text("#usages tbody tr").await;
    assert!(row.contains("房屋租赁合同.pdf"), "{row}");
    browser.keep_picture("6-made").await;

    let wrong = browser.complaints().await;
    assert!(wrong.is_empty(), "{wrong:#?}");
    browser.close().await;
    world.platform.stop().await;
}

/// The picture is there and has a size.
async fn see_picture(browser: &Browser, selector: &str) {
    browser.see(selector).await;
    let loaded = "const i = document.querySelector(arguments[0]); await i.decode(); return i.naturalWidth > 0;";
    let script = format!("return (async (...arguments) => {{ {loaded} }})(...arguments);");
    let loaded = browser.page.execute(&script, vec![selector.into()]).await.unwrap();
    assert_eq!(loaded, true, "{selector}");
}

/// The code is large enough, in whole pixels, dark on white, and changes each second.
async fn check_code(browser: &Browser) {
    let script = "const i = document.getElementById('code'); const b = i.getBoundingClientRect();
        const paper = getComputedStyle(i.parentElement).backgroundColor;
        return [b.width, b.height, i.naturalWidth, paper, i.src, b.right <= innerWidth, b.left >= 0];";
    let first = browser.page.execute(script, Vec::new()).await.unwrap();
    let (width, natural) = (first[0].as_f64().unwrap(), first[2].as_f64().unwrap());
    assert!(width >= 240.0, "{width} px");
    assert_eq!((first[1].as_f64().unwrap(), width), (width, natural), "shown at its own size");
    assert_eq!(first[3], "rgb(255, 255, 255)");
    assert_eq!((first[5].as_bool(), first[6].as_bool()), (Some(true), Some(true)), "within the screen");
    let before = first[4].as_str().unwrap();
    browser.see(&format!("#code:not([src='{before}'])")).await;
}
