use eseal_crypto::Suite;
use eseal_crypto::key::{PublicKey, Signature};

use super::Report;
use super::report::{Finding, Recorder, require};
use crate::{DeviceKey, DeviceKeyError, KeyPurpose, Prompt};

const CHALLENGE: &[u8] = b"conformance challenge 0123456789";
const STARTS_EMPTY: &str = "device-key.starts-empty";
const REFUSES_WITHOUT_KEY: &str = "device-key.refuses-without-key";
const MAKES_KEYS: &str = "device-key.makes-keys";
const NO_KEY_FOR_ANOTHER_PURPOSE: &str = "device-key.no-key-for-another-purpose";
const KEYS_DIFFER: &str = "device-key.keys-differ";
const SIGNS: &str = "device-key.signs";
const MAKES_ANEW: &str = "device-key.makes-anew";
const DELETES: &str = "device-key.deletes";
const AFTER_THE_FIRST: &[&str] =
    &[REFUSES_WITHOUT_KEY, NO_KEY_FOR_ANOTHER_PURPOSE, MAKES_KEYS, KEYS_DIFFER, SIGNS, MAKES_ANEW, DELETES];

/// Checks a key store: makes, uses and deletes keys for every purpose, and asks for the user's presence in between.
///
/// It touches nothing when there are keys already: they may be somebody's.
pub async fn device_key(host: &dyn DeviceKey) -> Report {
    let mut recorder = Recorder::default();
    let empty = starts_empty(host).await;
    let may_go_on = empty.is_ok();
    recorder.record(STARTS_EMPTY, empty);
    if !may_go_on {
        recorder.skip(AFTER_THE_FIRST);
        return recorder.finish();
    }
    recorder.record(REFUSES_WITHOUT_KEY, refuses_without_key(host).await);
    recorder.record(NO_KEY_FOR_ANOTHER_PURPOSE, no_key_for_another_purpose(host).await);
    recorder.record(MAKES_KEYS, makes_keys(host).await);
    recorder.record(KEYS_DIFFER, keys_differ(host).await);
    recorder.record(SIGNS, signs(host).await);
    recorder.record(MAKES_ANEW, makes_anew(host).await);
    recorder.record(DELETES, deletes(host).await);
    recorder.finish()
}

async fn starts_empty(host: &dyn DeviceKey) -> Finding {
    for purpose in KeyPurpose::ALL {
        require(host.key(purpose).await.map_err(said)?.is_none(), "there is a key already; nothing was touched")?;
    }
    Ok(())
}

async fn refuses_without_key(host: &dyn DeviceKey) -> Finding {
    for purpose in KeyPurpose::ALL {
        not_enrolled(host, purpose).await?;
    }
    Ok(())
}

/// With one key there, the other purposes must still have none.
async fn no_key_for_another_purpose(host: &dyn DeviceKey) -> Finding {
    for purpose in KeyPurpose::ALL {
        host.generate(purpose, CHALLENGE).await.map_err(said)?;
        for other in KeyPurpose::ALL.into_iter().filter(|other| *other != purpose) {
            not_enrolled(host, other).await?;
        }
        host.delete(purpose).await.map_err(said)?;
    }
    Ok(())
}

async fn makes_keys(host: &dyn DeviceKey) -> Finding {
    for purpose in KeyPurpose::ALL {
        let made = host.generate(purpose, CHALLENGE).await.map_err(said)?;
        PublicKey::from_spki_der(&made.public_key).map_err(|error| format!("the public key: {}", error.code()))?;
        let found = host.key(purpose).await.map_err(said)?;
        let same =
            found.is_some_and(|found| found.public_key == made.public_key && found.protection == made.protection);
        require(same, "the key shown is not the key made")?;
    }
    Ok(())
}

async fn keys_differ(host: &dyn DeviceKey) -> Finding {
    let mut seen = Vec::new();
    for purpose in KeyPurpose::ALL {
        let public_key = public_key(host, purpose).await?;
        require(!seen.contains(&public_key), "one key for two purposes")?;
        seen.push(public_key);
    }
    Ok(())
}

async fn signs(host: &dyn DeviceKey) -> Finding {
    // 32 bytes: a host that takes them for a digest, and does not digest them, is found out.
    let messages = [vec![0x01], vec![0xa5; 32], vec![0x5a; 33], vec![0x42; 100_000]];
    for purpose in KeyPurpose::ALL {
        let key = public_key(host, purpose).await?;
        for message in &messages {
            verifies(host, purpose, &key, message).await?;
        }
    }
    Ok(())
}

async fn makes_anew(host: &dyn DeviceKey) -> Finding {
    for purpose in KeyPurpose::ALL {
        let old = public_key(host, purpose).await?;
        host.generate(purpose, CHALLENGE).await.map_err(said)?;
        let new = public_key(host, purpose).await?;
        require(old != new, "a key made anew is the old one")?;
        verifies(host, purpose, &new, b"made anew").await?;
    }
    Ok(())
}

async fn deletes(host: &dyn DeviceKey) -> Finding {
    let mut left = KeyPurpose::ALL.to_vec();
    while let Some(purpose) = left.pop() {
        host.delete(purpose).await.map_err(said)?;
        require(host.key(purpose).await.map_err(said)?.is_none(), "a deleted key is still shown")?;
        not_enrolled(host, purpose).await?;
        host.delete(purpose).await.map_err(|error| format!("deleting what is absent: {}", error.code()))?;
        for other in &left {
            require(host.key(*other).await.map_err(said)?.is_some(), "another purpose's key is gone too")?;
        }
    }
    Ok(())
}

async fn not_enrolled(host: &dyn DeviceKey, purpose: KeyPurpose) -> Finding {
    match host.sign(purpose, b"message", &Prompt::ProvePossession).await {
        Err(DeviceKeyError::NotEnrolled) => Ok(()),
        Err(other) => Err(format!("signing without a key said {}", other.code())),
        Ok(_) => Err("signed without a key for this purpose".to_owned()),
    }
}

async fn public_key(host: &dyn DeviceKey, purpose: KeyPurpose) -> Result<PublicKey, String> {
    let info = host.key(purpose).await.map_err(said)?.ok_or("no key where one was made")?;
    PublicKey::from_spki_der(&info.public_key).map_err(|error| format!("the public key: {}", error.code()))
}

async fn verifies(host: &dyn DeviceKey, purpose: KeyPurpose, key: &PublicKey, message: &[u8]) -> Finding {
    let der = host.sign(purpose, message, &Prompt::ProvePossession).await.map_err(said)?;
    let signature = Signature::from_der(Suite::EcdsaP256Sha256, &der)
        .map_err(|error| format!("the signature: {}", error.code()))?;
    let fits = key.verify(message, &signature).is_ok();
    require(fits, "the signature does not fit the key and the message")
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
fn said(error: DeviceKeyError) -> String {
    format!("the key store said {}", error.code())
}
