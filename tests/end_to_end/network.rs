//! A platform that fails, lies or is not there, and a caller who gives up.

use std::sync::Arc;
use std::time::Duration;

use eseal_custody::DeviceKeyError;
use eseal_custody::harness::Behaviour;
use eseal_platform::Fault;
use eseal_sdk::crypto::cert::TrustAnchors;
use eseal_sdk::{Cancel, Client, Config, NoProgress};

use crate::world::{JIANG, World, approve, code, enrol, face, host, open};

#[tokio::test]
async fn each_failure_of_the_platform_has_its_code_and_passes() {
    let world = World::new().await;
    let phone = world.phone_of(JIANG).await;
    for (fault, expected) in [(Fault::InternalError, "platform.internal"), (Fault::Garbage, "platform.bad-reply")] {
        world.platform.set_fault(Some(fault));
        let refused = phone.seals(&Cancel::new()).await.unwrap_err();
        assert_eq!(refused.code(), expected);
        assert!(refused.retryable());
        world.platform.set_fault(None);
        assert!(phone.seals(&Cancel::new()).await.is_ok(), "after {expected}");
    }
}

#[tokio::test]
async fn a_platform_that_does_not_answer_can_be_given_up() {
    let world = World::new().await;
    let phone = world.phone_of(JIANG).await;
    world.platform.set_fault(Some(Fault::Hang));
    let cancel = Cancel::new();
    let later = cancel.clone();
    let give_up = async move {
        tokio::time::sleep(Duration::from_millis(200)).await;
        later.cancel();
    };
    let (outcome, ()) = tokio::join!(phone.seals(&cancel), give_up);
    assert_eq!(code(outcome), "sdk.cancelled");
    world.platform.set_fault(None);
    assert!(phone.seals(&Cancel::new()).await.is_ok());
}

#[tokio::test]
async fn nobody_there_and_somebody_else_there_are_different() {
    let world = World::new().await;
    let nowhere = Config { base_url: "https://127.0.0.1:9".to_owned(), ..world.config() };
    let phone = Client::new(nowhere, host(Behaviour::Honest)).unwrap();
    assert_eq!(code(enrol(&phone, JIANG.0, JIANG.1).await), "network.offline");
    let other_roots = Config { tls_roots: world.config().platform_roots, ..world.config() };
    let phone = Client::new(other_roots, host(Behaviour::Honest)).unwrap();
    assert_eq!(code(enrol(&phone, JIANG.0, JIANG.1).await), "network.not-the-platform");
    let unpinned = Config { tls_roots: TrustAnchors::default(), ..world.config() };
    assert_eq!(code(Client::new(unpinned, host(Behaviour::Honest))), "sdk.misconfigured");
    for base_url in ["http://127.0.0.1:1", "ftp://x", "https://x/path", "nonsense"] {
        let config = Config { base_url: base_url.to_owned(), ..world.config() };
        assert_eq!(code(Client::new(config, host(Behaviour::Honest))), "sdk.misconfigured", "{base_url}");
    }
}

#[tokio::test]
async fn an_answer_lost_on_the_way_is_sent_again() {
    let world = World::new().await;
    let phone = world.phone_of(JIANG).await;
    let shown = world.asked(&phone, JIANG).await;
    let consent = Arc::new(open(&phone, &shown.link().await).await.unwrap());
    world.platform.set_fault(Some(Fault::InternalError));
    assert_eq!(code(approve(&consent).await), "platform.internal");
    world.platform.set_fault(None);
    approve(&consent).await.unwrap();
    phone.await_seal(&shown.claim, &NoProgress, &Cancel::new()).await.unwrap();
    assert_eq!(phone.seals(&Cancel::new()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_user_who_cancels_at_the_key_can_be_asked_again() {
    let world = World::new().await;
    let phone = Client::new(world.config(), host(Behaviour::Refuse(DeviceKeyError::UserCancelled))).unwrap();
    let refused = enrol(&phone, JIANG.0, JIANG.1).await.unwrap_err();
    assert_eq!(refused.code(), "device-key.user-cancelled");
    assert!(refused.retryable());
    assert_eq!(code(phone.enrolment().await), "sdk.not-enrolled", "nothing half made");
}

#[tokio::test]
async fn a_cancelled_claim_leaves_none() {
    let world = World::new().await;
    let phone = world.phone_of(JIANG).await;
    let cancel = Cancel::new();
    cancel.cancel();
    assert_eq!(code(phone.claim_handwritten(&face(), &NoProgress, &cancel).await), "sdk.cancelled");
    assert!(phone.claim_handwritten(&face(), &NoProgress, &Cancel::new()).await.is_ok());
}
