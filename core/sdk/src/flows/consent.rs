//! Consent to what a portal asks: read its code, check everything, let the person read and decide, sign, send (M4–M10).

use eseal_custody::{KeyProtection, KeyPurpose, Prompt, Token};
use eseal_protocol::api::{AnswerReply, AnswerRequest, OpenReply};
use eseal_protocol::consent::{Decision, EnvSignal, Receipt, UserAuth};
use eseal_protocol::evidence::Evidence;
use eseal_protocol::ids::IntentId;
use eseal_protocol::intent::MediaType;
use eseal_protocol::jws::Verified;
use eseal_protocol::machine::{Answer, Answered, Opening, Reviewable, Scanned, Viewed};
use eseal_protocol::template::Locale;
use eseal_protocol::time::MonotonicMs;
use eseal_qr::{Payload, judge};
use tokio::sync::Mutex;

use crate::app::Client;
use crate::cancel::Cancel;
use crate::client::Call;
use crate::error::Error;
use crate::identity::Enrolled;
use crate::progress::{Progress, Step};

/// What the person must see before deciding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentReview {
    /// Which request.
    pub intent_id: IntentId,
    /// First line.
    pub title: String,
    /// The lines after it, to be shown unchanged and whole.
    pub lines: Vec<String>,
    /// The documents, as fetched and digested by this phone.
    pub documents: Vec<ConsentDocument>,
}

/// A document that a consent is about.
#[derive(Clone, PartialEq, Eq)]
pub struct ConsentDocument {
    /// Its name.
    pub name: String,
    /// What it is.
    pub media_type: MediaType,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for ConsentDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConsentDocument").field("size", &self.bytes.len()).finish_non_exhaustive()
    }
}

/// A request that was checked and waits for the person's decision.
pub struct Consent {
    client: Client,
    enrolled: Enrolled,
    review: ConsentReview,
    operation: Token,
    state: Mutex<State>,
}

enum State {
    Reviewing(Box<Reviewable>),
    /// Signed, perhaps sent: sending the same again is safe, signing another answer is not possible any more.
    Sending(Box<Answered>, AnswerRequest),
    Done(Box<Verified<Receipt>>),
}

impl Client {
    /// Tells the platform's codes from all others, before anybody is asked. What is not ours is to be shown as it comes
    /// out, never opened.
    #[must_use]
    pub fn judge_scanned(&self, text: &str) -> Payload<Scanned> {
        judge(text, &self.trust.link_host, |text| Scanned::read(text, &self.trust).ok())
    }

    /// Opens the request behind a scanned code and checks all of it.
    ///
    /// # Errors
    /// `consent.not-ours`, `consent.frame-expired`, `consent.not-for-you`, `consent.answered-elsewhere`, `consent.forged` and
    /// the others of [`eseal_protocol::machine::ConsentError`] and of the platform.
    pub async fn open_consent(
        &self,
        scanned: &str,
        locale: Locale,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<Consent, Error> {
        let scanned = Scanned::read(scanned, &self.trust)?;
        cancel.or(self.open_now(scanned, locale, progress)).await
    }

    async fn open_now(&self, scanned: Scanned, locale: Locale, progress: &dyn Progress) -> Result<Consent, Error> {
        let enrolled = self.records.enrolled().await?;
        progress.step(Step::OpeningRequest);
        let mut viewed = self.view(scanned, &enrolled).await?;
        progress.step(Step::CheckingDocuments);
        let documents = self.fetch_documents(&mut viewed, &enrolled).await?;
        let reviewable = viewed.review(locale)?;
        let operation = Token::new(reviewable.intent().op.type_name())
            .map_err(|_| Error::BadReply { detail: "an operation without a name".to_owned() })?;
        let text = reviewable.text();
        let review = ConsentReview {
            intent_id: reviewable.intent().intent_id,
            title: text.title.clone(),
            lines: text.lines.clone(),
            documents,
        };
        let state = Mutex::new(State::Reviewing(Box::new(reviewable)));
        Ok(Consent { client: self.clone(), enrolled, review, operation, state })
    }

    async fn view(&self, scanned: Scanned, enrolled: &Enrolled) -> Result<Viewed, Error> {
        let (request, opening): (_, Opening) = scanned.open(&mut self.generator()?);
        let once = request.n_c.to_string();
        let call = Call::post(format!("/v1/consents/{}/open", opening.intent_id()), &request)?.once(once);
        let reply: OpenReply = self.caller.as_device(&call, &enrolled.device_id).await?;
        Ok(opening.receive(&reply.view, &self.trust, &enrolled.identity()?, self.now())?)
    }

    async fn fetch_documents(&self, viewed: &mut Viewed, enrolled: &Enrolled) -> Result<Vec<ConsentDocument>, Error> {
        let mut fetched = Vec::new();
        for (index, document) in viewed.documents().to_vec().into_iter().enumerate() {
            let call = Call::get(format!("/v1/consents/{}/documents/{index}", viewed.intent_id()));
            let bytes = self.caller.bytes_as_device(&call, &enrolled.device_id).await?;
            viewed.check_document(index, &bytes)?;
            fetched.push(ConsentDocument { name: document.name.to_string(), media_type: document.media_type, bytes });
        }
        Ok(fetched)
    }

    pub(crate) fn now(&self) -> MonotonicMs {
        MonotonicMs(self.clock.monotonic_ms())
    }
}

impl Consent {
    /// What the person must see before deciding.
    #[must_use]
    pub const fn review(&self) -> &ConsentReview {
        &self.review
    }

    /// Signs the person's decision with the consent key, which asks for their presence, and sends it. After a failure or a
    /// cancellation the same call goes on where it stopped: before the signature the person is asked again, after it the same
    /// signed answer is sent again.
    ///
    /// # Errors
    /// `device-key.user-cancelled` and the key store's others, `consent.expired`, `consent.over` for another decision than the
    /// one already signed, or that of the network.
    pub async fn answer(
        &self,
        decision: Decision,
        env: Vec<EnvSignal>,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<Verified<Receipt>, Error> {
        cancel.or(self.answer_now(decision, env, progress)).await
    }

    async fn answer_now(
        &self,
        decision: Decision,
        env: Vec<EnvSignal>,
        progress: &dyn Progress,
    ) -> Result<Verified<Receipt>, Error> {
        let mut state = self.state.lock().await;
        if let State::Reviewing(reviewable) = &*state {
            progress.step(Step::AwaitingUser);
            let (answered, request) = self.sign(reviewable, decision, env).await?;
            *state = State::Sending(Box::new(answered), request);
        }
        if let State::Sending(answered, request) = &*state {
            if answered.decision() != decision {
                return Err(Error::ConsentOver);
            }
            progress.step(Step::SendingAnswer);
            let receipt = self.send(answered, request).await?;
            *state = State::Done(Box::new(receipt));
        }
        match &*state {
            State::Done(receipt) if receipt.decision == decision => {
                self.client.records.store_last_receipt(receipt.digest()).await?;
                progress.step(Step::Done);
                Ok((**receipt).clone())
            }
            _ => Err(Error::ConsentOver),
        }
    }

    async fn sign(
        &self,
        reviewable: &Reviewable,
        decision: Decision,
        env: Vec<EnvSignal>,
    ) -> Result<(Answered, AnswerRequest), Error> {
        let user_auth = match self.client.keys.protection(KeyPurpose::Consent).await? {
            KeyProtection::SoftwareForHarness => UserAuth::SoftwareHarness,
            KeyProtection::StrongBox | KeyProtection::TrustedEnvironment | KeyProtection::SecureEnclave => {
                UserAuth::KeyPresence
            }
        };
        let previous_receipt = self.client.records.last_receipt().await?;
        let answering = reviewable.answer(Answer { decision, user_auth, env, previous_receipt }, self.client.now())?;
        let documents = u32::try_from(self.review.documents.len()).unwrap_or(u32::MAX);
        let operation = self.operation.clone();
        let prompt = match decision {
            Decision::Approve => Prompt::Approve { operation, documents },
            Decision::Decline => Prompt::Decline { operation },
        };
        let signature = self.client.keys.sign(KeyPurpose::Consent, answering.signing_input(), &prompt).await?;
        let (request, answered) = answering.signed(&signature)?;
        Ok((answered, request))
    }

    async fn send(&self, answered: &Answered, request: &AnswerRequest) -> Result<Verified<Receipt>, Error> {
        let id = answered.intent_id();
        let once = format!("{id}:{}", answered.decision().as_str());
        let call = Call::put(format!("/v1/consents/{id}/answer"), request)?.once(once);
        let reply: AnswerReply = self.client.caller.as_device(&call, &self.enrolled.device_id).await?;
        Ok(answered.receive(&reply.receipt, &self.client.trust)?)
    }

    /// The bundle that convinces a third party of what was consented, as the platform keeps it. Verify it before you keep it:
    /// [`Evidence::verify`].
    ///
    /// # Errors
    /// `consent.over` before the answer, or that of the network.
    pub async fn evidence(&self, cancel: &Cancel) -> Result<Evidence, Error> {
        if !matches!(&*self.state.lock().await, State::Done(_)) {
            return Err(Error::ConsentOver);
        }
        let call = Call::get(format!("/v1/consents/{}/evidence", self.review.intent_id));
        cancel.or(self.client.caller.as_device(&call, &self.enrolled.device_id)).await
    }
}
