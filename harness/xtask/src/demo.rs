//! `cargo xtask demo`: the whole main job by one command. Needs Rust and a C compiler, installs nothing.

use std::process::Command;

use crate::workspace::Workspace;

/// Builds the `eseal` command and runs its demo with the given arguments.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), String> {
    println!("Building the demo; the first time this takes a few minutes.");
    let mut command = command(workspace, arguments);
    // The person's own folder, so that `--out` means what they typed.
    if let Ok(here) = std::env::current_dir() {
        command.current_dir(here);
    }
    let status = command.status().map_err(|error| format!("cargo: {error}"))?;
    if status.success() { Ok(()) } else { Err("the demo failed".to_owned()) }
}

/// The cargo command behind [`run`].
pub(crate) fn command(workspace: &Workspace, arguments: &[String]) -> Command {
    let mut cargo = workspace.cargo();
    cargo
        .args(["run", "--quiet", "--locked", "--package", "eseal-cli", "--bin", "eseal", "--manifest-path"])
        .arg(workspace.root().join("Cargo.toml"))
        .args(["--", "demo"])
        .args(arguments);
    cargo
}
