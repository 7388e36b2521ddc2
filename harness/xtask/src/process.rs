//! Other programs: finding them, and running them with their output kept.

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A command that has ended.
pub(crate) struct Finished {
    /// Whether it exited with zero.
    pub(crate) success: bool,
    /// Both its streams, in the order of writing.
    pub(crate) output: String,
}

/// Runs a command to its end. Both streams go to `log`, so that a long run can be watched there.
pub(crate) fn run_logged(command: &mut Command, log: &Path) -> io::Result<Finished> {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder)?;
    }
    let file = File::create(log)?;
    let status = command.stdin(std::process::Stdio::null()).stdout(file.try_clone()?).stderr(file).status()?;
    let output = String::from_utf8_lossy(&fs::read(log)?).into_owned();
    Ok(Finished { success: status.success(), output })
}

/// What a short command prints on its standard output, or `None` when it cannot be run or fails.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The first program of that name on `PATH`.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|candidate| candidate.is_file())
}
