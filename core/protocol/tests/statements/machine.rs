//! The phone's side of a consent: what must go through goes through, and every kind of wrong request has its own refusal.

use crate::world::{ARRIVAL, FACE, NOW, World, party, root};
use eseal_crypto::cert::CertificateProfile;
use eseal_protocol::consent::{Decision, UserAuth};
use eseal_protocol::ids::{IntentId, Nonce, Sha256Hex};
use eseal_protocol::intent::Intent;
use eseal_protocol::jws::{Compact, Statement};
use eseal_protocol::machine::{Answer, ConsentError, Scanned};
use eseal_protocol::template::Locale;
use eseal_protocol::time::{MonotonicMs, Timestamp};

fn refusal(world: &World, intent: Compact<Intent>) -> &'static str {
    world.viewed(intent, |_| {}).err().expect("refused").code()
}

fn signed(world: &World, change: impl FnOnce(&mut Intent)) -> Compact<Intent> {
    let mut intent = world.intent();
    change(&mut intent);
    Compact::from(&world.rp.sign(intent))
}

#[test]
fn an_honest_consent_ends_with_a_receipt() {
    let world = World::new();
    let review = world.reviewable();
    assert_eq!(review.text().title, "申领个人手绘章");
    assert!(review.text().lines.iter().any(|line| line == "申领人：江小满"));
    assert!(review.text().lines.iter().any(|line| line == "印面尺寸：40.0 × 16.0 毫米"));
    let (consent, answered) = world.answered(Decision::Approve);
    let receipt = Compact::from(&world.service.sign(world.receipt(&consent)));
    assert_eq!(answered.receive(&receipt, &world.trust).unwrap().decision, Decision::Approve);
}

#[test]
fn a_code_from_elsewhere_opens_nothing() {
    let world = World::new();
    for text in ["https://evil.example/C/1/A.1.B", "hello", ""] {
        assert_eq!(Scanned::read(text, &world.trust).unwrap_err(), ConsentError::NotOurs);
    }
    let damaged = world.link().replace(".3.", ".x.");
    assert_eq!(Scanned::read(&damaged, &world.trust).unwrap_err(), ConsentError::DamagedCode);
}

#[test]
fn a_request_for_another_person_is_refused() {
    let world = World::new();
    let intent = signed(&world, |intent| intent.subject.person_id = "per-luo".parse().unwrap());
    assert_eq!(refusal(&world, intent), "consent.not-for-you");
}

#[test]
fn any_changed_byte_of_the_request_is_refused() {
    let world = World::new();
    let intent = world.signed_intent();
    for at in 0..intent.as_str().len() {
        let mut bytes = intent.as_str().as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = Compact::from_text(String::from_utf8(bytes).unwrap());
        let code = refusal(&world, changed);
        assert!(code == "consent.forged" || code == "consent.not-understood", "byte {at}: {code}");
    }
}

#[test]
fn unknown_fields_types_and_other_spellings_are_refused_though_signed() {
    let world = World::new();
    let json = serde_json::to_string(&world.intent()).unwrap();
    let sign = |text: &str| Compact::from_text(world.rp.sign_text(Intent::TYP, text));
    assert!(world.viewed(sign(&json), |_| {}).is_ok(), "the unspoilt text passes");
    for (from, to) in [
        ("{\"intent_id\"", "{\"extra\":1,\"intent_id\""),
        ("{\"type\":", "{\"extra\":1,\"type\":"),
        ("\"claim-handwritten-seal\"", "\"open-bank-account\""),
        ("\"risk\":\"normal\"", "\"risk\":\"none\""),
        ("\"risk\":\"normal\"", "\"risk\": \"normal\""),
        ("\"risk\":\"normal\"", "\"risk\":\"normal\",\"risk\":\"normal\""),
        ("\"account\":\"jiang\"", "\"account\":\"\\u006aiang\""),
        ("\"account\":\"jiang\"", "\"account\":\"ji\\u202eang\""),
    ] {
        assert!(json.contains(from), "{from}");
        assert_eq!(refusal(&world, sign(&json.replacen(from, to, 1))), "consent.not-understood", "{to}");
    }
}

#[test]
fn only_a_certified_relying_party_may_ask_and_only_for_its_operations() {
    let mut world = World::new();
    let allowed = |types: &[&str]| CertificateProfile::RelyingParty {
        operation_types: types.iter().map(|&name| name.to_owned()).collect(),
    };
    let claim = ["claim-handwritten-seal"];
    for (rp, why) in [
        (party(&root("Other"), &allowed(&claim), "冒充者", "rp-portal"), "another root"),
        (party(&world.root, &CertificateProfile::ConsentService, "服务", "rp-portal"), "another purpose"),
        (party(&world.root, &CertificateProfile::ConsentSigning, "江小满", "rp-portal"), "a person's consent key"),
        (party(&world.root, &allowed(&["stamp"]), "别处", "rp-portal"), "another operation"),
        (party(&world.root, &allowed(&claim), "别处", "rp-other"), "another relying party"),
        (party(&world.root, &allowed(&claim), "平台\u{202E}", "rp-portal"), "a name that cannot be shown"),
    ] {
        world.rp = rp;
        assert_eq!(refusal(&world, world.signed_intent()), "consent.forged", "{why}");
    }
}

#[test]
fn a_statement_of_another_kind_is_not_a_request() {
    let world = World::new();
    let json = serde_json::to_string(&world.intent()).unwrap();
    let other = Compact::from_text(world.rp.sign_text("eseal-consent/1", &json));
    assert_eq!(refusal(&world, other), "consent.forged");
}

#[test]
fn the_answer_to_another_question_is_refused() {
    let world = World::new();
    let forged = |change: fn(&mut eseal_protocol::consent::View)| {
        world.viewed(world.signed_intent(), change).err().unwrap().code()
    };
    assert_eq!(forged(|view| view.n_c = Nonce::from_bytes([8; 32])), "consent.forged");
    assert_eq!(forged(|view| view.device_id = "dev-two".parse().unwrap()), "consent.forged");
    let other = signed(&world, |intent| intent.intent_id = IntentId::from_bytes([7; 16]));
    assert_eq!(refusal(&world, other), "consent.forged");
}

#[test]
fn time_is_the_services_and_the_phones_running_clock() {
    let world = World::new();
    let over = world.viewed(world.signed_intent(), |view| view.expires_at = Timestamp(NOW + 4));
    assert_eq!(over.err(), Some(ConsentError::Expired));
    let review = world.reviewable();
    let answer = || Answer {
        decision: Decision::Approve,
        user_auth: UserAuth::KeyPresence,
        env: Vec::new(),
        previous_receipt: None,
    };
    let last = ARRIVAL.0 + 116_000;
    assert!(review.answer(answer(), MonotonicMs(last - 1)).is_ok());
    assert_eq!(review.answer(answer(), MonotonicMs(last)).err(), Some(ConsentError::Expired));
    let endless = signed(&world, |intent| intent.expires_at = Timestamp(NOW + 301));
    assert_eq!(refusal(&world, endless), "consent.not-understood");
}

#[test]
fn every_document_must_be_the_one_named() {
    let world = World::new();
    let mut viewed = world.viewed(world.signed_intent(), |_| {}).unwrap();
    assert_eq!(viewed.check_document(0, b"<svg>"), Err(ConsentError::WrongDocument { index: 0 }));
    assert_eq!(viewed.check_document(1, FACE), Err(ConsentError::WrongDocument { index: 1 }));
    assert_eq!(viewed.review(Locale::En).err(), Some(ConsentError::WrongDocument { index: 0 }));
    let elsewhere = signed(&world, |intent| intent.documents[0].sha256 = Sha256Hex::of(b"another face"));
    assert_eq!(refusal(&world, elsewhere), "consent.not-understood", "the operation's face is not among the documents");
}

#[test]
fn a_signature_of_another_key_is_not_sent() {
    let world = World::new();
    let answering = world.answering(Decision::Approve);
    let signature = world.rp.key.sign(answering.signing_input());
    assert_eq!(answering.signed(&signature).err(), Some(ConsentError::WrongKey));
}

#[test]
fn a_receipt_for_another_answer_is_refused() {
    let world = World::new();
    let (consent, answered) = world.answered(Decision::Decline);
    let honest = world.receipt(&consent);
    let mut others = vec![honest.clone(); 5];
    others[0].decision = Decision::Approve;
    others[1].consent_digest = Sha256Hex::of(b"other");
    others[2].n_c = Nonce::from_bytes([0; 32]);
    others[3].intent_id = IntentId::from_bytes([0; 16]);
    others[4].recorded_at = Timestamp(NOW - 1);
    for other in others {
        let receipt = Compact::from(&world.service.sign(other.clone()));
        assert_eq!(answered.receive(&receipt, &world.trust).unwrap_err().code(), "consent.forged", "{other:?}");
    }
    let by_rp = Compact::from(&world.rp.sign(honest.clone()));
    assert_eq!(answered.receive(&by_rp, &world.trust).unwrap_err().code(), "consent.forged");
    let receipt = Compact::from(&world.service.sign(honest));
    assert!(answered.receive(&receipt, &world.trust).is_ok());
}
