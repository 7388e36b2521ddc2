//! UniFFI export of the SDK for Kotlin and Swift: conversions, and nothing else. Rules live in `eseal-sdk`.

uniffi::setup_scaffolding!("eseal");

/// The version of the SDK inside this library, as `major.minor.patch`.
#[uniffi::export]
#[must_use]
pub fn sdk_version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
