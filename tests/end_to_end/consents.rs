use eseal_protocol::consent::Decision;
use eseal_sdk::{Cancel, Error, NoProgress};

use crate::world::{JIANG, LUO, World, approve, code, open};

#[tokio::test]
async fn drawing_scanning_and_consenting_makes_a_seal() {
    let world = World::new().await;
    let (phone, seal) = world.sealed_phone().await;
    assert_eq!(seal.record().owner.name.as_str(), "江小满");
    let seals = phone.seals(&Cancel::new()).await.unwrap();
    assert_eq!(seals.len(), 1);
    assert_eq!(seals[0].record().compact(), seal.record().compact());
}

#[tokio::test]
async fn a_code_from_elsewhere_asks_nobody() {
    let world = World::new().await;
    let phone = world.phone_of(JIANG).await;
    for link in ["HTTPS://EVIL.EXAMPLE/C/1/AAAA.1.BBBB", "weixin://pay", "江西"] {
        assert_eq!(code(open(&phone, link).await), "consent.not-ours");
    }
}

#[tokio::test]
async fn a_frame_is_good_for_three_seconds() {
    let world = World::new().await;
    let phone = world.phone_of(JIANG).await;
    let shown = world.asked(&phone, JIANG).await;
    let link = shown.link().await;
    world.clock.advance(5);
    assert_eq!(code(open(&phone, &link).await), "consent.frame-expired");
    assert!(open(&phone, &shown.link().await).await.is_ok(), "the next frame opens it");
}

#[tokio::test]
async fn an_invented_frame_opens_nothing() {
    let world = World::new().await;
    let phone = world.phone_of(JIANG).await;
    let link = world.asked(&phone, JIANG).await.link().await;
    let (head, mac) = link.rsplit_once('.').unwrap();
    let first = if mac.starts_with('A') { 'B' } else { 'A' };
    let forged = format!("{head}.{first}{}", &mac[1..]);
    assert_eq!(code(open(&phone, &forged).await), "consent.bad-frame");
}

#[tokio::test]
async fn a_request_for_another_person_is_not_opened() {
    let world = World::new().await;
    let jiang = world.phone_of(JIANG).await;
    let luo = world.phone_of(LUO).await;
    let shown = world.asked(&jiang, JIANG).await;
    assert_eq!(code(open(&luo, &shown.link().await).await), "consent.not-for-you");
    assert!(open(&jiang, &shown.link().await).await.is_ok(), "the right person still can");
}

#[tokio::test]
async fn one_phone_wins() {
    let world = World::new().await;
    let (first, second) = (world.phone_of(JIANG).await, world.phone_of(JIANG).await);
    let shown = world.asked(&first, JIANG).await;
    let link = shown.link().await;
    let (one, two) = tokio::join!(open(&first, &link), open(&second, &link));
    let codes: Vec<_> = [one, two].into_iter().filter_map(Result::err).collect();
    assert_eq!(codes.iter().map(Error::code).collect::<Vec<_>>(), ["consent.answered-elsewhere"]);
}

#[tokio::test]
async fn an_answer_counts_once_and_is_repeated_safely() {
    let world = World::new().await;
    let phone = world.phone_of(JIANG).await;
    let shown = world.asked(&phone, JIANG).await;
    let consent = open(&phone, &shown.link().await).await.unwrap();
    let receipt = approve(&consent).await.unwrap();
    assert_eq!(approve(&consent).await.unwrap(), receipt, "the same receipt");
    let other = consent.answer(Decision::Decline, Vec::new(), &NoProgress, &Cancel::new()).await;
    assert_eq!(code(other), "consent.over");
    phone.await_seal(&shown.claim, &NoProgress, &Cancel::new()).await.unwrap();
    assert_eq!(phone.seals(&Cancel::new()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn declining_makes_no_seal() {
    let world = World::new().await;
    let phone = world.phone_of(JIANG).await;
    let shown = world.asked(&phone, JIANG).await;
    let consent = open(&phone, &shown.link().await).await.unwrap();
    consent.answer(Decision::Decline, Vec::new(), &NoProgress, &Cancel::new()).await.unwrap();
    assert!(phone.seals(&Cancel::new()).await.unwrap().is_empty());
    assert_eq!(code(phone.await_seal(&shown.claim, &NoProgress, &Cancel::new()).await), "claim.withdrawn");
}

#[tokio::test]
async fn an_answer_after_its_time_does_not_count() {
    let world = World::new().await;
    let phone = world.phone_of(JIANG).await;
    let shown = world.asked(&phone, JIANG).await;
    let consent = open(&phone, &shown.link().await).await.unwrap();
    world.clock.advance(301);
    assert_eq!(code(approve(&consent).await), "consent.expired");
    assert!(phone.seals(&Cancel::new()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_new_drawing_replaces_the_old_seal() {
    let world = World::new().await;
    let (phone, old) = world.sealed_phone().await;
    let shown = world.asked(&phone, JIANG).await;
    let consent = open(&phone, &shown.link().await).await.unwrap();
    approve(&consent).await.unwrap();
    let new = phone.await_seal(&shown.claim, &NoProgress, &Cancel::new()).await.unwrap();
    assert_ne!(new.record().seal_id, old.record().seal_id);
    let states: Vec<_> = phone.seals(&Cancel::new()).await.unwrap().iter().map(eseal_sdk::Seal::state).collect();
    assert_eq!(states, [eseal_protocol::api::SealState::Active, eseal_protocol::api::SealState::Replaced]);
}

#[tokio::test]
async fn the_evidence_convinces_offline() {
    let world = World::new().await;
    let phone = world.phone_of(JIANG).await;
    let shown = world.asked(&phone, JIANG).await;
    let consent = open(&phone, &shown.link().await).await.unwrap();
    assert_eq!(code(consent.evidence(&Cancel::new()).await), "consent.over", "not before the answer");
    approve(&consent).await.unwrap();
    let evidence = consent.evidence(&Cancel::new()).await.unwrap();
    let proven = evidence.verify(&world.config().platform_roots).proven.unwrap();
    assert_eq!(proven.text.lines, consent.review().lines, "what was shown is what was signed");
    assert!(evidence.verify(&world.config().tls_roots).proven.is_none());
}
