//! The phone's side of one consent, without I/O: each state is a type and has only the calls allowed next.
//!
//! ```text
//! Scanned ──open──▶ Opening ──receive──▶ Viewed ──check_document…──▶ Reviewable ──approve│decline──▶ Answering
//!                                                                                  Answering ──signed──▶ Answered ──receive──▶ Receipt
//! ```
//!
//! Whoever drives it sends what it hands out and feeds back what arrived. A failed step consumes the state: a consent that
//! failed a check cannot be continued.

use eseal_crypto::cert::Chain;
use eseal_crypto::key::Signature;
use rand_core::CryptoRng;

use crate::api::{AnswerRequest, OpenRequest};
use crate::consent::{ConsentStatement, Decision, EnvSignal, Receipt, UserAuth, View};
use crate::ids::{DeviceId, IntentId, Nonce, PersonId, Sha256Hex};
use crate::intent::{DocumentRef, Intent};
use crate::jws::{Compact, JwsError, ToSign, Verified};
use crate::qr::{Frame, FrameError};
use crate::template::{self, Locale, ShownText};
use crate::text::DisplayText;
use crate::time::MonotonicMs;
use crate::trust::PlatformTrust;

/// Why a consent does not go on. Each outcome has a code of its own, so that an app can say what happened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConsentError {
    /// The code is not from this platform.
    #[error("the code is not from this platform")]
    NotOurs,
    /// A link of our platform that is no consent code.
    #[error("the code is damaged or of another version")]
    DamagedCode,
    /// The request is addressed to another person.
    #[error("the request is addressed to somebody else")]
    NotForYou,
    /// A signature, a certificate or an echoed value does not fit: somebody changed or invented the request.
    #[error("the request is not authentic: {detail}")]
    Forged {
        /// Which check failed, for developers.
        detail: String,
    },
    /// Authentic, but of a kind or with a field that this version does not know; an update may.
    #[error("the request is of a kind that this version does not know: {detail}")]
    NotUnderstood {
        /// What was not understood, for developers.
        detail: String,
    },
    /// A document is not the one that the request names.
    #[error("document {index} is not the one that the request names")]
    WrongDocument {
        /// Its place in the request, from 0.
        index: usize,
    },
    /// The time to answer is over.
    #[error("the time to answer is over")]
    Expired,
    /// The phone's own key or certificate does not fit its enrolment.
    #[error("the phone's consent key does not fit its certificate")]
    WrongKey,
}

impl ConsentError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotOurs => "consent.not-ours",
            Self::DamagedCode => "consent.damaged-code",
            Self::NotForYou => "consent.not-for-you",
            Self::Forged { .. } => "consent.forged",
            Self::NotUnderstood { .. } => "consent.not-understood",
            Self::WrongDocument { .. } => "consent.wrong-document",
            Self::Expired => "consent.expired",
            Self::WrongKey => "consent.wrong-key",
        }
    }
}

impl From<JwsError> for ConsentError {
    fn from(error: JwsError) -> Self {
        match error {
            JwsError::Malformed { detail } => Self::NotUnderstood { detail },
            other => Self::Forged { detail: other.code().to_owned() },
        }
    }
}

/// Who this phone is.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The enrolled person.
    pub person_id: PersonId,
    /// This phone.
    pub device_id: DeviceId,
    /// The consent key's certificate with its chain.
    pub consent_chain: Chain,
}

/// A code of ours was read.
#[derive(Debug)]
pub struct Scanned {
    frame: Frame,
}

impl Scanned {
    /// Looks at a scanned text. Nothing is opened and nobody is asked.
    ///
    /// # Errors
    /// [`ConsentError::NotOurs`] or [`ConsentError::DamagedCode`].
    pub fn read(text: &str, trust: &PlatformTrust) -> Result<Self, ConsentError> {
        let frame = Frame::parse(text, &trust.link_host).map_err(|error| match error {
            FrameError::NotOurs => ConsentError::NotOurs,
            FrameError::Malformed => ConsentError::DamagedCode,
        })?;
        Ok(Self { frame })
    }

    /// Which request the code names.
    #[must_use]
    pub const fn intent_id(&self) -> IntentId {
        self.frame.intent_id
    }

    /// Asks the platform for the request (M4). The nonce is fresh for each attempt.
    pub fn open<R: CryptoRng + ?Sized>(self, rng: &mut R) -> (OpenRequest, Opening) {
        let n_c = Nonce::random(rng);
        let request = OpenRequest { t: self.frame.t, mac: self.frame.mac.to_text(), n_c };
        (request, Opening { intent_id: self.frame.intent_id, n_c })
    }
}

/// The platform was asked for the request.
#[derive(Debug)]
pub struct Opening {
    intent_id: IntentId,
    n_c: Nonce,
}

impl Opening {
    /// Which request.
    #[must_use]
    pub const fn intent_id(&self) -> IntentId {
        self.intent_id
    }

    /// Checks what arrived (M5, M6): the service's signature, the echoed nonce, the relying party's signature over its exact
    /// text, its right to ask for this operation, and that the request is for this person and phone. `now` is the phone's
    /// running clock at arrival; validity of certificates is judged by the service's signed time.
    ///
    /// # Errors
    /// [`ConsentError::Forged`], [`ConsentError::NotUnderstood`], [`ConsentError::NotForYou`] or [`ConsentError::Expired`].
    pub fn receive(
        self,
        view: &Compact<View>,
        trust: &PlatformTrust,
        identity: &Identity,
        now: MonotonicMs,
    ) -> Result<Viewed, ConsentError> {
        let view = view.parse()?;
        let at = view.peek().server_time;
        let view = view.verify(&trust.anchors, at)?;
        if view.n_c != self.n_c || view.device_id != identity.device_id {
            return Err(forged("the answer is not to this question"));
        }
        let intent = view.intent.parse()?.verify(&trust.anchors, at)?;
        let rp_name = certified_name(&intent)?;
        if intent.intent_id != self.intent_id {
            return Err(forged("another request than the code named"));
        }
        if intent.subject.person_id != identity.person_id {
            return Err(ConsentError::NotForYou);
        }
        if !intent.is_consistent() {
            return Err(ConsentError::NotUnderstood { detail: "figures that do not fit each other".to_owned() });
        }
        let ends = view.expires_at.0.min(intent.expires_at.0);
        let left_s = ends.saturating_sub(at.0);
        if left_s == 0 {
            return Err(ConsentError::Expired);
        }
        let deadline = MonotonicMs(now.0.saturating_add(left_s.saturating_mul(1000)));
        let checked = vec![false; intent.documents.len()];
        Ok(Viewed { view, intent, rp_name, identity: identity.clone(), deadline, checked })
    }
}

fn certified_name(intent: &Verified<Intent>) -> Result<DisplayText, ConsentError> {
    let signer = intent.signer().ok_or_else(|| forged("no certificate"))?;
    if signer.subject_serial_number().as_deref() != Some(intent.rp_id.as_str()) {
        return Err(forged("signed by another relying party"));
    }
    let allowed = signer.operation_types().unwrap_or_default();
    if !allowed.iter().any(|allowed| allowed == intent.op.type_name()) {
        return Err(forged("the relying party may not ask for this"));
    }
    let name = signer.subject_common_name().unwrap_or_default();
    DisplayText::new(name).map_err(|_| forged("the relying party's name cannot be shown"))
}

fn forged(detail: &str) -> ConsentError {
    ConsentError::Forged { detail: detail.to_owned() }
}

/// The request is authentic and for this phone; its documents are not yet checked.
#[derive(Clone)]
pub struct Viewed {
    view: Verified<View>,
    intent: Verified<Intent>,
    rp_name: DisplayText,
    identity: Identity,
    deadline: MonotonicMs,
    checked: Vec<bool>,
}

impl Viewed {
    /// Which request.
    #[must_use]
    pub fn intent_id(&self) -> IntentId {
        self.intent.intent_id
    }

    /// What has to be fetched and digested.
    #[must_use]
    pub fn documents(&self) -> &[DocumentRef] {
        &self.intent.documents
    }

    /// Checks one fetched document by the bytes that arrived.
    ///
    /// # Errors
    /// [`ConsentError::WrongDocument`] when they are not the document named, or there is none of this number.
    pub fn check_document(&mut self, index: usize, bytes: &[u8]) -> Result<(), ConsentError> {
        let wrong = || ConsentError::WrongDocument { index };
        let document = self.intent.documents.get(index).ok_or_else(wrong)?;
        let size = u64::try_from(bytes.len()).map_err(|_| wrong())?;
        if size != document.size || Sha256Hex::of(bytes) != document.sha256 {
            return Err(wrong());
        }
        if let Some(done) = self.checked.get_mut(index) {
            *done = true;
        }
        Ok(())
    }

    /// Goes on when every document was checked.
    ///
    /// # Errors
    /// [`ConsentError::WrongDocument`] names the first that was not, [`ConsentError::NotUnderstood`] when this build lacks the
    /// text for the operation.
    pub fn review(self, locale: Locale) -> Result<Reviewable, ConsentError> {
        if let Some(index) = self.checked.iter().position(|done| !done) {
            return Err(ConsentError::WrongDocument { index });
        }
        let text = template::render(&self.intent, self.rp_name.as_str(), locale)
            .map_err(|error| ConsentError::NotUnderstood { detail: error.to_string() })?;
        Ok(Reviewable { viewed: self, text })
    }
}

/// Everything is checked: this is the moment for the person to read and decide.
pub struct Reviewable {
    viewed: Viewed,
    text: ShownText,
}

/// What goes into the person's answer beside the request itself.
pub struct Answer {
    /// Yes or no.
    pub decision: Decision,
    /// How the key will ask for presence.
    pub user_auth: UserAuth,
    /// What the phone noticed about itself.
    pub env: Vec<EnvSignal>,
    /// Digest of this phone's receipt before this one.
    pub previous_receipt: Option<Sha256Hex>,
}

impl Reviewable {
    /// What the person must be shown, line by line and unchanged.
    #[must_use]
    pub const fn text(&self) -> &ShownText {
        &self.text
    }

    /// The request.
    #[must_use]
    pub fn intent(&self) -> &Intent {
        &self.viewed.intent
    }

    /// Milliseconds left to answer.
    #[must_use]
    pub const fn time_left(&self, now: MonotonicMs) -> u64 {
        self.viewed.deadline.0.saturating_sub(now.0)
    }

    /// Fixes the answer's bytes for the consent key (M7). The review stays, because the key may refuse: a finger not recognised
    /// is a reason to ask again.
    ///
    /// # Errors
    /// [`ConsentError::Expired`] when the time is over.
    pub fn answer(&self, answer: Answer, now: MonotonicMs) -> Result<Answering, ConsentError> {
        if self.time_left(now) == 0 {
            return Err(ConsentError::Expired);
        }
        let Self { viewed, text } = self;
        let Answer { decision, user_auth, mut env, previous_receipt } = answer;
        env.sort_unstable();
        env.dedup();
        let intent = &viewed.intent;
        let statement = ConsentStatement {
            decision,
            intent_id: intent.intent_id,
            intent_digest: intent.digest(),
            rp_id: intent.rp_id.clone(),
            subject: intent.subject.person_id.clone(),
            op_digest: intent.op.digest()?,
            documents: intent.documents.iter().map(|document| document.sha256).collect(),
            n_s: viewed.view.n_s,
            n_c: viewed.view.n_c,
            shown: text.shown.clone(),
            user_auth,
            device_id: viewed.identity.device_id.clone(),
            env,
            server_time_seen: viewed.view.server_time,
            previous_receipt,
        };
        let to_sign = ToSign::with_chain(statement, viewed.identity.consent_chain.clone())?;
        Ok(Answering { to_sign, viewed: viewed.clone() })
    }
}

/// The answer's bytes are fixed; the consent key has to sign them.
pub struct Answering {
    to_sign: ToSign<ConsentStatement>,
    viewed: Viewed,
}

impl Answering {
    /// The bytes for the consent key.
    #[must_use]
    pub const fn signing_input(&self) -> &[u8] {
        self.to_sign.signing_input()
    }

    /// Adds the key's signature; hands out the message for the platform.
    ///
    /// # Errors
    /// [`ConsentError::WrongKey`] when the signature is not that of the certified key.
    pub fn signed(self, signature: &Signature) -> Result<(AnswerRequest, Answered), ConsentError> {
        let leaf = self.viewed.identity.consent_chain.leaf();
        let key = leaf.public_key().map_err(|_| ConsentError::WrongKey)?;
        let consent = self.to_sign.finish(signature, key).map_err(|_| ConsentError::WrongKey)?;
        let request = AnswerRequest { consent: Compact::from(&consent) };
        Ok((request, Answered { consent, viewed: self.viewed }))
    }
}

/// The answer is on its way. Sending the same message again is safe: the platform answers with the same receipt.
pub struct Answered {
    consent: Verified<ConsentStatement>,
    viewed: Viewed,
}

impl Answered {
    /// Which request.
    #[must_use]
    pub fn intent_id(&self) -> IntentId {
        self.consent.intent_id
    }

    /// Which answer.
    #[must_use]
    pub fn decision(&self) -> Decision {
        self.consent.decision
    }

    /// Checks the platform's receipt (M10): signed by the service, about exactly this answer.
    ///
    /// # Errors
    /// [`ConsentError::Forged`] or [`ConsentError::NotUnderstood`].
    pub fn receive(
        &self,
        receipt: &Compact<Receipt>,
        trust: &PlatformTrust,
    ) -> Result<Verified<Receipt>, ConsentError> {
        let receipt = receipt.parse()?;
        let at = receipt.peek().recorded_at;
        let receipt = receipt.verify(&trust.anchors, at)?;
        let same = receipt.intent_id == self.consent.intent_id
            && receipt.decision == self.consent.decision
            && receipt.consent_digest == self.consent.digest()
            && receipt.n_c == self.viewed.view.n_c
            && at >= self.viewed.view.server_time;
        if same { Ok(receipt) } else { Err(forged("the receipt is not for this answer")) }
    }
}
