//! Enrol: the account signs in, the phone makes its keys, proves them, and receives its certificates (M0).

use data_encoding::BASE64URL_NOPAD;
use eseal_crypto::cert::Chain;
use eseal_custody::{HeldKey, KeyProtection, KeyPurpose as Custody, Prompt};
use eseal_protocol::api::{DeviceReply, EnrolmentProofs, EnrolmentReply, Person, SignInReply, SignInRequest};
use eseal_protocol::enrol::{KeyProof, KeyPurpose, Protection};
use eseal_protocol::ids::{DeviceId, Nonce, PersonId};
use eseal_protocol::jws::{Compact, ToSign};
use zeroize::Zeroizing;

use crate::app::Client;
use crate::cancel::Cancel;
use crate::client::Call;
use crate::error::Error;
use crate::identity::Enrolled;
use crate::progress::{Progress, Step};

/// Who this phone is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// The person.
    pub person: Person,
    /// This phone.
    pub device_id: DeviceId,
}

impl Client {
    /// Signs the account in and makes this phone one of the person's. New keys take the place of earlier ones, so an earlier
    /// identity is forgotten first: the phone is enrolled with its present keys, or not at all.
    ///
    /// # Errors
    /// `auth.bad-credentials`, `auth.too-many-tries`, the key store's or the store's own refusal, or that of the network.
    pub async fn enrol(
        &self,
        account: &str,
        password: Zeroizing<String>,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<Enrolment, Error> {
        cancel.or(self.enrol_now(account, password, progress)).await
    }

    async fn enrol_now(
        &self,
        account: &str,
        password: Zeroizing<String>,
        progress: &dyn Progress,
    ) -> Result<Enrolment, Error> {
        let mut sign_in = SignInRequest { account: account.to_owned(), password: password.to_string() };
        let call = Call::post("/v1/session", &sign_in);
        zeroize::Zeroize::zeroize(&mut sign_in.password);
        let session: SignInReply = self.caller.anonymous(&call?).await?;
        let enrolment: EnrolmentReply =
            self.caller.as_account(&Call::post_empty("/v1/enrolments"), &session.token).await?;

        progress.step(Step::MakingKeys);
        self.records.forget_enrolled().await?;
        let keys = self.keys.generate(enrolment.challenge.as_bytes()).await?;
        progress.step(Step::ProvingKeys);
        let mut proofs = Vec::with_capacity(keys.len());
        for key in &keys {
            proofs.push(prove(key, &enrolment.challenge, &session.person.person_id).await?);
        }
        let path = format!("/v1/enrolments/{}", enrolment.enrolment_id);
        let device: DeviceReply =
            self.caller.as_account(&Call::put(path, &EnrolmentProofs { proofs })?, &session.token).await?;

        progress.step(Step::StoringIdentity);
        let chain = |purpose: KeyPurpose, key: &HeldKey| certified(&device, purpose, key);
        chain(KeyPurpose::Request, &keys[0])?;
        let consent = chain(KeyPurpose::Consent, &keys[1])?;
        let sealing = chain(KeyPurpose::Sealing, &keys[2])?;
        let enrolled = Enrolled::new(session.person, device.device_id, &consent, &sealing);
        self.records.store_enrolled(&enrolled).await?;
        progress.step(Step::Done);
        Ok(Enrolment { person: enrolled.person, device_id: enrolled.device_id })
    }

    /// Who this phone is, or `sdk.not-enrolled`.
    ///
    /// # Errors
    /// [`Error::NotEnrolled`], or that of the store.
    pub async fn enrolment(&self) -> Result<Enrolment, Error> {
        let enrolled = self.records.enrolled().await?;
        Ok(Enrolment { person: enrolled.person, device_id: enrolled.device_id })
    }
}

async fn prove(key: &HeldKey, challenge: &Nonce, person_id: &PersonId) -> Result<Compact<KeyProof>, Error> {
    let proof = KeyProof {
        challenge: *challenge,
        person_id: person_id.clone(),
        purpose: match key.purpose() {
            Custody::Request => KeyPurpose::Request,
            Custody::Consent => KeyPurpose::Consent,
            Custody::Sealing => KeyPurpose::Sealing,
        },
        spki: BASE64URL_NOPAD.encode(&key.public_key().to_spki_der()),
        protection: match key.protection() {
            KeyProtection::StrongBox => Protection::StrongBox,
            KeyProtection::TrustedEnvironment => Protection::TrustedEnvironment,
            KeyProtection::SecureEnclave => Protection::SecureEnclave,
            KeyProtection::SoftwareForHarness => Protection::SoftwareHarness,
        },
        attestation: key.attestation().iter().map(|der| BASE64URL_NOPAD.encode(der)).collect(),
    };
    let to_sign = ToSign::without_chain(proof)?;
    let signature = key.sign(to_sign.signing_input(), &Prompt::ProvePossession).await?;
    Ok(Compact::from(&to_sign.finish(&signature, key.public_key())?))
}

/// The chain that the platform issued for a purpose, if it certifies this very key.
fn certified(device: &DeviceReply, purpose: KeyPurpose, key: &HeldKey) -> Result<Chain, Error> {
    let missing = || Error::BadReply { detail: "not one certificate for each key".to_owned() };
    let certified = device.certificates.iter().find(|certified| certified.purpose == purpose).ok_or_else(missing)?;
    let chain = Chain::from_pem(&certified.chain_pem)?;
    match chain.leaf().public_key() {
        Ok(certified) if certified == key.public_key() => Ok(chain),
        _ => Err(Error::BadReply { detail: "a certificate for another key".to_owned() }),
    }
}
