//! Enrolment of a phone (M0): proof that it holds each of its three keys.

use std::collections::HashSet;

use eseal_crypto::cert::Purpose;
use eseal_crypto::key::PublicKey;
use serde::{Deserialize, Serialize};

use crate::ids::{Nonce, PersonId};
use crate::jws::{Compact, JwsError, Statement};

/// For what a key of the phone is. No key has two purposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyPurpose {
    /// Signs requests to the platform.
    Request,
    /// Signs consents.
    Consent,
    /// Signs documents.
    Sealing,
}

impl KeyPurpose {
    /// Every purpose, in the order of enrolment.
    pub const ALL: [Self; 3] = [Self::Request, Self::Consent, Self::Sealing];
}

/// A key's proof of possession.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyProof {
    /// The platform's challenge.
    pub challenge: Nonce,
    /// Who enrols.
    pub person_id: PersonId,
    /// What the key is for.
    pub purpose: KeyPurpose,
    /// The key: `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7), DER in base64url.
    pub spki: String,
    /// Where the phone says the private half is.
    pub protection: Protection,
    /// What the hardware states about the key: DER certificates in base64url, the key's own first; the platform judges them.
    pub attestation: Vec<String>,
}

/// Where a phone says that a private key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protection {
    /// Android's separate secure processor.
    StrongBox,
    /// The phone's trusted execution environment.
    TrustedEnvironment,
    /// Apple's separate secure processor.
    SecureEnclave,
    /// Memory. Only the harness says this; a real platform's policy refuses it.
    SoftwareHarness,
}

impl Statement for KeyProof {
    const TYP: &'static str = "eseal-key-proof/1";
    const PURPOSE: Purpose = Purpose::RequestSigning;
}

/// Why an enrolment's proofs are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnrolError {
    /// A proof cannot be read or its signature does not fit.
    #[error("a proof of possession does not hold: {0}")]
    Proof(#[from] JwsError),
    /// A key cannot be read.
    #[error("a key cannot be read")]
    BadKey,
    /// A proof for another challenge or person.
    #[error("a proof is for another enrolment")]
    WrongChallenge,
    /// Not exactly one key for each purpose, or one key for two.
    #[error("not exactly one key of its own for each purpose")]
    WrongKeys,
}

/// Checks the proofs of one enrolment; answers with the keys in the order of [`KeyPurpose::ALL`].
///
/// # Errors
/// [`EnrolError`] says what does not hold.
pub fn check_proofs(
    proofs: &[Compact<KeyProof>],
    challenge: &Nonce,
    person_id: &PersonId,
) -> Result<[PublicKey; 3], EnrolError> {
    if proofs.len() != KeyPurpose::ALL.len() {
        return Err(EnrolError::WrongKeys);
    }
    let mut keys = Vec::with_capacity(proofs.len());
    for proof in proofs {
        let proof = proof.parse()?;
        let spki =
            data_encoding::BASE64URL_NOPAD.decode(proof.peek().spki.as_bytes()).map_err(|_| EnrolError::BadKey)?;
        let key = PublicKey::from_spki_der(&spki).map_err(|_| EnrolError::BadKey)?;
        let proof = proof.verify_with_key(&key)?;
        if proof.challenge != *challenge || proof.person_id != *person_id {
            return Err(EnrolError::WrongChallenge);
        }
        keys.push((proof.purpose, spki, key));
    }
    keys.sort_by_key(|(purpose, ..)| *purpose);
    let distinct: HashSet<_> = keys.iter().map(|(_, spki, _)| spki.clone()).collect();
    let purposes = keys.iter().map(|(purpose, ..)| *purpose);
    if distinct.len() != keys.len() || !purposes.eq(KeyPurpose::ALL) {
        return Err(EnrolError::WrongKeys);
    }
    let keys: Vec<_> = keys.into_iter().map(|(.., key)| key).collect();
    keys.try_into().map_err(|_| EnrolError::WrongKeys)
}
