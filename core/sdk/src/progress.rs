//! What a flow is doing, for a progress bar or a line of text.

/// A step of a flow, told when it begins. The app has the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
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

/// Hears the steps of a flow. Called on the SDK's own threads; must return quickly.
pub trait Progress: Send + Sync {
    /// A step begins.
    fn step(&self, step: Step);
}

/// Hears the steps of a batch. Called on the SDK's own threads; must return quickly.
pub trait BatchProgress: Send + Sync {
    /// A step begins for a document, counted from 0 in the order of the jobs.
    fn step(&self, document: usize, step: Step);
}

impl<F: Fn(usize, Step) + Send + Sync> BatchProgress for F {
    fn step(&self, document: usize, step: Step) {
        self(document, step);
    }
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn step(&self, _: Step) {}
}

impl BatchProgress for NoProgress {
    fn step(&self, _: usize, _: Step) {}
}

impl<F: Fn(Step) + Send + Sync> Progress for F {
    fn step(&self, step: Step) {
        self(step);
    }
}
