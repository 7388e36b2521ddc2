//! The statements of one consent: what the service shows (M5), what the person signs (M7), what is recorded (M10).

use eseal_crypto::cert::Purpose;
use serde::{Deserialize, Serialize};

use crate::ids::{DeviceId, IntentId, Nonce, PersonId, RelyingPartyId, Sha256Hex};
use crate::intent::Intent;
use crate::jws::{Compact, Statement};
use crate::template::Shown;
use crate::time::Timestamp;

/// What the consent service hands to the phone that opened a request first (M5): the relying party's exact text and the
/// conditions of the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// The request as the relying party signed it.
    pub intent: Compact<Intent>,
    /// The phone that holds the request now.
    pub device_id: DeviceId,
    /// The phone's nonce, echoed.
    pub n_c: Nonce,
    /// The service's nonce.
    pub n_s: Nonce,
    /// The service's clock.
    pub server_time: Timestamp,
    /// When an answer is no longer taken.
    pub expires_at: Timestamp,
    /// What must happen after an approval before it takes effect.
    pub confirm: ConfirmMode,
}

impl Statement for View {
    const TYP: &'static str = "eseal-view/1";
    const PURPOSE: Purpose = Purpose::ConsentService;
}

/// What must happen after an approval before it takes effect. Others (return code, local link) join for high-risk operations;
/// a phone refuses a mode that it does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConfirmMode {
    /// Nothing.
    None,
}

/// The person's answer (M7). Signed by the consent key, which signs nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentStatement {
    /// Yes or no.
    pub decision: Decision,
    /// Which request.
    pub intent_id: IntentId,
    /// SHA-256 of the request's exact signed text.
    pub intent_digest: Sha256Hex,
    /// Who asked.
    pub rp_id: RelyingPartyId,
    /// Who answers.
    pub subject: PersonId,
    /// SHA-256 of the operation.
    pub op_digest: Sha256Hex,
    /// SHA-256 of each document, as digested by the phone, in the request's order.
    pub documents: Vec<Sha256Hex>,
    /// The service's nonce.
    pub n_s: Nonce,
    /// The phone's nonce.
    pub n_c: Nonce,
    /// What the person read.
    pub shown: Shown,
    /// How the person was asked to prove presence.
    pub user_auth: UserAuth,
    /// The phone.
    pub device_id: DeviceId,
    /// What the phone noticed about itself, sorted, each once.
    pub env: Vec<EnvSignal>,
    /// The service's clock as seen with the request.
    pub server_time_seen: Timestamp,
    /// Digest of this phone's receipt before this one, where there is one.
    pub previous_receipt: Option<Sha256Hex>,
}

impl Statement for ConsentStatement {
    const TYP: &'static str = "eseal-consent/1";
    const PURPOSE: Purpose = Purpose::ConsentSigning;
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// The person wants it done.
    Approve,
    /// The person does not.
    Decline,
}

impl Decision {
    /// The wire form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Decline => "decline",
        }
    }
}

/// How the person proved presence to the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserAuth {
    /// A fingerprint, a face or the lock-screen secret, asked for by the phone's hardware at this use of the key.
    KeyPresence,
    /// Nothing, because the key is a harness's software key: a real platform's policy refuses it.
    SoftwareHarness,
}

/// Something the phone noticed that may matter to whoever weighs the consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EnvSignal {
    /// An accessibility service that can read or press is on.
    AccessibilityService,
    /// A debugger is attached.
    Debugger,
    /// Another window covered the consent.
    ScreenObscured,
}

/// What the service recorded (M10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Which request.
    pub intent_id: IntentId,
    /// Which answer.
    pub decision: Decision,
    /// SHA-256 of the answer's exact signed text.
    pub consent_digest: Sha256Hex,
    /// The phone's nonce, echoed.
    pub n_c: Nonce,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

impl Statement for Receipt {
    const TYP: &'static str = "eseal-receipt/1";
    const PURPOSE: Purpose = Purpose::ConsentService;
}

/// Where a request stands. Every step is one compare-and-swap at the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentState {
    /// Frames are shown; no phone has opened it.
    Created,
    /// One phone holds it.
    Scanned,
    /// That phone said yes.
    Approved,
    /// That phone said no.
    Declined,
    /// Nobody answered in time.
    Expired,
    /// The initiator withdrew it.
    Cancelled,
    /// The relying party has acted on it, once.
    Consumed,
}

impl ConsentState {
    /// Whether the step to `next` exists.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use ConsentState::{Approved, Cancelled, Consumed, Created, Declined, Expired, Scanned};
        matches!(
            (self, next),
            (Created, Scanned | Expired | Cancelled)
                | (Scanned, Approved | Declined | Expired | Cancelled)
                | (Approved, Consumed)
        )
    }

    /// The wire form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Scanned => "scanned",
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Consumed => "consumed",
        }
    }
}
