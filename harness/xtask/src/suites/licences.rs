//! Licences, banned packages and sources, by `deny.toml`.

use std::process::Command;

use crate::process::run_logged;
use crate::report::Tally;
use crate::setup::cargo_deny_program;
use crate::workspace::Workspace;

/// `cargo deny check`, without its advisories: the database is fetched from where a test machine may not reach.
pub(crate) fn allowed(workspace: &Workspace) -> Tally {
    const SUITE: &str = "licences";
    let Some(program) = cargo_deny_program(workspace) else {
        return Tally::skipped(SUITE, "cargo-deny is not installed");
    };
    let mut deny = Command::new(program);
    deny.current_dir(workspace.root()).args(["--locked", "check", "licenses", "bans", "sources"]);
    match run_logged(&mut deny, &workspace.log(SUITE)) {
        Ok(finished) if finished.success => Tally::passed(1),
        Ok(finished) => Tally::failed(finished.output),
        Err(error) => Tally::failed(error.to_string()),
    }
}
