//! What a relying party asks a person to consent to (message M2): addressed, typed, signed.

use eseal_crypto::cert::Purpose;
use serde::{Deserialize, Serialize};

use crate::ids::{IntentId, PersonId, RelyingPartyId, SealId, Sha256Hex};
use crate::jws::{JwsError, Statement, to_json};
use crate::text::DisplayText;
use crate::time::Timestamp;

/// Longest life of an intent, in seconds.
pub const INTENT_LIFETIME_MAX_S: u64 = 300;
/// Most documents that one intent may name.
pub const DOCUMENTS_MAX: usize = 100;
/// Largest document that the phone fetches to check it, in bytes.
pub const DOCUMENT_SIZE_MAX: u64 = 64 * 1024 * 1024;

/// A request for consent. Its exact signed text is what a consent answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intent {
    /// The request's own name; the QR code carries it.
    pub intent_id: IntentId,
    /// Who asks; must be the relying party of the signing certificate.
    pub rp_id: RelyingPartyId,
    /// Whom it is addressed to.
    pub subject: Subject,
    /// Who started it at the relying party.
    pub initiator: Initiator,
    /// What is to be done.
    pub op: Operation,
    /// What the operation is about, in the order shown.
    pub documents: Vec<DocumentRef>,
    /// Where the request was started.
    pub browser: BrowserContext,
    /// How much is at stake.
    pub risk: RiskClass,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it ends, at most [`INTENT_LIFETIME_MAX_S`] after its creation.
    pub expires_at: Timestamp,
}

impl Statement for Intent {
    const TYP: &'static str = "eseal-intent/1";
    const PURPOSE: Purpose = Purpose::RelyingParty;
}

impl Intent {
    /// Whether the intent's own figures make sense: life time, number and sizes of documents, the operation's digest among
    /// the documents.
    #[must_use]
    pub fn is_consistent(&self) -> bool {
        let life = self.expires_at.seconds_since(self.created_at);
        let Operation::ClaimHandwrittenSeal { face, .. } = &self.op;
        life > 0
            && life <= INTENT_LIFETIME_MAX_S
            && self.documents.len() <= DOCUMENTS_MAX
            && self.documents.iter().all(|document| document.size <= DOCUMENT_SIZE_MAX)
            && self.documents.iter().any(|document| document.sha256 == face.sha256)
    }
}

/// The person a request is addressed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// The person.
    pub person_id: PersonId,
    /// The person's name as registered.
    pub name: DisplayText,
}

/// Who started the operation at the relying party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Initiator {
    /// The account that is signed in.
    pub account: DisplayText,
}

/// What the relying party saw of the browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrowserContext {
    /// Network address.
    pub ip: DisplayText,
    /// The browser's name for itself, shortened.
    pub user_agent: DisplayText,
    /// SHA-256 of the portal session's identifier: ties the request to one browser tab without naming the session.
    pub session: Sha256Hex,
}

/// How much is at stake; policy asks for more where it is high.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RiskClass {
    /// The person's own seal, replaceable.
    Normal,
    /// Needs a second binding to the portal session (return code, passkey, local link).
    High,
}

/// What is asked. A type that this version does not know is refused while reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Operation {
    /// Make the person's hand-drawn signature their seal (个人手绘章).
    ClaimHandwrittenSeal {
        /// The seal to be made.
        seal_id: SealId,
        /// Its picture.
        face: FaceRef,
    },
}

impl Operation {
    /// The type's name, as in the wire form and in the relying party's certificate.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::ClaimHandwrittenSeal { .. } => "claim-handwritten-seal",
        }
    }

    /// SHA-256 over the operation's wire form.
    ///
    /// # Errors
    /// [`JwsError::Malformed`] when it cannot be written as JSON.
    pub fn digest(&self) -> Result<Sha256Hex, JwsError> {
        Ok(Sha256Hex::of(&to_json(self)?))
    }
}

/// A seal face by its digest and physical size. Whole micrometres, because a fraction has many spellings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaceRef {
    /// SHA-256 of the face's SVG text.
    pub sha256: Sha256Hex,
    /// Width in µm.
    pub width_um: u32,
    /// Height in µm.
    pub height_um: u32,
}

/// A document that the operation is about; the phone fetches it and digests it itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentRef {
    /// Its name.
    pub name: DisplayText,
    /// What it is.
    pub media_type: MediaType,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256 of its bytes.
    pub sha256: Sha256Hex,
}

/// What kinds of documents a consent can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MediaType {
    /// A PDF file.
    #[serde(rename = "application/pdf")]
    Pdf,
    /// A seal face in the SVG subset of `eseal-face`.
    #[serde(rename = "image/svg+xml")]
    Svg,
}
