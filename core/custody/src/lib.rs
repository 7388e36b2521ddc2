//! Keys on the phone and what is stored beside them.
//!
//! The phone's own parts come in through host ports, each a trait with a closed error type: [`DeviceKey`], [`SealedStore`],
//! [`Clock`], [`Log`]. The core never uses the first two bare: [`HeldKey`] checks every signature that a host gives, and
//! [`Vault`] puts everything that is stored into a versioned envelope.
//!
//! With the feature `conformance` a host can check its ports; with the feature `harness` there are software stand-ins for
//! machines that are not phones.

mod clock;
#[cfg(feature = "conformance")]
pub mod conformance;
mod device_key;
mod envelope;
#[cfg(feature = "harness")]
pub mod harness;
mod held_key;
mod log;
mod prompt;
mod store;
mod token;
mod vault;

pub use clock::Clock;
pub use device_key::{
    DeviceKey, DeviceKeyError, KeyInfo, KeyProtection, KeyPurpose, MAX_PRESENCE_WINDOW_S, UserPresence,
};
pub use envelope::{EnvelopeError, Label};
pub use held_key::{
    CustodyError, HeldKey, MAX_ATTESTATION_CERTIFICATE_LEN, MAX_ATTESTATION_CERTIFICATES, MAX_CHALLENGE_LEN,
    MAX_MESSAGE_LEN, MIN_CHALLENGE_LEN,
};
pub use log::{Event, EventCode, Field, FieldValue, Level, Log};
pub use prompt::{Prompt, PromptParam, PromptValue};
pub use store::{MAX_VALUE_LEN, SealedStore, StoreError, StoreKey};
pub use token::{Token, TokenError};
pub use vault::{Vault, VaultError};
