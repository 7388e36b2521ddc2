//! Seals and their use.

use eseal_crypto::cert::Purpose;
use eseal_protocol::api::{SealState, UsageList, UsageReply, UsageRequest};
use eseal_protocol::consent::Decision;
use eseal_protocol::ids::{SealId, Sha256Hex};
use eseal_protocol::intent::MediaType;
use eseal_protocol::problem::ProblemCode;
use eseal_protocol::text::DisplayText;
use eseal_protocol::time::Timestamp;
use eseal_protocol::usage::UsageDocument;

use crate::browser::Browser;
use crate::phone::{Phone, face};
use crate::world::World;

/// Draws, claims and consents.
pub(crate) async fn make_seal(phone: &Phone, browser: &Browser, length: f64) -> SealId {
    let claim = phone.draw(&face(length)).await;
    let claim_id = claim.claim_id.to_string();
    assert!(browser.take(&claim_id).await.status.is_success());
    phone.consent(&browser.scan(&claim_id).await, Decision::Approve).await;
    let reply = phone.get(&format!("/v1/claims/{claim_id}?wait=20&since=awaiting-consent")).await;
    assert_eq!(reply.json::<eseal_protocol::api::Claim>().state, eseal_protocol::api::ClaimState::Made);
    claim.seal_id
}

pub(crate) fn usage(seal_id: &SealId) -> UsageRequest {
    UsageRequest {
        seal_id: seal_id.clone(),
        document: UsageDocument {
            name: DisplayText::new("合同.pdf").unwrap(),
            media_type: MediaType::Pdf,
            sha256: Sha256Hex::of(b"document"),
            signature_sha256: Sha256Hex::of(b"signature"),
        },
    }
}

#[tokio::test]
async fn a_seal_is_made_of_what_was_consented_to() {
    let world = World::start().await;
    let phone = Phone::enrol(&world, "jiang").await;
    let browser = Browser::signed_in(&world, "jiang").await;
    let seal_id = make_seal(&phone, &browser, 20.0).await;
    let list = phone.seals().await;
    let [entry] = list.seals.as_slice() else { panic!("one seal") };
    let record = entry.record.parse().unwrap().verify(&world.trust().anchors, Timestamp(world.now())).unwrap();
    assert_eq!((&record.seal_id, entry.state), (&seal_id, SealState::Active));
    assert_eq!(record.owner.name.as_str(), "江小满");
    assert_eq!(entry.face_svg, face(20.0).to_svg());
    assert_eq!(record.face.sha256, Sha256Hex::of(entry.face_svg.as_bytes()));
    assert_eq!((record.face.width_um, record.face.height_um), (40_000, 16_000));
    assert_eq!(record.sealing_certificate, Sha256Hex::of(phone.chains[2].leaf().to_der()));
    assert!(record.expires_at.0 <= phone.chains[2].leaf().not_after().0);
    phone.chains[2].verify(&world.trust().anchors, record.made_at.into(), Purpose::DocumentSigning).unwrap();
    let other = Phone::enrol(&world, "luo").await;
    assert!(other.seals().await.seals.is_empty());
}

#[tokio::test]
async fn a_new_seal_takes_the_old_ones_place() {
    let world = World::start().await;
    let phone = Phone::enrol(&world, "jiang").await;
    let browser = Browser::signed_in(&world, "jiang").await;
    let old = make_seal(&phone, &browser, 20.0).await;
    let new = make_seal(&phone, &browser, 25.0).await;
    let states: Vec<_> = phone
        .seals()
        .await
        .seals
        .iter()
        .map(|entry| (entry.record.parse().unwrap().peek().seal_id.clone(), entry.state))
        .collect();
    assert_eq!(states, [(new.clone(), SealState::Active), (old.clone(), SealState::Replaced)]);
    assert_eq!(phone.post("/v1/usages", &usage(&old), "u-1").await.refused(), ProblemCode::SealNotUsable);
    assert!(phone.post("/v1/usages", &usage(&new), "u-2").await.status.is_success());
}

#[tokio::test]
async fn a_use_is_recorded_once_by_the_phone_that_seals() {
    let world = World::start().await;
    let phone = Phone::enrol(&world, "jiang").await;
    let browser = Browser::signed_in(&world, "jiang").await;
    let seal_id = make_seal(&phone, &browser, 20.0).await;

    assert_eq!(phone.post("/v1/usages", &usage(&seal_id), "").await.refused(), ProblemCode::BadRequest);
    let first = phone.post("/v1/usages", &usage(&seal_id), "u-1").await;
    let again = phone.post("/v1/usages", &usage(&seal_id), "u-1").await;
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    let mut other = usage(&seal_id);
    other.document.sha256 = Sha256Hex::of(b"other");
    assert_eq!(phone.post("/v1/usages", &other, "u-1").await.refused(), ProblemCode::IdempotencyConflict);

    let record = first.json::<UsageReply>().record.parse().unwrap();
    let record = record.verify(&world.trust().anchors, Timestamp(world.now())).unwrap();
    assert_eq!((&record.seal_id, &record.device_id), (&seal_id, &phone.device_id));
    assert_eq!(record.document, usage(&seal_id).document);
    let UsageList { usages } = phone.get("/v1/usages").await.json();
    assert_eq!(usages.len(), 1);

    // Neither the person's other phone nor another person can say that they used it.
    for account in ["jiang", "luo"] {
        let stranger = Phone::enrol(&world, account).await;
        assert_eq!(stranger.post("/v1/usages", &usage(&seal_id), "u-1").await.refused(), ProblemCode::SealNotUsable);
    }
    // With its certificates the phone itself ends.
    world.clock.advance(3 * 365 * 24 * 60 * 60 + 1);
    phone.refresh_nonce().await;
    assert_eq!(phone.post("/v1/usages", &usage(&seal_id), "u-9").await.refused(), ProblemCode::BadRequestSignature);
}
