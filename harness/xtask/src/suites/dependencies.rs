//! The dependency rule: the rooms of the house know each other in one direction only, and the core knows no network, no database
//! and no foreign language.

use std::collections::BTreeSet;

use crate::process::answer;
use crate::report::Tally;
use crate::workspace::Workspace;

const CORE: &[&str] = &[
    "eseal-crypto",
    "eseal-custody",
    "eseal-document",
    "eseal-face",
    "eseal-ink",
    "eseal-protocol",
    "eseal-qr",
    "eseal-sdk",
];

/// Which crates of ours a crate may name, in any section of its manifest. A crate that is not here may name all.
const MAY_USE: &[(&str, &[&str])] = &[
    ("eseal-crypto", &[]),
    ("eseal-face", &[]),
    ("eseal-qr", &[]),
    ("eseal-custody", &["eseal-crypto"]),
    ("eseal-document", &["eseal-crypto", "eseal-face"]),
    ("eseal-ink", &["eseal-face"]),
    ("eseal-protocol", &["eseal-crypto"]),
    ("eseal-sdk", CORE),
    ("eseal-bindings", &["eseal-sdk"]),
    ("eseal-platform", &["eseal-crypto", "eseal-document", "eseal-face", "eseal-ink", "eseal-protocol", "eseal-qr"]),
];

/// What the tests of every crate may name, and none may ship.
const TESTKIT: &str = "eseal-testkit";

/// What no crate of the core may ship, directly or through others.
const NOT_IN_CORE: &[&str] = &["axum", "sqlx", "uniffi", TESTKIT];

/// What of the core only the SDK's client may ship.
const ONLY_IN_SDK: &[&str] = &["hyper", "reqwest", "rustls", "tokio"];

/// Checks every rule over what cargo resolves.
pub(crate) fn rule(workspace: &Workspace) -> Tally {
    let mut tally = Tally::default();
    let Some(members) = tree(workspace, &["--workspace", "--depth", "0"]) else {
        return Tally::failed("cargo tree failed");
    };

    let in_core = members.iter().filter(|member| member.path.contains("/core/"));
    for member in in_core {
        tally.check(CORE.contains(&member.name.as_str()), || {
            format!("{}: a new room of the core needs a line in the dependency rule", member.name)
        });
    }

    for (package, allowed) in MAY_USE {
        let Some(named) = tree(workspace, &["--package", package, "--depth", "1", "--edges", "all"]) else {
            tally.check(false, || format!("{package}: cargo tree failed"));
            continue;
        };
        for other in ours(&named).filter(|other| ![*package, TESTKIT].contains(other) && !allowed.contains(other)) {
            tally.check(false, || format!("{package} must not know {other}"));
        }
        tally.check(true, String::new);
    }

    for package in CORE {
        let Some(shipped) = tree(workspace, &["--package", package, "--edges", "normal,build"]) else {
            tally.check(false, || format!("{package}: cargo tree failed"));
            continue;
        };
        let shipped: BTreeSet<_> = shipped.iter().map(|found| found.name.as_str()).collect();
        let banned = NOT_IN_CORE.iter().chain(ONLY_IN_SDK.iter().filter(|_| *package != "eseal-sdk"));
        for banned in banned {
            tally.check(!shipped.contains(banned), || format!("{package} must not ship {banned}"));
        }
    }
    tally
}

/// A package as `cargo tree` names it.
struct Found {
    name: String,
    /// Where it is, for packages of this workspace.
    path: String,
}

fn ours(found: &[Found]) -> impl Iterator<Item = &str> {
    found.iter().map(|found| found.name.as_str()).filter(|name| name.starts_with("eseal-"))
}

fn tree(workspace: &Workspace, arguments: &[&str]) -> Option<Vec<Found>> {
    let mut command = workspace.cargo();
    command.args(["tree", "--locked", "--prefix", "none", "--format", "{p}", "--target", "all"]).args(arguments);
    Some(answer(&mut command)?.lines().filter_map(parse).collect())
}

/// `eseal-face v0.1.0 (/checkout/core/face)` or `png v0.18.0 (*)`.
fn parse(line: &str) -> Option<Found> {
    let (name, rest) = line.split_once(" v")?;
    let path = rest.split_once('(').map_or("", |(_, path)| path);
    Some(Found { name: name.to_owned(), path: path.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_line_of_cargo_tree() {
        let found = parse("eseal-face v0.1.0 (/checkout/core/face)").unwrap();
        assert_eq!(found.name, "eseal-face");
        assert!(found.path.contains("/core/"));
        assert_eq!(parse("png v0.18.0 (*)").unwrap().name, "png");
        assert!(parse("").is_none());
    }

    #[test]
    fn the_rule_runs_one_way() {
        let allowed = |package: &str| MAY_USE.iter().find(|(name, _)| *name == package).unwrap().1;
        for (package, others) in MAY_USE {
            for other in others.iter().filter(|other| *other != package) {
                assert!(!allowed(other).contains(package), "{package} and {other} know each other");
            }
        }
    }
}
