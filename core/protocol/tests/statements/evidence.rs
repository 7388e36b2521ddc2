//! The evidence bundle: convinces with nothing but the root, and not after any change.

use crate::world::{NOW, World, root};
use eseal_crypto::cert::TrustAnchors;
use eseal_protocol::evidence::Evidence;
use eseal_protocol::ids::Nonce;
use eseal_protocol::jws::Compact;
use eseal_protocol::time::Timestamp;

#[test]
fn a_bundle_convinces_offline() {
    let world = World::new();
    let json = serde_json::to_vec(&world.evidence()).unwrap();
    let report = Evidence::from_json(&json).unwrap().verify(&world.trust.anchors);
    let failed: Vec<_> = report.checks.iter().filter(|check| check.outcome.is_err()).collect();
    assert!(failed.is_empty(), "{failed:?}");
    let proven = report.proven.unwrap();
    assert_eq!(proven.text.title, "Claim your handwritten seal");
    assert_eq!(proven.receipt.recorded_at, Timestamp(NOW + 20));
}

#[test]
fn no_changed_byte_leaves_it_convincing() {
    let world = World::new();
    let json = serde_json::to_vec(&world.evidence()).unwrap();
    for at in (0..json.len()).step_by(7) {
        let mut bytes = json.clone();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        if let Ok(evidence) = Evidence::from_json(&bytes) {
            assert!(evidence.verify(&world.trust.anchors).proven.is_none(), "byte {at}");
        }
    }
}

#[test]
fn parts_of_two_consents_do_not_make_one() {
    let world = World::new();
    let (one, two) = (world.evidence(), world.evidence());
    let mixed = [
        Evidence { view: two.view.clone(), ..one.clone() },
        Evidence { consent: two.consent.clone(), ..one.clone() },
        Evidence { receipt: two.receipt.clone(), ..one.clone() },
        Evidence { intent: Compact::from_text(World::new().signed_intent().as_str().to_owned()), ..one.clone() },
    ];
    for (index, evidence) in mixed.iter().enumerate() {
        assert!(evidence.verify(&world.trust.anchors).proven.is_none(), "mixture {index}");
    }
}

#[test]
fn another_root_or_none_proves_nothing() {
    let world = World::new();
    let evidence = world.evidence();
    assert!(evidence.verify(&TrustAnchors::default()).proven.is_none());
    let other = TrustAnchors::new([root("Other").certificate().clone()]);
    assert!(evidence.verify(&other).proven.is_none());
}

#[test]
fn a_service_that_swaps_nonces_or_time_proves_nothing() {
    let world = World::new();
    let honest = world.evidence();
    let view = honest.view.parse().unwrap();
    let mut swapped = view.peek().clone();
    swapped.n_s = Nonce::from_bytes([5; 32]);
    let evidence = Evidence { view: Compact::from(&world.service.sign(swapped)), ..honest.clone() };
    assert!(evidence.verify(&world.trust.anchors).proven.is_none());
    let mut late = world.receipt(&honest.consent);
    late.recorded_at = Timestamp(NOW + 121);
    let evidence = Evidence { receipt: Compact::from(&world.service.sign(late)), ..honest };
    assert!(evidence.verify(&world.trust.anchors).proven.is_none());
}
