//! What ships in an app, as far as a machine without a phone can tell.

use crate::report::Tally;
use crate::workspace::Workspace;
use crate::{android, cross, setup};

/// The library for 64-bit ARM, linked against what Android 7 offers.
pub(crate) fn android(workspace: &Workspace) -> Tally {
    let missing = setup::missing(cross::PACKAGES);
    if !missing.is_empty() {
        return Tally::skipped("android", format!("not installed: {}", missing.join(" ")));
    }
    match android::run(workspace, &["--abi".to_owned(), "arm64".to_owned()]) {
        Ok(()) => Tally::passed(1),
        Err(complaint) => Tally::failed(complaint),
    }
}
