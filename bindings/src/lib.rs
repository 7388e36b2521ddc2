//! UniFFI export of the SDK for Kotlin and Swift: conversions, and nothing else. Rules live in `eseal-sdk`.
//!
//! Few objects ([`client::EsealClient`], [`consent::ConsentSession`], [`batch::StampBatch`],
//! [`ink::SignaturePad`], [`ink::InkReplay`], [`ink::PaperPhoto`], [`ink::SealFace`], [`scan::CodeScanner`],
//! [`flow::CancelHandle`]), many records. Every call that can fail returns [`error::SdkError`]; its `code` is what the
//! host's string tables are keyed by. Files go by path. The host brings its keys, its store and its clocks ([`host`]).

pub mod batch;
pub mod client;
pub mod consent;
pub mod documents;
pub mod error;
pub mod flow;
pub mod host;
pub mod ink;
pub mod scan;
pub mod seals;

uniffi::setup_scaffolding!("eseal");

/// The version of the SDK inside this library, as `major.minor.patch`.
#[uniffi::export]
#[must_use]
pub fn sdk_version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
