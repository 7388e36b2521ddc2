//! Other programs, where they are installed.

use std::path::Path;
use std::process::Command;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Tool {
    Qpdf,
    Pdfsig,
}

pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) text: String,
}

/// What a program says of a file; `None` if it is not on this machine.
pub(crate) fn tool(tool: Tool, arguments: &[&str], file: &Path) -> Option<Said> {
    let name = match tool {
        Tool::Qpdf => "qpdf",
        Tool::Pdfsig => "pdfsig",
    };
    let output = Command::new(name).args(arguments).arg(file).env("LC_ALL", "C").output().ok()?;
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    Some(Said { status: output.status.code().unwrap_or(99), text })
}
