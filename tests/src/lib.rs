//! What crosses crates: end to end, interop with peers, vectors. This library holds what those tests share.

use std::path::{Path, PathBuf};

/// Says that a test did not run here, in the form that `cargo xtask test` counts. The test returns right after.
#[expect(clippy::print_stdout, reason = "libtest keeps a test's standard output, and the test command reads it")]
pub fn skipped(test: &str, why: &str) {
    println!("SKIPPED: {test}: {why}");
}

/// A file or folder of the checkout.
#[must_use]
pub fn checkout(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// A file under `tests/fixtures`.
#[must_use]
pub fn fixture(path: &str) -> PathBuf {
    checkout("tests/fixtures").join(path)
}
