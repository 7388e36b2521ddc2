//! Runs the demo as a newcomer would, and looks at what it leaves.

use std::fs;
use std::path::{Path, PathBuf};

use crate::demo;
use crate::process::run_logged;
use crate::report::Tally;
use crate::workspace::Workspace;

/// What the demo must leave: how a file's name ends, how its bytes begin, and how many of them.
const RESULTS: &[(&str, &[u8], usize)] = &[
    ("face.svg", b"<", 1),
    ("face.png", PNG, 1),
    ("-sealed.pdf", b"%PDF-", 2),
    ("-page-4.png", PNG, 2),
    ("-seal.png", PNG, 2),
    ("consent-evidence.json", b"{", 1),
    ("-usage.json", b"{", 2),
    ("report.html", b"<!doctype html>", 1),
];

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Runs `cargo xtask demo` into an empty folder.
pub(crate) fn leaves_its_results(workspace: &Workspace) -> Tally {
    let out = workspace.root().join("target/xtask/demo-out");
    let _ = fs::remove_dir_all(&out);
    let arguments = ["--out".to_owned(), out.display().to_string()];
    for (mut command, log) in [(demo::build(workspace), "demo build"), (demo::demo(workspace, &arguments), "demo")] {
        match run_logged(&mut command, &workspace.log(log)) {
            Ok(finished) if finished.success => {}
            Ok(finished) => return Tally::failed(finished.output),
            Err(error) => return Tally::failed(error.to_string()),
        }
    }
    look_at(&out)
}

fn look_at(out: &Path) -> Tally {
    let mut tally = Tally::default();
    let files = files_under(out);
    for (ending, beginning, count) in RESULTS {
        let named = files.iter().filter(|file| file.to_string_lossy().ends_with(ending));
        let good = named.filter(|file| fs::read(file).is_ok_and(|bytes| bytes.starts_with(beginning))).count();
        tally.check(good == *count, || format!("*{ending}: {good} good files, not {count}"));
    }
    for page in files.iter().filter(|file| file.extension().is_some_and(|end| end == "html")) {
        let html = fs::read_to_string(page).unwrap_or_default();
        for link in local_links(&html) {
            let there = page.parent().is_some_and(|folder| folder.join(link).is_file());
            tally.check(there, || format!("{} shows {link}, which is not there", page.display()));
        }
    }
    tally
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries
        .flatten()
        .flat_map(|entry| if entry.path().is_dir() { files_under(&entry.path()) } else { vec![entry.path()] })
        .collect()
}

/// The files that a page names in `src` and `href`.
fn local_links(html: &str) -> impl Iterator<Item = &str> {
    ["src=\"", "href=\""]
        .into_iter()
        .flat_map(|attribute| html.split(attribute).skip(1))
        .filter_map(|rest| rest.split('"').next())
        .filter(|link| !link.is_empty() && !link.contains(':') && !link.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::local_links;

    #[test]
    fn finds_the_files_a_page_shows() {
        let html =
            r##"<img src="face.png"><a href="contract.pdf">x</a><a href="#top"><a href="https://example.test/">"##;
        let links: Vec<_> = local_links(html).collect();
        assert_eq!(links, ["face.png", "contract.pdf"]);
    }
}
