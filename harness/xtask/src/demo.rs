//! `cargo xtask demo`: the whole main job by one command. Needs Rust and a C compiler, installs nothing.

use std::env::consts::EXE_SUFFIX;
use std::process::Command;

use crate::workspace::Workspace;

/// Builds the `eseal` command and runs its demo with the given arguments.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), String> {
    println!("building the demo; the first time this takes some minutes");
    for mut command in [build(workspace), demo(workspace, arguments)] {
        let status = command.status().map_err(|error| format!("{}: {error}", command.get_program().display()))?;
        if !status.success() {
            return Err("the demo failed".to_owned());
        }
    }
    Ok(())
}

/// Builds the command and what it stands on, nothing else.
pub(crate) fn build(workspace: &Workspace) -> Command {
    let mut cargo = workspace.whole("build");
    cargo.args(["--bin", "eseal"]);
    cargo
}

/// The demo itself, once built; in the person's own folder, so that `--out` means what they typed.
pub(crate) fn demo(workspace: &Workspace, arguments: &[String]) -> Command {
    let mut eseal = Command::new(workspace.target().join("debug").join(format!("eseal{EXE_SUFFIX}")));
    eseal.arg("demo").args(arguments);
    eseal
}
