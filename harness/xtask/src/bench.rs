//! `cargo xtask bench`: the benchmarks, and the command they start, built for release.

use crate::workspace::Workspace;

/// Runs the benchmarks with the given arguments.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), String> {
    println!("building for release; the first time this takes many minutes");
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--quiet", "--locked", "--release", "--package", "eseal-bench", "--"]).args(arguments);
    let status = cargo.status().map_err(|error| format!("cargo: {error}"))?;
    if status.success() { Ok(()) } else { Err("the benchmarks failed".to_owned()) }
}
