//! What each peer said of each file: `target/interop/peers.md`, written anew by every run.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::sync::{Mutex, PoisonError};

use eseal_tests::checkout;

type Table = BTreeMap<String, BTreeMap<&'static str, String>>;

static TABLE: Mutex<Table> = Mutex::new(BTreeMap::new());

/// Notes one answer. The file is written each time, because nobody knows which test is the last.
pub(crate) fn note(file: &str, peer: &'static str, said: &str) {
    let mut table = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
    table.entry(file.to_owned()).or_default().insert(peer, said.to_owned());
    let folder = checkout("target/interop");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("peers.md"), markdown(&table)).unwrap();
}

fn markdown(table: &Table) -> String {
    let peers: BTreeSet<_> = table.values().flat_map(BTreeMap::keys).copied().collect();
    let mut text = "# What peers said in the last run of the interop tests\n\n| file |".to_owned();
    for peer in &peers {
        let _ = write!(text, " {peer} |");
    }
    let _ = writeln!(text, "\n|---|{}", "---|".repeat(peers.len()));
    for (file, said) in table {
        let _ = write!(text, "| {file} |");
        for peer in &peers {
            let _ = write!(text, " {} |", said.get(peer).map_or("", String::as_str));
        }
        text.push('\n');
    }
    text
}

#[test]
fn a_file_has_a_row_and_a_peer_a_column() {
    let row = |file: &str, peer, said: &str| (file.to_owned(), BTreeMap::from([(peer, said.to_owned())]));
    let table = Table::from([row("a.pdf", "x", "accepted"), row("b.pdf", "y", "changed")]);
    let text = markdown(&table);
    assert!(
        text.ends_with("| file | x | y |\n|---|---|---|\n| a.pdf | accepted |  |\n| b.pdf |  | changed |\n"),
        "{text}"
    );
}
