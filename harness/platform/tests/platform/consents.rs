//! One consent between portal, platform and phone, and everything that must not pass for one.

use eseal_protocol::api::{ClaimState, OpenReply, OpenRequest};
use eseal_protocol::consent::{ConsentStatement, Decision, EnvSignal, View};
use eseal_protocol::evidence::Evidence;
use eseal_protocol::ids::{IntentId, Nonce, Sha256Hex};
use eseal_protocol::intent::Intent;
use eseal_protocol::machine::Scanned;
use eseal_protocol::problem::ProblemCode;
use eseal_protocol::qr::{Frame, FrameSecret};
use eseal_protocol::template::{self, Locale};
use eseal_protocol::text::DisplayText;

use crate::browser::Browser;
use crate::phone::{ARRIVAL, Phone, USER_AUTH, face, rng};
use crate::world::World;

/// A person with a phone who has drawn and pressed "claim now": the code is on the screen.
struct Scene {
    world: World,
    phone: Phone,
    browser: Browser,
    claim_id: String,
}

impl Scene {
    async fn new() -> Self {
        let world = World::start().await;
        let phone = Phone::enrol(&world, "jiang").await;
        let browser = Browser::signed_in(&world, "jiang").await;
        let claim_id = phone.draw(&face(20.0)).await.claim_id.to_string();
        assert!(browser.take(&claim_id).await.status.is_success());
        Self { world, phone, browser, claim_id }
    }

    async fn link(&self) -> String {
        self.browser.scan(&self.claim_id).await
    }

    async fn claim_state(&self) -> ClaimState {
        self.phone.get(&format!("/v1/claims/{}", self.claim_id)).await.json::<eseal_protocol::api::Claim>().state
    }
}

fn frame_of(link: &str) -> Frame {
    Frame::parse(link, "ESEAL.EXAMPLE.GOV.CN").unwrap()
}

fn open_request(frame: &Frame) -> OpenRequest {
    OpenRequest { t: frame.t, mac: frame.mac.to_text(), n_c: Nonce::random(&mut rng()) }
}

async fn open(phone: &Phone, link: &str) -> crate::phone::Reply {
    let frame = frame_of(link);
    phone.open_raw(frame.intent_id, &open_request(&frame)).await
}

#[tokio::test]
async fn a_frame_is_good_for_three_seconds_and_not_for_four() {
    for (age, expected) in [(0, None), (3, None), (4, Some(ProblemCode::FrameExpired))] {
        let scene = Scene::new().await;
        scene.world.clock.advance(7);
        let link = scene.link().await;
        assert_eq!(frame_of(&link).t, 7);
        scene.world.clock.advance(age);
        let reply = open(&scene.phone, &link).await;
        assert_eq!((!reply.status.is_success()).then(|| reply.refused()), expected, "{age} s");
    }
}

#[tokio::test]
async fn the_last_frame_is_that_of_second_59() {
    let scene = Scene::new().await;
    scene.world.clock.advance(59);
    let link = scene.link().await;
    scene.world.clock.advance(1);
    assert_eq!(scene.browser.frame(&scene.claim_id).await.refused(), ProblemCode::FrameExpired);
    scene.world.clock.advance(2);
    assert!(open(&scene.phone, &link).await.status.is_success(), "59 seconds old code, 3 seconds old frame");
}

#[tokio::test]
async fn a_code_that_nobody_scanned_expires_and_the_claim_can_be_taken_again() {
    let scene = Scene::new().await;
    scene.world.clock.advance(62);
    assert_eq!(scene.claim_state().await, ClaimState::AwaitingConsent);
    scene.world.clock.advance(1);
    let overview = scene.browser.until(|overview| overview["claim"]["state"] == "drawn").await;
    assert_eq!(overview["claim"]["request"]["state"], "expired");
    assert!(scene.browser.take(&scene.claim_id).await.status.is_success());
}

#[tokio::test]
async fn invented_frames_open_nothing() {
    let scene = Scene::new().await;
    let frame = frame_of(&scene.link().await);
    let forged = FrameSecret::from_bytes([1; 32]).frame(frame.intent_id, frame.t);
    let later = OpenRequest { t: frame.t + 1, ..open_request(&frame) };
    let garbage = OpenRequest { mac: "€".to_owned(), ..open_request(&frame) };
    for request in [open_request(&forged), later, garbage] {
        assert_eq!(scene.phone.open_raw(frame.intent_id, &request).await.refused(), ProblemCode::BadFrame);
    }
    let elsewhere = IntentId::random(&mut rng());
    assert_eq!(scene.phone.open_raw(elsewhere, &open_request(&frame)).await.refused(), ProblemCode::NotFound);
    // The true frame still opens.
    assert!(scene.phone.open_raw(frame.intent_id, &open_request(&frame)).await.status.is_success());
}

#[tokio::test]
async fn a_request_is_for_its_addressee_only() {
    let scene = Scene::new().await;
    let luo = Phone::enrol(&scene.world, "luo").await;
    let link = scene.link().await;
    assert_eq!(open(&luo, &link).await.refused(), ProblemCode::NotForYou);
    let id = frame_of(&link).intent_id;
    scene.phone.review(&link).await;
    for target in ["documents/0", "evidence"] {
        assert_eq!(luo.get(&format!("/v1/consents/{id}/{target}")).await.refused(), ProblemCode::NotFound);
    }
    assert_eq!(luo.get(&format!("/v1/claims/{}", scene.claim_id)).await.refused(), ProblemCode::NotFound);
}

#[tokio::test]
async fn of_two_phones_exactly_one_gets_the_request() {
    let scene = Scene::new().await;
    let second = Phone::enrol(&scene.world, "jiang").await;
    let link = scene.link().await;
    let (a, b) = tokio::join!(open(&scene.phone, &link), open(&second, &link));
    let winners = [&a, &b].iter().filter(|reply| reply.status.is_success()).count();
    assert_eq!(winners, 1);
    let loser = if a.status.is_success() { &b } else { &a };
    assert_eq!(loser.refused(), ProblemCode::AnsweredElsewhere);
}

#[tokio::test]
async fn only_the_phone_that_opened_can_answer() {
    let scene = Scene::new().await;
    let second = Phone::enrol(&scene.world, "jiang").await;
    let review = scene.phone.review(&scene.link().await).await;
    let (request, answered) = scene.phone.answer(&review, Decision::Approve);
    let reply = second.send_answer(answered.intent_id(), &request).await;
    assert_eq!(reply.refused(), ProblemCode::AnsweredElsewhere);
    assert!(scene.phone.send_answer(answered.intent_id(), &request).await.status.is_success());
}

#[tokio::test]
async fn opening_again_gives_the_same_view_and_another_nonce_none() {
    let scene = Scene::new().await;
    let frame = frame_of(&scene.link().await);
    let request = open_request(&frame);
    let first = scene.phone.open_raw(frame.intent_id, &request).await;
    scene.world.clock.advance(60);
    let again = scene.phone.open_raw(frame.intent_id, &request).await;
    assert_eq!(first.json::<OpenReply>().view, again.json::<OpenReply>().view);
    assert_eq!(first.body, again.body);
    let fresh = scene.phone.open_raw(frame.intent_id, &open_request(&frame)).await;
    assert_eq!(fresh.refused(), ProblemCode::ConsentOver);
}

#[tokio::test]
async fn the_same_answer_gets_the_same_receipt_and_another_none() {
    let scene = Scene::new().await;
    let (id, view) = scene.phone.view(&scene.link().await).await;
    let approve = scene.phone.sign_consent(statement(&scene.phone, &view));
    let other_text = ConsentStatement { env: vec![EnvSignal::Debugger], ..statement(&scene.phone, &view) };
    let other_text = scene.phone.sign_consent(other_text);
    let decline = ConsentStatement { decision: Decision::Decline, ..statement(&scene.phone, &view) };
    let decline = scene.phone.sign_consent(decline);
    let receipt = scene.phone.send_answer(id, &approve).await;
    assert!(receipt.status.is_success());
    scene.browser.until(|overview| overview["claim"]["state"] == "made").await;
    scene.world.clock.advance(1000);
    scene.phone.refresh_nonce().await;
    let again = scene.phone.send_answer(id, &approve).await;
    assert_eq!((again.status, &again.body), (receipt.status, &receipt.body), "byte by byte");
    assert_eq!(scene.phone.send_answer(id, &other_text).await.refused(), ProblemCode::IdempotencyConflict);
    assert_eq!(scene.phone.send_answer(id, &decline).await.refused(), ProblemCode::ConsentOver);
    assert_eq!(scene.phone.seals().await.seals.len(), 1, "one seal for all of that");
}

#[tokio::test]
async fn the_idempotency_key_of_an_answer_names_it() {
    let scene = Scene::new().await;
    let (id, view) = scene.phone.view(&scene.link().await).await;
    let body = serde_json::to_vec(&scene.phone.sign_consent(statement(&scene.phone, &view))).unwrap();
    for key in ["", "else", &format!("{id}:decline")] {
        let reply = scene.phone.send("PUT", &format!("/v1/consents/{id}/answer"), &body, key).await;
        assert_eq!(reply.refused(), ProblemCode::BadRequest, "{key}");
    }
}

#[tokio::test]
async fn an_answer_comes_in_time_or_not_at_all() {
    let scene = Scene::new().await;
    let review = scene.phone.review(&scene.link().await).await;
    let (request, answered) = scene.phone.answer(&review, Decision::Approve);
    scene.world.clock.advance(300);
    scene.phone.refresh_nonce().await;
    let reply = scene.phone.send_answer(answered.intent_id(), &request).await;
    assert_eq!(reply.refused(), ProblemCode::ConsentExpired);
    scene.browser.until(|overview| overview["claim"]["state"] == "drawn").await;
    assert!(scene.phone.seals().await.seals.is_empty());
}

#[tokio::test]
async fn declining_withdraws_the_claim() {
    let scene = Scene::new().await;
    let id = scene.phone.consent(&scene.link().await, Decision::Decline).await;
    let overview = scene.browser.until(|overview| overview["claim"]["state"] == "withdrawn").await;
    assert_eq!(overview["claim"]["request"]["state"], "declined");
    assert!(scene.phone.seals().await.seals.is_empty());
    let evidence: Evidence = scene.phone.get(&format!("/v1/consents/{id}/evidence")).await.json();
    let report = evidence.verify(&scene.world.trust().anchors);
    let failed: Vec<_> = report.checks.iter().filter(|check| check.outcome.is_err()).map(|check| check.code).collect();
    assert_eq!(failed, ["evidence.approved"], "a proven refusal is no approval");
}

#[tokio::test]
async fn a_cancelled_request_cannot_be_opened_or_answered() {
    let scene = Scene::new().await;
    let link = scene.link().await;
    let review = scene.phone.review(&link).await;
    let cancelled =
        scene.browser.call(reqwest::Method::POST, &format!("/portal/api/claims/{}/cancel", scene.claim_id)).await;
    assert!(cancelled.status.is_success());
    let (request, answered) = scene.phone.answer(&review, Decision::Approve);
    let reply = scene.phone.send_answer(answered.intent_id(), &request).await;
    assert_eq!(reply.refused(), ProblemCode::ConsentOver);
    assert_eq!(open(&scene.phone, &link).await.refused(), ProblemCode::ConsentOver);
    assert_eq!(scene.claim_state().await, ClaimState::Drawn);
}

#[tokio::test]
async fn a_new_drawing_withdraws_the_request_for_the_old_one() {
    let scene = Scene::new().await;
    let link = scene.link().await;
    scene.phone.draw(&face(9.0)).await;
    assert_eq!(scene.claim_state().await, ClaimState::Withdrawn);
    assert_eq!(open(&scene.phone, &link).await.refused(), ProblemCode::ConsentOver);
}

#[tokio::test]
async fn an_answer_with_any_field_changed_is_refused() {
    type Change = fn(&mut ConsentStatement);
    let changes: [(&str, Change); 18] = [
        ("intent_id", |s| s.intent_id = IntentId::random(&mut rng())),
        ("intent_digest", |s| s.intent_digest = Sha256Hex::of(b"x")),
        ("rp_id", |s| s.rp_id = "rp-other".parse().unwrap()),
        ("subject", |s| s.subject = "per-other".parse().unwrap()),
        ("op_digest", |s| s.op_digest = Sha256Hex::of(b"x")),
        ("documents changed", |s| s.documents[0] = Sha256Hex::of(b"x")),
        ("documents missing", |s| s.documents.clear()),
        ("documents repeated", |s| s.documents.push(s.documents[0])),
        ("n_s", |s| s.n_s = Nonce::random(&mut rng())),
        ("n_c", |s| s.n_c = Nonce::random(&mut rng())),
        ("shown.digest", |s| s.shown.digest = Sha256Hex::of(b"x")),
        ("shown.version", |s| s.shown.version = 99),
        ("shown.locale", |s| s.shown.locale = Locale::En),
        ("shown.template", |s| s.shown.template = DisplayText::new("other").unwrap()),
        ("device_id", |s| s.device_id = "dev-other".parse().unwrap()),
        ("env repeated", |s| s.env = vec![EnvSignal::Debugger, EnvSignal::Debugger]),
        ("server_time_seen", |s| s.server_time_seen.0 += 1),
        ("previous_receipt", |s| s.previous_receipt = Some(Sha256Hex::of(b"x"))),
    ];
    let scene = Scene::new().await;
    let (id, view) = scene.phone.view(&scene.link().await).await;
    for (field, change) in changes {
        let mut spoilt = statement(&scene.phone, &view);
        change(&mut spoilt);
        let reply = scene.phone.send_answer(id, &scene.phone.sign_consent(spoilt)).await;
        assert_eq!(reply.refused(), ProblemCode::BadConsent, "{field}");
    }
    // The unchanged one is taken after all that.
    let right = scene.phone.sign_consent(statement(&scene.phone, &view));
    assert!(scene.phone.send_answer(id, &right).await.status.is_success());
}

#[tokio::test]
async fn an_answer_signed_by_another_key_is_refused() {
    let scene = Scene::new().await;
    let second = Phone::enrol(&scene.world, "jiang").await;
    let (id, view) = scene.phone.view(&scene.link().await).await;
    // The same person's other phone, certified for consents.
    let by_other = second.sign_consent(statement(&scene.phone, &view));
    assert_eq!(scene.phone.send_answer(id, &by_other).await.refused(), ProblemCode::BadConsent);
    // The same phone's request key, certified for requests.
    let to_sign =
        eseal_protocol::jws::ToSign::with_chain(statement(&scene.phone, &view), scene.phone.chains[0].clone()).unwrap();
    let signature = scene.phone.request_key.sign(to_sign.signing_input());
    let by_request_key = to_sign.finish(&signature, scene.phone.request_key.public_key()).unwrap();
    let request = eseal_protocol::api::AnswerRequest { consent: (&by_request_key).into() };
    assert_eq!(scene.phone.send_answer(id, &request).await.refused(), ProblemCode::BadConsent);
    // A changed letter of the right one.
    let right = scene.phone.sign_consent(statement(&scene.phone, &view));
    let text = right.consent.as_str().to_owned();
    let at = text.rfind('.').unwrap() + 5;
    let letter = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
    let changed = format!("{}{letter}{}", &text[..at], &text[at + 1..]);
    let request = eseal_protocol::api::AnswerRequest { consent: eseal_protocol::jws::Compact::from_text(changed) };
    assert_eq!(scene.phone.send_answer(id, &request).await.refused(), ProblemCode::BadConsent);
}

#[tokio::test]
async fn evidence_convinces_offline_and_a_changed_byte_does_not() {
    let scene = Scene::new().await;
    let id = scene.phone.consent(&scene.link().await, Decision::Approve).await;
    scene.browser.until(|overview| overview["claim"]["state"] == "made").await;
    let reply = scene.phone.get(&format!("/v1/consents/{id}/evidence")).await;
    let anchors = scene.world.trust().anchors;
    let report = Evidence::from_json(&reply.body).unwrap().verify(&anchors);
    let proven = report.proven.expect("every check passes");
    assert_eq!(proven.intent.subject.name.as_str(), "江小满");
    assert!(
        Evidence::from_json(&reply.body).unwrap().verify(&eseal_crypto::cert::TrustAnchors::default()).proven.is_none()
    );

    let mut tried = 0;
    for at in (0..reply.body.len()).step_by(23) {
        let mut bytes = reply.body.clone();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let convinces = Evidence::from_json(&bytes).is_ok_and(|evidence| evidence.verify(&anchors).proven.is_some());
        assert!(!convinces, "byte {at}");
        tried += 1;
    }
    assert!(tried > 100, "only {tried} bytes tried");
}

#[tokio::test]
async fn what_the_phone_is_shown_names_the_person_and_the_face() {
    let scene = Scene::new().await;
    let review = scene.phone.review(&scene.link().await).await;
    let text = review.text().lines.join("\n");
    for expected in ["江小满", "40.0 × 16.0", "jiang", "127.0.0.1"] {
        assert!(text.contains(expected), "{expected} is not in:\n{text}");
    }
    assert!(review.time_left(ARRIVAL) <= 300_000);
}

#[tokio::test]
async fn opening_is_limited() {
    let scene = Scene::new().await;
    let frame = frame_of(&scene.link().await);
    let forged = FrameSecret::from_bytes([1; 32]).frame(frame.intent_id, frame.t);
    for _ in 0..30 {
        assert_eq!(
            scene.phone.open_raw(frame.intent_id, &open_request(&forged)).await.refused(),
            ProblemCode::BadFrame
        );
    }
    assert_eq!(scene.phone.open_raw(frame.intent_id, &open_request(&frame)).await.refused(), ProblemCode::TooManyTries);
}

#[tokio::test]
async fn a_link_of_another_host_is_not_even_sent() {
    let scene = Scene::new().await;
    let link = scene.link().await.replace("ESEAL.EXAMPLE", "EVIL.EXAMPLE");
    assert_eq!(Scanned::read(&link, &scene.phone.trust).unwrap_err().code(), "consent.not-ours");
}

/// The right answer, made by hand.
fn statement(phone: &Phone, view: &View) -> ConsentStatement {
    let intent = view.intent.parse().unwrap().verify(&phone.trust.anchors, view.server_time).unwrap();
    let rp = intent.signer().unwrap().subject_common_name().unwrap();
    let payload: &Intent = &intent;
    let shown = template::render(payload, &rp, Locale::ZhCn).unwrap().shown;
    ConsentStatement {
        decision: Decision::Approve,
        intent_id: intent.intent_id,
        intent_digest: intent.digest(),
        rp_id: intent.rp_id.clone(),
        subject: intent.subject.person_id.clone(),
        op_digest: intent.op.digest().unwrap(),
        documents: intent.documents.iter().map(|document| document.sha256).collect(),
        n_s: view.n_s,
        n_c: view.n_c,
        shown,
        user_auth: USER_AUTH,
        device_id: phone.device_id.clone(),
        env: Vec::new(),
        server_time_seen: view.server_time,
        previous_receipt: None,
    }
}
