//! What must not be in the repository: paths of this machine, and files too large for it.

use std::env;
use std::fs;

use crate::process::answer;
use crate::report::Tally;
use crate::workspace::Workspace;

/// Larger files make every clone slow for ever.
const LARGEST_FILE: usize = 1024 * 1024;

/// Looks through every tracked file.
pub(crate) fn none(workspace: &Workspace) -> Tally {
    let mut git = std::process::Command::new("git");
    git.args(["ls-files", "-z"]).current_dir(workspace.root());
    let Some(listing) = answer(&mut git) else {
        return Tally::skipped("leaks", "not a git checkout");
    };
    let mut marks = vec![workspace.root().display().to_string()];
    // A home folder as short as `/` would be found everywhere.
    marks.extend(env::var("HOME").ok().filter(|home| home.len() > 1).map(|home| format!("{home}/")));

    let mut tally = Tally::default();
    for name in listing.split_terminator('\0') {
        // A tracked file that is not there is being deleted.
        let Ok(bytes) = fs::read(workspace.root().join(name)) else { continue };
        tally.check(bytes.len() <= LARGEST_FILE, || format!("{name}: {} bytes", bytes.len()));
        for mark in marks.iter().filter(|mark| holds_path(&bytes, mark.as_bytes())) {
            tally.check(false, || format!("{name}: holds the path {mark} of this machine"));
        }
    }
    // Thousands of files are one check to a reader.
    tally.passed = usize::from(tally.failed == 0);
    tally
}

/// Whether an absolute path starts with `mark` somewhere: not as the tail of a longer, relative one.
fn holds_path(bytes: &[u8], mark: &[u8]) -> bool {
    let in_path = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-/$}*".contains(byte);
    bytes.windows(mark.len()).enumerate().any(|(at, window)| {
        window == mark && !at.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(in_path)
    })
}

#[cfg(test)]
mod tests {
    use super::holds_path;

    #[test]
    fn finds_absolute_paths_only() {
        assert!(holds_path(b"see \"/home/li/eseal\"", b"/home/"));
        assert!(holds_path(b"/home/li", b"/home/"));
        assert!(!holds_path(b"https://example.test/home/li", b"/home/"));
        assert!(!holds_path(b"src/home/page.rs", b"/home/"));
    }
}
