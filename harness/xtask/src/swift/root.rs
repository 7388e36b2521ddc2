//! The Debian 13 that Swift runs in: made once, entered for each run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::on_path;
use crate::setup::{is_root, step};
use crate::workspace::Workspace;

const SUITE: &str = "trixie";
/// Swift with what it links with and fetches packages by; `openssl` stands in for a phone's hardware keys in the tests.
const PACKAGES: &str = "swiftlang libc6-dev libstdc++-14-dev git ca-certificates openssl";
/// Says inside the root which packages it was made with.
const STAMP: &str = "eseal-ready";

/// A folder that is seen inside the root.
pub(crate) struct Mount<'a> {
    /// Outside.
    pub(crate) from: &'a Path,
    /// Inside, absolute.
    pub(crate) to: &'static str,
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root().join("target/swift-root")
}

/// Whether Swift can be run; if not, why.
pub(crate) fn ready(workspace: &Workspace) -> Result<(), String> {
    if !is_root() {
        return Err("entering the Debian that Swift runs in takes root".to_owned());
    }
    let made_with = fs::read_to_string(folder(workspace).join(STAMP)).unwrap_or_default();
    if made_with == PACKAGES { Ok(()) } else { Err("no Swift under target/swift-root (--setup makes it)".to_owned()) }
}

/// Makes the root, unless it is there.
pub(crate) fn setup(workspace: &Workspace) -> Result<(), String> {
    if !is_root() {
        return Err("making the Debian that Swift runs in takes root".to_owned());
    }
    if ready(workspace).is_ok() {
        return Ok(());
    }
    if on_path("debootstrap").is_none() {
        return Err("debootstrap is not installed".to_owned());
    }
    println!("installing Swift");
    let root = folder(workspace);
    if !root.join("usr/bin/apt-get").is_file() {
        let mut debootstrap = Command::new("debootstrap");
        debootstrap.args(["--variant=minbase", SUITE]).arg(&root);
        step(workspace, "setup debootstrap", &mut debootstrap)?;
    }
    // The machine's own way to the network, proxies included.
    let _ = fs::copy("/etc/resolv.conf", root.join("etc/resolv.conf"));
    for entry in fs::read_dir("/etc/apt/apt.conf.d").into_iter().flatten().flatten() {
        if fs::read_to_string(entry.path()).is_ok_and(|text| text.contains("Acquire::")) {
            let _ = fs::copy(entry.path(), root.join("etc/apt/apt.conf.d").join(entry.file_name()));
        }
    }
    let script = format!("apt-get update -q && apt-get install -q -y --no-install-recommends {PACKAGES}");
    let mut install = command(workspace, &[], &[("DEBIAN_FRONTEND", "noninteractive")], &script)?;
    step(workspace, "setup swift", &mut install)?;
    fs::write(root.join(STAMP), PACKAGES).map_err(|error| error.to_string())
}

/// A command that runs `script` inside the root.
///
/// What is mounted for it is mounted in a namespace of its own and gone when it ends: a mount that stayed would make a
/// later `cargo clean` reach outside of the target folder.
pub(crate) fn command(
    workspace: &Workspace,
    mounts: &[Mount<'_>],
    variables: &[(&str, &str)],
    script: &str,
) -> Result<Command, String> {
    let root = folder(workspace);
    let mut prelude = String::from("mount -t proc proc \"$0/proc\"\nmount --rbind /dev \"$0/dev\"\n");
    for (place, Mount { to, .. }) in mounts.iter().enumerate() {
        fs::create_dir_all(root.join(to.trim_start_matches('/'))).map_err(|error| error.to_string())?;
        prelude.push_str(&format_mount(place + 1, to));
    }
    let mut command = Command::new("unshare");
    command
        .args(["--mount", "--propagation", "private", "sh", "-euc"])
        .arg(format!("{prelude}exec chroot \"$0\" sh -euc \"$ESEAL_SCRIPT\""))
        .arg(&root)
        .args(mounts.iter().map(|mount| mount.from))
        .env_clear()
        .envs([("HOME", "/root"), ("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"), ("ESEAL_SCRIPT", script)])
        .envs(variables.iter().copied());
    Ok(command)
}

/// Binds the positional argument with that number.
fn format_mount(place: usize, to: &str) -> String {
    format!("mount --bind \"${{{place}}}\" \"$0{to}\"\n")
}
