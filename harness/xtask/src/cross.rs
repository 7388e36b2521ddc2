//! Rust for phones without the phone makers' kits: a toolchain that carries its own source builds the standard library too.
//!
//! What ships is built with Android's NDK and with Xcode. This is how any Linux machine proves that the library compiles for a
//! phone and can be linked.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{answer, run_logged};
use crate::setup::{Package, Sign};
use crate::workspace::Workspace;

/// Debian's packages. They live beside rustup: nothing here looks for `cargo` or `rustc` on `PATH`.
pub(crate) const PACKAGES: &[Package] = &[
    ("cargo-web", Sign::File(CARGO)),
    ("clang-22", Sign::Program("clang-22")),
    ("libstd-rust-web-dev", Sign::File("/usr/lib/rustlib/x86_64-unknown-linux-gnu/lib")),
    ("lld-22", Sign::Program("ld.lld-22")),
    ("llvm-22", Sign::Program("llvm-ifs-22")),
    ("rust-web-llvm", Sign::Program("rust-lld")),
    ("rust-web-src", Sign::File("/usr/lib/rustlib/src/rust/library/Cargo.toml")),
    ("rustc-web", Sign::File(RUSTC)),
];

const CARGO: &str = "/usr/bin/cargo";
const RUSTC: &str = "/usr/bin/rustc";
/// The workspace's `rust-version`.
const OLDEST_MINOR: u32 = 95;

/// A kind of phone to compile for.
pub(crate) struct Target {
    /// Rust's name of it.
    pub(crate) triple: &'static str,
    /// What clang has to know to compile ring's C.
    pub(crate) c_flags: String,
    /// Further variables that build scripts and compilers read.
    pub(crate) variables: Vec<(&'static str, PathBuf)>,
}

/// Compiles the bindings, and all below them, into one static library.
pub(crate) fn static_library(workspace: &Workspace, target: &Target, log: &Path) -> Result<PathBuf, String> {
    usable()?;
    let Target { triple, c_flags, variables } = target;
    let underscored = triple.replace('-', "_");
    let mut cargo = Command::new(CARGO);
    // The variables that this program's own cargo set would make build scripts run again, or load the wrong compiler.
    for (name, _) in workspace.cargo().get_envs().filter(|(_, value)| value.is_none()) {
        cargo.env_remove(name);
    }
    cargo
        .current_dir(workspace.root())
        .env_remove("LD_LIBRARY_PATH")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_ENCODED_RUSTFLAGS", without_local_paths(workspace))
        .env(format!("CC_{underscored}"), "clang-22")
        .env(format!("AR_{underscored}"), "llvm-ar-22")
        .env(format!("CFLAGS_{underscored}"), c_flags)
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .args(["rustc", "--locked", "--package", "eseal-bindings", "--lib", "--profile", "mobile"])
        .args(["-Z", "build-std=std,panic_unwind", "--target", triple, "--crate-type", "staticlib"]);
    match run_logged(&mut cargo, log) {
        Ok(finished) if finished.success => Ok(workspace.target().join(triple).join("mobile/libeseal_bindings.a")),
        Ok(finished) => Err(format!("{triple} does not compile:\n{}", from_first_error(&finished.output))),
        Err(error) => Err(format!("{CARGO}: {error}")),
    }
}

/// A compiler's output without the list of what did compile.
fn from_first_error(output: &str) -> &str {
    output.find("\nerror").and_then(|start| output.get(start + 1..)).unwrap_or(output)
}

/// Whether the toolchain is as new as the workspace asks for: Debian's older packages have the same paths.
fn usable() -> Result<(), String> {
    let said = answer(Command::new(RUSTC).arg("--version")).unwrap_or_default();
    match minor_version(&said) {
        Some(minor) if minor >= OLDEST_MINOR => Ok(()),
        _ => Err(format!("{RUSTC} says {said:?}; at least 1.{OLDEST_MINOR} is needed (packages rustc-web, cargo-web)")),
    }
}

/// The 96 of `rustc 1.96.0 (…)`.
fn minor_version(said: &str) -> Option<u32> {
    said.strip_prefix("rustc 1.")?.split('.').next()?.parse().ok()
}

/// Compiler flags that keep folders of this machine out of the panic messages inside the library.
fn without_local_paths(workspace: &Workspace) -> String {
    let registry = cargo_home().join("registry/src");
    let flag = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
    [flag(&registry, "crates"), flag(workspace.root(), "eseal")].join("\u{1f}")
}

fn cargo_home() -> PathBuf {
    env::var_os("CARGO_HOME")
        .map_or_else(|| Path::new(&env::var_os("HOME").unwrap_or_default()).join(".cargo"), PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::{from_first_error, minor_version};

    #[test]
    fn errors_are_shown_without_what_went_before() {
        assert_eq!(from_first_error("Compiling a\nwarning: x\nerror: y\nz"), "error: y\nz");
        assert_eq!(from_first_error("no such line"), "no such line");
    }

    #[test]
    fn reads_the_version_of_a_compiler() {
        assert_eq!(minor_version("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)"), Some(96));
        assert_eq!(minor_version("rustc 1.63.0"), Some(63));
        assert_eq!(minor_version(""), None);
    }
}
