//! What an app does with the SDK, one flow a module.

mod batch;
mod claim;
mod consent;
mod enrol;
mod level;
mod place;
mod seals;
mod stamp;
mod verify;

pub use batch::{Batch, MAX_BATCH_DOCUMENTS};
pub use claim::ClaimHandle;
pub use consent::{Consent, ConsentDocument, ConsentReview};
pub use enrol::Enrolment;
pub use level::{Vouchers, reserve};
pub use place::SealPlace;
pub use seals::Seal;
pub use stamp::{StampJob, Stamped};
pub use verify::{NotGenuine, Verification, VerifiedSeal, verify_document};
