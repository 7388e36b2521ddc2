//! Signing in and enrolling a phone.

use eseal_crypto::cert::{Chain, Purpose, UnixTime};
use eseal_protocol::api::DeviceReply;
use eseal_protocol::enrol::KeyPurpose;
use eseal_protocol::ids::Nonce;
use eseal_protocol::problem::ProblemCode;
use reqwest::StatusCode;

use crate::phone::{Reply, finish_enrolment, keys, password, proof, proofs, rng, sign_in, start_enrolment};
use crate::world::{World, client};

#[tokio::test]
async fn a_phone_gets_a_certificate_for_each_key_and_each_for_its_purpose_only() {
    let world = World::start().await;
    let started = start_enrolment(&world, "jiang").await;
    let keys = keys();
    let proofs = proofs(&keys, started.enrolment.challenge, &started.person.person_id);
    let reply: DeviceReply = finish_enrolment(&world, &started, proofs).await.json();
    let anchors = world.trust().anchors;
    let at = UnixTime(world.now());
    let purposes = [Purpose::RequestSigning, Purpose::ConsentSigning, Purpose::DocumentSigning];
    for (place, (certified, key)) in reply.certificates.iter().zip(&keys).enumerate() {
        assert_eq!(certified.purpose, KeyPurpose::ALL[place]);
        let chain = Chain::from_pem(&certified.chain_pem).unwrap();
        assert_eq!(chain.leaf().public_key(), Ok(key.public_key()));
        assert_eq!(chain.leaf().subject_common_name().unwrap(), "江小满");
        assert_eq!(chain.leaf().subject_serial_number().unwrap(), started.person.person_id.as_str());
        for purpose in purposes {
            assert_eq!(chain.verify(&anchors, at, purpose).is_ok(), purpose == purposes[place], "{place} {purpose:?}");
        }
    }
}

#[tokio::test]
async fn the_same_proofs_again_get_the_same_answer_and_others_none() {
    let world = World::start().await;
    let started = start_enrolment(&world, "jiang").await;
    let first = proofs(&keys(), started.enrolment.challenge, &started.person.person_id);
    let once = finish_enrolment(&world, &started, first.clone()).await;
    let again = finish_enrolment(&world, &started, first).await;
    assert_eq!((once.status, &once.body), (StatusCode::CREATED, &again.body));
    let others = proofs(&keys(), started.enrolment.challenge, &started.person.person_id);
    assert_eq!(finish_enrolment(&world, &started, others).await.refused(), ProblemCode::EnrolmentOver);
}

#[tokio::test]
async fn wrong_proofs_enrol_nothing() {
    let world = World::start().await;
    let jiang = start_enrolment(&world, "jiang").await;
    let luo = start_enrolment(&world, "luo").await;
    let (challenge, person_id) = (jiang.enrolment.challenge, &jiang.person.person_id);
    let keys = keys();
    let other_challenge = Nonce::random(&mut rng());
    let mut swapped = proofs(&keys, challenge, person_id);
    swapped[2] = proof(&keys[1], challenge, person_id, KeyPurpose::Sealing);
    let mut twice = proofs(&keys, challenge, person_id);
    twice[2] = proof(&keys[2], challenge, person_id, KeyPurpose::Consent);
    for (what, wrong) in [
        ("another challenge", proofs(&keys, other_challenge, person_id)),
        ("another person", proofs(&keys, challenge, &luo.person.person_id)),
        ("one key for two purposes", swapped),
        ("one purpose twice", twice),
        ("a key missing", proofs(&keys, challenge, person_id)[..2].to_vec()),
        ("nothing", Vec::new()),
    ] {
        assert_eq!(finish_enrolment(&world, &jiang, wrong).await.refused(), ProblemCode::BadKeyProof, "{what}");
    }
    // The enrolment of somebody else is not there.
    let not_own = crate::phone::Started { token: luo.token, person: luo.person, enrolment: jiang.enrolment.clone() };
    let right = proofs(&keys, challenge, person_id);
    assert_eq!(finish_enrolment(&world, &not_own, right.clone()).await.refused(), ProblemCode::NotFound);
    // None of the refusals used the enrolment up.
    finish_enrolment(&world, &jiang, right).await.json::<DeviceReply>();
}

#[tokio::test]
async fn a_key_belongs_to_one_phone() {
    let world = World::start().await;
    let keys = keys();
    for expected in [None, Some(ProblemCode::BadKeyProof)] {
        let started = start_enrolment(&world, "jiang").await;
        let proofs = proofs(&keys, started.enrolment.challenge, &started.person.person_id);
        let reply = finish_enrolment(&world, &started, proofs).await;
        assert_eq!((!reply.status.is_success()).then(|| reply.refused()), expected);
    }
}

#[tokio::test]
async fn an_enrolment_and_its_token_end() {
    let world = World::start().await;
    let started = start_enrolment(&world, "jiang").await;
    let proofs = proofs(&keys(), started.enrolment.challenge, &started.person.person_id);
    world.clock.advance(10 * 60);
    assert_eq!(finish_enrolment(&world, &started, proofs.clone()).await.refused(), ProblemCode::EnrolmentOver);
    world.clock.advance(5 * 60);
    assert_eq!(finish_enrolment(&world, &started, proofs).await.refused(), ProblemCode::NoSession);
}

#[tokio::test]
async fn sign_in_tries_are_limited_and_counted_for_unknown_accounts_too() {
    let world = World::start().await;
    for account in ["jiang", "nobody"] {
        for _ in 0..5 {
            assert_eq!(sign_in(&world, account, "wrong").await.refused(), ProblemCode::BadCredentials);
        }
        assert_eq!(sign_in(&world, account, password("jiang")).await.refused(), ProblemCode::TooManyTries);
    }
    sign_in(&world, "luo", password("luo")).await.json::<serde_json::Value>();
    world.clock.advance(60);
    sign_in(&world, "jiang", password("jiang")).await.json::<serde_json::Value>();
}

#[tokio::test]
async fn bad_bodies_are_refused_as_such() {
    let world = World::start().await;
    let url = format!("{}/v1/session", world.platform.base_url());
    for body in ["", "{", "[]", "{\"account\": 1}", "{\"account\":\"jiang\"}"] {
        let reply = Reply::of(world.http.post(&url).body(body).send().await.unwrap()).await;
        assert_eq!(reply.refused(), ProblemCode::BadRequest, "{body}");
    }
    let large = Reply::of(world.http.post(&url).body(vec![b' '; 65 * 1024]).send().await.unwrap()).await;
    assert_eq!(large.refused(), ProblemCode::TooLarge);
    let nowhere = Reply::of(world.http.get(format!("{url}/x")).send().await.unwrap()).await;
    assert_eq!(nowhere.refused(), ProblemCode::NotFound);
}

#[tokio::test]
async fn a_client_with_another_root_does_not_connect() {
    let (world, other) = (World::start().await, World::start().await);
    let stranger = client(other.platform.tls_root_pem());
    assert!(stranger.get(format!("{}/", world.platform.base_url())).send().await.is_err());
    let persons_root = client(world.platform.trust_root_pem());
    assert!(persons_root.get(format!("{}/", world.platform.base_url())).send().await.is_err());
}
