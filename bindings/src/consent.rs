//! A consent under way.

use std::sync::Arc;

use eseal_sdk::protocol::consent::{Decision, EnvSignal};
use eseal_sdk::protocol::intent::MediaType;
use eseal_sdk::protocol::template::Locale;
use eseal_sdk::{Consent, Error};

use crate::error::SdkError;
use crate::flow::{CancelHandle, Heard, StepListener, cancel};

/// The language of what the person reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum TextLocale {
    /// Simplified Chinese.
    Chinese,
    /// English.
    English,
}

impl From<TextLocale> for Locale {
    fn from(locale: TextLocale) -> Self {
        match locale {
            TextLocale::Chinese => Self::ZhCn,
            TextLocale::English => Self::En,
        }
    }
}

/// Something the phone noticed that goes into the signed answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum PhoneSignal {
    /// An accessibility service that can read or press is on.
    AccessibilityService,
    /// A debugger is attached.
    Debugger,
    /// Another window covered the consent.
    ScreenObscured,
}

impl From<PhoneSignal> for EnvSignal {
    fn from(signal: PhoneSignal) -> Self {
        match signal {
            PhoneSignal::AccessibilityService => Self::AccessibilityService,
            PhoneSignal::Debugger => Self::Debugger,
            PhoneSignal::ScreenObscured => Self::ScreenObscured,
        }
    }
}

/// What the person must see before deciding, unchanged and whole.
#[derive(Clone, Debug, uniffi::Record)]
pub struct ConsentText {
    /// First line.
    pub title: String,
    /// The lines after it.
    pub lines: Vec<String>,
    /// The documents, as fetched and digested by this phone.
    pub documents: Vec<ConsentAttachment>,
}

/// A document that a consent is about.
#[derive(Clone, Debug, uniffi::Record)]
pub struct ConsentAttachment {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A request that was checked and waits for the person's decision.
#[derive(uniffi::Object)]
pub struct ConsentSession(pub(crate) Consent);

#[uniffi::export(async_runtime = "tokio")]
impl ConsentSession {
    /// What the person must see before deciding.
    #[must_use]
    pub fn review(&self) -> ConsentText {
        let review = self.0.review();
        let documents = review.documents.iter().map(|document| ConsentAttachment {
            name: document.name.clone(),
            media_type: match document.media_type {
                MediaType::Pdf => "application/pdf",
                MediaType::Svg => "image/svg+xml",
            }
            .to_owned(),
            bytes: document.bytes.clone(),
        });
        ConsentText { title: review.title.clone(), lines: review.lines.clone(), documents: documents.collect() }
    }

    /// The person wants it done. Answers with the platform's receipt, a compact JWS.
    ///
    /// # Errors
    /// `device-key.…`, `consent.expired`, `consent.over`, `network.…`; the call can be repeated.
    pub async fn approve(
        &self,
        noticed: Vec<PhoneSignal>,
        listener: Option<Arc<dyn StepListener>>,
        cancel_handle: Option<Arc<CancelHandle>>,
    ) -> Result<String, SdkError> {
        self.answer(Decision::Approve, noticed, listener, cancel_handle).await
    }

    /// The person does not want it. Answers with the platform's receipt, a compact JWS.
    ///
    /// # Errors
    /// As [`Self::approve`].
    pub async fn decline(
        &self,
        noticed: Vec<PhoneSignal>,
        listener: Option<Arc<dyn StepListener>>,
        cancel_handle: Option<Arc<CancelHandle>>,
    ) -> Result<String, SdkError> {
        self.answer(Decision::Decline, noticed, listener, cancel_handle).await
    }

    /// The evidence bundle of an answered consent, JSON.
    ///
    /// # Errors
    /// `consent.over` before the answer, `network.…`.
    pub async fn evidence_json(&self, cancel_handle: Option<Arc<CancelHandle>>) -> Result<String, SdkError> {
        let evidence = self.0.evidence(&cancel(cancel_handle.as_ref())).await?;
        let json = serde_json::to_string(&evidence);
        Ok(json.map_err(|error| Error::BadReply { detail: error.to_string() })?)
    }
}

impl ConsentSession {
    async fn answer(
        &self,
        decision: Decision,
        noticed: Vec<PhoneSignal>,
        listener: Option<Arc<dyn StepListener>>,
        cancel_handle: Option<Arc<CancelHandle>>,
    ) -> Result<String, SdkError> {
        let noticed = noticed.into_iter().map(EnvSignal::from).collect();
        let receipt = self.0.answer(decision, noticed, &Heard(listener), &cancel(cancel_handle.as_ref())).await?;
        Ok(receipt.compact().to_owned())
    }
}
