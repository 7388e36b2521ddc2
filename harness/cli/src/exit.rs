//! How a command ends.

use std::process::ExitCode;

/// A command's exit status, the same for every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// 0: done; every document valid, every picture read.
    Done,
    /// 1: understood and answered with no: not valid, refused, not all read.
    No,
    /// 2: not readable, or asked wrongly.
    Unreadable,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::No => 1,
            Exit::Unreadable => 2,
        })
    }
}
