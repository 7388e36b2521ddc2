//! What every long call takes: somebody who hears its steps, and a handle to stop it.

use std::sync::Arc;

use eseal_sdk::{Cancel, Progress, Step};

/// Stops the calls that it was given to. The host's own cancellation does not reach into the library reliably.
#[derive(Default, uniffi::Object)]
pub struct CancelHandle(Cancel);

#[uniffi::export]
impl CancelHandle {
    /// A handle that was not yet used.
    #[uniffi::constructor]
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Stops the calls, now and for good.
    pub fn cancel(&self) {
        self.0.cancel();
    }
}

/// The SDK's handle; one that never fires where the host gave none.
pub(crate) fn cancel(handle: Option<&Arc<CancelHandle>>) -> Cancel {
    handle.map_or_else(Cancel::new, |handle| handle.0.clone())
}

/// A step of a flow, told when it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum FlowStep {
    /// Making the phone's keys.
    MakingKeys,
    /// Proving the keys to the platform.
    ProvingKeys,
    /// Storing what the platform certified.
    StoringIdentity,
    /// Handing in the drawn face.
    HandingInFace,
    /// Waiting until the person asks for the seal on the portal and consents.
    AwaitingConsent,
    /// Asking for the request behind a code.
    OpeningRequest,
    /// Fetching and digesting the documents.
    CheckingDocuments,
    /// Waiting for the person to unlock the key.
    AwaitingUser,
    /// Sending the answer.
    SendingAnswer,
    /// Reading the document.
    ReadingDocument,
    /// Digesting the document.
    DigestingDocument,
    /// Having others say when the signature was made and that its certificate was good.
    ProvingTime,
    /// Recording the use of the seal.
    RecordingUse,
    /// Writing the sealed file.
    WritingDocument,
    /// Checking signatures.
    CheckingSignatures,
    /// Done.
    Done,
}

impl From<Step> for FlowStep {
    fn from(step: Step) -> Self {
        match step {
            Step::MakingKeys => Self::MakingKeys,
            Step::ProvingKeys => Self::ProvingKeys,
            Step::StoringIdentity => Self::StoringIdentity,
            Step::HandingInFace => Self::HandingInFace,
            Step::AwaitingConsent => Self::AwaitingConsent,
            Step::OpeningRequest => Self::OpeningRequest,
            Step::CheckingDocuments => Self::CheckingDocuments,
            Step::AwaitingUser => Self::AwaitingUser,
            Step::SendingAnswer => Self::SendingAnswer,
            Step::ReadingDocument => Self::ReadingDocument,
            Step::DigestingDocument => Self::DigestingDocument,
            Step::ProvingTime => Self::ProvingTime,
            Step::RecordingUse => Self::RecordingUse,
            Step::WritingDocument => Self::WritingDocument,
            Step::CheckingSignatures => Self::CheckingSignatures,
            Step::Done => Self::Done,
        }
    }
}

/// What a listener could not do. It changes nothing for the flow.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum ListenerError {
    /// The host's code failed.
    #[error("the listener failed")]
    Failed,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ListenerError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed
    }
}

/// Hears the steps of a flow. Called on the library's threads; must return quickly.
#[uniffi::export(with_foreign)]
pub trait StepListener: Send + Sync {
    /// A step begins.
    ///
    /// # Errors
    /// A failure is passed over.
    fn on_step(&self, step: FlowStep) -> Result<(), ListenerError>;
}

/// A listener of the host as the SDK's.
pub(crate) struct Heard(pub(crate) Option<Arc<dyn StepListener>>);

impl Progress for Heard {
    fn step(&self, step: Step) {
        if let Some(listener) = &self.0 {
            // Nobody hearing is no reason to stop a signature.
            let _ = listener.on_step(step.into());
        }
    }
}
