//! Bodies of the platform's HTTP interface (`/v1`, JSON). What is signed in them is a [`crate::jws`] of its own; the rest is
//! carried by TLS and, after enrolment, by a signed request ([`crate::http_signature`]). Unknown fields of replies are ignored.

use serde::{Deserialize, Serialize};

use crate::consent::{ConsentStatement, Receipt, View};
use crate::enrol::{KeyProof, KeyPurpose};
use crate::ids::{ClaimId, DeviceId, EnrolmentId, Nonce, PersonId, SealId, Sha256Hex};
use crate::jws::Compact;
use crate::operator::Base64Bytes;
use crate::seal::SealRecord;
use crate::text::DisplayText;
use crate::usage::{UsageDocument, UsageRecord};

/// `POST /v1/session`: signs an account in.
#[derive(Serialize, Deserialize)]
pub struct SignInRequest {
    /// Account name.
    pub account: String,
    /// Password. Never logged, never stored as it is.
    pub password: String,
}

/// Answer to [`SignInRequest`].
#[derive(Clone, Serialize, Deserialize)]
pub struct SignInReply {
    /// Bearer token (RFC 6750) for enrolment; short-lived, for nothing else.
    pub token: String,
    /// The person behind the account.
    pub person: Person,
}

/// A person as the platform knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub person_id: PersonId,
    /// Registered name.
    pub name: DisplayText,
}

/// `POST /v1/enrolments` (bearer token, no body): starts the enrolment of a phone.
#[derive(Clone, Serialize, Deserialize)]
pub struct EnrolmentReply {
    /// This enrolment.
    pub enrolment_id: EnrolmentId,
    /// What the new keys have to sign.
    pub challenge: Nonce,
}

/// `PUT /v1/enrolments/{id}` (bearer token): proves possession of the phone's three keys.
#[derive(Clone, Serialize, Deserialize)]
pub struct EnrolmentProofs {
    /// One proof for each purpose.
    pub proofs: Vec<Compact<KeyProof>>,
}

/// Answer to [`EnrolmentProofs`]: the phone exists.
#[derive(Clone, Serialize, Deserialize)]
pub struct DeviceReply {
    /// The phone's name.
    pub device_id: DeviceId,
    /// A certificate chain for each purpose.
    pub certificates: Vec<CertifiedKey>,
}

/// One certified key.
#[derive(Clone, Serialize, Deserialize)]
pub struct CertifiedKey {
    /// For what.
    pub purpose: KeyPurpose,
    /// PEM, leaf first, without the root.
    pub chain_pem: String,
}

/// `POST /v1/claims` (signed): hands in a drawn signature to become a seal.
#[derive(Clone, Serialize, Deserialize)]
pub struct ClaimRequest {
    /// The face in the SVG subset of `eseal-face`.
    pub face_svg: String,
}

/// A claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// This claim.
    pub claim_id: ClaimId,
    /// The seal that it is for.
    pub seal_id: SealId,
    /// SHA-256 of the face.
    pub face_sha256: Sha256Hex,
    /// Where it stands.
    pub state: ClaimState,
}

/// Where a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimState {
    /// The face is there; the person has not yet asked for the seal on the portal.
    Drawn,
    /// The portal shows the code.
    AwaitingConsent,
    /// The seal is made.
    Made,
    /// The person said no, or a newer drawing replaced it.
    Withdrawn,
}

/// `POST /v1/consents/{intent_id}/open` (signed): M4.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRequest {
    /// Second of the frame.
    pub t: u64,
    /// The frame's code.
    pub mac: String,
    /// The phone's nonce.
    pub n_c: Nonce,
}

/// Answer to [`OpenRequest`]: M5.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpenReply {
    /// What the service signed.
    pub view: Compact<View>,
}

/// `PUT /v1/consents/{intent_id}/answer` (signed, idempotency key `{intent_id}:{decision}`): M7.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AnswerRequest {
    /// The person's signed answer.
    pub consent: Compact<ConsentStatement>,
}

/// Answer to [`AnswerRequest`]: M10.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AnswerReply {
    /// What the service recorded.
    pub receipt: Compact<Receipt>,
}

/// `GET /v1/seals` (signed): the person's seals.
#[derive(Clone, Serialize, Deserialize)]
pub struct SealList {
    /// Newest first.
    pub seals: Vec<SealEntry>,
}

/// A seal with its picture.
#[derive(Clone, Serialize, Deserialize)]
pub struct SealEntry {
    /// The signed record.
    pub record: Compact<SealRecord>,
    /// The face that the record names by digest.
    pub face_svg: String,
    /// Whether it can be used now.
    pub state: SealState,
    /// The newest data of it as an electronic seal (`SESeal`), where some were made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub electronic: Option<Base64Bytes>,
}

/// Where a seal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SealState {
    /// In use.
    Active,
    /// A newer drawing took its place; what it signed stays valid.
    Replaced,
}

/// `POST /v1/usages` (signed, with an idempotency key): records one use of a seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageRequest {
    /// Which seal.
    pub seal_id: SealId,
    /// On what.
    pub document: UsageDocument,
}

/// Answer to [`UsageRequest`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UsageReply {
    /// The platform's signed record.
    pub record: Compact<UsageRecord>,
}

/// `GET /v1/usages` (signed): the person's usage records.
#[derive(Clone, Serialize, Deserialize)]
pub struct UsageList {
    /// Newest first.
    pub usages: Vec<Compact<UsageRecord>>,
}
