use crate::world::{JIANG, World, approve, code, enrol, open};
use eseal_sdk::{Cancel, Error};

#[tokio::test]
async fn a_phone_is_enrolled_with_the_right_password_only() {
    let world = World::new().await;
    let phone = world.new_phone();
    assert_eq!(code(phone.seals(&Cancel::new()).await), "sdk.not-enrolled");
    assert_eq!(code(enrol(&phone, JIANG.0, "wrong").await), "auth.bad-credentials");
    assert_eq!(code(enrol(&phone, "nobody", "wrong").await), "auth.bad-credentials");
    assert!(matches!(phone.enrolment().await, Err(Error::NotEnrolled)));
    enrol(&phone, JIANG.0, JIANG.1).await.unwrap();
    assert_eq!(phone.enrolment().await.unwrap().person.name.as_str(), "江小满");
    assert!(phone.seals(&Cancel::new()).await.unwrap().is_empty());
}

#[tokio::test]
async fn enrolling_again_replaces_the_keys_and_works() {
    let world = World::new().await;
    let phone = world.phone_of(JIANG).await;
    let first = phone.enrolment().await.unwrap().device_id;
    enrol(&phone, JIANG.0, JIANG.1).await.unwrap();
    assert_ne!(phone.enrolment().await.unwrap().device_id, first);
    assert!(phone.seals(&Cancel::new()).await.is_ok());
}

#[tokio::test]
async fn a_phone_enrolled_again_can_consent_again() {
    let world = World::new().await;
    let (phone, _) = world.sealed_phone().await;
    enrol(&phone, JIANG.0, JIANG.1).await.unwrap();
    let shown = world.asked(&phone, JIANG).await;
    let consent = open(&phone, &shown.link().await).await.unwrap();
    approve(&consent).await.unwrap();
}
