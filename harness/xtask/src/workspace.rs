//! Where the checkout is, and how its cargo is called.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The checkout that this program was started from.
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Finds the checkout from what `cargo run` tells its child.
    pub(crate) fn find() -> Result<Self, String> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").ok_or("start this as `cargo xtask`")?;
        let root = Path::new(&manifest).ancestors().nth(2).ok_or("the xtask folder has moved")?;
        Ok(Self { root: root.to_path_buf() })
    }

    /// The folder of the root `Cargo.toml`.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where cargo puts what it builds.
    pub(crate) fn target(&self) -> PathBuf {
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.root.join("target"), |folder| self.root.join(folder))
    }

    /// Where `--setup` puts tools that no package manager keeps: always inside the checkout.
    pub(crate) fn tools(&self) -> PathBuf {
        self.root.join("target/tools")
    }

    /// The log file of a suite or a step.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.root.join("target/xtask").join(format!("{}.log", name.replace(' ', "-")))
    }

    /// `cargo` in the root folder, with the environment of a cargo that a person starts.
    ///
    /// `cargo run` gives its child variables that describe the xtask package. Build scripts that watch them (ring's does)
    /// would be run again for every change between `cargo xtask test` and a plain `cargo test`.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root);
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(describes_package) {
                command.env_remove(name);
            }
        }
        command
    }

    /// `cargo SUBCOMMAND` over the whole workspace. What is built is chosen by further arguments, such as `--bin`.
    ///
    /// Always the same packages and features are asked for: cargo decides by them with which features a dependency is built,
    /// and two answers would mean building most of them twice. The generator of the bindings is part of it.
    pub(crate) fn whole(&self, subcommand: &str) -> Command {
        let mut command = self.cargo();
        command.args([subcommand, "--workspace", "--locked", "--features", "eseal-bindings/bindgen"]);
        command
    }
}

fn describes_package(variable: &str) -> bool {
    const EXACT: [&str; 6] = [
        "CARGO",
        "CARGO_BIN_NAME",
        "CARGO_CRATE_NAME",
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_PRIMARY_PACKAGE",
    ];
    EXACT.contains(&variable) || variable.starts_with("CARGO_PKG_")
}

#[cfg(test)]
mod tests {
    use super::describes_package;

    #[test]
    fn keeps_what_a_person_sets() {
        for kept in ["CARGO_HOME", "CARGO_TARGET_DIR", "CARGO_NET_OFFLINE", "CARGO_BUILD_JOBS", "PATH"] {
            assert!(!describes_package(kept), "{kept}");
        }
        for dropped in ["CARGO_PKG_NAME", "CARGO_MANIFEST_DIR", "CARGO"] {
            assert!(describes_package(dropped), "{dropped}");
        }
    }
}
