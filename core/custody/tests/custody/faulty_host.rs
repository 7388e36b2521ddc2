//! A key store with one fault at a time.

use std::collections::HashMap;
use std::sync::Mutex;

use async_trait::async_trait;
use data_encoding::HEXUPPER;
use eseal_crypto::Suite;
use eseal_crypto::key::{Prehash, Signature, SigningKey};
use eseal_custody::{DeviceKey, DeviceKeyError, KeyInfo, KeyProtection, KeyPurpose, Prompt, UserPresence};
use rand_core::UnwrapErr;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// Not a fault: real hardware answers with either s.
    HighS,
    OneKeyForAll,
    MessageTakenForDigest,
    FixedFormInPlaceOfDer,
    ShowsAnotherKey,
    KeepsTheOldKey,
    DeletesNothing,
    DeletesEverything,
    DeletingNothingFails,
    NamelessErrorWithoutKey,
    MakesKeysOnDemand,
    PublicKeyIsNone,
    EndlessAttestation,
    LongAttestation,
    /// Shows a presence of its own for every purpose.
    Presence(UserPresence),
}

pub(crate) struct FaultyHost {
    fault: Fault,
    keys: Mutex<HashMap<KeyPurpose, SigningKey>>,
}

fn draw() -> SigningKey {
    SigningKey::generate(Suite::EcdsaP256Sha256, &mut UnwrapErr(getrandom::SysRng)).unwrap()
}

impl FaultyHost {
    pub(crate) fn new(fault: Fault) -> Self {
        Self { fault, keys: Mutex::new(HashMap::new()) }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    fn place(&self, purpose: KeyPurpose) -> KeyPurpose {
        if self.has(Fault::OneKeyForAll) { KeyPurpose::Request } else { purpose }
    }

    fn info(&self, purpose: KeyPurpose, key: &SigningKey) -> KeyInfo {
        let public_key =
            if self.has(Fault::PublicKeyIsNone) { b"no public key".to_vec() } else { key.public_key().to_spki_der() };
        let attestation = match self.fault {
            Fault::EndlessAttestation => vec![vec![0x30]; 9],
            Fault::LongAttestation => vec![vec![0x30; 32 * 1024 + 1]],
            _ => vec![vec![0x30]; 3],
        };
        let presence = match (self.fault, purpose) {
            (Fault::Presence(presence), _) => presence,
            (_, KeyPurpose::Request) => UserPresence::NotAsked,
            _ => UserPresence::EachUse,
        };
        KeyInfo { public_key, protection: KeyProtection::TrustedEnvironment, presence, attestation }
    }

    pub(crate) fn holds(&self, purpose: KeyPurpose) -> bool {
        self.keys.lock().unwrap().contains_key(&purpose)
    }
}

#[async_trait]
impl DeviceKey for FaultyHost {
    async fn generate(&self, purpose: KeyPurpose, _challenge: &[u8]) -> Result<KeyInfo, DeviceKeyError> {
        let place = self.place(purpose);
        let mut keys = self.keys.lock().unwrap();
        if !self.has(Fault::KeepsTheOldKey) && !self.has(Fault::OneKeyForAll) {
            keys.remove(&place);
        }
        Ok(self.info(purpose, keys.entry(place).or_insert_with(draw)))
    }

    async fn key(&self, purpose: KeyPurpose) -> Result<Option<KeyInfo>, DeviceKeyError> {
        let keys = self.keys.lock().unwrap();
        let found = keys.get(&self.place(purpose));
        Ok(found.map(|key| {
            if self.has(Fault::ShowsAnotherKey) { self.info(purpose, &draw()) } else { self.info(purpose, key) }
        }))
    }

    async fn sign(&self, purpose: KeyPurpose, message: &[u8], _prompt: &Prompt) -> Result<Vec<u8>, DeviceKeyError> {
        let mut keys = self.keys.lock().unwrap();
        if self.has(Fault::MakesKeysOnDemand) {
            keys.entry(purpose).or_insert_with(draw);
        }
        let key = keys.get(&self.place(purpose)).ok_or_else(|| match self.fault {
            Fault::NamelessErrorWithoutKey => DeviceKeyError::Unexpected { detail: "null".to_owned() },
            _ => DeviceKeyError::NotEnrolled,
        })?;
        let as_digest = Prehash::from_bytes(key.suite(), message);
        Ok(match (self.fault, as_digest) {
            (Fault::MessageTakenForDigest, Ok(prehash)) => key.sign_prehash(&prehash).unwrap().to_der(),
            (Fault::FixedFormInPlaceOfDer, _) => key.sign(message).to_fixed().to_vec(),
            (Fault::HighS, _) => high_s(&key.sign(message)),
            _ => key.sign(message).to_der(),
        })
    }

    async fn delete(&self, purpose: KeyPurpose) -> Result<(), DeviceKeyError> {
        let mut keys = self.keys.lock().unwrap();
        match self.fault {
            Fault::DeletesNothing => {}
            Fault::DeletesEverything => keys.clear(),
            Fault::DeletingNothingFails => {
                keys.remove(&purpose).ok_or(DeviceKeyError::NotEnrolled)?;
            }
            _ => {
                keys.remove(&self.place(purpose));
            }
        }
        Ok(())
    }
}

/// The other DER form of a signature: `(r, n − s)`.
pub(crate) fn high_s(signature: &Signature) -> Vec<u8> {
    let n = HEXUPPER.decode(b"FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551").unwrap();
    let fixed = signature.to_fixed();
    let mut difference = vec![0; 32];
    let mut borrow = 0;
    for index in (0..32).rev() {
        let value = i16::from(n[index]) - i16::from(fixed[32 + index]) - borrow;
        borrow = i16::from(value < 0);
        difference[index] = u8::try_from(value.rem_euclid(256)).unwrap();
    }
    let body = [integer(&fixed[..32]), integer(&difference)].concat();
    [vec![0x30, u8::try_from(body.len()).unwrap()], body].concat()
}

fn integer(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap();
    let digits = &bytes[start..];
    let sign = if digits[0] >= 0x80 { vec![0] } else { vec![] };
    let value = [sign, digits.to_vec()].concat();
    [vec![0x02, u8::try_from(value.len()).unwrap()], value].concat()
}
