use std::sync::Arc;

use eseal_crypto::key::{PublicKey, Signature};
use eseal_custody::harness::{Behaviour, SoftwareDeviceKey};
use eseal_custody::{
    CustodyError, DeviceKey, DeviceKeyError, HeldKey, KeyProtection, KeyPurpose, MAX_MESSAGE_LEN,
    MAX_PRESENCE_WINDOW_S, Prompt, UserPresence,
};
use rand_core::UnwrapErr;

use crate::faulty_host::{Fault, FaultyHost};

const CHALLENGE: &[u8] = b"sixteen bytes or more";
const MESSAGE: &[u8] = b"what is signed";

fn software(behaviour: Behaviour) -> Arc<dyn DeviceKey> {
    Arc::new(SoftwareDeviceKey::builder(UnwrapErr(getrandom::SysRng)).behaviour(behaviour).build())
}

async fn sign_with(host: Arc<dyn DeviceKey>) -> Result<(PublicKey, Signature), CustodyError> {
    let key = HeldKey::generate(host, KeyPurpose::Consent, CHALLENGE).await?;
    let signature = key.sign(MESSAGE, &Prompt::ProvePossession).await?;
    Ok((key.public_key().clone(), signature))
}

#[tokio::test]
async fn an_honest_host_signs_for_each_purpose_with_a_key_of_its_own() {
    let host = software(Behaviour::Honest);
    let mut seen = Vec::new();
    for purpose in KeyPurpose::ALL {
        let key = HeldKey::generate(Arc::clone(&host), purpose, CHALLENGE).await.unwrap();
        assert_eq!((key.purpose(), key.protection()), (purpose, KeyProtection::SoftwareForHarness));
        let signature = key.sign(MESSAGE, &Prompt::ProvePossession).await.unwrap();
        assert_eq!(key.public_key().verify(MESSAGE, &signature), Ok(()));
        assert!(!seen.contains(key.public_key()));
        seen.push(key.public_key().clone());
    }
    for (purpose, public_key) in KeyPurpose::ALL.into_iter().zip(&seen) {
        let found = HeldKey::find(Arc::clone(&host), purpose).await.unwrap().unwrap();
        assert_eq!(found.public_key(), public_key);
        found.delete().await.unwrap();
        assert!(HeldKey::find(Arc::clone(&host), purpose).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_high_s_comes_out_low() {
    let (key, signature) = sign_with(Arc::new(FaultyHost::new(Fault::HighS))).await.unwrap();
    assert_eq!(key.verify(MESSAGE, &signature), Ok(()));
    assert!(signature.to_fixed()[32] <= 0x7f);
}

#[tokio::test]
async fn a_lying_host_is_found() {
    for lie in [Behaviour::SignAnotherMessage, Behaviour::SignWithAnotherKey, Behaviour::AnswerGarbage] {
        let error = sign_with(software(lie.clone())).await.unwrap_err();
        assert_eq!((&error, error.code()), (&CustodyError::BadSignature, "custody.bad-signature"), "{lie:?}");
    }
    let fixed_form = sign_with(Arc::new(FaultyHost::new(Fault::FixedFormInPlaceOfDer))).await;
    assert_eq!(fixed_form.unwrap_err(), CustodyError::BadSignature);
}

#[tokio::test]
async fn a_message_of_a_digests_length_is_digested_all_the_same() {
    let host = Arc::new(FaultyHost::new(Fault::MessageTakenForDigest));
    let key = HeldKey::generate(host, KeyPurpose::Sealing, CHALLENGE).await.unwrap();
    let refused = key.sign(&[0xa5; 32], &Prompt::Seal { documents: 1 }).await;
    assert_eq!(refused, Err(CustodyError::BadSignature));
    assert!(key.sign(&[0xa5; 33], &Prompt::Seal { documents: 1 }).await.is_ok());
}

#[tokio::test]
async fn what_the_host_says_is_passed_on() {
    let errors = [
        (DeviceKeyError::UserCancelled, "device-key.user-cancelled"),
        (DeviceKeyError::LockedOut, "device-key.locked-out"),
        (DeviceKeyError::Invalidated, "device-key.invalidated"),
        (DeviceKeyError::NotEnrolled, "device-key.not-enrolled"),
        (DeviceKeyError::HardwareUnavailable, "device-key.hardware-unavailable"),
        (DeviceKeyError::WrongPurpose, "device-key.wrong-purpose"),
        (DeviceKeyError::Unexpected { detail: "x".to_owned() }, "device-key.unexpected"),
    ];
    for (error, code) in errors {
        let passed = sign_with(software(Behaviour::Refuse(error.clone()))).await.unwrap_err();
        assert_eq!((passed.code(), passed), (code, CustodyError::Device(error)));
    }
}

#[tokio::test]
async fn a_key_that_is_refused_is_not_left_behind() {
    let refusals = [
        (Fault::PublicKeyIsNone, CustodyError::BadPublicKey),
        (Fault::EndlessAttestation, CustodyError::BadAttestation),
        (Fault::LongAttestation, CustodyError::BadAttestation),
    ];
    for (fault, expected) in refusals {
        let host = Arc::new(FaultyHost::new(fault));
        let refused = HeldKey::generate(Arc::clone(&host) as Arc<dyn DeviceKey>, KeyPurpose::Consent, CHALLENGE).await;
        assert_eq!(refused.unwrap_err(), expected);
        assert!(!host.holds(KeyPurpose::Consent), "{fault:?}");
    }
}

#[tokio::test]
async fn a_key_asks_for_presence_as_its_purpose_demands() {
    let (each, never) = (UserPresence::EachUse, UserPresence::NotAsked);
    let window = |seconds| UserPresence::Window { seconds };
    let cases = [
        (KeyPurpose::Request, vec![never, each], vec![window(30)]),
        (KeyPurpose::Consent, vec![each], vec![never, window(1)]),
        (
            KeyPurpose::Sealing,
            vec![each, window(1), window(MAX_PRESENCE_WINDOW_S)],
            vec![never, window(0), window(MAX_PRESENCE_WINDOW_S + 1)],
        ),
    ];
    for (purpose, good, bad) in cases {
        for presence in good {
            let host = Arc::new(FaultyHost::new(Fault::Presence(presence)));
            let key = HeldKey::generate(host, purpose, CHALLENGE).await.unwrap();
            assert_eq!(key.presence(), presence, "{purpose:?}");
        }
        for presence in bad {
            let host = Arc::new(FaultyHost::new(Fault::Presence(presence)));
            let made = HeldKey::generate(Arc::clone(&host) as Arc<dyn DeviceKey>, purpose, CHALLENGE).await;
            assert_eq!(made.unwrap_err(), CustodyError::BadPresence, "{purpose:?} {presence:?}");
            assert!(!host.holds(purpose));
        }
    }
}

#[tokio::test]
async fn one_key_for_two_purposes_is_found_when_it_is_made_and_when_it_is_looked_for() {
    let host: Arc<dyn DeviceKey> = Arc::new(FaultyHost::new(Fault::OneKeyForAll));
    host.generate(KeyPurpose::Request, CHALLENGE).await.unwrap();
    let found = HeldKey::find(Arc::clone(&host), KeyPurpose::Consent).await;
    assert_eq!(found.unwrap_err(), CustodyError::SharedKey);
    let made = HeldKey::generate(host, KeyPurpose::Consent, CHALLENGE).await;
    assert_eq!(made.unwrap_err(), CustodyError::SharedKey);
}

#[tokio::test]
async fn challenges_and_messages_have_their_lengths() {
    let host = Arc::new(FaultyHost::new(Fault::None));
    for (len, good) in [(0, false), (15, false), (16, true), (128, true), (129, false)] {
        let made = HeldKey::generate(Arc::clone(&host) as Arc<dyn DeviceKey>, KeyPurpose::Request, &vec![7; len]).await;
        assert_eq!(made.map(|_| ()), if good { Ok(()) } else { Err(CustodyError::BadChallenge) }, "{len} bytes");
    }
    let key = HeldKey::find(host, KeyPurpose::Request).await.unwrap().unwrap();
    assert!(key.sign(&vec![7; MAX_MESSAGE_LEN], &Prompt::Request).await.is_ok());
    let too_long = key.sign(&vec![7; MAX_MESSAGE_LEN + 1], &Prompt::Request).await;
    assert_eq!(too_long, Err(CustodyError::MessageTooLong));
}

/// The SDK runs everything on a runtime of several threads.
#[tokio::test]
async fn work_can_move_between_threads() {
    let (_, signature) = tokio::spawn(sign_with(software(Behaviour::Honest))).await.unwrap().unwrap();
    assert_eq!(signature.to_fixed().len(), Signature::FIXED_LEN);
    let report = tokio::spawn(async {
        let host = SoftwareDeviceKey::new(UnwrapErr(getrandom::SysRng));
        eseal_custody::conformance::device_key(&host).await
    });
    assert!(report.await.unwrap().passed());
}
