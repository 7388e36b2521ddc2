//! What the demo leaves: sealed under the platform's own certification authority, by a phone, with a consent.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The folder with the results of one run, made by the first test that asks.
pub(crate) fn results() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("interop-demo");
        let _ = fs::remove_dir_all(&folder);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(eseal_cli::demo::run(&folder, &|_| {})).unwrap();
        folder
    })
}
