//! eseal for app teams: draw a seal, claim it, consent by scanning, stamp documents, verify them.
//!
//! [`Client`] is the one object an app holds; its flows are [`Client::enrol`], [`Client::claim_handwritten`],
//! [`Client::open_consent`], [`Client::stamp`] and [`Client::verify`]. Each long call reports its steps ([`Progress`]) and can be
//! cancelled ([`Cancel`]); after either, repeating it goes on where it stopped. Every failure is an [`Error`] with a stable
//! code.
//!
//! The phone brings its hardware keys, its sealed store and its clocks ([`Host`]). The network is [`client::HttpsTransport`]
//! unless the app brings its own. Nothing else is read from the outside.

mod app;
mod blocking;
mod cancel;
pub mod client;
mod error;
mod flows;
mod identity;
mod keys;
mod progress;
mod random;

pub use app::{Client, Config, Host};
pub use cancel::Cancel;
pub use error::Error;
pub use flows::{
    Batch, ClaimHandle, Consent, ConsentDocument, ConsentReview, Enrolment, MAX_BATCH_DOCUMENTS, NotGenuine, Seal,
    SealPlace, StampJob, Stamped, Verification, VerifiedSeal, Vouchers, reserve, verify_document,
};
pub use progress::{BatchProgress, NoProgress, Progress, Step};
pub use random::{Entropy, SystemEntropy};

pub use {eseal_crypto as crypto, eseal_custody as custody, eseal_document as document, eseal_face as face};
pub use {eseal_ink as ink, eseal_protocol as protocol, eseal_qr as qr};
