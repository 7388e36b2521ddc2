//! Many documents under one will of the person.

use std::sync::{Arc, Mutex, PoisonError};

use eseal_sdk::{Batch, BatchProgress, Error, Stamped, Step};

use crate::documents::StampedDocument;
use crate::error::SdkError;
use crate::flow::{CancelHandle, FlowStep, ListenerError, cancel};

/// Hears the steps of a batch. Called on the library's threads; must return quickly.
#[uniffi::export(with_foreign)]
pub trait BatchListener: Send + Sync {
    /// A step begins for a document, counted from 0 in the order of the orders.
    ///
    /// # Errors
    /// A failure is passed over.
    fn on_step(&self, document: u32, step: FlowStep) -> Result<(), ListenerError>;
}

/// A listener of the host as the SDK's.
pub(crate) struct HeardBatch(pub(crate) Option<Arc<dyn BatchListener>>);

impl BatchProgress for HeardBatch {
    fn step(&self, document: usize, step: Step) {
        if let Some(listener) = &self.0 {
            // Nobody hearing is no reason to stop a signature.
            let _ = listener.on_step(count(document), step.into());
        }
    }
}

/// Documents that were read and digested and wait for the person. It can be sealed once.
#[derive(uniffi::Object)]
pub struct StampBatch {
    documents: u32,
    prompts: u32,
    refusals: Vec<Option<SdkError>>,
    batch: Mutex<Option<Batch>>,
}

/// What became of one document of a batch.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum StampOutcome {
    /// It is sealed and written.
    Sealed {
        /// The sealed document.
        document: StampedDocument,
    },
    /// It is not, and there is no file.
    Refused {
        /// Why.
        error: SdkError,
    },
}

impl From<Result<Stamped, Error>> for StampOutcome {
    fn from(outcome: Result<Stamped, Error>) -> Self {
        match outcome {
            Ok(stamped) => Self::Sealed { document: stamped.into() },
            Err(error) => Self::Refused { error: error.into() },
        }
    }
}

impl From<Batch> for StampBatch {
    fn from(batch: Batch) -> Self {
        Self {
            documents: count(batch.documents()),
            prompts: count(batch.prompts()),
            refusals: batch.refusals().map(|refusal| refusal.map(SdkError::from)).collect(),
            batch: Mutex::new(Some(batch)),
        }
    }
}

#[uniffi::export(async_runtime = "tokio")]
impl StampBatch {
    /// How many documents can be sealed.
    #[must_use]
    pub fn documents(&self) -> u32 {
        self.documents
    }

    /// How often the person will be asked to unlock the key, at least.
    #[must_use]
    pub fn prompts(&self) -> u32 {
        self.prompts
    }

    /// What is wrong with each document, in the order of the orders; nothing where it can be sealed.
    #[must_use]
    pub fn refusals(&self) -> Vec<Option<SdkError>> {
        self.refusals.clone()
    }

    /// Seals the documents, one after the other; each has an outcome of its own, in the order of the orders.
    ///
    /// # Errors
    /// `batch.empty` when it was sealed already.
    pub async fn seal(
        &self,
        listener: Option<Arc<dyn BatchListener>>,
        cancel_handle: Option<Arc<CancelHandle>>,
    ) -> Result<Vec<StampOutcome>, SdkError> {
        let batch = self.batch.lock().unwrap_or_else(PoisonError::into_inner).take();
        let batch = batch.ok_or(Error::EmptyBatch)?;
        let outcomes = batch.seal(&HeardBatch(listener), &cancel(cancel_handle.as_ref())).await;
        Ok(outcomes.into_iter().map(StampOutcome::from).collect())
    }
}

fn count(documents: usize) -> u32 {
    u32::try_from(documents).unwrap_or(u32::MAX)
}
