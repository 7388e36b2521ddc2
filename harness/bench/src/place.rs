//! Where things lie: the checkout, what is built in it, and what is measured.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::BenchError;

/// The checkout and this program in it.
#[derive(Debug)]
pub(crate) struct Place {
    root: PathBuf,
    program: PathBuf,
}

impl Place {
    pub(crate) fn find() -> Result<Self, BenchError> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
        let place = Self { root, program: env::current_exe()? };
        std::fs::create_dir_all(place.bench())?;
        Ok(place)
    }

    /// Inputs, outputs and results.
    pub(crate) fn bench(&self) -> PathBuf {
        self.root.join("target/bench")
    }

    /// A file of the checkout, if it is there.
    pub(crate) fn there(&self, path: &str) -> Option<PathBuf> {
        Some(self.root.join(path)).filter(|path| path.exists())
    }

    /// This program, to be started again.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    /// The `eseal` command, built as this program is.
    pub(crate) fn eseal(&self) -> Result<PathBuf, BenchError> {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(&self.root).args(["build", "--quiet", "--package", "eseal-cli"]);
        if !cfg!(debug_assertions) {
            cargo.arg("--release");
        }
        if !cargo.status()?.success() {
            return Err(BenchError::failed("cargo build --package eseal-cli", "it does not build"));
        }
        Ok(self.program.with_file_name("eseal"))
    }
}
