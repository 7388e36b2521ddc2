//! UniFFI export of the SDK for Kotlin and Swift.
